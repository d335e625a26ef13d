$version: "2"

namespace com.gate.people

structure Person {
    @required
    name: String

    @tags(["private"])
    age: Age

    groups: Groups

    manager: Person
}

@range(min: 0, max: 150)
integer Age

list Groups {
    member: Group
}

structure Group {
    @required
    id: String

    names: String
}
