//! The versions of HTTP in the traits of protocols.

use super::applied::Fields;
use super::mixins::FlatShape;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{HttpVersion, HttpVersions};
use crate::protocol::Protocol;

/// The property with the versions of all operations.
const HTTP: &str = "http";
/// The property with the versions of operations with event streams.
const EVENT_STREAM_HTTP: &str = "eventStreamHttp";

/// The ALPN protocol IDs of versions of HTTP (IANA, "TLS Application-Layer Protocol Negotiation
/// (ALPN) Protocol IDs").
const KNOWN: [&str; 6] = ["http/0.9", "http/1.0", "http/1.1", "h2", "h2c", "h3"];

/// The versions of HTTP in the traits of the protocols of a service (Smithy, "AWS restJson1
/// protocol", and alike in other protocols).
pub(super) fn http_versions(flat: &FlatShape<'_>, report: &mut Report) -> Vec<HttpVersions> {
    let protocols = flat.traits.iter().filter_map(|applied| {
        let protocol = Protocol::find(applied.id)?;
        let object = applied.value.as_object()?;
        let lists = object.get(HTTP).is_some() || object.get(EVENT_STREAM_HTTP).is_some();
        lists.then_some((protocol, applied))
    });
    let mut versions = Vec::new();
    for (protocol, applied) in protocols {
        let Some(fields) = applied.fields(report) else {
            continue;
        };
        let any = list(fields, HTTP, report).unwrap_or_default();
        let events = list(fields, EVENT_STREAM_HTTP, report);
        for (index, id) in events.iter().flatten().enumerate() {
            if !any.contains(id) {
                let path = [EVENT_STREAM_HTTP, &index.to_string()];
                let expected = "a version that is in `http`, too";
                fields.applied.malformed(&path, expected, report);
            }
        }
        let events = events.unwrap_or_else(|| any.clone());
        versions.push(HttpVersions {
            protocol,
            any: supported(&any),
            events: supported(&events),
        });
    }
    versions.sort_by_key(|versions| versions.protocol);
    versions
}

/// The texts of a property. A text that is not a version of HTTP is reported, and so is a list in
/// which no version is supported.
fn list<'t>(fields: Fields<'t, '_>, key: &str, report: &mut Report) -> Option<Vec<&'t str>> {
    let ids = fields.strings(key, report)?;
    let warning = |message: String, path: &[&str]| {
        Diagnostic::new(Code::UnknownHttpVersion, message, fields.applied.part(path))
            .shape(fields.applied.owner.id())
            .help("use `http/1.1` and `h2`, the preferred one first")
    };
    let mut are_known = true;
    for (index, id) in ids.iter().enumerate() {
        if !KNOWN.contains(id) {
            are_known = false;
            let message = format!("{id:?} is not the ALPN protocol ID of a version of HTTP");
            report.push(warning(message, &[key, &index.to_string()]));
        }
    }
    if are_known && !ids.is_empty() && supported(&ids).is_empty() {
        let message =
            format!("no version of HTTP in `{key}` is supported; clients use HTTP/1.1 and HTTP/2");
        report.push(warning(message, &[key]));
    }
    Some(ids)
}

/// The versions that are supported, each once.
fn supported(ids: &[&str]) -> Vec<HttpVersion> {
    let mut versions = Vec::new();
    for id in ids {
        let version = match *id {
            "http/1.1" => HttpVersion::Http1,
            "h2" => HttpVersion::Http2,
            _ => continue,
        };
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    versions
}
