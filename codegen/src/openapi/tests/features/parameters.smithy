$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [List] }

@http(method: "GET", uri: "/{place}/items?kind=all&raw")
@readonly
operation List {
    input := {
        @required
        @httpLabel
        place: String

        /// Only these.
        @httpQuery("color")
        colors: Colors

        @httpQueryParams
        others: Others

        @httpHeader("X-Mark")
        marks: Colors

        @httpHeader("X-Since")
        since: Timestamp

        @httpHeader("X-Json")
        json: Json

        @httpHeader("Authorization")
        ignored: String

        @httpPrefixHeaders("X-Meta-")
        meta: Others
    }
    output := {
        @required
        @httpHeader("ETag")
        tag: String

        @httpHeader("X-Times")
        times: Times

        @httpResponseCode
        status: Integer
    }
}

/// Colors of items.
list Colors { member: String }

list Times { member: Timestamp }

map Others { key: String, value: String }

@mediaType("application/json")
string Json
