$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
@httpApiKeyAuth(name: "X-Key", in: "header", scheme: "ApiKey")
service Demo { version: "1", operations: [Get] }

@http(method: "GET", uri: "/")
@readonly
operation Get {}
