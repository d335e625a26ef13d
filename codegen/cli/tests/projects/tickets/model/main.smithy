$version: "2.0"
$operationOutputSuffix: "Result"

namespace desk.tickets

use aws.protocols#awsJson1_1
use desk.mixins#Audited
use desk.mixins#BaseService
use desk.mixins#CanFail
use smithy.waiters#waitable

@awsJson1_1
service Tickets with [BaseService] {
    version: "2"
    operations: [
        OpenTicket
        ListTickets
    ]
    resources: [
        Ticket
    ]
}

resource Ticket {
    identifiers: {
        ticketId: TicketId
    }
    read: GetTicket
}

string TicketId

operation OpenTicket with [CanFail] {
    input := {
        @required
        subject: String

        state: State = "open"

        watchers: Watchers
    }

    output := with [TicketDetails] {}
}

@readonly
@waitable(
    TicketClosed: {
        documentation: "Waits until somebody closes the ticket"
        acceptors: [
            {
                state: "success"
                matcher: {
                    output: { path: "state", expected: "closed", comparator: "stringEquals" }
                }
            }
        ]
    }
)
operation GetTicket with [CanFail] {
    input := for Ticket {
        @required
        $ticketId
    }

    output := with [TicketDetails] {
        @deprecated
        $updatedBy
    }
}

@readonly
@paginated(inputToken: "token", outputToken: "token", items: "page.tickets")
operation ListTickets with [CanFail] {
    input := {
        token: String
    }
    output := {
        token: String
        page: TicketPage
    }
}

structure TicketPage {
    tickets: TicketList
}

list TicketList {
    member: TicketSummary
}

structure TicketSummary with [TicketDetails] {
    $state
}

@mixin
structure TicketDetails for Ticket with [Audited] {
    @required
    $ticketId

    @required
    state: State

    watchers: Watchers
}

enum State {
    OPEN = "open"
    CLOSED = "closed"
}

map Watchers {
    key: String
    value: Watch
}

structure Watch {
    byMail: Boolean = true

    /// Whether the telephone rings.
    rings: Boolean = false
}
