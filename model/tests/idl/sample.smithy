// A file with every construct.
$version: "2.0"
$operationInputSuffix: "Request"
$operationOutputSuffix: "Response"

metadata validators = [
    { name: "Custom", id: "x", configuration: { "a b": [1, -2.5e-3, 0, 1e400, true, false, null] } }
]
metadata "quoted key" = """
    A text block
      with indentation, \"escapes\", \u00e9 and \
    a joined line
    """

namespace sample.shapes

use aws.protocols#restJson1
use smithy.test#httpRequestTests

/// A service.
///
/// With two paragraphs.
@restJson1
@title("Sample")
service Sample {
    version: "2026-01-01"
    operations: [
        Ping
    ]
    resources: [
        Thing
    ]
    errors: [
        Failure
    ]
    rename: {
        "sample.shapes#Circle": "RoundForm"
    }
}

resource Thing {
    identifiers: { thingId: ThingId }
    properties: { label: String, size: Size }
    create: CreateThing
    read: GetThing
    update: UpdateThing
    delete: DeleteThing
    list: ListThings
    operations: [PutLabel], collectionOperations: [CountThings]
    resources: []
}

@http(method: "POST", uri: "/ping")
operation Ping {}

@http(method: "POST", uri: "/things", code: 201)
operation CreateThing {
    input := for Thing {
        /// The label.
        @required
        $label

        size: Size = "SMALL"
    }

    output := with [HasId] {}

    errors: [
        Failure
        Conflict
    ]
}

@readonly
@http(method: "GET", uri: "/things/{thingId}", code: 200)
operation GetThing {
    input :=
        /// The input.
        @references([{resource: Thing}])
        for Thing with [HasId] {
            @httpLabel
            $thingId
        }
    output: ThingSummary
}

@idempotent @http(method: "PUT", uri: "/things/{thingId}", code: 200)
operation UpdateThing { input := with [LabelledId] {}, output := {} }

@idempotent @http(method: "DELETE", uri: "/things/{thingId}", code: 204)
operation DeleteThing { input := with [LabelledId] {}, output := {} }

@readonly @http(method: "GET", uri: "/things", code: 200)
@paginated(inputToken: "token", outputToken: "token", items: "things")
operation ListThings {
    input := { @httpQuery("token") token: String }
    output := { token: String, @required things: Things }
}

@http(method: "POST", uri: "/things/{thingId}/label", code: 200)
operation PutLabel { input := with [LabelledId] { label: String }, output := {} }

@readonly @http(method: "GET", uri: "/count", code: 200)
operation CountThings { output := { @required count: Long } }

@mixin
structure HasId {
    @required
    thingId: ThingId
}

@mixin
structure LabelledId with [HasId] {
    @httpLabel
    $thingId
}

structure ThingSummary with [HasId] {
    label: String = ""
    size: Size = "SMALL" // the default
    weight: Double = 1.5
    tags: Tags = []
    extra: Document
    shape: Form
    level: Level = 1
    at: Timestamp
    blob: Blob = ""
    big: BigInteger = 123456789012345678901234567890
    node: Node
}

structure Node {
    left: Node
    value: PrimitiveInteger = 0
}

@error("client")
@httpError(404)
structure Failure { @required message: String }

@error("client")
structure Conflict with [Described] {}

@mixin(localTraits: [documentation])
@documentation("Only for the mixin.")
structure Described {
    message: String
}

union Form {
    circle: Circle
    square: Double
    nothing: Unit
}

structure Circle { @range(min: 0) radius: Double }

@length(min: 1 max: 64)
@pattern("^[a-z\\d-]+$")
string ThingId

enum Size {
    SMALL
    @deprecated
    MEDIUM
    LARGE = "L"
    /// As large as possible.
    HUGE = "XL"
}

intEnum Level {
    LOW = 1
    HIGH = 2
}

list Tags { member: Tag }
string Tag
@sparse list Things { @required2 member: ThingSummary }
map Labels with [LabelMap] {
    $key
    @length(max: 10)
    $value
}

@mixin
map LabelMap { key: String, value: String }

boolean Flag
byte B
short S
integer I
long L
float F
double D
bigInteger BI
bigDecimal BD
timestamp T
document Doc
blob Bytes

@trait(selector: "list > member")
structure required2 {}

@trait
map marks { key: String, value: Marks }

@trait
list Marks { member: String }

@marks(a: ["x", "y"], "b c": [])
string Marked

apply Marked @documentation("Applied \"later\".")
apply ThingSummary$label {
    @length(max: 256)
    @marks(a: [])
}
apply Labels$key @pattern("a")
