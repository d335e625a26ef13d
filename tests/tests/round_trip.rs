//! Any valid value of a generated type survives: JSON -> value -> JSON, and value -> another serde
//! format -> value.

use std::collections::BTreeSet;
use std::fmt::Debug;

use amplify_admin::{amplifybackend as amplify, cognitoidentityprovider as cognito};
use drawplate_fixtures::kitchen_sink as kitchen;
use drawplate_runtime::schema::{Kind, Schema};
use drawplate_runtime::service::Service;
use drawplate_runtime::{Decode, Encode, HasSchema, Json};
use drawplate_tests::arbitrary::Arbitrary;
use serde_json::Value;

const CASES: u64 = 60;

/// Checks a type with random values; gives the id of its shape.
fn check<T>() -> &'static str
where
    T: HasSchema
        + Encode
        + Decode
        + PartialEq
        + Debug
        + serde::Serialize
        + serde::de::DeserializeOwned,
{
    // A document needs a format that says what comes next, which postcard does not.
    let without_documents = !reaches(T::SCHEMA, Kind::Document, &mut BTreeSet::new());
    for seed in 0..CASES {
        let json = Arbitrary::new(seed).shape(T::SCHEMA);
        let text = json.to_string();
        let value =
            T::from_json(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", T::SCHEMA.id));
        let written = value
            .to_json()
            .unwrap_or_else(|error| panic!("{}: {error}\n{text}", T::SCHEMA.id));
        let written = serde_json::from_str::<Value>(&written).expect("what is written is JSON");
        assert_eq!(
            written,
            json,
            "{} from JSON and back, seed {seed}",
            T::SCHEMA.id
        );
        if text.contains("\"NaN\"") {
            continue; // NaN does not equal itself.
        }
        if without_documents {
            let bytes = postcard::to_allocvec(&value).expect("any value can be written by serde");
            let back = postcard::from_bytes::<T>(&bytes).expect("what serde wrote can be read");
            assert_eq!(
                back,
                value,
                "{} through postcard, seed {seed}",
                T::SCHEMA.id
            );
        }
        let json = serde_json::to_value(&value).expect("any value can be written by serde");
        let back = serde_json::from_value::<T>(json).expect("what serde wrote can be read");
        assert_eq!(back, value, "{} through serde, seed {seed}", T::SCHEMA.id);
    }
    T::SCHEMA.id
}

/// Whether a value of `schema` may hold one of `kind`.
fn reaches(schema: &'static Schema, kind: Kind, seen: &mut BTreeSet<&'static str>) -> bool {
    schema.kind == kind
        || seen.insert(schema.id)
            && schema
                .members
                .iter()
                .any(|member| reaches(member.target, kind, seen))
}

/// Every shape that the operations of `service` take, give and fail with was checked.
#[track_caller]
fn covers(service: &Service, checked: &[&str]) {
    let checked = checked.iter().copied().collect::<BTreeSet<_>>();
    for operation in service.operations {
        for schema in [operation.input, operation.output]
            .into_iter()
            .chain(operation.errors.iter().copied())
        {
            assert!(checked.contains(schema.id), "{} is not checked", schema.id);
        }
    }
}

macro_rules! check_all {
    ($service:ident $schema:ident { $($module:ident { $($type:ident)* })* }) => {
        covers(&$service::operation::$schema, &[$($(check::<$service::$module::$type>(),)*)*]);
    };
}

#[test]
#[expect(deprecated, reason = "types of the model are among them")]
fn values_of_the_amplify_admin_ui_api_survive() {
    drawplate_tests::amplifybackend_structures!(check_all! amplify SERVICE);
}

#[test]
fn values_of_amazon_cognito_survive() {
    drawplate_tests::cognitoidentityprovider_structures!(check_all! cognito SERVICE);
}

#[test]
#[expect(deprecated, reason = "types of the model are among them")]
fn values_of_every_kind_survive() {
    drawplate_tests::kitchen_sink_structures!(check_all! kitchen SERVICE_);
}

#[test]
fn a_default_that_json_has_no_number_for_travels_as_its_word() {
    let all = kitchen::types::AllDefault::new();
    assert!(all.infinite.is_infinite() && all.infinite < 0.0);
    let json = all.to_json().expect("it can be written");
    assert!(json.contains(r#""infinite":"-Infinity""#), "{json}");
}

#[test]
fn an_enum_that_is_sensitive_is_redacted_where_it_is_printed_alone() {
    use kitchen::types::{SecretLevel, SecretWord};
    let words = [SecretWord::Yes, SecretWord::from("newer")];
    for word in words {
        assert_eq!(format!("{word:?}"), "SecretWord(*** redacted ***)");
    }
    let levels = [SecretLevel::Low, SecretLevel::from(7)];
    assert_eq!(
        format!("{levels:?}"),
        "[SecretLevel(*** redacted ***), SecretLevel(*** redacted ***)]"
    );
    assert_eq!(
        (SecretWord::Yes.to_string(), levels[1].to_string()),
        ("yes".to_owned(), "7".to_owned()),
        "who asks for the value gets it"
    );
}
