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

use drawplate_runtime::{Cbor as _, Json as _, Xml as _};
use peak_alloc::PeakAlloc;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use shapes::{Kinds, every_kind};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The length of most documents: decoded values may need 12 times as much, and 4 MiB in any case.
const LENGTH: usize = 1 << 19;

/// Documents are a start, some repetitions of parts, and an end or none.
struct Documents {
    starts: &'static [&'static [u8]],
    parts: &'static [&'static [u8]],
    end: &'static [u8],
    decode: fn(&[u8]),
}

const JSON: Documents = Documents {
    starts: &[
        br#"{"document":"#,
        br#"{"document":["#,
        br#"{"documents":["#,
        br#"{"lists":["#,
        br#"{"strings":["#,
        br#"{"sparseStrings":["#,
        br#"{"sparseMap":{"#,
        br#"{"choices":["#,
        br#"{"trees":{"a":"#,
        b"{",
        b"",
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
        drop(Kinds::from_json(bytes));
        drop(Kinds::from_json_strict(bytes));
    },
};

const CBOR: Documents = Documents {
    starts: &[
        b"\xa1\x68document",
        b"\xa1\x68document\x9f",
        b"\xa1\x69documents\x9f",
        b"\xa1\x65lists\x9f",
        b"\xa1\x67strings\x9f",
        b"\xa1\x6dsparseStrings\x9f",
        b"\xa1\x69sparseMap\xbf",
        b"\xa1\x67choices\x9f",
        b"\xa1\x65trees\xbf\x61a",
        b"\xa1\x66string\x7f",
        b"\xbf",
        b"",
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
        drop(Kinds::from_cbor(bytes));
        drop(Kinds::from_cbor_strict(bytes));
    },
};

const XML: Documents = Documents {
    starts: &[
        b"<Kinds><lists>",
        b"<Kinds><lists><member>",
        b"<Kinds><strings>",
        b"<Kinds><sparseStrings>",
        b"<Kinds><sparseMap>",
        b"<Kinds><choices>",
        b"<Kinds><trees><entry><key>a</key><value>",
        b"<Kinds><string>",
        b"<Kinds>",
        b"<Kinds ",
        b"",
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
        drop(Kinds::from_xml(bytes));
        drop(Kinds::from_xml_strict(bytes));
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
    (documents.decode)(document);
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
            let mut document = documents.starts[start].to_vec();
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
    let value = every_kind();
    for (documents, document) in [
        (&JSON, value.to_json_bytes().expect("JSON")),
        (&CBOR, value.to_cbor().expect("CBOR")),
    ] {
        check(documents, &document).expect("it is short");
    }
}
