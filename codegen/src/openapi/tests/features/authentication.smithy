$version: "2.0"

namespace demo

use aws.auth#sigv4
use aws.protocols#restJson1

@restJson1
@sigv4(name: "demo")
@httpBasicAuth
@httpBearerAuth
@httpDigestAuth
@httpApiKeyAuth(name: "X-Key", in: "header")
@custom
@auth([httpBearerAuth, httpApiKeyAuth])
service Demo { version: "1", operations: [Default, Own, Optional, Open, Custom] }

@http(method: "GET", uri: "/default")
@readonly
operation Default {}

@http(method: "GET", uri: "/own")
@readonly
@auth([sigv4, httpBasicAuth])
operation Own {}

@http(method: "GET", uri: "/optional")
@readonly
@optionalAuth
operation Optional {}

@http(method: "GET", uri: "/open")
@readonly
@auth([])
operation Open {}

@http(method: "GET", uri: "/custom")
@readonly
@auth([custom])
operation Custom {}

@trait(selector: "service")
@authDefinition
structure custom {}
