$version: "2.0"

namespace com.paperback.common

/// What every operation with pages takes.
@mixin
structure PageRequest {
    @httpQuery("cursor")
    cursor: String

    @httpQuery("limit")
    @range(min: 1, max: 100)
    limit: Integer
}

@mixin
structure Page {
    next: String
}

@error("client")
@httpError(404)
structure NotFound {
    @required
    message: String
}
