//! Formats of serde other than the JSON of the protocols.

use std::fmt::Debug;

use drawplate_runtime::{Document, Json, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::shapes::{Choice, Kinds, Level, Mode, Tree, every_kind};

/// Checks that each format decodes the value that it has encoded.
pub(crate) fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("JSON text");
    assert_eq!(
        &serde_json::from_str::<T>(&text).expect("JSON text"),
        value,
        "{text}"
    );

    let document = serde_json::to_value(value).expect("a JSON value");
    assert_eq!(
        &serde_json::from_value::<T>(document).expect("a JSON value"),
        value
    );

    let mut cbor = Vec::new();
    ciborium::into_writer(value, &mut cbor).expect("CBOR");
    assert_eq!(
        &ciborium::from_reader::<T, _>(cbor.as_slice()).expect("CBOR"),
        value
    );

    let bytes = postcard::to_stdvec(value).expect("postcard");
    assert_eq!(&postcard::from_bytes::<T>(&bytes).expect("postcard"), value);
}

#[test]
fn every_kind_round_trips() {
    check(&every_kind());
    check(&Mode::from("newer"));
    check(&Level::High);
    check(&Choice::from_json(r#"{"newer":{"a":[null]}}"#).expect("a choice"));
}

#[test]
fn the_form_for_humans_is_the_wire_form() {
    let mut value = every_kind();
    // Numbers that a double cannot represent are text here.
    value.big_integer = Some(12.into());
    value.big_decimal = Some("1.5".parse().expect("a number"));
    value.epoch = Some(Timestamp::new(1_515_531_081, 123_400_000).expect("a timestamp"));
    assert_eq!(
        serde_json::to_string(&value).expect("JSON"),
        value.to_json().expect("JSON")
    );
}

#[test]
fn toml_has_all_but_nulls() {
    let mut value = every_kind();
    value.sparse_strings = None;
    value.sparse_map = None;
    value.document = Some(json!({"a": [1, "x"]}).into());
    value.documents = None;
    let text = toml::to_string(&value).expect("TOML");
    assert_eq!(
        toml::from_str::<Kinds>(&text).expect("TOML"),
        value,
        "{text}"
    );
    let tree: Tree =
        toml::from_str("name = 'n'\nnew = [1979-05-27]\n[choice]\ntext = 't'").expect("a tree");
    assert_eq!(tree.name, "n");
}

#[test]
fn formats_report_their_own_errors() {
    let error =
        serde_json::from_str::<Kinds>(r#"{"byte":300,"strings":[1]}"#).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "invalid type: integer `1`, expected a value at line 1 column 24"
    );
    let error = serde_json::from_str::<Kinds>(r#"{"byte":300}"#).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "/byte: expected an integer from -128 to 127, found `300`"
    );
    let error = serde_json::from_value::<Kinds>(json!({"byte": [1]})).expect_err("an error");
    assert!(error.to_string().contains("expected"), "{error}");
    assert!(postcard::from_bytes::<Kinds>(&[1, 2, 3]).is_err());
    assert!(ciborium::from_reader::<Document, _>(&[0xff][..]).is_err());
}
