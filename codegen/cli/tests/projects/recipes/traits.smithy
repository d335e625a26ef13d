$version: "2.0"

namespace kitchen.traits

/// How long a dish takes. Applied to operations, it is what callers wait at most.
@trait(
    selector: ":is(structure, operation)"
    conflicts: [instant]
)
structure duration {
    @required
    minutes: Integer

    unitOfDisplay: DisplayUnit
}

@trait(selector: "operation")
structure instant {}

/// Who is responsible.
@trait
string owner

/// Labels that tools read.
@trait(selector: "structure > member")
list labels {
    member: String
}

@trait(selector: "*")
document extra

enum DisplayUnit {
    MINUTES = "min"
    HOURS = "h"
}
