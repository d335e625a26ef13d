$version: "2"

namespace example.clinic

use aws.protocols#restJson1
use smithy.framework#ValidationException

@restJson1
service Clinic {
    version: "1"
    resources: [
        Patient
    ]
    errors: [
        ValidationException
    ]
}

/// Somebody who is treated.
resource Patient {
    identifiers: {
        patientId: PatientId
    }
    properties: {
        name: PersonName
        born: Date
        allergies: Allergies
    }
    create: RegisterPatient
    read: GetPatient
    update: ChangePatient
    delete: RemovePatient
    list: ListPatients
    resources: [
        Visit
    ]
}

resource Visit {
    identifiers: {
        patientId: PatientId
        visitId: String
    }
    properties: {
        reason: String
    }
    read: GetVisit
}

@length(min: 1, max: 36)
string PatientId

@sensitive
string PersonName

@timestampFormat("date-time")
timestamp Date

list Allergies {
    member: String
}

@mixin
structure PatientFields for Patient {
    @required
    $name

    $born

    $allergies
}

@http(method: "POST", uri: "/patients", code: 201)
operation RegisterPatient {
    input := for Patient with [PatientFields] {}

    output := for Patient {
        @required
        $patientId
    }
}

@readonly
@http(method: "GET", uri: "/patients/{patientId}")
operation GetPatient {
    input := for Patient {
        @required
        @httpLabel
        $patientId
    }

    output := for Patient with [PatientFields] {
        /// Never empty, unlike in requests.
        $allergies
    }

    errors: [
        NoSuchPatient
    ]
}

@http(method: "PATCH", uri: "/patients/{patientId}")
operation ChangePatient {
    input := for Patient {
        @required
        @httpLabel
        $patientId

        $allergies
    }

    errors: [
        NoSuchPatient
    ]
}

@idempotent
@http(method: "DELETE", uri: "/patients/{patientId}", code: 204)
operation RemovePatient {
    input := for Patient {
        @required
        @httpLabel
        $patientId
    }
}

@readonly
@http(method: "GET", uri: "/patients")
operation ListPatients {
    output := {
        @required
        patients: PatientSummaries
    }
}

list PatientSummaries {
    member: PatientSummary
}

@references([
    {
        resource: Patient
    }
])
structure PatientSummary for Patient {
    @required
    $patientId

    $name
}

@readonly
@http(method: "GET", uri: "/patients/{patientId}/visits/{visitId}")
operation GetVisit {
    input := for Visit {
        @required
        @httpLabel
        $patientId

        @required
        @httpLabel
        $visitId
    }

    output := for Visit {
        $reason
    }

    errors: [
        NoSuchPatient
    ]
}

@error("client")
@httpError(404)
structure NoSuchPatient {
    message: String
}
