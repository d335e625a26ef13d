//! Forms: the keys and texts of awsQuery and ec2Query.

use std::collections::BTreeMap;

use drawplate_runtime as rt;
use drawplate_runtime::schema::{self as s, Kind, Member, Schema, TimestampFormat};
use drawplate_runtime::{Blob, Json as _, Query as _, Structure as _, Timestamp, UnknownMember};
use percent_encoding::percent_decode_str;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use crate::shapes::{Choice, Kinds, Mode, STRINGS, Tree};

static NAMED: Schema = Schema::list(
    "test#Named",
    &[Member::new("member", &s::STRING).xml_name("item")],
);
static NESTED: Schema = Schema::list("test#Nested", &[Member::new("member", &STRINGS)]);
static SPARSE: Schema = Schema::sparse_list("test#Sparse", &[Member::new("member", &s::STRING)]);
static COUNTS: Schema = Schema::map(
    "test#Counts",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::INTEGER),
    ],
);
static PLACES: Schema = Schema::map(
    "test#Places",
    &[
        Member::new("key", &s::STRING).xml_name("K"),
        Member::new("value", &PLACE).xml_name("V"),
    ],
);
static PLACES_LIST: Schema = Schema::list("test#PlacesList", &[Member::new("member", &PLACE)]);
static PLACE: Schema = Schema::structure(
    "test#Place",
    &[
        Member::new("city", &s::STRING),
        Member::new("zip:code", &s::STRING).xml_name("zip:Code"),
        Member::new("near", &PLACE),
        Member::new("lists", &NESTED),
    ],
);
static FORM: Schema = Schema::structure(
    "test#Form",
    &[
        Member::new("plain", &s::STRING),
        Member::new("renamed", &s::STRING).xml_name("newName"),
        Member::new("queried", &s::STRING)
            .xml_name("ignored")
            .ec2_query_name("queryName"),
        Member::new("list", &STRINGS),
        Member::new("named", &NAMED),
        Member::new("flat", &NAMED).xml_flattened().xml_name("Hi"),
        Member::new("sparse", &SPARSE),
        Member::new("counts", &COUNTS),
        Member::new("flatPlaces", &PLACES).xml_flattened(),
        Member::new("places", &PLACES),
        Member::new("placesList", &PLACES_LIST),
        Member::new("place", &PLACE),
        Member::new("double", &s::DOUBLE),
        Member::new("blob", &s::BLOB),
        Member::new("at", &s::TIMESTAMP),
        Member::new("epoch", &s::TIMESTAMP).timestamp_format(TimestampFormat::EpochSeconds),
    ],
);

#[derive(Clone, Default, PartialEq)]
struct Place {
    city: Option<String>,
    zip: Option<String>,
    near: Option<Box<Self>>,
    lists: Option<Vec<Vec<String>>>,
}
rt::structure!(Place: PLACE { 0: city, 1: zip, 2: near, 3: lists });

#[derive(Clone, Default, PartialEq)]
struct Form {
    plain: Option<String>,
    renamed: Option<String>,
    queried: Option<String>,
    list: Option<Vec<String>>,
    named: Option<Vec<String>>,
    flat: Option<Vec<String>>,
    sparse: Option<Vec<Option<String>>>,
    counts: Option<BTreeMap<String, i32>>,
    flat_places: Option<BTreeMap<String, Place>>,
    places: Option<BTreeMap<String, Place>>,
    places_list: Option<Vec<Place>>,
    place: Option<Place>,
    double: Option<f64>,
    blob: Option<Blob>,
    at: Option<Timestamp>,
    epoch: Option<Timestamp>,
}
rt::structure!(Form: FORM {
    0: plain, 1: renamed, 2: queried, 3: list, 4: named, 5: flat, 6: sparse, 7: counts,
    8: flat_places, 9: places, 10: places_list, 11: place, 12: double, 13: blob, 14: at, 15: epoch,
});

