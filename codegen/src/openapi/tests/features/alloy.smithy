$version: "2.0"

namespace demo

use alloy#dateFormat
use alloy#discriminated
use alloy#jsonUnknown
use alloy#nullable
use alloy#openEnum
use alloy#simpleRestJson
use alloy#untagged
use alloy#uuidFormat

@simpleRestJson
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := {
        @httpPayload
        all: All
    }
    errors: [Bad]
}

structure All {
    tagged: Tagged
    plain: Plain
    color: Color

    @nullable
    name: String

    @nullable
    cat: Cat

    id: Id
    day: Day

    @jsonUnknown
    others: Others
}

@discriminated("type")
union Tagged { cat: Cat, dog: Dog }

@untagged
union Plain { cat: Cat, text: String }

structure Cat {
    @required
    lives: Integer
}

structure Dog { name: String }

@openEnum
enum Color { RED }

@uuidFormat
string Id

@dateFormat
string Day

map Others { key: String, value: Document }

@error("client")
structure Bad { message: String }
