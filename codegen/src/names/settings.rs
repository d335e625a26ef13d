//! Settings of clients that are named by parameters of endpoint rules.

use super::ident::{Case, Name, snake};

/// The methods of every builder, which are called instead of those of a trait.
const BUILDER: [&str; 24] = [
    "api_key",
    "attempt_timeout",
    "base_path",
    "basic_auth",
    "bearer_token",
    "build",
    "clock",
    "connect_timeout",
    "endpoint",
    "endpoint_parameter",
    "endpoint_rules",
    "idempotency_tokens",
    "layer",
    "max_decoded_bytes",
    "max_response_bytes",
    "protocol",
    "region",
    "retries",
    "root_certificates",
    "sigv4",
    "sigv4_from_sdk",
    "timeout",
    "transport",
    "user_agent",
];

/// The method that sets a parameter. With the name of a method of every builder, it gets an
/// underscore. Parameters differ in their letters and digits, and so do their methods.
pub(crate) fn method(parameter: &str) -> Name {
    let name = snake(parameter).unwrap_or_else(|| Case::Snake.nameless());
    if BUILDER.contains(&name.text()) {
        name.escaped()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::method;

    #[test]
    fn settings_are_named_for_their_parameters() {
        let check = |parameter: &str, expected: &str| {
            assert_eq!(method(parameter).text(), expected, "{parameter}");
        };
        check("UseFIPS", "use_fips");
        check(
            "DisableS3ExpressSessionAuth",
            "disable_s3_express_session_auth",
        );
        check("Endpoint", "endpoint_");
        check("type", "type");
    }
}
