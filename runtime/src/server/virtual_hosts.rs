//! Virtual hosts: the part of the host in front of a suffix is the first label of the path.

use http::Uri;
use http::uri::PathAndQuery;

use crate::protocol::bind::path;

/// The hosts of a server whose subdomains are labels of paths.
#[derive(Clone, Debug, Default)]
pub(super) struct HostSuffixes(Vec<Box<str>>);

impl HostSuffixes {
    pub(super) fn push(&mut self, suffix: &str) {
        self.0.push(suffix.trim_start_matches('.').into());
    }

    /// The URI of a request with the label in the path; `None` if the host has none. The label
    /// follows the base path, which has `base` segments.
    pub(super) fn with_label_in_path(&self, base: usize, host: &str, uri: &Uri) -> Option<Uri> {
        let mut labels = self.0.iter().filter_map(|suffix| label(host, suffix));
        let label = labels.next()?.to_ascii_lowercase();
        let path = uri.path();
        let mut slashes = path.match_indices('/').map(|(at, _)| at);
        let (before, after) = path.split_at(slashes.nth(base)?);
        let mut target = format!("{before}/");
        path::push_encoded(&mut target, &label);
        target.push_str(after);
        if let Some(query) = uri.query() {
            target.push('?');
            target.push_str(query);
        }
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }
}

/// The label in front of a suffix. The port does not matter.
fn label<'h>(host: &'h str, suffix: &str) -> Option<&'h str> {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = if port.bytes().all(|byte| byte.is_ascii_digit()) {
        name
    } else {
        host
    };
    let start = name.len().checked_sub(suffix.len())?;
    let (label, end) = name.split_at_checked(start)?;
    let label = label.strip_suffix('.').filter(|label| !label.is_empty())?;
    end.eq_ignore_ascii_case(suffix).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: usize, host: &str, uri: &str, expected: Option<&str>) {
        let mut suffixes = HostSuffixes::default();
        suffixes.push("s3.example");
        suffixes.push(".other.example");
        let uri = uri.parse().expect("a URI");
        let found = suffixes.with_label_in_path(base, host, &uri);
        let found = found.map(|uri| uri.to_string());
        assert_eq!(found.as_deref(), expected, "{host} {uri}");
    }

    #[test]
    fn the_label_follows_the_base_path() {
        check(0, "a.s3.example", "/", Some("/a/"));
        check(0, "a.s3.example", "/?x=1", Some("/a/?x=1"));
        check(
            0,
            "a.s3.example",
            "/k/../l%20?x=/",
            Some("/a/k/../l%20?x=/"),
        );
        check(0, "A.b.S3.Example:8080", "//k", Some("/a.b//k"));
        check(0, "a.other.example", "/k", Some("/a/k"));
        check(1, "a.s3.example", "/base/k", Some("/base/a/k"));
        check(
            0,
            "a.s3.example",
            "http://a.s3.example/k",
            Some("http://a.s3.example/a/k"),
        );
    }

    #[test]
    fn other_hosts_have_no_label() {
        for host in [
            "s3.example",
            ".s3.example",
            "as3.example",
            "a.s3.example.org",
            "a.s3.example:x",
            "localhost",
            "é.example",
            "",
        ] {
            check(0, host, "/k", None);
        }
        check(1, "a.s3.example", "/", None);
        check(0, "a.s3.example", "*", None);
    }
}
