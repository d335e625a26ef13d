//! Changes requests at random: their bytes and their values.

mod elements;
mod items;

use crate::cbor::Cbor;
use crate::json::Json;
use crate::protocols::{Format, Wire};
use crate::raw::Raw;
use crate::xml::Element;
use drawplate_tests::random::Random;

/// Texts that are known to break readers of HTTP and JSON.
const TEXTS: [&str; 34] = [
    "",
    " ",
    "/",
    "//",
    ".",
    "..",
    "%",
    "%2F",
    "%00",
    "+",
    "&",
    "=",
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "\u{0}",
    "\n",
    "\r\nx: y",
    "\u{7f}",
    "\u{301}",
    "\u{202e}",
    "\u{feff}",
    "\u{10ffff}",
    "é",
    "9223372036854775808",
    "2019-02-29T00:00:00Z",
    "2019-02-29",
    "23:59:59.1234567891",
    "51216269-c0c8-454a-871e-329513e54e23",
    "small",
];

const NUMBERS: [&str; 24] = [
    "0",
    "-0",
    "1",
    "-1",
    "25",
    "26",
    "127",
    "128",
    "-129",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1.5",
    "1.0",
    "1e2",
    "1e400",
    "-1e-400",
    "123456789012345678901234567890.5",
    "0.0000000001",
    "1.0000000000",
];

/// Pieces of JSON, and of texts that resemble it.
const PIECES: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"null",
    b"true",
    b"1e999",
    b"-",
    b"0x1",
    b"\\u0000",
    b"\\ud800",
    b"\\ud83d\\ude00",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"/*x*/",
    b"'",
    b"NaN",
];

/// Pieces of CBOR: heads of every kind, complete items, and ends.
const CBOR_PIECES: [&[u8]; 24] = [
    b"\x00",
    b"\x18\x18",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x1c",
    b"\x1f",
    b"\x40",
    b"\x5f",
    b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x60",
    b"\x62\xc3\x28",
    b"\x7f\x61\x61\xff",
    b"\x80",
    b"\x9f",
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xa0",
    b"\xbf",
    b"\xc1",
    b"\xc2\x41\x01",
    b"\xc4\x82\x20\x01",
    b"\xf6",
    b"\xf7",
    b"\xf9\x7e\x00",
    b"\xff",
];

/// Pieces of XML, and of texts that resemble it.
const XML_PIECES: [&[u8]; 40] = [
    b"<",
    b">",
    b"/>",
    b"</",
    b"</a>",
    b"<a>",
    b"<a/>",
    b"<a:b xmlns:a=\"b\"/>",
    b"<:a/>",
    b"<a b='1' b='2'/>",
    b"<a b=1/>",
    b" a='b'",
    b" a = \"<\"",
    b"&",
    b"&amp;",
    b"&apos;",
    b"&unknown;",
    b"&#0;",
    b"&#x41;",
    b"&#xfffe;",
    b"&#+65;",
    b"&#x;",
    b"<![CDATA[",
    b"]]>",
    b"<![CDATA[ ]]>",
    b"<![CDATA[<]]>",
    b"<!--",
    b"-->",
    b"<!-- a -- b -->",
    b"<!--->",
    b"<?a b?>",
    b"<?xml version=\"1.0\"?>",
    b"<?",
    b"?>",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbe",
    b"\0",
    b"\r\n",
    b"\xff",
];

/// Changes a request in a protocol. `input` is the value in it, and `make` makes a request of a
/// value.
pub(crate) fn mutate(
    random: &mut Random,
    wire: &Wire,
    input: &Json,
    make: impl Fn(&Json) -> Raw,
) -> Raw {
    // A third of the requests get other values, a third other bytes, the rest both; few stay
    // valid.
    let turn = random.below(20);
    let mut changed = input.clone();
    if turn % 3 != 1 {
        for _ in 0..=random.below(3) {
            value(random, &mut changed, 0);
        }
    }
    let mut raw = make(&changed);
    rewrite(random, wire, &mut raw.body, turn % 3 != 1);
    if random.once_in(12) {
        bound_elsewhere(random, input, &mut raw);
    }
    if !turn.is_multiple_of(3) {
        for _ in 0..=random.below(3) {
            message(random, wire, &mut raw);
        }
    }
    raw
}