fn text<T: From<String>>(text: &str) -> T {
    text.to_owned().into()
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

fn place(city: &str) -> Place {
    Place {
        city: text(city),
        ..Place::default()
    }
}

#[track_caller]
fn check(form: &Form, expected: &str) {
    assert_eq!(form.to_query().as_deref(), Ok(expected));
}

#[track_caller]
fn check_ec2(form: &Form, expected: &str) {
    assert_eq!(form.to_ec2_query().as_deref(), Ok(expected));
}

#[test]
fn members_have_their_names_and_missing_ones_are_left_out() {
    check(&Form::default(), "");
    let form = Form {
        plain: text("a"),
        renamed: text(""),
        queried: text("b"),
        ..Form::default()
    };
    check(&form, "plain=a&newName=&ignored=b");
    check_ec2(&form, "Plain=a&NewName=&queryName=b");
}

#[test]
fn texts_are_percent_encoded() {
    for (plain, encoded) in [
        ("a b", "a%20b"),
        ("&=+;?#/", "%26%3D%2B%3B%3F%23%2F"),
        ("-._~", "-._~"),
        ("*'()!", "%2A%27%28%29%21"),
        ("é\u{1f600}", "%C3%A9%F0%9F%98%80"),
        ("\0\r\n\t%41", "%00%0D%0A%09%2541"),
    ] {
        let form = Form {
            plain: text(plain),
            ..Form::default()
        };
        check(&form, &format!("plain={encoded}"));
        check_ec2(&form, &format!("Plain={encoded}"));
    }
    let long = "x=&".repeat(100_000);
    let form = Form {
        plain: Some(long.clone()),
        ..Form::default()
    };
    check(&form, &format!("plain={}", "x%3D%26".repeat(100_000)));
}

#[test]
fn elements_are_numbered() {
    let form = Form {
        list: Some(texts(["a", "", "c"])),
        named: Some(texts(["a"])),
        flat: Some(texts(["a", "b"])),
        sparse: Some(vec![text("a"), None, text("c")]),
        ..Form::default()
    };
    check(
        &form,
        "list.member.1=a&list.member.2=&list.member.3=c&named.item.1=a&Hi.1=a&Hi.2=b&\
         sparse.member.1=a&sparse.member.3=c",
    );
    check_ec2(
        &form,
        "List.1=a&List.2=&List.3=c&Named.1=a&Hi.1=a&Hi.2=b&Sparse.1=a&Sparse.3=c",
    );
}

#[test]
fn empty_lists_are_sent_by_aws_query_alone() {
    let form = Form {
        list: Some(vec![]),
        flat: Some(vec![]),
        place: Some(Place {
            lists: Some(vec![vec![], texts(["x"])]),
            ..Place::default()
        }),
        ..Form::default()
    };
    check(
        &form,
        "list=&Hi=&place.lists.member.1=&place.lists.member.2.member.1=x",
    );
    check_ec2(&form, "Place.Lists.2.1=x");
}

#[test]
fn entries_are_numbered() {
    let form = Form {
        counts: Some(BTreeMap::from([
            (String::new(), 1),
            ("a&b=c".to_owned(), -2),
        ])),
        flat_places: Some(BTreeMap::from([("x".to_owned(), place("y"))])),
        places: Some(BTreeMap::from([
            ("x".to_owned(), place("y")),
            ("z".to_owned(), Place::default()),
        ])),
        ..Form::default()
    };
    check(
        &form,
        "counts.entry.1.key=&counts.entry.1.value=1&\
         counts.entry.2.key=a%26b%3Dc&counts.entry.2.value=-2&\
         flatPlaces.1.K=x&flatPlaces.1.V.city=y&\
         places.entry.1.K=x&places.entry.1.V.city=y&places.entry.2.K=z",
    );
    let error = form.to_ec2_query().expect_err("it has no maps");
    assert_eq!(
        error.to_string(),
        "`counts` is a map, which ec2Query cannot send"
    );
    let empty = Form {
        counts: Some(BTreeMap::new()),
        plain: text("a"),
        ..Form::default()
    };
    check(&empty, "plain=a");
}

#[test]
fn structures_are_nested_by_their_keys() {
    let inner = Place {
        city: text("b"),
        zip: text("1"),
        near: Some(Box::new(place("c"))),
        ..Place::default()
    };
    let form = Form {
        place: Some(inner.clone()),
        places_list: Some(vec![place("a"), Place::default(), inner]),
        double: Some(0.5),
        ..Form::default()
    };
    check(
        &form,
        "placesList.member.1.city=a&placesList.member.3.city=b&placesList.member.3.zip%3ACode=1&\
         placesList.member.3.near.city=c&place.city=b&place.zip%3ACode=1&place.near.city=c&\
         double=0.5",
    );
    check_ec2(
        &form,
        "PlacesList.1.City=a&PlacesList.3.City=b&PlacesList.3.Zip%3ACode=1&\
         PlacesList.3.Near.City=c&Place.City=b&Place.Zip%3ACode=1&Place.Near.City=c&Double=0.5",
    );
}

#[test]
fn scalars_have_texts() {
    let at = Timestamp::new(1_422_172_800, 500_000_000).ok();
    let form = Form {
        blob: Some(Blob::from(&[0xfb, 0xff, 0xfe])),
        at,
        epoch: at,
        ..Form::default()
    };
    check(
        &form,
        "blob=%2B%2F%2F%2B&at=2015-01-25T08%3A00%3A00.5Z&epoch=1422172800.5",
    );
    for (double, expected) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
        (1e300, "1e300"),
        (10.0, "10"),
        (-0.1, "-0.1"),
    ] {
        let form = Form {
            double: Some(double),
            ..Form::default()
        };
        check(&form, &format!("double={expected}"));
    }
    let kinds = Kinds {
        boolean: Some(false),
        byte: Some(-128),
        long: Some(i64::MAX),
        float: Some(0.1),
        big_integer: "-123456789012345678901234567890".parse().ok(),
        big_decimal: "1.50e400".parse().ok(),
        mode: Some(Mode::from("new one")),
        ..Kinds::empty()
    };
    let expected = "boolean=false&byte=-128&long=9223372036854775807&float=0.1&\
                    bigInteger=-123456789012345678901234567890&bigDecimal=1.50e400&mode=new%20one";
    assert_eq!(kinds.to_query().as_deref(), Ok(expected));
}

