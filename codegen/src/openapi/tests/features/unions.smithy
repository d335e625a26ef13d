$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        /// Either of them.
        shape: Figure
    }
}

/// A figure.
union Figure {
    /// A radius.
    @jsonName("Circle")
    circle: Double

    square: Square

    nothing: Unit
}

structure Square {
    @required
    side: Double
}
