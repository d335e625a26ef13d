$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := { sent: Sent, both: Both, size: Size }
    output := { both: Both, level: Level }
}

/// Only sent.
enum Sent {
    /// The first.
    A = "a"

    @deprecated(message: "Use A.", since: "2")
    B = "b"
}

enum Both { ON, OFF }

intEnum Size {
    SMALL = 1
    LARGE = 2
}

intEnum Level {
    LOW = 1
}
