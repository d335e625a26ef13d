//! Bodies, by their media type.

use drawplate_runtime::Document;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Difference, cbor, xml};

/// The bytes of a body: binary documents are base64 text in cases (Smithy 2.0, "HTTP Protocol
/// Compliance Tests", "body").
pub(crate) fn bytes(body: &str, media_type: Option<&str>) -> Result<Vec<u8>, String> {
    if media_type.is_some_and(is_cbor) {
        let bytes = STANDARD.decode(body);
        bytes.map_err(|_| format!("the body is not base64 text: {body}"))
    } else {
        Ok(body.as_bytes().to_vec())
    }
}

/// Compares the body of a message with that of a case: documents by value, anything else by
/// bytes.
pub(crate) fn body(
    expected: &str,
    media_type: Option<&str>,
    actual: &[u8],
    differences: &mut Vec<Difference>,
) {
    if !expected.is_empty() && media_type.is_some_and(is_cbor) {
        return binary(expected, actual, differences);
    }
    // A case without a media type may contain the declaration of an XML document.
    let is_declared = || media_type.is_none() && expected.starts_with("<?xml ");
    if !expected.is_empty() && (media_type.is_some_and(is_xml) || is_declared()) {
        let (expected, actual) = (xml::shown(expected.as_bytes()), xml::shown(actual));
        if expected != actual {
            differences.push(Difference::new("body (XML)", expected, actual));
        }
        return;
    }
    let same = if media_type.is_some_and(is_json) && !expected.is_empty() {
        let actual = std::str::from_utf8(actual).ok().and_then(document);
        document(expected).is_some_and(|expected| actual == Some(expected))
    } else {
        expected.as_bytes() == actual
    };
    if !same {
        let what = match media_type {
            Some(media_type) => format!("body ({media_type})"),
            None => "body".to_owned(),
        };
        let actual = String::from_utf8_lossy(actual);
        differences.push(Difference::new(
            what,
            shown(expected, media_type),
            shown(&actual, media_type),
        ));
    }
}

/// Compares documents in CBOR.
fn binary(expected: &str, actual: &[u8], differences: &mut Vec<Difference>) {
    let expected = match bytes(expected, Some(CBOR)) {
        Ok(expected) => cbor::shown(&expected),
        Err(why) => {
            differences.push(Difference::failed(why));
            return;
        }
    };
    let actual = cbor::shown(actual);
    if expected != actual {
        differences.push(Difference::new(format!("body ({CBOR})"), expected, actual));
    }
}

const CBOR: &str = "application/cbor";

fn is_cbor(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case(CBOR)
}

fn is_xml(media_type: &str) -> bool {
    matches!(media_type, "application/xml" | "text/xml")
}

/// Whether a media type is `application/json`, ends in `+json`, or is one of awsJson.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let subtype = essence.split('/').nth(1).unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json") || subtype.starts_with("x-amz-json-")
}

fn document(text: &str) -> Option<Document> {
    text.parse().ok()
}

/// A document with a line per value, so that lines can be compared.
fn shown(text: &str, media_type: Option<&str>) -> String {
    let document = media_type
        .filter(|media_type| is_json(media_type))
        .and_then(|_| document(text));
    document.map_or_else(|| text.to_owned(), |document| format!("{document:#?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, media_type: Option<&str>, actual: &str, same: bool) {
        let mut differences = Vec::new();
        body(expected, media_type, actual.as_bytes(), &mut differences);
        assert_eq!(differences.is_empty(), same, "{expected} {actual}");
    }

    #[test]
    fn documents_are_compared_by_value() {
        let (a, b) = (r#"{"a": 1, "b": []}"#, r#"{"b":[],"a":1.0}"#);
        for media_type in [
            "application/json",
            "application/x-amz-json-1.1",
            "application/problem+json; charset=utf-8",
        ] {
            check(a, Some(media_type), b, true);
        }
        check(a, None, b, false);
        check(a, Some("text/plain"), b, false);
        check(a, Some("application/json"), "{", false);
        check("", Some("application/json"), "{}", false);
        check("", Some("application/json"), "", true);
        check("text", None, "text", true);
    }

    #[test]
    fn binary_documents_are_compared_by_value() {
        let same = |expected: &[u8], actual: &[u8]| {
            let mut differences = Vec::new();
            let expected = STANDARD.encode(expected);
            body(&expected, Some(CBOR), actual, &mut differences);
            differences.is_empty()
        };
        // The order of entries, indefinite lengths, and the length of floats and heads.
        assert!(same(
            b"\xa2\x61a\x01\x61b\x02",
            b"\xbf\x61b\x18\x02\x61a\x01\xff"
        ));
        assert!(same(b"\xfb\x3f\xf8\0\0\0\0\0\0", b"\xf9\x3e\0"));
        assert!(same(b"\xf9\x7e\0", b"\xfa\x7f\xc0\0\0"));
        assert!(same(b"\xc1\xf9\x3c\0", b"\xc1\x01"));
        for (expected, actual) in [
            (&b"\xa1\x61a\x01"[..], &b"\xa0"[..]),
            (b"\x61a", b"\x41a"),
            (b"\x01", b"\xc1\x01"),
            (b"\x01", b"\xf9\x3c\0"),
            (b"\xa0", b"\xa0\0"),
            (b"\x82\x01\x02", b"\x82\x02\x01"),
            (b"\xa0", b""),
        ] {
            assert!(!same(expected, actual), "{expected:x?} {actual:x?}");
        }
        assert_eq!(bytes("oA==", Some(CBOR)).as_deref(), Ok(&[0xa0][..]));
        assert!(bytes("?", Some(CBOR)).is_err());
    }

    #[test]
    fn xml_is_compared_by_its_elements() {
        let check = |expected, actual, same| {
            check(expected, Some("application/xml"), actual, same);
        };
        check(
            "<a>\n<b x='1' y='2'>t</b> <c/>\n</a>",
            "<a><c></c><b y=\"2\" x=\"1\">t</b></a>",
            true,
        );
        check(
            "<?xml version='1.0'?><a>&lt;&#65;</a><!-- end -->",
            "<a><![CDATA[<A]]></a>",
            true,
        );
        check("<a> t </a>", "<a>t</a>", false);
        check("<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", false);
        check("<a x='1'/>", "<a/>", false);
        check("<a xmlns='urn:x'/>", "<a/>", false);
        check("<a/>", "<b/>", false);
        check("<a/>", "", false);
        check("<a/>", "<a>", false);
        let entry = |key: &str| format!("<m><key>{key}</key><value>{key}</value></m>");
        let (one, two) = (entry("1"), entry("2"));
        let (in_order, reversed) = (format!("<a>{one}{two}</a>"), format!("<a>{two}{one}</a>"));
        check(&in_order, &reversed, true);
        check(&in_order, &format!("<a>{one}{one}</a>"), false);
    }

    #[test]
    fn numbers_are_compared_by_value_and_exactly() {
        for (expected, actual, same) in [
            (r#"[1, {"a": 2.0}]"#, r#"[1.0, {"a": 2}]"#, true),
            ("2.5E-8", "0.000000025", true),
            ("9007199254740993", "9007199254740992", false),
            ("18446744073709551616", "18446744073709551617", false),
            ("18446744073709551616", "1.8446744073709551616e19", true),
            ("0.1", "0.10000000000000000000001", false),
            ("1e400", "1e401", false),
            ("1e400", "10e399", true),
            (r#"{"a": null}"#, "{}", false),
            ("[1, 2]", "[2, 1]", false),
        ] {
            check(expected, Some("application/json"), actual, same);
        }
    }
}
