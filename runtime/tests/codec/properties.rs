//! Properties of any value and any bytes.

use drawplate_runtime::{BigDecimal, BigInteger, Blob, Document, Json, Timestamp, UnknownMember};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use crate::shapes::{Choice, Kinds, Level, Mode, Secrets, Tree};

/// The timestamps of messages: the years 1 to 9999.
fn timestamp(milliseconds: impl Strategy<Value = u32>) -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800..=Timestamp::MAX.as_secs(), milliseconds).prop_map(
        |(seconds, milliseconds)| {
            Timestamp::new(seconds, milliseconds * 1_000_000).expect("a timestamp")
        },
    )
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::AB),
        Just(Mode::C),
        ".*".prop_map(|text| Mode::from(text.as_str()))
    ]
}

fn level() -> impl Strategy<Value = Level> {
    any::<i32>().prop_map(Level::from)
}

fn big_integer() -> impl Strategy<Value = BigInteger> {
    "-?(0|[1-9][0-9]{0,60})".prop_map(|text| text.parse().expect("an integer"))
}

fn big_decimal() -> impl Strategy<Value = BigDecimal> {
    r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?"
        .prop_map(|text| text.parse().expect("a number"))
}

fn document() -> impl Strategy<Value = Document> {
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        any::<f64>().prop_map(Document::from),
        ".*".prop_map(Document::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Document::from),
            vec((".*", inner), 0..4).prop_map(Document::from_iter),
        ]
    })
}

fn unknown() -> impl Strategy<Value = Choice> {
    ("new.*", document())
        .prop_filter("a member that is set is not null", |(_, value)| {
            !value.is_null()
        })
        .prop_map(|(name, value)| Choice::Unknown(UnknownMember::new(&name, value)))
}

fn tree() -> impl Strategy<Value = Tree> {
    let choice = || {
        prop_oneof![
            ".*".prop_map(Choice::Text),
            ".*".prop_map(Choice::Secret),
            vec(".*", 0..3).prop_map(Choice::Many),
            unknown()
        ]
    };
    let leaf = (".*", mode(), choice()).prop_map(|(name, mode, choice)| Tree {
        name,
        mode,
        next: None,
        choice: Box::new(choice),
    });
    leaf.prop_recursive(5, 8, 2, move |inner| {
        (
            ".*",
            mode(),
            option::of(inner.clone()),
            prop_oneof![
                choice(),
                inner.prop_map(|tree| Choice::Tree(Box::new(tree)))
            ],
        )
            .prop_map(|(name, mode, next, choice)| Tree {
                name,
                mode,
                next: next.map(Box::new),
                choice: Box::new(choice),
            })
    })
}

pub(crate) fn kinds() -> impl Strategy<Value = Kinds> {
    // A NaN is not equal to itself; it has a test of its own.
    let float = any::<f32>().prop_filter("a number", |value| !value.is_nan());
    let double = any::<f64>().prop_filter("a number", |value| !value.is_nan());
    let scalars = (
        option::of(any::<bool>()),
        option::of(any::<i8>()),
        option::of(any::<i16>()),
        option::of(any::<i32>()),
        option::of(any::<i64>()),
        option::of(float),
        option::of(double),
        option::of(big_integer()),
        option::of(big_decimal()),
        option::of(".*"),
    );
    let values = (
        option::of(vec(any::<u8>(), 0..40).prop_map(Blob::from)),
        option::of(timestamp(0..1000_u32)),
        option::of(timestamp(0..1000_u32)),
        option::of(timestamp(Just(0))),
        option::of(document()),
        option::of(mode()),
        option::of(level()),
    );
    let collections = (
        option::of(vec(".*", 0..4)),
        option::of(vec(option::of(".*"), 0..4)),
        option::of(vec(vec(any::<i8>(), 0..3), 0..3)),
        option::of(vec(document(), 0..3)),
        option::of(btree_map(mode(), any::<i32>(), 0..4)),
        option::of(btree_map(".*", option::of(level()), 0..4)),
        option::of(vec(
            prop_oneof![
                unknown(),
                tree().prop_map(|tree| Choice::Tree(Box::new(tree)))
            ],
            0..3,
        )),
        option::of(btree_map(".*", tree(), 0..2)),
    );
    (scalars, values, collections).prop_map(|(scalars, values, collections)| {
        let (boolean, byte, short, integer, long, float, double, big_integer, big_decimal, string) =
            scalars;
        let (blob, epoch, date_time, http_date, document, mode, level) = values;
        let (strings, sparse_strings, lists, documents, by_mode, sparse_map, choices, trees) =
            collections;
        Kinds {
            boolean,
            byte,
            short,
            integer,
            long,
            float,
            double,
            big_integer,
            big_decimal,
            string,
            blob,
            epoch,
            date_time,
            http_date,
            document,
            mode,
            level,
            strings,
            sparse_strings,
            lists,
            documents,
            by_mode,
            sparse_map,
            choices,
            trees,
        }
    })
}