/// Changes a response in a protocol: its document, its bytes and its headers.
pub(crate) fn response(random: &mut Random, wire: &Wire, raw: &mut Raw) {
    // A quarter of the responses are only written in another way.
    let turn = random.below(4);
    if turn == 3 {
        return rewrite(random, wire, &mut raw.body, false);
    }
    if turn != 1 {
        if let Ok(mut json) = Json::parse(&raw.body) {
            value(random, &mut json, 0);
            raw.body = json.to_string().into_bytes();
        }
        rewrite(random, wire, &mut raw.body, true);
    }
    if turn != 0 {
        for _ in 0..=random.below(3) {
            if random.once_in(5) {
                header(random, raw);
            } else {
                bytes(random, pieces(wire), &mut raw.body);
            }
        }
    }
}

/// Writes a document of CBOR or XML in another way, and perhaps with a change.
fn rewrite(random: &mut Random, wire: &Wire, body: &mut Vec<u8>, changes: bool) {
    if wire.format == Format::Cbor
        && let Some(mut item) = Cbor::parse(body)
    {
        if changes && random.once_in(2) {
            items::change(random, &mut item);
        }
        *body = item.to_any_bytes(random);
    }
    if wire.format == Format::Xml
        && let Some(mut root) = Element::parse(body)
    {
        if changes && random.once_in(2) {
            elements::change(random, &mut root);
        }
        *body = root.to_any_bytes(random);
    }
}

/// Adds a member to the document, once or twice, that may be bound elsewhere.
fn bound_elsewhere(random: &mut Random, input: &Json, raw: &mut Raw) {
    let (Json::Object(members), Ok(Json::Object(mut entries))) = (input, Json::parse(&raw.body))
    else {
        return;
    };
    if members.is_empty() {
        return;
    }
    for _ in 0..=random.below(2) {
        let (name, value) = random.pick(members);
        entries.push((name.clone(), any(random, value)));
    }
    raw.body = Json::Object(entries).to_string().into_bytes();
}

/// Changes a value or one within it.
fn value(random: &mut Random, json: &mut Json, depth: usize) {
    let inner = match json {
        Json::Array(elements) => elements.len(),
        Json::Object(entries) => entries.len(),
        _ => 0,
    };
    if inner > 0 && (depth == 0 || !random.once_in(3)) && !random.once_in(6) {
        let at = random.below(inner);
        match json {
            Json::Array(elements) => value(random, &mut elements[at], depth + 1),
            Json::Object(entries) => value(random, &mut entries[at].1, depth + 1),
            _ => {}
        }
        return;
    }
    match json {
        Json::Object(entries) if !random.once_in(3) => object(random, entries),
        Json::Array(elements) if !random.once_in(3) => array(random, elements),
        // The whole input stays an object, most of the time.
        _ if depth == 0 && !random.once_in(10) => {}
        other => *other = any(random, other),
    }
}

fn object(random: &mut Random, entries: &mut Vec<(String, Json)>) {
    let at = if entries.is_empty() {
        None
    } else {
        Some(random.below(entries.len()))
    };
    match (random.below(7), at) {
        (0, Some(at)) => drop(entries.remove(at)),
        (1, Some(at)) => entries[at].1 = Json::Null,
        // A key twice, with the same value or another.
        (2, Some(at)) => {
            let mut entry = entries[at].clone();
            if random.once_in(2) {
                entry.1 = any(random, &entry.1);
            }
            let place = random.below(entries.len() + 1);
            entries.insert(place, entry);
        }
        (3, Some(at)) => {
            let text = *random.pick(&TEXTS);
            entries[at].0.push_str(text);
        }
        (4, Some(at)) => {
            let other = random.below(entries.len());
            let value = entries[other].1.clone();
            entries[at].1 = value;
        }
        (5, Some(at)) => entries[at].0 = entries[at].0.to_uppercase(),
        _ => {
            let key = (*random.pick(&["__type", "unknown", "", "message", "a/b~c"])).to_owned();
            let value = any(random, &Json::Null);
            entries.push((key, value));
        }
    }
}

fn array(random: &mut Random, elements: &mut Vec<Json>) {
    let at = if elements.is_empty() {
        None
    } else {
        Some(random.below(elements.len()))
    };
    match (random.below(5), at) {
        (0, Some(at)) => drop(elements.remove(at)),
        (1, Some(at)) => elements[at] = Json::Null,
        (2, Some(at)) => {
            let element = elements[at].clone();
            let times = if random.once_in(8) { 150 } else { 1 };
            elements.extend(std::iter::repeat_n(element, times));
        }
        (3, Some(at)) => elements[at] = any(random, &Json::Null),
        _ => elements.push(any(random, &Json::Null)),
    }
}

