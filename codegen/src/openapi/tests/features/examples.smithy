$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Get] }

@http(method: "POST", uri: "/{id}")
@examples([
    {
        title: "Found"
        documentation: "An item that exists."
        input: {
            id: "a"
            since: "2026-01-02T03:04:05Z"
            token: "t"
            filter: { after: "2026-01-02T03:04:05.5Z", name: "x" }
        }
        output: { tag: "e", items: [{ name: "x", data: "YQ==" }] }
    }
    {
        title: "Missing"
        input: { id: "b" }
        error: { shapeId: Missing, content: { message: "no", id: "b" } }
    }
])
operation Get {
    input := {
        @required
        @httpLabel
        id: String

        @httpHeader("X-Since")
        since: Timestamp

        @httpQuery("token")
        token: String

        filter: Filter
    }
    output := {
        @httpHeader("ETag")
        tag: String

        items: Items
    }
    errors: [Missing]
}

structure Filter {
    after: Timestamp

    @jsonName("Name")
    name: String
}

list Items { member: Item }

structure Item { name: String, data: Blob }

@error("client")
@httpError(404)
structure Missing {
    message: String

    @httpHeader("X-Id")
    id: String
}
