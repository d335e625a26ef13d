$version: "2"

namespace com.gate

use aws.protocols#restJson1
use com.gate.people#Person
use smithy.framework#ValidationException

/// Who may do what.
@restJson1
@httpApiKeyAuth(name: "X-Key", in: "header")
@httpBearerAuth
@auth([httpBearerAuth, httpApiKeyAuth])
service Permissions {
    version: "1"
    operations: [
        Evaluate
        Health
        PutRule
    ]
    errors: [
        ValidationException
    ]
    rename: {
        "com.gate.people#Group": "PeopleGroup"
    }
}

@readonly
@auth([])
@http(method: "GET", uri: "/health")
operation Health {
    output := {
        @required
        ok: Boolean
    }
}

@http(method: "POST", uri: "/evaluate")
@endpoint(hostPrefix: "{tenant}.")
operation Evaluate {
    input := {
        @required
        @hostLabel
        @pattern("^[a-z]+$")
        tenant: String

        @required
        who: Person

        @required
        rule: Condition
    }

    output := {
        @required
        verdict: Verdict
    }
}

@idempotent
@http(method: "PUT", uri: "/rules/{name}")
@requestCompression(
    encodings: ["gzip"]
)
operation PutRule {
    input := {
        @required
        @httpLabel
        name: String

        @httpHeader("X-Groups")
        groups: GroupNames

        @required
        @httpPayload
        rule: Rule
    }
}

structure Rule {
    @required
    condition: Condition

    group: Group

    @default("deny")
    otherwise: Verdict
}

/// A tree of conditions.
union Condition {
    all: Conditions
    any: Conditions
    not: Condition
    hasName: String
    isOlderThan: Integer
}

@length(min: 1, max: 10)
list Conditions {
    member: Condition
}

@uniqueItems
list GroupNames {
    member: String
}

structure Group {
    @required
    name: String
}

enum Verdict {
    ALLOW = "allow"

    DENY = "deny"

    @deprecated(message: "use `deny`", since: "2.1")
    BLOCK = "block"

    @internal
    AUDIT = "audit"
}
