$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Upload, Watch] }

@http(method: "POST", uri: "/upload")
operation Upload {
    input := {
        @required
        @httpPayload
        data: Bytes
    }
    output := {
        @required
        @httpPayload
        data: Bytes
    }
}

@streaming
blob Bytes

@http(method: "GET", uri: "/watch")
@readonly
operation Watch {
    output := {
        @httpPayload
        events: Events
    }
}

@streaming
union Events { tick: Tick }

structure Tick { count: Integer }
