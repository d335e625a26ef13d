$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        flag: Boolean = false
        count: Integer = 3
        ratio: Double = 0.5
        big: BigDecimal = 1.25
        name: String = "none"
        data: Blob = "YQ=="
        color: Color = "red"
        list: Names = []
        map: Map = {}
        seconds: Timestamp = 1.5

        @timestampFormat("date-time")
        date: Timestamp = "2026-01-01T00:00:00.25Z"

        document: Document = { a: [1, null] }

        @httpHeader("X-Since")
        since: Timestamp = 0

        nothing: String = null
    }
}

enum Color {
    RED = "red"
}

list Names { member: String }

map Map { key: String, value: String }