/// Another value: of any type, or near the previous one.
fn any(random: &mut Random, old: &Json) -> Json {
    match (random.below(12), old) {
        (0, _) => Json::Null,
        (1, _) => Json::Bool(random.once_in(2)),
        (2 | 3, _) => Json::number(*random.pick(&NUMBERS)),
        (4, Json::String(text)) => Json::text(format!("{text}{}", random.pick(&TEXTS))),
        (5, Json::String(text)) => Json::text(text.chars().rev().collect::<String>()),
        (6, Json::String(text)) => {
            let times = *random.pick(&[2, 10, 300, 3000]);
            Json::text(text.repeat(times).chars().take(5000).collect::<String>())
        }
        (4..=6, _) => Json::text(*random.pick(&TEXTS)),
        (7, _) => Json::Array(Vec::new()),
        (8, _) => Json::Array(vec![old.clone()]),
        (9, _) => Json::Object(Vec::new()),
        (10, _) if random.once_in(4) => {
            nested(*random.pick(&[10, 100, 119, 130, 500]), random.once_in(2))
        }
        _ => Json::Object(vec![((*random.pick(&TEXTS)).to_owned(), old.clone())]),
    }
}

/// Nested lists or objects.
fn nested(depth: usize, lists: bool) -> Json {
    (0..depth).fold(Json::Null, |inner, _| {
        if lists {
            Json::Array(vec![inner])
        } else {
            Json::Object(vec![("a".to_owned(), inner)])
        }
    })
}

/// Changes the bytes of a request.
fn message(random: &mut Random, wire: &Wire, raw: &mut Raw) {
    match random.below(12) {
        0 => {
            let methods = [
                "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "BREW",
            ];
            (*random.pick(&methods)).clone_into(&mut raw.method);
        }
        1 | 2 => path(random, &mut raw.path),
        3 => query(random, raw),
        4..=6 => header(random, raw),
        _ => bytes(random, pieces(wire), &mut raw.body),
    }
}

/// Pieces of documents in the format of a protocol.
fn pieces(wire: &Wire) -> &'static [&'static [u8]] {
    match wire.format {
        Format::Cbor => &CBOR_PIECES,
        Format::Xml => &XML_PIECES,
        _ => &PIECES,
    }
}

fn path(random: &mut Random, path: &mut String) {
    let mut segments = path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let at = random.below(segments.len());
    match random.below(9) {
        0 => drop(segments.remove(at)),
        1 => segments.insert(at, String::new()),
        2 => segments.push(String::new()),
        3 => segments.insert(at, "..".to_owned()),
        4 => {
            let escapes = [
                "%",
                "%4",
                "%zz",
                "%FF",
                "%ED%A0%80",
                "%00",
                "%2F",
                "%2e%2e",
                "%25",
                "+",
            ];
            let escape = *random.pick(&escapes);
            segments[at].push_str(escape);
        }
        5 => {
            let bytes = std::mem::take(&mut segments[at]).into_bytes();
            let escapes = bytes.into_iter().map(|byte| format!("%{byte:02x}"));
            segments[at] = escapes.collect::<Vec<_>>().concat();
        }
        6 => segments[at] = segments[at].to_uppercase(),
        7 => segments[at] = segments[at].repeat(*random.pick(&[2, 1000])),
        _ => {
            let other = random.below(segments.len());
            segments.swap(at, other);
        }
    }
    *path = segments.join("/");
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
}

fn query(random: &mut Random, raw: &mut Raw) {
    let mut pairs = raw
        .query
        .iter()
        .flat_map(|query| query.split('&'))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let texts = [
        "x=1",
        "=",
        "a=%FF",
        "a=%",
        "%66ixed=yes",
        "size=1e3",
        "size=+1",
        "flag=TRUE",
        "level=2",
        "fixed",
        "bare=1",
        "a+b=c+d",
    ];
    match random.below(5) {
        0 => pairs.clear(),
        1 if !pairs.is_empty() => {
            let at = random.below(pairs.len());
            let pair = pairs[at].clone();
            pairs.push(pair);
        }
        2 if !pairs.is_empty() => drop(pairs.remove(random.below(pairs.len()))),
        3 if !pairs.is_empty() => {
            let at = random.below(pairs.len());
            let text = *random.pick(&["%20", "0", "=", "%00", "é", "-"]);
            pairs[at].push_str(text);
        }
        _ => pairs.push((*random.pick(&texts)).to_owned()),
    }
    raw.query = Some(pairs.join("&"));
}

