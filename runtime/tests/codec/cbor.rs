//! CBOR: its encoding byte by byte, everything that decoders accept, and how they reject the rest.

use std::env;

use drawplate_runtime as rt;
use drawplate_runtime::{Cbor as _, DecodeError, Document, Structure as _, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::shapes::{Choice, Kinds, Mode, Tree, every_kind};

/// The bytes of hexadecimal digits, with spaces between them.
fn hex(text: &str) -> Vec<u8> {
    let digits = text.split_whitespace().collect::<String>();
    let bytes = (0..digits.len()).step_by(2);
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    bytes.map(byte).collect()
}

/// The hexadecimal digits of a text.
fn hex_of(text: &str) -> String {
    let digits = text.bytes().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().concat()
}

/// A map with one entry: a name, and a value in hexadecimal digits.
fn entry(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0xa1, 0x60 | u8::try_from(name.len()).expect("a short name")];
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend(hex(value));
    bytes
}

/// A structure with one member.
fn with(set: impl FnOnce(&mut Kinds)) -> Kinds {
    let mut kinds = Kinds::empty();
    set(&mut kinds);
    kinds
}

/// Checks the encoding of a member, and that it is decoded to the same value in both modes.
#[track_caller]
fn check(name: &str, value: &str, set: impl FnOnce(&mut Kinds)) {
    let kinds = with(set);
    let expected = entry(name, value);
    assert_eq!(kinds.to_cbor().expect("CBOR"), expected, "{name} {value}");
    reads(name, value, |found| *found = kinds);
}

/// Checks that a member is decoded from other bytes than it is encoded as.
#[track_caller]
fn reads(name: &str, value: &str, set: impl FnOnce(&mut Kinds)) {
    let expected = with(set);
    let bytes = entry(name, value);
    for found in [Kinds::from_cbor(&bytes), Kinds::from_cbor_strict(&bytes)] {
        assert!(found.expect("a value") == expected, "{name} {value}");
    }
}

/// Checks the error of a document.
#[track_caller]
fn fails(bytes: &[u8], expected: &str) {
    for found in [Kinds::from_cbor(bytes), Kinds::from_cbor_strict(bytes)] {
        let error = found.expect_err("an error");
        assert_eq!(error.to_string(), expected);
    }
}

fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::new(seconds, nanoseconds).expect("a timestamp")
}

#[test]
fn scalars_have_the_shortest_heads() {
    check("boolean", "f4", |it| it.boolean = Some(false));
    check("boolean", "f5", |it| it.boolean = Some(true));
    for (bytes, value) in [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("18ff", 255),
        ("190100", 256),
        ("19ffff", 65_535),
        ("1a00010000", 65_536),
        ("1affffffff", 4_294_967_295),
        ("1b0000000100000000", 4_294_967_296),
        ("1b7fffffffffffffff", i64::MAX),
        ("20", -1),
        ("37", -24),
        ("3818", -25),
        ("3b7fffffffffffffff", i64::MIN),
    ] {
        check("long", bytes, |it| it.long = Some(value));
    }
    check("float", "fa3dcccccd", |it| it.float = Some(0.1));
    check("double", "fb3fb999999999999a", |it| it.double = Some(0.1));
    check("double", "fa3fc00000", |it| it.double = Some(1.5));
    check("double", "fa80000000", |it| it.double = Some(-0.0));
    check("double", "faff800000", |it| {
        it.double = Some(f64::NEG_INFINITY);
    });
    check("string", "63e282ac", |it| it.string = Some("€".to_owned()));
    check("blob", "420010", |it| it.blob = Some((&[0, 16]).into()));
    check("epoch", "c100", |it| it.epoch = Some(at(0, 0)));
    check("epoch", "c13903e7", |it| it.epoch = Some(at(-1000, 0)));
    check("dateTime", "c1fa3fc00000", |it| {
        it.date_time = Some(at(1, 500_000_000));
    });
    check("httpDate", "c1fb41d6954ad247df3b", |it| {
        it.http_date = Some(at(1_515_531_081, 123_000_000));
    });
    let nan = with(|it| it.double = Some(f64::NAN));
    assert_eq!(nan.to_cbor().expect("CBOR"), entry("double", "fa7fc00000"));
}

