$version: "2"

namespace com.chatter

use aws.protocols#restJson1
use smithy.framework#ValidationException

/// Rooms in which people talk.
@restJson1(
    http: ["h2", "http/1.1"]
    eventStreamHttp: ["h2"]
)
service Chat {
    version: "2026-05"
    operations: [
        JoinRoom
        Say
    ]
}

/// Sends what is typed and receives what others say.
@http(method: "POST", uri: "/rooms/{room}/join")
operation JoinRoom {
    input := {
        @required
        @httpLabel
        room: RoomName

        @httpHeader("X-Nickname")
        nickname: String

        @required
        @httpPayload
        outgoing: Outgoing
    }

    output := {
        @required
        @httpPayload
        incoming: Incoming
    }

    errors: [
        ValidationException
    ]
}

@http(method: "POST", uri: "/rooms/{room}/messages")
operation Say {
    input := {
        @required
        @httpLabel
        room: RoomName

        @required
        content: Content
    }

    output := {
        @required
        id: String
    }

    errors: [
        ValidationException
    ]
}

@pattern("^[a-z-]+$")
@length(min: 1, max: 40)
string RoomName

@streaming
union Outgoing {
    message: Message
    typing: Typing
}

@streaming
union Incoming {
    message: Message
    left: PersonLeft
    failure: RoomClosed
}

structure Message {
    @eventHeader
    from: String

    @eventPayload
    text: String
}

structure Typing {}

structure PersonLeft {
    who: String
    at: Timestamp
}

@error("client")
@httpError(410)
structure RoomClosed {
    message: String
}

/// What one message has in it.
union Content {
    text: String
    poll: Poll
    reply: Reply
}

structure Poll {
    @required
    question: String

    @required
    @length(min: 2)
    choices: Choices
}

list Choices {
    member: String
}

structure Reply {
    @required
    to: String

    content: Content
}