#[test]
fn the_member_of_a_union_is_a_member() {
    let tree = Tree {
        name: "n".to_owned(),
        mode: Mode::C,
        next: None,
        choice: Box::new(Choice::Many(texts(["a"]))),
    };
    let expected = "tree.name=n&tree.mode=C&tree.choice.many.member.1=a";
    let choice = Choice::Tree(Box::new(tree));
    assert_eq!(choice.to_query().as_deref(), Ok(expected));
}

#[test]
fn what_a_form_cannot_contain_is_an_error() {
    let fails = |result: Result<String, rt::EncodeError>, expected: &str| {
        assert_eq!(result.expect_err("an error").to_string(), expected);
    };
    let document = Kinds {
        document: Some(1.into()),
        ..Kinds::empty()
    };
    let expected = "`document` is a document, which a form cannot contain";
    fails(document.to_query(), expected);
    fails(document.to_ec2_query(), expected);
    fails(
        Choice::Unknown(UnknownMember::new("newer", [1])).to_query(),
        "the member `newer` of a union is not in the model: a form cannot contain it",
    );
    fails(
        Mode::C.to_query(),
        "a form contains the members of a structure or union, not another value",
    );
    let early = Form {
        at: Some(Timestamp::new(-62_135_596_801, 0).expect("a timestamp")),
        ..Form::default()
    };
    let error = early.to_query().expect_err("an error").to_string();
    assert!(error.contains("cannot be sent"), "{error}");
}

/// The pairs of a form, by the syntax alone.
fn pairs(form: &str) -> Vec<(String, String)> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        assert!(pair.is_ascii(), "{pair}");
        let (key, value) = pair.split_once('=').expect("each pair has a value");
        let decoded = |text: &str| {
            assert!(!text.contains('+'), "a plus sign may be a space: {text}");
            let text = percent_decode_str(text).decode_utf8();
            text.expect("UTF-8").into_owned()
        };
        (decoded(key), decoded(value))
    });
    pairs.collect()
}

