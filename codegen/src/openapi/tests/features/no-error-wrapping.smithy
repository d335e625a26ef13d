$version: "2.0"

namespace demo

use aws.protocols#restXml

@restXml(noErrorWrapping: true)
service Demo { version: "1", operations: [Get] }

@http(method: "GET", uri: "/")
@readonly
operation Get { errors: [Missing, Denied] }

@error("client")
@httpError(404)
structure Missing { Message: String }

@error("client")
@httpError(404)
structure Denied {}
