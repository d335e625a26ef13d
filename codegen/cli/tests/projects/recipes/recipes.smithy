$version: "2.0"

metadata authors = ["Ana", "Bo"]
metadata reviewed = { by: "Cem", at: 1735689600, "with notes": null }

namespace kitchen

use aws.protocols#restJson1
use kitchen.traits#duration
use kitchen.traits#extra
use kitchen.traits#instant
use kitchen.traits#labels
use kitchen.traits#owner

/// # Recipes
///
/// Dishes, and *how* they are made:
///
/// - `GetRecipe` returns **one** recipe,
/// - `Rate` takes a number from 1 to 5 (see [the rules](https://example.com/rules)).
///
/// ```json
/// { "name": "Borscht", "steps": ["Boil <water> & salt"] }
/// ```
///
/// | column | meaning |
/// |--------|---------|
/// | `name` | what it is called |
@restJson1
@owner("cooks")
@suppress(["UnstableTrait"])
service Recipes {
    version: "3"
    operations: [
        GetRecipe
        Rate
    ]
}

@duration(minutes: 1, unitOfDisplay: "min")
@readonly
@http(method: "GET", uri: "/recipes/{name}")
operation GetRecipe {
    input := {
        @required
        @httpLabel
        name: String
    }

    output := {
        @required
        recipe: Recipe
    }

    errors: [
        UnknownRecipe
    ]
}

@instant
@http(method: "POST", uri: "/recipes/{name}/rating")
operation Rate {
    input := {
        @required
        @httpLabel
        name: String

        @required
        stars: Stars
    }

    errors: [
        UnknownRecipe
    ]
}

structure Recipe {
    @labels(["short", "plain"])
    name: String

    steps: Steps

    serves: Integer = 4

    history: Document
}

list Steps {
    member: String
}

intEnum Stars {
    /// Never again.
    ONE = 1

    TWO = 2

    THREE = 3

    FOUR = 4

    FIVE = 5
}

@error("client")
@httpError(404)
structure UnknownRecipe {
    message: String
}

apply Recipe {
    @documentation(
        """
        A dish.

        Quotes ("), backslashes (\\) and \
        lines that are joined are allowed.
          This line is indented."""
    )
    @extra(
        color: "red"
        nested: {
            list: [1, 2.5, -3e2, true, null]
        }
    )
}

apply Recipe$steps @length(min: 1)

apply GetRecipe @examples([
    {
        title: "A soup"
        input: { name: "borscht" }
        output: {
            recipe: {
                name: "Borscht"
                steps: ["Boil"]
            }
        }
    }
    {
        title: "No such dish"
        input: { name: "fog" }
        error: {
            shapeId: UnknownRecipe
            content: { message: "no fog" }
        }
    }
])