/// The pairs of a value, by the rules of awsQuery, from its JSON form.
fn expected(member: &Member, value: &Value, key: &str, out: &mut Vec<(String, String)>) {
    let target = member.target;
    let join = |segment: &str| match key {
        "" => segment.to_owned(),
        key => format!("{key}.{segment}"),
    };
    let wrapped = |segment: &str| {
        if member.xml.flattened {
            key.to_owned()
        } else {
            join(segment)
        }
    };
    let name = |member: &Member| member.xml.name.unwrap_or(member.name);
    match target.kind {
        Kind::Structure | Kind::Union => {
            for member in target.members {
                if let Some(value) = value.get(member.json_name) {
                    expected(member, value, &join(name(member)), out);
                }
            }
        }
        Kind::List | Kind::SparseList => {
            let elements = value.as_array().expect("a list");
            if elements.is_empty() {
                out.push((key.to_owned(), String::new()));
            }
            let element = target.element();
            let key = wrapped(name(element));
            for (index, value) in elements.iter().enumerate() {
                if !value.is_null() {
                    expected(element, value, &format!("{key}.{}", index + 1), out);
                }
            }
        }
        Kind::Map | Kind::SparseMap => {
            let (key_member, value_member) = target.entry();
            let key = wrapped("entry");
            for (index, (text, value)) in value.as_object().expect("a map").iter().enumerate() {
                let entry = format!("{key}.{}", index + 1);
                out.push((format!("{entry}.{}", name(key_member)), text.clone()));
                let key = format!("{entry}.{}", name(value_member));
                expected(value_member, value, &key, out);
            }
        }
        _ => {
            let text = value.as_str().map(str::to_owned);
            out.push((key.to_owned(), text.unwrap_or_else(|| value.to_string())));
        }
    }
}

fn any_place() -> impl Strategy<Value = Place> {
    let leaf = (
        option::of(".*"),
        option::of(".*"),
        option::of(vec(vec(".*", 0..3), 0..3)),
    )
        .prop_map(|(city, zip, lists)| Place {
            city,
            zip,
            near: None,
            lists,
        });
    leaf.prop_recursive(3, 8, 1, |inner| {
        (inner.clone(), inner).prop_map(|(mut outer, inner)| {
            outer.near = Some(Box::new(inner));
            outer
        })
    })
}

fn any_form() -> impl Strategy<Value = Form> {
    let texts = (option::of(".*"), option::of(".*"), option::of(".*"));
    let lists = (
        option::of(vec(".*", 0..4)),
        option::of(vec(".*", 0..4)),
        option::of(vec(".*", 0..4)),
        option::of(vec(option::of(".*"), 0..4)),
    );
    let maps = (
        option::of(btree_map(".*", any::<i32>(), 0..4)),
        option::of(btree_map(".*", any_place(), 0..3)),
        option::of(btree_map(".*", any_place(), 0..3)),
    );
    let rest = (
        option::of(vec(any_place(), 0..3)),
        option::of(any_place()),
        option::of(vec(any::<u8>(), 0..40).prop_map(Blob::from)),
        option::of(0..253_402_300_800_i64),
    );
    (texts, lists, maps, rest).prop_map(|(texts, lists, maps, rest)| {
        let (plain, renamed, queried) = texts;
        let (list, named, flat, sparse) = lists;
        let (counts, flat_places, places) = maps;
        let (places_list, place, blob, epoch) = rest;
        Form {
            plain,
            renamed,
            queried,
            list,
            named,
            flat,
            sparse,
            counts,
            flat_places,
            places,
            places_list,
            place,
            blob,
            epoch: epoch.and_then(|seconds| Timestamp::new(seconds, 0).ok()),
            ..Form::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_form_has_the_pairs_of_its_value(form in any_form()) {
        let json = form.to_json().expect("JSON");
        let json = serde_json::from_str(&json).expect("JSON");
        let mut expected = Vec::new();
        self::expected(<Form as rt::HasSchema>::ROOT, &json, "", &mut expected);
        let encoded = form.to_query().expect("a form");
        prop_assert_eq!(pairs(&encoded), expected);
    }

    #[test]
    fn keys_of_ec2_query_are_capitalized_and_have_no_segments_of_lists(form in any_form()) {
        let form = Form { counts: None, flat_places: None, places: None, ..form };
        let encoded = form.to_ec2_query().expect("a form");
        for (key, _) in pairs(&encoded) {
            for segment in key.split('.') {
                let first = segment.chars().next().expect("a segment is not empty");
                prop_assert!(
                    first.is_ascii_uppercase() || first.is_ascii_digit() || key == "queryName",
                    "{}", key
                );
            }
            prop_assert!(!key.contains("member") && !key.contains("Item"), "{}", key);
        }
    }
}