#[test]
fn big_numbers_have_tags() {
    let integer = |text: &str| Some(text.parse().expect("an integer"));
    check("bigInteger", "c240", |it| it.big_integer = integer("0"));
    check("bigInteger", "c24101", |it| it.big_integer = integer("1"));
    check("bigInteger", "c340", |it| it.big_integer = integer("-1"));
    check("bigInteger", "c249010000000000000000", |it| {
        it.big_integer = integer("18446744073709551616");
    });
    check("bigInteger", "c349010000000000000000", |it| {
        it.big_integer = integer("-18446744073709551617");
    });
    reads("bigInteger", "3bffffffffffffffff", |it| {
        it.big_integer = integer("-18446744073709551616");
    });
    reads("bigInteger", "1bffffffffffffffff", |it| {
        it.big_integer = integer("18446744073709551615");
    });
    reads("bigInteger", "c243000001", |it| {
        it.big_integer = integer("1");
    });
    let decimal = |text: &str| Some(text.parse().expect("a number"));
    check("bigDecimal", "c482211896", |it| {
        it.big_decimal = decimal("1.50");
    });
    check("bigDecimal", "c4822220", |it| {
        it.big_decimal = decimal("-0.001");
    });
    check("bigDecimal", "c4820500", |it| {
        it.big_decimal = decimal("0e5");
    });
    check("bigDecimal", "c4820a03", |it| {
        it.big_decimal = decimal("3e10");
    });
    check("bigDecimal", "c48200c249010000000000000000", |it| {
        it.big_decimal = decimal("18446744073709551616");
    });
    reads("bigDecimal", "c49f211896ff", |it| {
        it.big_decimal = decimal("1.50");
    });
    reads("bigDecimal", "07", |it| it.big_decimal = decimal("7"));
    let long = "9".repeat(3000);
    let error = with(|it| it.big_integer = integer(&long)).to_cbor();
    let error = error.expect_err("it is too long").to_string();
    assert_eq!(
        error,
        "a number of more than 2467 digits cannot be encoded as CBOR"
    );
}

#[test]
fn lists_maps_and_structures_have_definite_lengths() {
    check("lists", "82 80 82 01 20", |it| {
        it.lists = Some(vec![vec![], vec![1, -1]]);
    });
    check("sparseStrings", "82 f6 61 61", |it| {
        it.sparse_strings = Some(vec![None, Some("a".to_owned())]);
    });
    check("byMode", "a1 61 43 02", |it| {
        it.by_mode = Some([(Mode::C, 2)].into());
    });
    check("sparseMap", "a1 61 61 f6", |it| {
        it.sparse_map = Some([("a".to_owned(), None)].into());
    });
    check("choices", "81 a1 64 74657874 60", |it| {
        it.choices = Some(vec![Choice::Text(String::new())]);
    });
    // 25 members do not fit into the first byte of a head.
    let every = every_kind().to_cbor().expect("CBOR");
    assert_eq!(every[..2], [0xb8, 25]);
    assert!(Kinds::from_cbor(&every).expect("a value") == every_kind());
    assert!(
        Kinds::from_cbor_strict(&every).is_err(),
        "it has an unknown member of a union"
    );
}

