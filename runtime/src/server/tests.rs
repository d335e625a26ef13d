//! Validation of inputs with handwritten schemas.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "macros for generated types make what types have in public"
)]

use std::collections::BTreeMap;

use bytes::Bytes;
use http::HeaderMap;

use super::input;
use crate::protocol::AWS_JSON_1_1;
use crate::protocol::bind::decode::ReceivedParts;
use crate::protocol::content::Content;
use crate::protocol::service::{Operation, OperationTraits};
use crate::schema::{self as s, Member, Number, Schema};
use crate::validate::patterns::Patterns;
use crate::value::{BigDecimal, BigInteger, Timestamp};

static COLOR: Schema =
    Schema::string_enum("a#Color", &["red", "blue", "secret"]).public_values(&["red", "blue"]);
static LEVEL: Schema = Schema::int_enum("a#Level", &[1, 2]);
static COLORS: Schema = Schema::list("a#Colors", &[Member::new("member", &COLOR)]);
static NAMES: Schema = Schema::map(
    "a#Names",
    &[
        Member::new("key", &s::STRING)
            .length(Some(2), None)
            .pattern("^[a-z]+$"),
        Member::new("value", &COLORS).length(None, Some(2)),
    ],
);
static PAIR: Schema = Schema::structure(
    "a#Pair",
    &[
        Member::new("left", &s::STRING),
        Member::new("right", &NUMBERS),
    ],
);
static NUMBERS: Schema = Schema::map(
    "a#Numbers",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::INTEGER),
    ],
);
static PAIRS: Schema = Schema::list("a#Pairs", &[Member::new("member", &PAIR)]);
static TIMES: Schema = Schema::sparse_list("a#Times", &[Member::new("member", &s::TIMESTAMP)]);
static INPUT: Schema = Schema::structure(
    "a#Input",
    &[
        Member::new("names", &NAMES).length(Some(1), Some(2)),
        Member::new("pairs", &PAIRS).unique_items(),
        Member::new("times", &TIMES).unique_items(),
        Member::new("level", &LEVEL),
        Member::new("big", &s::BIG_INTEGER).range(Some(Number::Integer(0)), None),
        Member::new("fine", &s::BIG_DECIMAL).range(None, Some(Number::Digits("0.5"))),
        Member::new("single", &s::FLOAT)
            .range(Some(Number::Digits("2.2")), Some(Number::Digits("8.8"))),
        Member::new("text", &s::STRING).length(Some(2), Some(3)),
        Member::new("token", &s::STRING).pattern("^x+$").sensitive(),
        Member::new("large", &s::BIG_INTEGER).range(
            Some(Number::Digits("-1e20")),
            Some(Number::Digits("18446744073709551616")),
        ),
        Member::new("tenth", &s::BIG_DECIMAL).range(
            Some(Number::Integer(-9_007_199_254_740_993)),
            Some(Number::Digits("0.1")),
        ),
        Member::new("decimals", &DECIMALS).unique_items(),
        Member::new("integers", &INTEGERS).unique_items(),
        Member::new("long", &s::LONG).range(
            Some(Number::Digits("-0.5")),
            Some(Number::Integer(9_007_199_254_740_993)),
        ),
    ],
);
static DECIMALS: Schema = Schema::list("a#Decimals", &[Member::new("member", &s::BIG_DECIMAL)]);
static INTEGERS: Schema = Schema::list("a#Integers", &[Member::new("member", &s::BIG_INTEGER)]);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Color {
    Red,
    Blue,
    Secret,
    Unknown(crate::UnknownValue),
}
crate::string_enum!(Color: COLOR { Red = "red", Blue = "blue", Secret = "secret" });

#[derive(Clone, Copy, PartialEq)]
enum Level {
    One,
    Two,
    Unknown(i32),
}
crate::int_enum!(Level: LEVEL { One = 1, Two = 2 });

