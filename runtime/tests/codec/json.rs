//! JSON in the wire format.

use drawplate_runtime::{Blob, Document, Json, Structure};
use serde_json::json;

use crate::shapes::{Choice, Kinds, Level, Mode, Tree, every_kind};

/// Decodes a `Kinds` from a document with one member.
fn kinds(json: &str) -> Kinds {
    Kinds::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn every_kind_has_its_wire_form() {
    let json = every_kind().to_json().expect("JSON");
    assert_eq!(
        json,
        concat!(
            r#"{"boolean":true,"byte":-128,"short":32767,"integer":-2147483648,"long":9223372036854775807,"#,
            r#""float":0.1,"double":-1.5e+300,"bigInteger":123456789012345678901234567890,"#,
            r#""bigDecimal":0.10000000000000000000000000000000000001,"#,
            r#""st\"ring":"a \"quoted\" \\ line\n\u0001😀é","blob":"AP8Q","epoch":1515531081.123,"#,
            r#""dateTime":"1985-04-12T23:20:50.52Z","httpDate":"Tue, 29 Apr 2014 18:30:38 GMT","#,
            r#""document":{"a":[1,-2.5,null,"x"],"b":{}},"mode":"A_B","level":2,"strings":["","b"],"#,
            r#""sparseStrings":[null,"x",null],"lists":[[],[1,-1]],"documents":[null,false],"#,
            r#""byMode":{"A_B":1,"new":2},"sparseMap":{"a":null,"b":7},"#,
            r#""choices":[{"text":"t"},{"newer":[1]},{"many":[]}],"#,
            r#""trees":{"root":{"name":"n","mode":"newer","next":{"name":"m","mode":"C","choice":{"text":"leaf"}},"#,
            r#""choice":{"secret":"s"}}}}"#,
        )
    );
    assert_eq!(Kinds::from_json(&json).expect("the same"), every_kind());
    assert_eq!(
        Kinds::from_json_strict(json.replace(r#"{"newer":[1]},"#, ""))
            .expect("valid")
            .boolean,
        Some(true)
    );
}

#[test]
fn absent_members_are_left_out_and_nulls_are_absent() {
    assert_eq!(Kinds::empty().to_json().expect("JSON"), "{}");
    let read = kinds(
        r#" { "boolean" : null, "strings":null, "choices":null, "trees":null, "byte" : 1 } "#,
    );
    assert_eq!(read.to_json().expect("JSON"), r#"{"byte":1}"#);
}

#[test]
fn the_null_of_a_document_is_a_value() {
    assert_eq!(kinds(r#"{"document":null}"#).document, Some(Document::Null));
}

#[test]
fn nan_and_infinities_are_text() {
    let mut value = Kinds::empty();
    for (number, text) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        value.double = Some(number);
        #[expect(clippy::cast_possible_truncation, reason = "keeps what it is")]
        {
            value.float = Some(number as f32);
        }
        let json = value.to_json().expect("JSON");
        assert_eq!(json, format!(r#"{{"float":"{text}","double":"{text}"}}"#));
        let read = kinds(&json);
        assert_eq!(read.double.map(f64::to_bits), Some(number.to_bits()));
        assert_eq!(read.float.map(f32::is_nan), Some(number.is_nan()));
    }
}

#[test]
fn a_number_without_a_fraction_is_an_integer_however_it_is_written() {
    for (text, expected) in [
        ("1.0", 1),
        ("1e2", 100),
        ("-0", 0),
        ("-0.0", 0),
        ("12.50e1", 125),
    ] {
        assert_eq!(
            kinds(&format!(r#"{{"integer":{text},"byte":{text}}}"#)).integer,
            Some(expected),
            "{text}"
        );
    }
    assert_eq!(
        kinds(r#"{"long":-9223372036854775808}"#).long,
        Some(i64::MIN)
    );
    assert_eq!(kinds(r#"{"double":1,"float":-3}"#).double, Some(1.0));
}

#[test]
fn big_numbers_lose_nothing() {
    let digits = "9".repeat(400);
    let json = format!(r#"{{"bigInteger":-{digits},"bigDecimal":1.{digits}e-999}}"#);
    assert_eq!(kinds(&json).to_json().expect("JSON"), json);
    assert_eq!(
        kinds(r#"{"bigInteger":1.0e3}"#).big_integer,
        Some(1000.into())
    );
}

#[test]
fn text_is_unescaped() {
    let read = kinds(r#"{"st\u0022ring":"\u00e9\ud83d\ude00\/\b\f\t"}"#);
    assert_eq!(read.string.as_deref(), Some("é\u{1F600}/\u{8}\u{c}\t"));
}

#[test]
fn clients_accept_values_newer_than_the_model() {
    let read = kinds(
        r#"{"new":{"deep":[1e400]},"mode":"NEW","level":9,"strings":["a",null,"b"],"byMode":{"X":null,"C":1}}"#,
    );
    assert_eq!(read.mode, Some(Mode::from("NEW")));
    assert_eq!(read.level, Some(Level::Unknown(9)));
    assert_eq!(read.strings, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(
        read.by_mode.map(|map| map.into_keys().collect::<Vec<_>>()),
        Some(vec![Mode::C])
    );
}

#[test]
fn required_members_that_are_missing_are_empty() {
    let tree = Tree::from_json("{}").expect("a tree");
    assert_eq!((tree.name.as_str(), &tree.mode), ("", &Mode::C));
    assert_eq!(
        tree.to_json().expect("JSON"),
        r#"{"name":"","mode":"C","choice":{}}"#
    );
}

#[test]
fn unions_keep_what_they_do_not_know() {
    for (json, expected) in [
        (r#"{"text":"t"}"#, r#"{"text":"t"}"#),
        (
            r#"{"__type":"x","tree":null,"text":"t","newer":null}"#,
            r#"{"text":"t"}"#,
        ),
        (r#"{"newer":{"a":[1]}}"#, r#"{"newer":{"a":[1]}}"#),
        (r#"{"text":null}"#, "{}"),
        ("{}", "{}"),
        (r#"{"text":"t","text":"u"}"#, r#"{"text":"u"}"#),
        (
            r#"{"newer":{"b":1e400,"a":[0.10]}}"#,
            r#"{"newer":{"b":1e400,"a":[0.10]}}"#,
        ),
    ] {
        let choice = Choice::from_json(json).expect("a choice");
        assert_eq!(choice.to_json().expect("JSON"), expected, "{json}");
    }
    assert_eq!(Choice::from_json("{}").expect("a choice"), Choice::empty());
}

#[test]
fn unions_with_several_members_are_errors() {
    for json in [
        r#"{"text":"t","many":[]}"#,
        r#"{"newer":1,"many":[]}"#,
        r#"{"newer":1,"newest":2}"#,
    ] {
        let error = Choice::from_json(json).expect_err("it has no value");
        assert_eq!(
            error.to_string(),
            "expected a union with exactly one member, found several",
            "{json}"
        );
    }
    let inside = r#"{"choices":[{"text":"t"},{"text":"t","many":[]}]}"#;
    let error = Kinds::from_json(inside).expect_err("one has no value");
    assert_eq!(
        error.to_string(),
        "/choices/1: expected a union with exactly one member, found several"
    );
}

#[test]
fn numbers_that_no_double_holds_are_values_of_what_keeps_digits() {
    for json in [
        r#"{"document":{"b":[1e400,-1E-400],"a":123456789012345678901234567890.10}}"#,
        r#"{"bigDecimal":1e400}"#,
        r#"{"choices":[{"newer":1e400}]}"#,
    ] {
        assert_eq!(kinds(json).to_json().expect("JSON"), json);
    }
    // A member that is newer than the model is skipped.
    assert_eq!(kinds(r#"{"newer":[1e400],"byte":1}"#).byte, Some(1));
}

#[test]
fn clients_take_base64_with_and_without_padding() {
    for text in ["/w==", "/w", "/w="] {
        assert_eq!(
            kinds(&format!(r#"{{"blob":"{text}"}}"#)).blob,
            Some(Blob::from(&[255])),
            "{text}"
        );
    }
}

#[test]
fn the_last_of_equal_keys_wins() {
    assert_eq!(kinds(r#"{"byte":1,"byte":2}"#).byte, Some(2));
}

#[test]
fn enums_and_scalars_are_documents_too() {
    assert_eq!(Mode::AB.to_json().expect("JSON"), r#""A_B""#);
    assert_eq!(Level::from_json("2").expect("a level"), Level::High);
    assert_eq!(
        serde_json::from_str::<Document>(&every_kind().to_json().expect("JSON")).expect("JSON")["lists"],
        Document::from(json!([[], [1, -1]]))
    );
}
