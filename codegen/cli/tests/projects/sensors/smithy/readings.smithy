$version: "2"

namespace sensors

use shared.units#Celsius
use shared.units#Percent
use shared.units#Place

structure Reading {
    @required
    kind: ReadingKind

    @required
    value: Value

    place: Place

    note: String = ""

    battery: Percent = 100
}

union Value {
    temperature: Celsius
    humidity: Percent
    isOpen: Boolean
    samples: Samples
}

enum ReadingKind {
    TEMPERATURE
    HUMIDITY
    DOOR
}

list ReadingKinds {
    member: ReadingKind
}

list Samples {
    member: Short
}

map ReadingsByDay {
    key: String
    value: Readings
}

list Readings {
    member: Reading
}

@sparse
map Raw {
    key: ReadingKind
    value: Document
}
