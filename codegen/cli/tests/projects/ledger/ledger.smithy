$version: "2.0"
$operationInputSuffix: "Request"
$operationOutputSuffix: "Response"

namespace org.ledger

use aws.api#service
use aws.auth#sigv4
use aws.protocols#awsJson1_1
use smithy.framework#ValidationException

/// Double-entry bookkeeping.
@service(sdkId: "Ledger")
@sigv4(name: "ledger")
@awsJson1_1
@xmlNamespace(uri: "https://ledger.example.org/")
service LedgerService {
    version: "2024-12-31"
    operations: [
        PostEntry
        GetBalance
        CloseYear
    ]
    errors: [
        Throttled
        ValidationException
    ]
}

operation PostEntry {
    input := {
        @required
        debit: Account

        @required
        credit: Account

        @required
        amount: BigDecimal

        currency: Currency = "EUR"

        @idempotencyToken
        token: String

        bookedAt: Timestamp

        priority: Priority = 2

        tags: Tags = {}

        @clientOptional
        isDraft: Boolean = false
    }

    output := {
        @required
        entry: EntryNumber

        warnings: Warnings
    }

    errors: [
        AccountClosed
    ]
}

@readonly
operation GetBalance {
    input := {
        @required
        account: Account
    }

    output := {
        @required
        balance: BigDecimal

        entries: BigInteger
    }

    errors: [
        AccountClosed
    ]
}

operation CloseYear {
    input: CloseYearRequest
}

@input
structure CloseYearRequest {
    @required
    @range(min: 1970)
    year: Integer
}

@pattern("^[0-9]{4,10}$")
string Account

long EntryNumber

enum Currency {
    EUR

    CHF

    /// The dollar of the United States.
    US_DOLLAR = "USD"
}

intEnum Priority {
    LOW = 1
    NORMAL = 2
    URGENT = 10
}

map Tags {
    key: String
    value: String
}

list Warnings {
    member: Warning
}

union Warning {
    unusualAmount: BigDecimal
    weekend: Unit
    note: String
}

@error("client")
structure AccountClosed {
    @required
    account: Account

    message: String
}

@error("server")
@retryable(throttling: true)
structure Throttled {
    message: String
}