#[test]
fn documents_are_open() {
    for json in [
        "null",
        "true",
        "-1",
        "1.5",
        "0.1",
        "18446744073709551615",
        "-18446744073709551617",
        "0.10000000000000000000000000000001",
        r#""text""#,
        "[1,[],{}]",
        r#"{"b":[null],"a":{"c":2}}"#,
    ] {
        let document = json.parse::<Document>().expect("JSON");
        let kinds = with(|it| it.documents = Some(vec![document]));
        let bytes = kinds.to_cbor().expect("CBOR");
        assert!(
            Kinds::from_cbor_strict(&bytes).expect("a value") == kinds,
            "{json}"
        );
    }
    let open = |json: &str| Some(json.parse::<Document>().expect("JSON"));
    reads("document", "420001", |it| it.document = open(r#""AAE=""#));
    reads("document", "f97e00", |it| it.document = open(r#""NaN""#));
    reads("document", "c11864", |it| it.document = open("100"));
}

#[test]
fn values_are_read_from_every_encoding_of_them() {
    // Longer heads, half precision, and tags without a meaning for the value.
    reads("byte", "1b0000000000000001", |it| it.byte = Some(1));
    reads("float", "f93e00", |it| it.float = Some(1.5));
    reads("double", "f90001", |it| it.double = Some(2_f64.powi(-24)));
    reads("double", "f97bff", |it| it.double = Some(65_504.0));
    reads("double", "f9fc00", |it| it.double = Some(f64::NEG_INFINITY));
    reads("double", "f98000", |it| it.double = Some(-0.0));
    reads("double", "01", |it| it.double = Some(1.0));
    reads("double", "3bffffffffffffffff", |it| {
        it.double = Some(-18_446_744_073_709_551_616.0);
    });
    reads("string", "d9d9f7 61 61", |it| {
        it.string = Some("a".to_owned());
    });
    reads("strings", "d818 81 c1 60", |it| {
        it.strings = Some(vec![String::new()]);
    });
    reads("epoch", "c1 f93e00", |it| {
        it.epoch = Some(at(1, 500_000_000));
    });
    reads("epoch", "d9d9f7 c1 1b0000000000000001", |it| {
        it.epoch = Some(at(1, 0));
    });
    // Indefinite lengths.
    reads("string", "7f 61 61 60 62 6263 ff", |it| {
        it.string = Some("abc".to_owned());
    });
    reads("blob", "5f 41 01 40 41 02 ff", |it| {
        it.blob = Some((&[1, 2]).into());
    });
    reads("blob", "5f ff", |it| it.blob = Some((&[]).into()));
    reads("lists", "9f 9f ff 9f 01 20 ff ff", |it| {
        it.lists = Some(vec![vec![], vec![1, -1]]);
    });
    reads("byMode", "bf 7f 61 43 ff 02 ff", |it| {
        it.by_mode = Some([(Mode::C, 2)].into());
    });
    reads("sparseMap", "bf 61 61 f7 ff", |it| {
        it.sparse_map = Some([("a".to_owned(), None)].into());
    });
    // Null and undefined are missing in a structure.
    reads("string", "f6", |_| {});
    reads("string", "f7", |_| {});
    // Members that the model does not have, and the type of an object.
    reads(
        "other",
        "a2 01 d9d9f7 84 c2 41 01 f7 e0 f8ff 80 7f 61 62 ff",
        |_| {},
    );
    reads("__type", "61 61", |_| {});
    reads(
        "choices",
        "81 a2 66 5f5f74797065 61 61 64 74657874 60",
        |it| {
            it.choices = Some(vec![Choice::Text(String::new())]);
        },
    );
}

#[test]
fn values_of_another_type_are_violations() {
    for (name, value, expected) in [
        (
            "boolean",
            "00",
            "/boolean: expected a boolean, found a number",
        ),
        (
            "byte",
            "1880",
            "/byte: expected an integer from -128 to 127, found `128`",
        ),
        (
            "byte",
            "fa3f800000",
            "/byte: expected an integer from -128 to 127, found a floating-point number",
        ),
        (
            "byte",
            "61 31",
            "/byte: expected an integer from -128 to 127, found a string",
        ),
        (
            "double",
            "63 4e614e",
            "/double: expected a number, found a string",
        ),
        ("string", "40", "/string: expected a string, found bytes"),
        (
            "string",
            "c24101",
            "/string: expected a string, found a number",
        ),
        ("blob", "60", "/blob: expected bytes, found a string"),
        (
            "bigInteger",
            "61 31",
            "/bigInteger: expected an integer, found a string",
        ),
        (
            "bigInteger",
            "fa3fc00000",
            "/bigInteger: expected an integer, found `1.5`",
        ),
        (
            "epoch",
            "00",
            "/epoch: expected a timestamp with tag 1, found a number",
        ),
        (
            "epoch",
            "c160",
            "/epoch: expected a timestamp with tag 1, found a string",
        ),
        (
            "strings",
            "a0",
            "/strings: expected a list, found an object",
        ),
        (
            "lists",
            "81 81 61 61",
            "/lists/0/0: expected an integer from -128 to 127, found a string",
        ),
    ] {
        fails(&entry(name, value), expected);
    }
    let nan = Kinds::from_cbor(entry("epoch", "c1f97e00")).expect_err("an error");
    assert!(
        nan.to_string().starts_with("/epoch: expected a timestamp"),
        "{nan}"
    );
    // The name that a reader of JSON gives to numbers is a key like others.
    let key = hex_of("$serde_json::private::Number");
    fails(
        &entry("byte", &format!("a1 78 1c {key} 61 31")),
        "/byte: expected an integer from -128 to 127, found an object",
    );
    let twice = hex("a2 64 62797465 01 64 62797465 02");
    assert_eq!(
        Kinds::from_cbor(&twice).ok().and_then(|it| it.byte),
        Some(2)
    );
    let error = Kinds::from_cbor_strict(&twice).expect_err("an error");
    assert_eq!(error.to_string(), "/byte: the key occurs twice");
    let error = Tree::from_cbor_strict([0xa0]).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "/name: a required value is missing; /choice: a required value is missing"
    );
}

#[test]
fn only_numbers_with_their_tag_are_timestamps() {
    for number in [
        "00",
        "c24101",
        "c1 c24101",
        "c4820001",
        "c1 c4820001",
        "3bffffffffffffffff",
        "d9d9f7 00",
        "f93e00",
    ] {
        fails(
            &entry("epoch", number),
            "/epoch: expected a timestamp with tag 1, found a number",
        );
    }
}

#[test]
fn numbers_beyond_the_range_of_floats_are_violations() {
    // 2^1336 - 1, and 10^400.
    let bignum = format!("c2 58a7 {}", "ff".repeat(167));
    for number in [&*bignum, "c4 82 190190 01"] {
        for (name, precision) in [("float", "single"), ("double", "double")] {
            let expected = format!("expected a number of {precision} precision");
            fails(
                &entry(name, number),
                &format!("/{name}: {expected}, found a larger number"),
            );
        }
    }
    let large = Kinds::from_cbor_strict(entry("float", "c4 82 18c8 01"));
    assert_eq!(
        large.expect_err("an error").to_string(),
        "/float: expected a number of single precision, found `about 1e200`"
    );
}

#[test]
fn a_null_with_tags_is_a_null() {
    reads("sparseStrings", "81 d9d9f7 f6", |it| {
        it.sparse_strings = Some(vec![None]);
    });
    reads("string", "d9d9f7 f7", |_| {});
    fails(
        &entry("sparseStrings", "81 d9d9f7 01"),
        "/sparseStrings/0: expected a string, found a number",
    );
}

/// Long and short keys and texts, valid and not, in their usual form.
#[test]
fn keys_and_texts_of_any_length_are_text() {
    for length in [0, 23, 24, 255, 256, 65_535, 65_536] {
        let text = "x".repeat(length);
        let bytes = with(|it| it.string = Some(text.clone()))
            .to_cbor()
            .expect("CBOR");
        let found = Kinds::from_cbor_strict(&bytes).expect("a value");
        assert!(found.string == Some(text), "{length}");
        // The last byte of a text, and that of a key that the model does not have.
        if length > 0 {
            let mut invalid = bytes.clone();
            *invalid.last_mut().expect("a byte") = 0xff;
            let error = Kinds::from_cbor(&invalid)
                .expect_err("an error")
                .to_string();
            let at = bytes.len() - 1;
            assert_eq!(
                error,
                format!("a text that is not UTF-8 at byte {at}, in `/string`")
            );
            let mut key = [&[0xa1][..], &bytes[8..], &[0]].concat();
            assert!(Kinds::from_cbor(&key).is_ok(), "{length}");
            let last = key.len() - 2;
            key[last] = 0xff;
            let error = Kinds::from_cbor(&key).expect_err("an error").to_string();
            assert_eq!(error, format!("a text that is not UTF-8 at byte {last}"));
        }
    }
    // A key of a map is checked, too.
    let error = Kinds::from_cbor(entry("sparseMap", "a1 61 ff f6")).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "a text that is not UTF-8 at byte 13, in `/sparseMap`"
    );
}

#[test]
fn malformed_documents_are_located() {
    for (bytes, message, offset) in [
        ("", "the document ends inside a value", 0),
        ("a0 00", "bytes after the end of the document", 1),
        ("a1", "the document ends inside a value", 1),
        ("a1 01 02", "a key that is not a text", 1),
        ("ff", NOT_OPENED, 0),
        ("bf 61 61 ff", NOT_OPENED, 3),
        ("bf 61 61 00", "the document ends inside a value", 4),
    ] {
        fails(&hex(bytes), &format!("{message} at byte {offset}"));
    }
}

const NOT_OPENED: &str = "the end of a list or map that was not opened";

/// Checks the error of a malformed value: its message, position and location.
#[track_caller]
fn is_malformed(name: &str, value: &str, message: &str, offset: usize, pointer: &str) {
    let expected = format!("{message} at byte {offset}, in `{pointer}`");
    fails(&entry(name, value), &expected);
}

#[test]
fn malformed_values_are_located() {
    for head in ["1c", "1d", "1e", "1f", "3f", "df", "fc"] {
        is_malformed("long", head, "a head that is not well-formed", 6, "/long");
    }
    for simple in ["e0", "f3", "f8 20", "f8 ff"] {
        is_malformed(
            "long",
            simple,
            "a simple value without a meaning",
            6,
            "/long",
        );
    }
    // A value that is skipped is well-formed all the same.
    fails(
        &entry("other", "81 62 61ff"),
        "a text that is not UTF-8 at byte 10",
    );
    fails(
        &entry("other", "f8 1f"),
        "a head that is not well-formed at byte 7",
    );
    fails(
        &entry("other", "82 00 ff"),
        &format!("{NOT_OPENED} at byte 9"),
    );
    let ends = "the document ends inside a value";
    is_malformed("long", "19 01", ends, 8, "/long");
    is_malformed("string", "7b ffffffffffffffff", ends, 17, "/string");
    is_malformed("strings", "9b ffffffffffffffff", ends, 18, "/strings/0");
    is_malformed("strings", "9f", ends, 10, "/strings");
    let utf_8 = "a text that is not UTF-8";
    is_malformed("string", "62 61 ff", utf_8, 10, "/string");
    is_malformed("string", "7f 61 e2 62 82ac ff", utf_8, 10, "/string");
    is_malformed("strings", "82 60 62 ff61", utf_8, 12, "/strings/1");
    let chunk = "a chunk of another type than its string";
    is_malformed("string", "7f 41 61 ff", chunk, 9, "/string");
    is_malformed("string", "7f 7f ff ff", chunk, 9, "/string");
}

#[test]
fn malformed_numbers_are_located() {
    let bignum = "a bignum that is not a byte string";
    is_malformed("bigInteger", "c2 01", bignum, 13, "/bigInteger");
    let list = "a decimal fraction that is not a list of two integers";
    is_malformed("bigDecimal", "c4 81 01", list, 13, "/bigDecimal");
    is_malformed("bigDecimal", "c4 9f 01 01 01 ff", list, 13, "/bigDecimal");
    let exponent = "an exponent that is not an integer of 64 bits";
    is_malformed("bigDecimal", "c4 82 60 01", exponent, 14, "/bigDecimal");
    let mantissa = "a mantissa that is not an integer";
    is_malformed("bigDecimal", "c4 82 01 60", mantissa, 15, "/bigDecimal");
    let long = format!("c2 59 0401 {}", "01".repeat(1025));
    let message = "a bignum of more than 1024 bytes";
    is_malformed("bigInteger", &long, message, 13, "/bigInteger");
}

#[test]
fn depth_and_memory_are_limited() {
    for open in ["81", "9f", "c1 81"] {
        let error = Kinds::from_cbor(entry("other", &open.repeat(100_000))).err();
        let error = error.expect("an error");
        let syntax = error.as_syntax().expect("it is malformed");
        assert!(syntax.too_deep, "{error}");
    }
    // As deep as the limit: the structure is the first level.
    let deep = |levels: usize| format!("{}80", "81".repeat(levels - 2));
    assert!(Kinds::from_cbor(entry("document", &deep(127))).is_ok());
    assert!(Kinds::from_cbor(entry("document", &deep(128))).is_err());
    for value in ["a0", "f6", "00"] {
        let mut bytes = hex("a1 68 646f63756d656e74 9a 000f4240");
        bytes.extend(hex(value).repeat(1_000_000));
        let error = Kinds::from_cbor(&bytes).expect_err("an error");
        assert_eq!(
            error.exceeded_memory_limit(),
            Some(12 * bytes.len()),
            "{error}"
        );
    }
}

#[test]
fn every_prefix_of_a_document_is_malformed() {
    let bytes = every_kind().to_cbor().expect("CBOR");
    for length in 0..bytes.len() {
        let error = Kinds::from_cbor(&bytes[..length]).expect_err("an error");
        let syntax = error.as_syntax().expect("it is malformed");
        assert_eq!(syntax.offset, Some(length), "{error}");
    }
}

#[test]
fn json_and_cbor_are_the_same_values() {
    let kinds = every_kind();
    let json = rt::Json::to_json(&kinds).expect("JSON");
    let from_json = <Kinds as rt::Json>::from_json(json).expect("a value");
    let cbor = from_json.to_cbor().expect("CBOR");
    assert_eq!(cbor, kinds.to_cbor().expect("CBOR"));
    // Another implementation reads it.
    let other: ciborium::Value = ciborium::from_reader(&*cbor).expect("CBOR");
    let mut again = Vec::new();
    ciborium::into_writer(&other, &mut again).expect("CBOR");
    assert!(Kinds::from_cbor(&again).expect("a value") == kinds);
}

/// Random bytes, and damaged documents. `DRAWPLATE_FUZZ_CASES` sets the number of cases of each.
#[test]
fn any_bytes_are_decoded_or_rejected() {
    let cases = env::var("DRAWPLATE_FUZZ_CASES").ok();
    let cases = cases.map_or(2000, |cases| cases.parse().expect("a number of cases"));
    // A runner counts the cases of all its runs.
    let runner = || TestRunner::new(Config::with_cases(cases));
    let check = |bytes: &[u8]| {
        let [lenient, strict] = [Kinds::from_cbor(bytes), Kinds::from_cbor_strict(bytes)];
        // What a server accepts, a client understands in the same way.
        if let Ok(strict) = &strict
            && let Ok(again) = strict.to_cbor()
        {
            let lenient = lenient.as_ref().map_err(DecodeError::to_string);
            let lenient = lenient.expect("a value").to_cbor().expect("CBOR");
            assert_eq!(lenient, again);
            let found = Kinds::from_cbor_strict(&again).expect("a value");
            assert_eq!(found.to_cbor().expect("CBOR"), again);
        }
        // Only what is well-formed has violations. The other implementation reads neither bignums
        // of any tagged value nor simple values without a meaning.
        let is_foreign = |byte: &u8| matches!(byte, 0xc2 | 0xc3 | 0xe0..=0xf3 | 0xf8);
        let error = strict.err();
        if error.is_some_and(|error| !error.violations().is_empty())
            && !bytes.iter().any(is_foreign)
        {
            let value = ciborium::from_reader::<ciborium::Value, _>(bytes);
            assert!(value.is_ok(), "{bytes:x?}: {value:?}");
        }
    };
    let random = proptest::collection::vec(any::<u8>(), 0..64);
    let random = runner().run(&random, |bytes| {
        check(&bytes);
        Ok(())
    });
    random.expect("no panic");
    let whole = every_kind().to_cbor().expect("CBOR");
    let changes = proptest::collection::vec((0..whole.len(), any::<u8>()), 1..4);
    let damaged = runner().run(&changes, |changes| {
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        check(&bytes);
        Ok(())
    });
    damaged.expect("no panic");
}
