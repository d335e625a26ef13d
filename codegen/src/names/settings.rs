//! Settings of clients that are named by parameters of endpoint rules.

use drawplate_model::model::BuiltIn;

use super::ident::{Case, Name, snake};

/// The methods of every builder, which are called instead of those of a trait.
const BUILDER: [&str; 28] = [
    "api_key",
    "app_name",
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
    "rules",
    "sdk_config",
    "sigv4",
    "sigv4_from_sdk",
    "timeout",
    "transport",
    "unauthenticated",
    "user_agent",
];

/// The methods of builders with the feature `customizations`, and the settings that they are.
const HOSTS: [(&str, BuiltIn); 3] = [
    ("accelerate", BuiltIn::S3Accelerate),
    ("force_path_style", BuiltIn::S3ForcePathStyle),
    ("use_dual_stack", BuiltIn::UseDualStack),
];

/// The method that sets a parameter, which may be a setting of clients. With the name of another
/// method of builders, it gets an underscore. Parameters differ in their letters and digits, and so
/// do their methods.
pub(crate) fn method(parameter: &str, built_in: Option<BuiltIn>) -> Name {
    let name = snake(parameter).unwrap_or_else(|| Case::Snake.nameless());
    let is_other =
        |(method, setting): &(&str, BuiltIn)| *method == name.text() && built_in != Some(*setting);
    if BUILDER.contains(&name.text()) || HOSTS.iter().any(is_other) {
        name.escaped()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use drawplate_model::model::BuiltIn;

    use super::method;

    #[test]
    fn settings_are_named_for_their_parameters() {
        let check = |parameter: &str, expected: &str| {
            assert_eq!(method(parameter, None).text(), expected, "{parameter}");
        };
        check("UseFIPS", "use_fips");
        check(
            "DisableS3ExpressSessionAuth",
            "disable_s3_express_session_auth",
        );
        check("Endpoint", "endpoint_");
        check("type", "type");
        check("Accelerate", "accelerate_");
        let dual_stack = method("UseDualStack", Some(BuiltIn::UseDualStack));
        assert_eq!(dual_stack.text(), "use_dual_stack");
    }
}
