$version: "2.0"

namespace io.archive

use aws.protocols#restJson1
use smithy.framework#ValidationException

@restJson1
@cors(
    origin: "https://archive.example.com"
    additionalExposedHeaders: ["ETag"]
)
@httpBearerAuth
service Archive {
    version: "1"
    operations: [
        Store
        Fetch
        Describe
    ]
    errors: [
        ValidationException
        Missing
    ]
}

/// A stream of bytes whose length is known.
@streaming
@requiresLength
blob Upload

@streaming
blob Download

@mediaType("image/png")
blob Thumbnail

@idempotent
@http(method: "PUT", uri: "/files/{path+}", code: 201)
operation Store {
    input := {
        @required
        @httpLabel
        path: String

        @httpHeader("Content-Type")
        contentType: String

        @httpPrefixHeaders("X-Meta-")
        metadata: Metadata

        @required
        @httpPayload
        body: Upload
    }

    output := {
        @httpHeader("ETag")
        tag: String
    }
}

@readonly
@http(method: "GET", uri: "/files/{path+}")
operation Fetch {
    input := {
        @required
        @httpLabel
        path: String

        @httpHeader("If-Modified-Since")
        since: Timestamp

        @httpQueryParams
        others: Others
    }

    output := {
        @httpResponseCode
        status: Integer

        @httpHeader("Last-Modified")
        modified: Timestamp

        @required
        @httpPayload
        body: Download
    }
}

@readonly
@http(method: "GET", uri: "/details/{path+}")
operation Describe {
    input := {
        @required
        @httpLabel
        path: String
    }

    output := {
        thumbnail: Thumbnail

        sizes: Sizes

        @jsonName("sha-256")
        digest: Blob
    }
}

map Metadata {
    key: String
    value: String
}

map Others {
    key: String
    value: Values
}

list Values {
    member: String
}

@sparse
list Sizes {
    member: Long
}

@error("client")
@httpError(404)
structure Missing {
    @httpHeader("X-Path")
    path: String
}
