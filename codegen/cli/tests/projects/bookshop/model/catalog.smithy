$version: "2.0"

namespace com.paperback.catalog

/// A book as it is listed.
structure Book {
    @required
    isbn: Isbn

    @required
    title: String

    authors: Authors

    price: Money

    format: Format = "paperback"
}

@pattern("^97[89][0-9]{10}$")
string Isbn

@uniqueItems
list Authors {
    member: String
}

structure Money {
    @required
    cents: Long

    @required
    @length(min: 3, max: 3)
    currency: String
}

enum Format {
    PAPERBACK = "paperback"
    HARDCOVER = "hardcover"
    E_BOOK = "e-book"
}
