$version: "2.0"

namespace demo

use aws.protocols#restXml

@restXml
@xmlNamespace(uri: "https://example.com/")
service Demo { version: "1", operations: [Put, Send], errors: [Busy] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        @xmlAttribute
        @xmlName("x:kind")
        kind: String

        @xmlNamespace(uri: "https://example.com/x", prefix: "x")
        name: String

        list: Names
        nested: Nested

        @xmlFlattened
        @xmlName("one")
        flat: Names

        map: Counts

        @xmlFlattened
        flatMap: Counts

        when: Timestamp
        item: Item

        @xmlName("Thing")
        renamed: Item

        data: Blob
    }
    output := { items: Items }
}

@http(method: "POST", uri: "/send")
operation Send {
    input := {
        @httpPayload
        item: Item
    }
}

list Names { member: String }

list Nested { member: Named }

list Named {
    @xmlName("name")
    member: String
}

map Counts {
    key: String

    @xmlName("count")
    value: Integer
}

list Items { member: Item }

@xmlName("ItemRoot")
structure Item { size: Integer }

@error("server")
@httpError(503)
structure Busy { Message: String }
