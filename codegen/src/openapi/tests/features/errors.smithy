$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Get], errors: [Busy] }

@http(method: "GET", uri: "/", code: 202)
@readonly
operation Get {
    output := { value: String }
    errors: [BadName, BadSize, Missing]
}

@error("client")
structure BadName {
    message: String

    @httpHeader("X-Name")
    @required
    name: String
}

/// The size is out of range.
@error("client")
structure BadSize { message: String, size: Integer }

/// There is no such item.
@error("client")
@httpError(404)
structure Missing {
    @httpPayload
    text: String
}

@error("server")
@httpError(503)
@retryable
structure Busy {
    @httpHeader("Retry-After")
    seconds: Integer
}
