$version: "2.0"

namespace demo

use smithy.protocols#rpcv2Cbor
use smithy.protocols#rpcv2Json

@rpcv2Cbor
@rpcv2Json
service Demo { version: "1", operations: [Put, Nothing], errors: [Busy, Late] }

operation Put {
    input := {
        @required
        @jsonName("ignored")
        name: String

        @timestampFormat("date-time")
        when: Timestamp

        @range(min: 1)
        count: BigInteger

        amount: BigDecimal = 2
    }
    output := { data: Blob }
}

operation Nothing {}

@error("server")
structure Busy { message: String }

@error("server")
structure Late {
    @required
    seconds: Integer
}
