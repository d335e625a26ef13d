//! Virtual hosts: the first label of a path becomes the first label of the host.
//!
//! `https://host/bucket/key` and `https://bucket.host/key` name the same resource. The second form
//! is the default where the label is valid in a host.

use super::build_error::BuildError;
use super::endpoint::Endpoint;
use crate::protocol::service::Service;

/// The parameter of endpoint rules for
/// [`Builder::force_path_style`](super::Builder::force_path_style).
pub(super) const FORCE_PATH_STYLE: &str = "AWS::S3::ForcePathStyle";

/// The settings of a client that choose among the hosts of its service.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HostSettings {
    pub(super) accelerate: bool,
    pub(super) dual_stack: bool,
}

impl HostSettings {
    /// The host that the settings select, without the domain of AWS; `None` if it is the usual one.
    pub(super) fn host(
        self,
        service: &Service,
        has_endpoint: bool,
        path_style: bool,
    ) -> Result<Option<&'static str>, BuildError> {
        let Self {
            accelerate,
            dual_stack,
        } = self;
        let hosts = service.customizations.virtual_hosts;
        let why = match hosts {
            _ if !accelerate && !dual_stack => return Ok(None),
            None => "it has none: remove them",
            Some(_) if has_endpoint => "they do not apply to another endpoint: remove either",
            Some(_) if path_style => "they need the label in the host: do not force it to the path",
            Some(hosts) => {
                return Ok(Some(match (accelerate, dual_stack) {
                    (true, true) => hosts.accelerated_dual_stack,
                    (true, false) => hosts.accelerated,
                    (false, _) => hosts.dual_stack,
                }));
            }
        };
        let service = service.name();
        Err(BuildError::Hosts { service, why })
    }
}

/// Splits the first label off a target, if it can be a part of the endpoint's host: the label, and
/// the target without it.
pub(super) fn split<'t>(endpoint: &Endpoint, target: &'t str) -> Option<(&'t str, String)> {
    let path = target.strip_prefix('/')?;
    let end = path.find(['/', '?']).unwrap_or(path.len());
    let (label, rest) = path.split_at(end);
    let slash = if rest.starts_with('/') { "" } else { "/" };
    // A certificate for all subdomains does not cover theirs.
    let is_host_label = endpoint.has_host_name() && is_host_label(label, !endpoint.is_encrypted());
    is_host_label.then(|| (label, [slash, rest].concat()))
}

/// Whether a text can be one label of a host, or several if `subdomains` are allowed. It has three
/// to 63 lowercase letters, digits and inner hyphens, and is not an IP address.
fn is_host_label(text: &str, subdomains: bool) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(is_inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (3..=63).contains(&text.len())
        && (subdomains || !text.contains('.'))
        && text.split('.').all(is_label)
        && text.parse::<std::net::Ipv4Addr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: &str, target: &str, expected: Option<(&str, &str)>) {
        let endpoint = Endpoint::parse(endpoint, "").expect("an endpoint");
        let found = split(&endpoint, target);
        let found = found.as_ref().map(|(label, target)| (*label, &**target));
        assert_eq!(found, expected, "{target}");
    }

    #[test]
    fn the_first_label_moves_into_the_host() {
        let moves = |target, rest| check("https://a.example", target, Some(("bucket-1", rest)));
        moves("/bucket-1", "/");
        moves("/bucket-1?list-type=2", "/?list-type=2");
        moves("/bucket-1/key", "/key");
        moves("/bucket-1/a/../b%20c?x=/y", "/a/../b%20c?x=/y");
        moves("/bucket-1//key/", "//key/");
    }

    #[test]
    fn labels_that_are_not_valid_in_a_host_stay_in_the_path() {
        for label in [
            "ab",
            "Bucket",
            "under_score",
            "-start",
            "end-",
            "a%20b",
            "a..b",
            ".dots.",
            "192.168.0.1",
            "",
            "arn%3Aaws",
            &"x".repeat(64),
        ] {
            for endpoint in ["https://a.example", "http://a.example"] {
                check(endpoint, &format!("/{label}/key"), None);
            }
        }
    }

    #[test]
    fn subdomains_have_no_certificate() {
        check("https://a.example", "/my.bucket/key", None);
        check(
            "http://a.example",
            "/my.bucket/key",
            Some(("my.bucket", "/key")),
        );
        check("http://a.example", "/my.-bucket/key", None);
    }

    #[test]
    fn addresses_have_no_subdomains() {
        check("http://127.0.0.1:8000", "/bucket/key", None);
        check("http://[::1]:8000", "/bucket/key", None);
        check(
            "http://localhost:8000",
            "/bucket/key",
            Some(("bucket", "/key")),
        );
    }
}
