$version: "2.0"

namespace desk.mixins

use smithy.framework#ValidationException

@mixin
service BaseService {
    version: "1"
    errors: [
        ValidationException
        Unavailable
    ]
}

@mixin
operation CanFail {
    errors: [
        NotAllowed
    ]
}

/// Who changed something last, and when.
@mixin(
    localTraits: [documentation]
)
structure Audited {
    updatedBy: String
    updatedAt: Timestamp
}

@error("client")
structure NotAllowed {
    message: String
}

@error("server")
structure Unavailable {
    message: String
    retryAfterSeconds: Integer
}
