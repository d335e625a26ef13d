//! Endpoints of AWS regions.

/// Returns the endpoint URL of a service in a region; `None` if the region is not valid in a host
/// name. `host` is without the domain of AWS, and has `{region}` in place of the region.
pub(crate) fn regional(host: &str, region: &str) -> Option<String> {
    let suffix = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    let host = host.replace("{region}", region);
    is_region(region).then(|| format!("https://{host}.{suffix}"))
}

/// Whether a text can be a region in the name of a host.
pub(crate) fn is_region(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::regional;

    #[test]
    fn regions_have_an_endpoint() {
        let check = |region: &str, expected: Option<&str>| {
            assert_eq!(
                regional("svc.{region}", region).as_deref(),
                expected,
                "{region}"
            );
        };
        check("eu-west-1", Some("https://svc.eu-west-1.amazonaws.com"));
        check(
            "cn-north-1",
            Some("https://svc.cn-north-1.amazonaws.com.cn"),
        );
        check("evil.example/", None);
        check("", None);
    }
}
