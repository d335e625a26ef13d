//! Content types: whether the body has the type that an operation takes, and whether the client
//! accepts the type of the response.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};

use crate::protocol::ServerProtocol;
use crate::protocol::messages::ContentType;
use crate::protocol::response::{is_media_type, is_same_type};
use crate::protocol::service::Operation;
use crate::schema::Kind;

use super::rejection::Rejection;

/// Whether the body must be decompressed. With the feature `gzip`, clients may compress the body of
/// any operation (RFC 9110 section 8.4.1.3); the trait `requestCompression` makes them do it.
/// Rejects other encodings, and `aws-chunked` even if a member is bound to the header: it frames
/// the body, which an implementation expects without frames. Where the server decodes it, it is no
/// longer in the header.
pub(super) fn compressed(
    protocol: &dyn ServerProtocol,
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<bool, Rejection> {
    let codings = codings(headers)
        .filter(|coding| !coding.eq_ignore_ascii_case(b"identity"))
        .collect::<Vec<_>>();
    let Some((last, others)) = codings.split_last() else {
        return Ok(false);
    };
    if codings
        .iter()
        .any(|coding| coding.eq_ignore_ascii_case(b"aws-chunked"))
    {
        return Err(Rejection::Encoding);
    }
    let gzip = cfg!(feature = "gzip")
        && (last.eq_ignore_ascii_case(b"gzip") || last.eq_ignore_ascii_case(b"x-gzip"));
    // The implementation receives the header if a member is bound to it.
    let bound = protocol.binds_header(operation.input, "content-encoding");
    if bound {
        return Ok(gzip && operation.traits.request_compression.contains(&"gzip"));
    }
    if gzip && others.is_empty() {
        Ok(true)
    } else {
        Err(Rejection::Encoding)
    }
}

/// The encodings of a body, in the order in which they were applied.
fn codings(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let codings = headers.get_all(CONTENT_ENCODING).iter();
    let codings = codings.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let codings = codings.map(<[u8]>::trim_ascii);
    codings.filter(|coding| !coding.is_empty())
}

/// Whether a body has an encoding.
#[cfg(feature = "checksums")]
pub(super) fn has_coding(headers: &HeaderMap, name: &str) -> bool {
    codings(headers).any(|coding| coding.eq_ignore_ascii_case(name.as_bytes()))
}

/// Removes an encoding, in any position, once.
#[cfg(feature = "checksums")]
pub(super) fn remove_coding(headers: &mut HeaderMap, name: &str) {
    let mut rest = codings(headers).collect::<Vec<_>>();
    let is_coding = |coding: &&[u8]| coding.eq_ignore_ascii_case(name.as_bytes());
    let Some(index) = rest.iter().position(is_coding) else {
        return;
    };
    rest.remove(index);
    match HeaderValue::from_bytes(&rest.join(&b","[..])) {
        Ok(rest) if !rest.is_empty() => drop(headers.insert(CONTENT_ENCODING, rest)),
        _ => drop(headers.remove(CONTENT_ENCODING)),
    }
}

/// Removes the encoding that the server undoes: a bound member receives what the client had set
/// before it compressed the body.
pub(super) fn decompressed(headers: &mut HeaderMap) {
    let codings = headers.get_all(CONTENT_ENCODING).into_iter();
    let codings = codings.map(HeaderValue::as_bytes).collect::<Vec<_>>();
    let codings = codings.join(&b","[..]);
    let rest = codings.iter().rposition(|byte| *byte == b',');
    let rest = codings[..rest.unwrap_or_default()].trim_ascii();
    match HeaderValue::from_bytes(rest) {
        Ok(rest) if !rest.is_empty() => drop(headers.insert(CONTENT_ENCODING, rest)),
        _ => drop(headers.remove(CONTENT_ENCODING)),
    }
}

/// Checks the type of the body. `body` is whether the request has one.
pub(super) fn check_content_type(
    protocol: &dyn ServerProtocol,
    operation: &Operation,
    headers: &HeaderMap,
    body: bool,
) -> Result<(), Rejection> {
    let given = headers.get(CONTENT_TYPE);
    let input = operation.input;
    match (protocol.content_type(input, input.layout.in_request), given) {
        // An empty document is accepted for an operation without input (Smithy's protocol tests).
        (ContentType::None, Some(given)) if body => {
            let document = operation.input.members.is_empty() && !operation.traits.no_input;
            if document && is_media_type(given, protocol.media_type()) {
                Ok(())
            } else {
                Err(Rejection::MediaType { needed: None })
            }
        }
        (ContentType::Type(needed), Some(given)) if !is_media_type(given, needed) => {
            Err(Rejection::MediaType {
                needed: Some(needed),
            })
        }
        (ContentType::Type(_), Some(given)) if is_text(operation) && !is_utf_8(given) => {
            Err(Rejection::Charset)
        }
        (ContentType::Type(needed), None) if body && protocol.requires_content_type() => {
            Err(Rejection::MediaType {
                needed: Some(needed),
            })
        }
        (ContentType::None | ContentType::Any | ContentType::Type(_), _) => Ok(()),
    }
}

/// Whether the body is decoded as text.
fn is_text(operation: &Operation) -> bool {
    let payload = operation.input.payload();
    payload.is_none_or(|(_, member)| member.target.kind != Kind::Blob)
}

/// Whether a content type has no other charset than UTF-8, of which ASCII is a part.
fn is_utf_8(content_type: &HeaderValue) -> bool {
    let mut parameters = content_type.as_bytes().split(|byte| *byte == b';').skip(1);
    parameters.all(|parameter| {
        let mut parts = parameter.splitn(2, |byte| *byte == b'=');
        let mut part = || parts.next().unwrap_or_default().trim_ascii();
        let (name, value) = (part(), part());
        let quoted = value.strip_prefix(b"\"");
        let value = quoted
            .and_then(|value| value.strip_suffix(b"\""))
            .unwrap_or(value);
        let names: [&[u8]; 3] = [b"utf-8", b"utf8", b"us-ascii"];
        !name.eq_ignore_ascii_case(b"charset")
            || names.iter().any(|name| value.eq_ignore_ascii_case(name))
    })
}

/// Checks that the client accepts the type of the response (RFC 9110 section 12.5.1).
pub(super) fn check_accept(
    protocol: &dyn ServerProtocol,
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<(), Rejection> {
    if !protocol.negotiates() {
        return Ok(());
    }
    let Some(first) = headers.get(ACCEPT) else {
        return Ok(());
    };
    let output = operation.output;
    let content = protocol.content_type(output, output.layout.in_response);
    let ContentType::Type(offered) = content else {
        return Ok(());
    };
    // The usual header, which has precedence over all others.
    if first == offered {
        return Ok(());
    }
    let ranges = headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    if accepts(ranges, offered) {
        Ok(())
    } else {
        Err(Rejection::NotAcceptable { offered })
    }
}

/// Whether media ranges accept a type: the most specific range that covers it decides.
fn accepts<'r>(ranges: impl Iterator<Item = &'r [u8]>, offered: &str) -> bool {
    let deciding = ranges.filter_map(|range| covers(range, offered)).max();
    deciding.is_some_and(|(_, wanted)| wanted)
}

/// How specific a media range is for a type that it covers, and whether it accepts the type.
fn covers(range: &[u8], offered: &str) -> Option<(u8, bool)> {
    let (range, is_wanted) = weighted(range);
    let offered_kind = offered.split('/').next().unwrap_or_default().as_bytes();
    let closeness = match range.strip_suffix(b"/*") {
        Some(b"*") => 0,
        Some(kind) if kind.eq_ignore_ascii_case(offered_kind) => 1,
        None if is_same_type(range, offered) => 2,
        _ => return None,
    };
    Some((closeness, is_wanted))
}

/// An element of a list of preferences, and whether its weight is more than 0 (RFC 9110 section
/// 12.4.2).
fn weighted(element: &[u8]) -> (&[u8], bool) {
    let mut parts = element.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let value = parts.next().unwrap_or_default();
    let rejected = parts.any(|parameter| {
        let weight = parameter
            .strip_prefix(b"q=")
            .or_else(|| parameter.strip_prefix(b"Q="));
        weight.is_some_and(|weight| weight.iter().all(|byte| matches!(byte, b'0' | b'.')))
    });
    (value, !rejected)
}

/// Whether the client accepts gzip (RFC 9110 section 12.5.3). Its own weight has precedence over
/// that of `*`.
#[cfg(all(feature = "gzip", feature = "openapi"))]
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let codings = headers
        .get_all(http::header::ACCEPT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let deciding = codings.filter_map(|coding| {
        let (coding, is_wanted) = weighted(coding);
        let names: [&[u8]; 2] = [b"gzip", b"x-gzip"];
        match coding {
            b"*" => Some((0, is_wanted)),
            _ if names.iter().any(|name| coding.eq_ignore_ascii_case(name)) => Some((1, is_wanted)),
            _ => None,
        }
    });
    deciding.max().is_some_and(|(_, is_wanted)| is_wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::REST_JSON_1;
    use crate::protocol::service::OperationTraits;
    use crate::schema::{self, Member, Schema};

    fn check(accept: &str, expected: bool) {
        let ranges = accept.as_bytes().split(|byte| *byte == b',');
        assert_eq!(accepts(ranges, "application/json"), expected, "{accept}");
    }

    #[test]
    fn media_ranges_accept_what_they_cover() {
        check("application/json", true);
        check("Application/JSON;charset=utf-8", true);
        check("*/*;q=0.1", true);
        check(" application/* ; q=1", true);
        check("text/*", false);
        check("application/hal+json", false);
        check("application/json;q=0", false);
        check("*/*; q=0.000", false);
        check("", false);
    }

    #[test]
    fn xml_has_two_media_types() {
        for (range, expected) in [
            ("application/xml", true),
            ("Text/XML; charset=utf-8", true),
            ("text/html", false),
            ("application/json", false),
        ] {
            let value = HeaderValue::from_static(range);
            assert_eq!(
                is_media_type(&value, "application/xml"),
                expected,
                "{range}"
            );
            let ranges = [range.as_bytes()].into_iter();
            assert_eq!(accepts(ranges, "application/xml"), expected, "{range}");
        }
    }

    #[test]
    fn any_response_without_a_document_is_accepted() {
        const STATUS: Member = Member::new("status", &schema::INTEGER);
        static BOUND: Schema = Schema::structure("a#Output", &[STATUS.status_code()]);
        static INSIDE: Schema = Schema::structure("a#Output", &[STATUS]);
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/html"))]);
        for (output, expected) in [(&BOUND, true), (&INSIDE, false)] {
            let accepted = check_accept(&REST_JSON_1, &operation(&BOUND, output), &headers);
            assert_eq!(accepted.is_ok(), expected, "{output:?}");
        }
    }

    #[test]
    fn frames_in_bodies_are_rejected_even_if_the_encoding_is_bound() {
        const ENCODING: Member = Member::new("encoding", &schema::STRING);
        static BOUND: Schema = Schema::structure("a#Input", &[ENCODING.header("Content-Encoding")]);
        static INSIDE: Schema = Schema::structure("a#Input", &[ENCODING]);
        for (input, coding, expected) in [
            (&BOUND, "br", true),
            (&BOUND, "aws-chunked", false),
            (&BOUND, "AWS-Chunked, gzip", false),
            (&BOUND, "br,aws-chunked", false),
            (&INSIDE, "br", false),
            (&INSIDE, "aws-chunked", false),
        ] {
            let coding = HeaderValue::from_static(coding);
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, coding.clone())]);
            let compressed = compressed(&REST_JSON_1, &operation(input, &INSIDE), &headers);
            assert_eq!(compressed.is_ok(), expected, "{coding:?}");
        }
    }

    fn operation(input: &'static Schema, output: &'static Schema) -> Operation {
        Operation {
            name: "Get",
            input,
            output,
            errors: &[],
            route: None,
            traits: OperationTraits::NONE,
        }
    }

    #[test]
    fn texts_are_utf_8() {
        for (content_type, expected) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/json;Charset=\"UTF-8\"; x=y", true),
            ("application/json; x; charset = us-ascii", true),
            ("application/json; charset=utf-16", false),
            ("application/json; x=utf-8;charset=ISO-8859-1", false),
            ("application/json; charset", false),
        ] {
            let value = HeaderValue::from_static(content_type);
            assert_eq!(is_utf_8(&value), expected, "{content_type}");
        }
    }

    #[cfg(all(feature = "gzip", feature = "openapi"))]
    #[test]
    fn the_weight_of_gzip_decides() {
        for (accepted, expected) in [
            ("gzip", true),
            ("br, GZIP ; q=0.5", true),
            ("x-gzip", true),
            ("*", true),
            ("deflate, *;q=0.1", true),
            ("", false),
            ("identity", false),
            ("gzip;q=0", false),
            ("gzip; q=0.0, *", false),
            ("*;q=0", false),
            ("*;q=0, gzip;q=1", true),
            ("gzipped", false),
        ] {
            let value = HeaderValue::from_static(accepted);
            let headers = HeaderMap::from_iter([(http::header::ACCEPT_ENCODING, value)]);
            assert_eq!(accepts_gzip(&headers), expected, "{accepted}");
        }
    }

    #[test]
    fn the_closest_media_range_decides() {
        check("text/html, */*;q=0.1", true);
        check("application/json;q=0, */*", false);
        check("*/*, application/*;q=0", false);
        check("*/*;q=0, application/json", true);
        check("application/json;q=0, application/json", true);
    }
}
