$version: "2"

namespace example.weather

use aws.protocols#restJson1
use smithy.framework#ValidationException

/// Forecasts for cities.
@restJson1
service Weather {
    version: "2026-01-01"
    operations: [
        GetForecast
    ]
    errors: [
        ValidationException
    ]
}

/// Returns the forecast for a city.
@readonly
@http(method: "GET", uri: "/cities/{city}/forecast")
operation GetForecast {
    input := {
        @required
        @httpLabel
        @length(min: 1, max: 40)
        city: String

        @httpQuery("days")
        @range(min: 1, max: 10)
        days: Integer
    }

    output := {
        @required
        degrees: Temperatures
    }

    errors: [
        NoSuchCity
    ]
}

list Temperatures {
    member: Float
}

@error("client")
@httpError(404)
structure NoSuchCity {
    message: String
}
