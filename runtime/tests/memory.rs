//! The memory that decoding needs is bounded by the document, whatever is in it. A program of its
//! own, since it measures all allocations.
#![cfg(all(feature = "cbor", feature = "xml"))]
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "it needs a part of the shapes, and has no public API"
)]

#[macro_use]
#[path = "codec/shapes.rs"]
mod shapes;

use std::env;

use drawplate_runtime::{Cbor as _, Json as _, Structure as _, Xml as _};
use peak_alloc::PeakAlloc;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use shapes::Kinds;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The length of most documents: decoded values may need 12 times as much, and 4 MiB in any case.
const LENGTH: usize = 1 << 19;

/// Documents are a start, some repetitions of parts, and an end or none.
struct Documents {
    /// Each with a rest that makes a document of it, which shows that it leads to a member.
    starts: &'static [(&'static [u8], &'static [u8])],
    parts: &'static [&'static [u8]],
    end: &'static [u8],
    /// Decodes a document by a client and by a server. Returns the value of the client.
    decode: fn(&[u8]) -> Option<Kinds>,
}

const JSON: Documents = Documents {
    starts: &[
        (br#"{"document":"#, b"1}"),
        (br#"{"document":["#, b"1]}"),
        (br#"{"documents":["#, b"1]}"),
        (br#"{"lists":["#, b"[1]]}"),
        (br#"{"strings":["#, br#""a"]}"#),
        (br#"{"sparseStrings":["#, b"null]}"),
        (br#"{"sparseMap":{"#, br#""a":1}}"#),
        (br#"{"choices":["#, br#"{"text":"a"}]}"#),
        (
            br#"{"trees":{"a":"#,
            br#"{"name":"a","choice":{"text":"a"}}}}"#,
        ),
        (b"{", br#""integer":1}"#),
        (b"", br#"{"integer":1}"#),
    ],
    parts: &[
        b"{},",
        b"[],",
        b"0,",
        b"null,",
        br#""","#,
        br#"{"a":1},"#,
        br#"{"many":[]},"#,
        br#""a":null,"#,
        br#""a":{},"#,
        b"[",
        br#"{"a":"#,
        br#"{"next":"#,
        br#"{"choice":{"tree":"#,
        br"\u0041",
        b" ",
    ],
    end: b"]}",
    decode: |bytes| {
        drop(Kinds::from_json_strict(bytes));
        Kinds::from_json(bytes).ok()
    },
};

const CBOR: Documents = Documents {
    starts: &[
        (b"\xa1\x68document", b"\x01"),
        (b"\xa1\x68document\x9f", b"\x01\xff"),
        (b"\xa1\x69documents\x9f", b"\x01\xff"),
        (b"\xa1\x65lists\x9f", b"\x81\x01\xff"),
        (b"\xa1\x67strings\x9f", b"\x61a\xff"),
        (b"\xa1\x6dsparseStrings\x9f", b"\xf6\xff"),
        (b"\xa1\x69sparseMap\xbf", b"\x61a\x01\xff"),
        (b"\xa1\x67choices\x9f", b"\xa1\x64text\x61a\xff"),
        (
            b"\xa1\x65trees\xbf\x61a",
            b"\xa2\x64name\x61a\x66choice\xa1\x64text\x61a\xff",
        ),
        (b"\xa1\x66string\x7f", b"\x61a\xff"),
        (b"\xbf", b"\x67integer\x01\xff"),
        (b"", b"\xa1\x67integer\x01"),
    ],
    parts: &[
        b"\xa0",
        b"\x80",
        b"\x00",
        b"\xf6",
        b"\x60",
        b"\xa1\x61a\x01",
        b"\xa1\x64many\x80",
        b"\x61a\xf6",
        b"\x61a\xa0",
        b"\x9f",
        b"\xbf\x61a",
        b"\xc1",
        b"\xc2\x41\x01",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9a\x00\xff\xff\xff",
        b"\x7a\x7f\xff\xff\xff",
        b"\x61\x61",
    ],
    end: b"\xff",
    decode: |bytes| {
        drop(Kinds::from_cbor_strict(bytes));
        Kinds::from_cbor(bytes).ok()
    },
};

const XML: Documents = Documents {
    starts: &[
        (
            b"<Kinds><lists>",
            b"<member><member>1</member></member></lists></Kinds>",
        ),
        (
            b"<Kinds><lists><member>",
            b"<member>1</member></member></lists></Kinds>",
        ),
        (b"<Kinds><strings>", b"<member>a</member></strings></Kinds>"),
        (
            b"<Kinds><sparseStrings>",
            b"<member>a</member></sparseStrings></Kinds>",
        ),
        (
            b"<Kinds><sparseMap>",
            b"<entry><key>a</key><value>1</value></entry></sparseMap></Kinds>",
        ),
        (
            b"<Kinds><choices>",
            b"<member><text>a</text></member></choices></Kinds>",
        ),
        (
            b"<Kinds><trees><entry><key>a</key><value>",
            b"<name>a</name><choice><text>a</text></choice></value></entry></trees></Kinds>",
        ),
        (b"<Kinds><string>", b"a</string></Kinds>"),
        (b"<Kinds>", b"<integer>1</integer></Kinds>"),
        (b"<Kinds ", b"><integer>1</integer></Kinds>"),
        (b"", b"<Kinds><integer>1</integer></Kinds>"),
    ],
    parts: &[
        b"<member/>",
        b"<entry/>",
        b"<member></member>",
        b"<member><many/></member>",
        b"<member><newer/></member>",
        b"<entry><key>a</key><value/></entry>",
        b"<a/>",
        b"<a>",
        b"<next>",
        b"<choice><tree>",
        b"&#65;",
        b"<![CDATA[]]>",
        b"<!---->",
        b"x:y='z' ",
        b" ",
    ],
    end: b"</Kinds>",
    decode: |bytes| {
        drop(Kinds::from_xml_strict(bytes));
        Kinds::from_xml(bytes).ok()
    },
};

/// The most memory that decoding a document needs. Texts and names are copied, and not counted as
/// values; a vector that grows has its old elements beside the new ones.
fn bound(length: usize) -> usize {
    let values = (12 * length).max(4 << 20);
    2 * values + 4 * length
}

fn check(documents: &Documents, document: &[u8]) -> Result<(), TestCaseError> {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    drop((documents.decode)(document));
    let needed = ALLOCATOR.peak_usage() - before;
    let start = String::from_utf8_lossy(&document[..document.len().min(80)]);
    prop_assert!(
        needed <= bound(document.len()),
        "{needed} bytes for {} of `{start}`",
        document.len()
    );
    Ok(())
}

/// `DRAWPLATE_FUZZ_CASES` sets the number of documents in each format.
#[test]
fn decoding_needs_memory_in_proportion_to_the_document() {
    let cases = env::var("DRAWPLATE_FUZZ_CASES").ok();
    let cases = cases.map_or(12, |cases| cases.parse().expect("a number of cases"));
    for documents in [&JSON, &CBOR, &XML] {
        let parts = vec(0..documents.parts.len(), 1..3);
        let document = (0..documents.starts.len(), parts, any::<bool>());
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            ..Config::with_cases(cases)
        });
        let result = runner.run(&document, |(start, parts, has_end)| {
            let unit = parts.iter().flat_map(|part| documents.parts[*part]);
            let unit = unit.copied().collect::<Vec<_>>();
            let mut document = documents.starts[start].0.to_vec();
            document.extend(unit.repeat(LENGTH / unit.len()));
            if document.ends_with(b",") {
                document.pop();
            }
            if has_end {
                document.extend(documents.end);
            }
            check(documents, &document)
        });
        result.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn starts_lead_to_members() {
    for documents in [&JSON, &CBOR, &XML] {
        for (start, rest) in documents.starts {
            let document = [*start, *rest].concat();
            let text = String::from_utf8_lossy(&document);
            let value = (documents.decode)(&document);
            let value = value.unwrap_or_else(|| panic!("`{text}` is invalid"));
            assert!(value != Kinds::empty(), "`{text}` sets no member");
        }
    }
}