/// Formats whose null is an option do not distinguish a null document from a missing one.
fn without_null_document(mut value: Kinds) -> Kinds {
    value.document = value.document.filter(|document| !document.is_null());
    value
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_round_trips_through_json(value in kinds()) {
        let json = value.to_json().expect("JSON");
        prop_assert_eq!(&Kinds::from_json(&json).expect("the same"), &value);
        prop_assert!(serde_json::from_str::<Document>(&json).is_ok() || value.big_decimal.is_some());
    }

    #[test]
    fn any_tree_round_trips_through_strict_json(value in tree()) {
        let json = value.to_json().expect("JSON");
        if !json.contains("\"new") {
            prop_assert_eq!(&Tree::from_json_strict(&json).expect("the same"), &value);
        }
    }

    #[test]
    fn any_value_round_trips_through_serde_formats(value in kinds()) {
        crate::serde::check(&without_null_document(value));
    }

    #[test]
    fn any_float_round_trips(single in any::<f32>(), double in any::<f64>()) {
        let value = Kinds { float: Some(single), double: Some(double), ..<Kinds as drawplate_runtime::Structure>::empty() };
        let read = Kinds::from_json(value.to_json().expect("JSON")).expect("the same");
        prop_assert!(read.float.is_some_and(|read| read.to_bits() == single.to_bits() || read.is_nan() && single.is_nan()));
        prop_assert!(read.double.is_some_and(|read| read.to_bits() == double.to_bits() || read.is_nan() && double.is_nan()));
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Kinds::from_json(&bytes);
        let _ = Kinds::from_json_strict(&bytes);
        let _ = postcard::from_bytes::<Kinds>(&bytes);
        let _ = ciborium::from_reader::<Kinds, _>(bytes.as_slice());
    }

    #[test]
    fn any_json_is_a_value_or_an_error(document in document()) {
        let json = document.to_string();
        for error in [Kinds::from_json(&json).err(), Kinds::from_json_strict(&json).err()].into_iter().flatten() {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn mutated_json_is_a_value_or_an_error(value in kinds(), at in any::<prop::sample::Index>(), with in vec(any::<u8>(), 0..4), cut in 0..4_usize) {
        let mut json = value.to_json_bytes().expect("JSON");
        let start = at.index(json.len());
        let end = (start + cut).min(json.len());
        json.splice(start..end, with);
        for result in [Kinds::from_json(&json), Kinds::from_json_strict(&json)] {
            match result {
                Ok(value) => drop(value.to_json().expect("what was read can be written")),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn documents_keep_digits_and_order_in_json(
        digits in vec(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?", 1..4),
        keys in vec("[a-z]{8}", 4),
    ) {
        let entries = keys.iter().zip(&digits).map(|(key, digits)| format!(r#""{key}":[{digits}]"#));
        let json = format!(r#"{{"document":{{{}}}}}"#, entries.collect::<Vec<_>>().join(","));
        let value = Kinds::from_json(&json).expect("JSON");
        prop_assert_eq!(value.to_json().expect("JSON"), json);
    }

    #[test]
    fn a_wrong_value_is_found_where_it_is(value in kinds(), pick in any::<prop::sample::Index>()) {
        let mut document: Value = match serde_json::from_str(&value.to_json().expect("JSON")) {
            Ok(document) => document,
            Err(_) => return Ok(()),
        };
        let names: Vec<String> = document.as_object().expect("an object").keys().filter(|name| !name.starts_with("document")).cloned().collect();
        if names.is_empty() || value.big_decimal.is_some() || value.big_integer.is_some() || value.epoch.is_some() {
            return Ok(());
        }
        let name = &names[pick.index(names.len())];
        let wrong = if name == "boolean" { Value::from(1) } else { Value::from(true) };
        document[name.as_str()] = wrong;
        let error = Kinds::from_json(document.to_string()).expect_err("an error");
        let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
        prop_assert_eq!(pointers, vec![format!("/{name}")]);
    }

    #[test]
    fn secrets_never_show(secret in "[a-z]{12}", count in 1_000_000_000..i32::MAX) {
        let json = format!(
            r#"{{"Token":"{secret}","list":["{secret}"],"map":{{"k":"{secret}"}},"keys":{{"{secret}":1}},"count":{count},
                "choice":{{"secret":"{secret}"}},"vault":{{"content":"{secret}"}}}}"#
        );
        let value = Secrets::from_json(&json).expect("secrets");
        for shown in [format!("{value:?}"), format!("{value:#?}")] {
            prop_assert!(!shown.contains(&secret) && !shown.contains(&count.to_string()), "{}", shown);
        }
    }
}