fn header(random: &mut Random, raw: &mut Raw) {
    let types = [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/x-amz-json-1.1",
        "application/x-amz-json-1.0",
        "application/cbor",
        "application/xml",
        "Text/XML; charset=utf-8",
        "text/plain",
        "text/html",
        "",
        ";",
        "image/jpeg",
        "application/octet-stream",
    ];
    let accepts = [
        "*/*",
        "application/json",
        "text/html",
        "application/*;q=0.5",
        "application/cbor",
        "application/xml",
        "text/xml",
        "application/json;q=0",
        "",
        "text/html, */*;q=0.1",
        "image/jpeg",
    ];
    match random.below(11) {
        0..=2 => {
            raw.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            if !random.once_in(3) {
                raw.header("Content-Type", *random.pick(&types));
            }
        }
        3 => raw.header("accept", *random.pick(&accepts)),
        4 => raw.header(
            "content-encoding",
            *random.pick(&["gzip", "identity", "", "br, gzip"]),
        ),
        5 => {
            raw.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-target"));
            let targets = [
                "",
                ".",
                "AWSCognitoIdentityProviderService.",
                "AWSCognitoIdentityProviderService.NoSuch",
                "x.AdminRespondToAuthChallenge",
                "Polyglot.PutValues",
            ];
            raw.header("x-amz-target", *random.pick(&targets));
        }
        10 => {
            if random.once_in(2) {
                raw.headers
                    .retain(|(name, _)| !name.eq_ignore_ascii_case("smithy-protocol"));
            }
            let names = [
                "rpc-v2-cbor",
                "rpc-v2-json",
                "rpc-v2-xml",
                "RPC-V2-CBOR",
                "",
            ];
            raw.header("Smithy-Protocol", *random.pick(&names));
        }
        6 if !raw.headers.is_empty() => {
            let at = random.below(raw.headers.len());
            let header = raw.headers[at].clone();
            raw.headers.push(header);
        }
        7 if !raw.headers.is_empty() => {
            let at = random.below(raw.headers.len());
            let more = *random.pick(&[
                &b"\xff"[..],
                b"\xe9",
                b",",
                b"\"",
                b" ",
                b"\t",
                b"\r\nx-meta-a: b",
                b"\0",
                b"GMT",
            ]);
            raw.headers[at].1.extend_from_slice(more);
        }
        8 => raw.header("x-long", "a".repeat(*random.pick(&[10, 70_000]))),
        _ => other_header(random, raw),
    }
}

/// Adds a header that a member may be bound to, or that delimits messages.
fn other_header(random: &mut Random, raw: &mut Raw) {
    let names = [
        "X-Meta-",
        "x-meta-a",
        "X-META-B",
        "If-Match",
        "X-Dates",
        "retry-after",
        "x-amzn-requestid",
        "origin",
        "content-length",
        "transfer-encoding",
        "a b",
        "a\r\nb",
    ];
    let values = [
        &b"1"[..],
        b"",
        b"Mon, 16 Dec 2019 23:48:18 GMT",
        b"Mon, 16 Dec 2019 23:48:18 GMT, x",
        b"\xc3\xa9",
        b"\xff",
        b"a, b",
        b"2019-12-16T23:48:18Z",
    ];
    let name = *random.pick(&names);
    raw.header(name, *random.pick(&values));
}

fn bytes(random: &mut Random, pieces: &[&[u8]], body: &mut Vec<u8>) {
    let at = random.below(body.len() + 1);
    match random.below(8) {
        0 => body.truncate(at),
        1 if at < body.len() => drop(body.remove(at)),
        2 if at < body.len() => body[at] ^= 1 << random.below(8),
        3 => {
            let end = at + random.below(body.len() - at + 1);
            let part = body[at..end].to_vec();
            body.splice(at..at, part);
        }
        4 => body.clear(),
        5 if random.once_in(20) => {
            body.resize(*random.pick(&[(1 << 20) - 1, 1 << 20, (1 << 20) + 1]), b' ');
        }
        _ => {
            let piece = *random.pick(pieces);
            body.splice(at..at, piece.iter().copied());
        }
    }
}
