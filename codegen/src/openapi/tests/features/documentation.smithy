$version: "2.0"

namespace demo

use aws.protocols#restJson1

/// A *demo*.
@restJson1
@title("The demo")
@externalDocumentation("Home": "https://example.com/", "More": "https://example.com/more")
service Demo { version: "1", operations: [Get, Gone] }

@documentation("<p>Gets <b>everything</b>.</p><ul><li>One</li><li>Two</li></ul>")
@externalDocumentation("Guide": "https://example.com/guide")
@http(method: "POST", uri: "/")
operation Get {
    input := {
        /// The item to get.
        item: Item

        @deprecated
        old: String

        @internal
        hidden: String

        @since("2.1")
        recent: String
    }
}

/// An item with a [link](https://example.com) and `code`.
@externalDocumentation("Items": "https://example.com/items")
structure Item {
    /// The first line.
    ///
    /// - The second.
    name: Name
}

/// A name.
string Name

@deprecated(message: "Use Get.", since: "3")
@internal
@unstable
@http(method: "GET", uri: "/gone")
@readonly
operation Gone {}
