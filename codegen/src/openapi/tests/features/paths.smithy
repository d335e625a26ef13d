$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo {
    version: "1"
    operations: [GetItem, PutItem, GetFile, GetRaw, Purge]
}

@http(method: "GET", uri: "/items/{id}/{part}")
@readonly
operation GetItem {
    input := {
        @required
        @httpLabel
        id: String

        @required
        @httpLabel
        part: String
    }
}

@http(method: "PUT", uri: "/items/{part}/{name}")
@idempotent
operation PutItem {
    input := {
        @required
        @httpLabel
        part: String

        @required
        @httpLabel
        name: String
    }
}

@http(method: "GET", uri: "/files/{path+}")
@readonly
operation GetFile {
    input := {
        @required
        @httpLabel
        path: String
    }
}

@http(method: "GET", uri: "/files/{path+}?raw")
@readonly
@endpoint(hostPrefix: "raw.")
operation GetRaw {
    input := {
        @required
        @httpLabel
        path: String
    }
}

@http(method: "PURGE", uri: "/items")
operation Purge {}
