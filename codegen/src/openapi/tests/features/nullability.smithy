$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        names: Names
        items: Items
        counts: Counts
        colors: Colors
        documents: Documents
        lists: Lists
    }
}

@sparse
list Names { member: String }

@sparse
list Items { member: Item }

structure Item {}

@sparse
map Counts { key: String, value: Integer }

@sparse
map Colors { key: Color, value: Color }

enum Color { RED }

@sparse
list Documents { member: Document }

@sparse
list Lists { member: Names }
