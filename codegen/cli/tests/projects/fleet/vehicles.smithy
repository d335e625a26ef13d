$version: "1.0"

namespace com.fleet.vehicles

// Written years ago, in the style of that time.
structure Vehicle {
    @required
    plate: Plate,

    seats: PrimitiveInteger,

    @box
    doors: PrimitiveInteger,

    kilometers: Long,
    colors: Colors,
    kind: Kind,
}

@length(min: 1, max: 12)
string Plate

set Colors {
    member: String
}

@enum([
    {value: "car", name: "CAR"},
    {value: "lorry", name: "LORRY"},
])
string Kind

apply Vehicle @documentation("One of the vehicles.")
