$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Echo] }

@http(method: "POST", uri: "/{label}")
operation Echo { input: Both, output: Both }

structure Both {
    @required
    @httpLabel
    label: String

    @httpQuery("q")
    query: String

    @httpHeader("X-Header")
    header: String

    @httpResponseCode
    status: Integer

    other: String
}
