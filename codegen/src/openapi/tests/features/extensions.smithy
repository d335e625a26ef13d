$version: "2.0"

namespace demo

use alloy.openapi#openapiExtensions
use aws.protocols#restJson1
use drawplate#basePath
use smithy.openapi#specificationExtension

@restJson1
@basePath("/api/v1")
@tags(["b", "a"])
@owner("team")
service Demo { version: "1", operations: [Get] }

@http(method: "POST", uri: "/")
@tags(["c", "a"])
@limits(requests: 5, windows: [{ seconds: 1 }])
@openapiExtensions("x-group": "items", "paths": "not an extension")
operation Get {
    input := {
        @owner("other")
        name: Name
    }
}

@limits(requests: 1)
string Name

@trait
@specificationExtension(as: "x-owner")
string owner

@trait
@specificationExtension
structure limits { requests: Integer, windows: Windows }

list Windows { member: Window }

structure Window { seconds: Integer }