struct Pair {
    left: Option<String>,
    right: Option<BTreeMap<String, i32>>,
}
crate::structure!(Pair: PAIR { 0: left, 1: right });

struct Input {
    names: Option<BTreeMap<String, Vec<Color>>>,
    pairs: Option<Vec<Pair>>,
    times: Option<Vec<Option<Timestamp>>>,
    level: Option<Level>,
    big: Option<BigInteger>,
    fine: Option<BigDecimal>,
    single: Option<f32>,
    text: Option<String>,
    token: Option<String>,
    large: Option<BigInteger>,
    tenth: Option<BigDecimal>,
    decimals: Option<Vec<BigDecimal>>,
    integers: Option<Vec<BigInteger>>,
    long: Option<i64>,
}
crate::structure!(Input: INPUT {
    0: names, 1: pairs, 2: times, 3: level, 4: big, 5: fine, 6: single, 7: text, 8: token,
    9: large, 10: tenth, 11: decimals, 12: integers, 13: long,
});

static OPERATION: Operation = Operation {
    name: "Put",
    input: &INPUT,
    output: &INPUT,
    errors: &[],
    route: None,
    traits: OperationTraits::NONE,
};

/// The violations of a document, a line each.
fn violations(document: &str) -> String {
    let patterns = Patterns::of(&[&OPERATION]);
    let (headers, body) = (
        HeaderMap::new(),
        Content::Bytes(Bytes::from(document.to_owned())),
    );
    let parts = ReceivedParts {
        labels: &[],
        query: &[],
        headers: &headers,
        status: None,
        body: &body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    let mut input = <Input as crate::Structure>::empty();
    let result = input::decode(&AWS_JSON_1_1, &patterns, &parts, &mut input);
    let lines = result.err().map(|error| {
        error
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    });
    lines.unwrap_or_default().join("\n")
}

fn check(document: &str, expected: &[&str]) {
    assert_eq!(violations(document), expected.join("\n"), "{document}");
}

#[test]
fn keys_are_violations_of_the_map_and_values_of_their_place() {
    check(
        r#"{"names":{"A":["red","green"],"bb":[],"cc":["red","blue","red"]}}"#,
        &[
            "/names/A/1: Member must satisfy enum value set: [red, blue]",
            "/names/cc: Member must have length less than or equal to 2",
            "/names: Member must have length greater than or equal to 2",
            "/names: Member must satisfy regular expression pattern: ^[a-z]+$",
            "/names: Member must have length between 1 and 2, inclusive",
        ],
    );
    check(r#"{"names":{"aa":["secret"]}}"#, &[]);
    check(
        r#"{"names":{}}"#,
        &["/names: Member must have length between 1 and 2, inclusive"],
    );
}

#[test]
fn equal_elements_are_found_however_they_are_written() {
    let unique = &["/pairs: Member must have unique values"];
    check(
        r#"{"pairs":[{"left":"a","right":{"x":1,"y":2}},{"right":{"y":2,"x":1},"left":"a"}]}"#,
        unique,
    );
    check(r#"{"pairs":[{},{"left":null,"other":1}]}"#, unique);
    check(r#"{"pairs":[{"left":"a"},{"left":"b"},{}]}"#, &[]);
    check(
        r#"{"pairs":[{"right":{"x":1}},{"right":{"x":1,"y":1}},{"right":{}}]}"#,
        &[],
    );
    check(
        r#"{"times":[1,1.0]}"#,
        &["/times: Member must have unique values"],
    );
    check(
        r#"{"times":[null,1,null]}"#,
        &["/times: Member must have unique values"],
    );
    check(r#"{"times":[null,1,1.5]}"#, &[]);
}

#[test]
fn numbers_of_every_kind_have_a_range() {
    check(
        r#"{"level":3}"#,
        &["/level: Member must satisfy enum value set: [1, 2]"],
    );
    check(
        r#"{"big":-123456789012345678901234567890}"#,
        &["/big: Member must be greater than or equal to 0"],
    );
    check(r#"{"big":123456789012345678901234567890}"#, &[]);
    check(
        r#"{"fine":0.50000001}"#,
        &["/fine: Member must be less than or equal to 0.5"],
    );
    check(r#"{"fine":0.5}"#, &[]);
    check(r#"{"single":2.2}"#, &[]);
    check(r#"{"single":8.8}"#, &[]);
    for value in ["2.19", "8.81", "\"NaN\"", "\"Infinity\""] {
        check(
            &format!(r#"{{"single":{value}}}"#),
            &["/single: Member must be between 2.2 and 8.8, inclusive"],
        );
    }
}

#[test]
fn bounds_are_compared_exactly_and_shown_as_written() {
    let large = "/large: Member must be between -1e20 and 18446744073709551616, inclusive";
    let tenth = "/tenth: Member must be between -9007199254740993 and 0.1, inclusive";
    let long = "/long: Member must be between -0.5 and 9007199254740993, inclusive";
    for (member, value, violation) in [
        ("large", "18446744073709551616", None),
        ("large", "1.8446744073709551616e19", None),
        ("large", "18446744073709551617", Some(large)),
        ("large", "18446744073709551617.0", Some(large)),
        ("large", "-100000000000000000000", None),
        ("large", "-100000000000000000001", Some(large)),
        ("tenth", "0.1", None),
        ("tenth", "0.10000", None),
        ("tenth", "1e-1", None),
        ("tenth", "0.100000000000000000001", Some(tenth)),
        ("tenth", "1e400", Some(tenth)),
        ("tenth", "-9007199254740993", None),
        ("tenth", "-9007199254740993.0000001", Some(tenth)),
        ("tenth", "-9007199254740994", Some(tenth)),
        ("long", "9007199254740993", None),
        ("long", "9007199254740994", Some(long)),
        ("long", "0", None),
        ("long", "-1", Some(long)),
    ] {
        let violation = violation.into_iter().collect::<Vec<_>>();
        check(&format!(r#"{{"{member}":{value}}}"#), &violation);
    }
}

#[test]
fn numbers_of_any_size_are_equal_by_value() {
    for (list, equal) in [
        (r#""decimals":[1,1.0]"#, true),
        (r#""decimals":[2.5e-8,2.5E-08]"#, true),
        (r#""decimals":[100,1e2]"#, true),
        (r#""decimals":[0,-0.00]"#, true),
        (r#""decimals":[0.1,0.10000000000000000001]"#, false),
        (
            r#""decimals":[18446744073709551616,18446744073709551617]"#,
            false,
        ),
        (r#""decimals":[1e400,1e401,-1e400]"#, false),
        (r#""integers":[100,1e2]"#, true),
        (
            r#""integers":[18446744073709551616,18446744073709551616.0]"#,
            true,
        ),
        (
            r#""integers":[18446744073709551616,18446744073709551617]"#,
            false,
        ),
    ] {
        let member = list.split('"').nth(1).unwrap_or_default();
        let violation = format!("/{member}: Member must have unique values");
        let expected = if equal { vec![&*violation] } else { Vec::new() };
        check(&format!("{{{list}}}"), &expected);
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    let length = &["/text: Member must have length between 2 and 3, inclusive"];
    check("{\"text\":\"\u{1f44d}\"}", length);
    check("{\"text\":\"\u{1f44d}\u{1f44d}\u{1f44d}\"}", &[]);
    check(
        "{\"text\":\"\u{1f44d}\u{1f44d}\u{1f44d}\u{1f44d}\"}",
        length,
    );
}

#[test]
fn secrets_are_not_repeated() {
    check(
        r#"{"token":"hunter2"}"#,
        &["/token: Member must satisfy regular expression pattern: ^x+$"],
    );
    check(
        r#"{"token":7}"#,
        &["/token: expected a string, found a number"],
    );
}
