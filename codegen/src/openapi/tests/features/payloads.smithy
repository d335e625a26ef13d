$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [PutBlob, PutText, PutStructure, PutDocument] }

@http(method: "PUT", uri: "/blob")
@idempotent
operation PutBlob {
    input := {
        @required
        @httpPayload
        image: Image
    }
    output := {
        @httpPayload
        @length(max: 10)
        data: Blob
    }
}

@mediaType("image/png")
blob Image

@http(method: "PUT", uri: "/text")
@idempotent
operation PutText {
    input := {
        @httpPayload
        text: String
    }
}

@http(method: "PUT", uri: "/structure")
@idempotent
operation PutStructure {
    input := {
        @httpPayload
        item: Item
    }
    output := {
        @httpPayload
        item: Item
    }
}

structure Item {
    @jsonName("Name")
    name: String

    data: Blob
}

@http(method: "PUT", uri: "/document")
@idempotent
operation PutDocument {
    input := {
        @httpPayload
        document: Document
    }
}
