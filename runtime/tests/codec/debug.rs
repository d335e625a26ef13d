//! `Debug` by the schema.

use std::collections::BTreeMap;

use drawplate_runtime::{Json, Structure, UnmodeledError};

use crate::shapes::{Choice, Kinds, Secrets, Vault, every_kind};

const SECRETS: &str = r#"{
    "open": "o", "Token": "hidden", "list": ["hidden"], "map": {"k": "hidden", "n": null}, "keys": {"hidden": 1},
    "count": 42, "at": "1985-04-12T23:20:50Z", "choice": {"secret": "hidden"}, "vault": {"content": "hidden"}
}"#;

#[test]
fn sensitive_values_are_redacted_and_absent_ones_left_out() {
    let secrets = Secrets::from_json(SECRETS).expect("secrets");
    assert_eq!(
        format!("{secrets:?}"),
        "Secrets { open: \"o\", token: *** redacted ***, list: [*** redacted ***], \
         map: {\"k\": *** redacted ***, \"n\": None}, keys: {*** redacted ***: 1}, count: *** redacted ***, \
         at: *** redacted ***, choice: Choice { secret: *** redacted *** }, vault: Vault(*** redacted ***) }"
    );
    assert_eq!(format!("{:?}", Secrets::empty()), "Secrets");
    assert_eq!(
        format!(
            "{:?}",
            Vault {
                content: Some("hidden".to_owned())
            }
        ),
        "Vault(*** redacted ***)"
    );
}

#[test]
fn the_alternate_form_has_lines() {
    let mut value = Secrets::empty();
    value.map = Some(BTreeMap::from([("k".to_owned(), None)]));
    value.choice = Some(Choice::Text("t".to_owned()));
    assert_eq!(
        format!("{value:#?}"),
        "Secrets {\n    map: {\n        \"k\": None,\n    },\n    choice: Choice {\n        text: \"t\",\n    },\n}"
    );
}

#[test]
fn each_kind_shows_its_value() {
    let mut kinds = every_kind();
    kinds.trees = None;
    assert_eq!(
        format!("{kinds:?}"),
        "Kinds { boolean: true, byte: -128, short: 32767, integer: -2147483648, long: 9223372036854775807, float: 0.1, \
         double: -1.5e300, bigInteger: 123456789012345678901234567890, \
         bigDecimal: 0.10000000000000000000000000000000000001, \
         string: \"a \\\"quoted\\\" \\\\ line\\n\\u{1}😀é\", blob: Blob(b\"\\0\\xff\\x10\"), \
         epoch: 2018-01-09T20:51:21.123Z, dateTime: 1985-04-12T23:20:50.52Z, httpDate: 2014-04-29T18:30:38Z, \
         document: {\"a\":[1,-2.5,null,\"x\"],\"b\":{}}, mode: \"A_B\", level: 2, strings: [\"\", \"b\"], \
         sparseStrings: [None, \"x\", None], lists: [[], [1, -1]], documents: [null, false], \
         byMode: {\"A_B\": 1, \"new\": 2}, sparseMap: {\"a\": None, \"b\": 7}, \
         choices: [Choice { text: \"t\" }, Choice { newer: *** redacted *** }, Choice { many: [] }] }"
    );
    assert_eq!(format!("{:?}", Kinds::empty()), "Kinds");
}

#[test]
fn errors_show_no_body() {
    let error = UnmodeledError::new(418)
        .code("Teapot")
        .message("short and stout")
        .body("secret");
    assert_eq!(error.to_string(), "Teapot: short and stout (status 418)");
    assert!(!format!("{error:?}").contains("secret"));
}
