$version: "2.0"

namespace com.fleet

use aws.protocols#awsJson1_0
use com.fleet.vehicles#Plate
use com.fleet.vehicles#Vehicle
use smithy.framework#ValidationException

@awsJson1_0
service Fleet {
    version: "2019-06-01",
    operations: [GetVehicle, AddVehicle],
    errors: [ValidationException]
}

@readonly
operation GetVehicle {
    input := { @required plate: Plate }
    output := { vehicle: Vehicle }
    errors: [NoSuchVehicle, Busy]
}

operation AddVehicle {
    input := {
        @required vehicle: Vehicle,
        notes: Notes = [],
        parked: Boolean = true
    }
}

list Notes { member: String }

@error("client")
structure NoSuchVehicle { message: String, plate: Plate }

@error("server")
@retryable
structure Busy { message: String }
