$version: "2.0"

namespace demo

use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Put] }

@http(method: "POST", uri: "/")
operation Put {
    input := { tree: Tree, other: Other, unused: String }
    output: Tree
}

structure Tree { left: Tree, all: Trees, named: Named, other: Other }

list Trees { member: Tree }

map Named { key: String, value: Trees }

union Other { other: Other, name: String, tree: Tree }

structure NotReached {}
