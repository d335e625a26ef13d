$version: "2"

metadata teams = ["sensors"]

namespace sensors

use aws.protocols#restJson1
use smithy.framework#ValidationException

@restJson1
service Sensors {
    version: "2026-01-01"
    operations: [
        Report
        History
    ]
    errors: [
        ValidationException
    ]
}

@http(method: "POST", uri: "/sensors/{sensor}", code: 202)
operation Report {
    input := {
        @required
        @httpLabel
        sensor: String

        @required
        reading: Reading
    }
}

@readonly
@http(method: "GET", uri: "/sensors/{sensor}/history")
operation History {
    input := {
        @required
        @httpLabel
        sensor: String

        @httpQuery("from")
        @timestampFormat("date-time")
        from: Timestamp

        @httpQuery("kind")
        kinds: ReadingKinds

        @httpQuery("zero")
        zero: Boolean = false
    }

    output := {
        @required
        byDay: ReadingsByDay

        raw: Raw

        @timestampFormat("epoch-seconds")
        until: Timestamp
    }
}
