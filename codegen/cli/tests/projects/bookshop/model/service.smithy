$version: "2.0"

namespace com.paperback.shop

use aws.protocols#restJson1
use com.paperback.catalog#Book
use com.paperback.catalog#Isbn
use com.paperback.common#NotFound
use com.paperback.common#Page
use com.paperback.common#PageRequest
use smithy.framework#ValidationException

/// The public API of the shop.
@restJson1
@title("Paperback")
@paginated(inputToken: "cursor", outputToken: "next", pageSize: "limit")
service Bookshop {
    version: "2025-03-01"
    operations: [
        SearchBooks
        GetBook
        OrderBook
    ]
    errors: [
        ValidationException
    ]
}

/// Finds books by words of their title.
@readonly
@paginated(items: "books")
@http(method: "GET", uri: "/books")
operation SearchBooks {
    input := with [PageRequest] {
        @required
        @httpQuery("q")
        @length(min: 2)
        words: String
    }

    output := with [Page] {
        @required
        books: Books
    }
}

@readonly
@http(method: "GET", uri: "/books/{isbn}")
operation GetBook {
    input := {
        @required
        @httpLabel
        isbn: Isbn
    }

    output := {
        @required
        @httpPayload
        book: Book
    }

    errors: [
        NotFound
    ]
}

@idempotent
@http(method: "PUT", uri: "/books/{isbn}/orders/{token}", code: 201)
operation OrderBook {
    input := {
        @required
        @httpLabel
        isbn: Isbn

        @required
        @httpLabel
        @idempotencyToken
        token: String

        @range(min: 1, max: 20)
        copies: Integer = 1
    }

    errors: [
        NotFound
    ]
}

list Books {
    member: Book
}
