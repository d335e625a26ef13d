$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        @required
        @length(min: 1, max: 8)
        name: String

        @pattern("^[\\w-.]+\\_\\p{Alpha}$")
        rewritten: String

        @pattern("^(?i)a$")
        lost: String

        @range(min: -1, max: 2.5)
        ratio: Double

        @length(min: 4)
        data: Blob

        @length(max: 3)
        tags: Tags

        own: Tags

        @length(min: 1)
        map: Counts

        shared: Counts

        secret: Secret
    }
}

@uniqueItems
@length(min: 1)
list Tags { member: String }

@length(max: 10)
map Counts {
    @pattern("^[a-z]+$")
    key: String

    value: Integer
}

@sensitive
string Secret
