//! Valid models that are close to breaking a rule. The fixtures of bad models show the others.

mod routes;

use std::fmt::Write;
use std::path::PathBuf;

use crate::{Sources, build};

/// A service with one operation, `POST /buy` with the input `BuyInput`.
const SERVICE: &str = r#"
    "demo#Shop": {
        "type": "service",
        "version": "1",
        "operations": [{"target": "demo#Buy"}],
        "traits": {"aws.protocols#restJson1": {}}
    },
    "demo#Buy": {
        "type": "operation",
        "input": {"target": "demo#BuyInput"},
        "traits": {"smithy.api#http": {"method": "POST", "uri": "/buy"}}
    },
"#;

/// The codes that are reported for a model of [`SERVICE`] and `shapes`.
fn found(shapes: &str) -> Vec<&'static str> {
    codes(&format!("{SERVICE}{shapes}"))
}

/// The codes that are reported for a model of these shapes.
fn codes(shapes: &str) -> Vec<&'static str> {
    let text = format!(r#"{{"smithy": "2.0", "shapes": {{{shapes}}}}}"#);
    codes_in("test.json", text)
}

/// The codes that are reported for a file.
fn codes_in(path: &str, text: String) -> Vec<&'static str> {
    let sources = Sources::from_texts([(PathBuf::from(path), text)]);
    let (Ok((_, report)) | Err(report)) = build(&sources);
    report
        .diagnostics()
        .iter()
        .map(|found| found.code.number())
        .collect()
}

/// The codes that are reported if `BuyInput` has this member.
fn member(member: &str) -> Vec<&'static str> {
    found(&format!(
        r#""demo#BuyInput": {{"type": "structure", "members": {{{member}}}}}"#
    ))
}

#[test]
fn statuses_end_a_call() {
    let statuses = |code: u16, error: u16, members: &str| {
        codes(&format!(
            r#""demo#Shop": {{"type": "service", "operations": [{{"target": "demo#Op"}}], "traits": {{"aws.protocols#restJson1": {{}}}}}},
            "demo#Op": {{"type": "operation", "errors": [{{"target": "demo#Bad"}}],
                "traits": {{"smithy.api#http": {{"method": "GET", "uri": "/a", "code": {code}}}}}}},
            "demo#Bad": {{"type": "structure", "members": {{{members}}},
                "traits": {{"smithy.api#error": "client", "smithy.api#httpError": {error}}}}}"#
        ))
    };
    let message = r#""message": {"target": "smithy.api#String"}"#;
    assert_eq!(statuses(200, 400, message), [""; 0]);
    assert_eq!(statuses(299, 499, message), [""; 0]);
    assert_eq!(statuses(100, 400, message), ["E0203"]);
    assert_eq!(statuses(200, 100, message), ["E0203"]);
    assert_eq!(statuses(200, 1000, message), ["E0203"]);
    assert_eq!(statuses(302, 404, message), ["W0511"]);
    assert_eq!(statuses(200, 503, message), ["W0519"]);
    assert_eq!(statuses(200, 200, message), ["W0519"]);
    assert_eq!(statuses(200, 304, message), ["W0512", "W0519"]);
    assert_eq!(statuses(200, 304, ""), ["W0519"]);
}

#[test]
fn origins_are_one_or_several() {
    let cors = |cors: &str| {
        codes(&format!(
            r#""demo#Shop": {{"type": "service", "operations": [{{"target": "demo#Op"}}],
                "traits": {{"aws.protocols#restJson1": {{}}, "smithy.api#cors": {cors}}}}},
            "demo#Op": {{"type": "operation", "traits": {{"smithy.api#http": {{"method": "GET", "uri": "/a"}}}}}}"#
        ))
    };
    assert_eq!(cors("{}"), [""; 0]);
    assert_eq!(
        cors(r#"{"maxAge": -1, "origin": "https://a.example"}"#),
        [""; 0]
    );
    assert_eq!(
        cors(r#"{"origins": {"a": "https://a.example", "b": "https://b.example"}}"#),
        [""; 0]
    );
    assert_eq!(
        cors(r#"{"origin": "*", "origins": {"a": "https://a.example"}}"#),
        ["E0109"]
    );
    assert_eq!(
        cors(r#"{"origin": "https://b.example", "origins": {"a": "https://a.example"}}"#),
        ["E0109"]
    );
    assert_eq!(cors(r#"{"origin": ""}"#), ["E0109"]);
    assert_eq!(
        cors(r#"{"origins": {"a": "https://ä.example"}}"#),
        ["E0109"]
    );
    assert_eq!(cors(r#"{"origins": []}"#), ["E0109"]);
}

#[test]
fn payloads_are_what_the_protocol_sends_alone() {
    let payload = |target: &str| {
        found(&format!(
            r#""demo#BuyInput": {{"type": "structure", "members": {{
                "a": {{"target": "{target}", "traits": {{"smithy.api#httpPayload": {{}}}}}}}}}},
            "demo#List": {{"type": "list", "member": {{"target": "smithy.api#String"}}}},
            "demo#Structure": {{"type": "structure", "members": {{}}}},
            "demo#Union": {{"type": "union", "members": {{"s": {{"target": "smithy.api#String"}}}}}},
            "demo#Enum": {{"type": "enum", "members": {{"A": {{"target": "smithy.api#Unit"}}}}}}"#
        ))
    };
    for target in [
        "smithy.api#Blob",
        "smithy.api#String",
        "smithy.api#Document",
        "demo#Structure",
        "demo#Union",
        "demo#Enum",
    ] {
        assert_eq!(payload(target), [""; 0], "{target}");
    }
    for target in [
        "demo#List",
        "smithy.api#Integer",
        "smithy.api#Timestamp",
        "smithy.api#BigDecimal",
    ] {
        assert_eq!(payload(target), ["E0228"], "{target}");
    }
}

#[test]
fn values_are_nested_as_deeply_as_the_compiler_looks() {
    // The input and its optional member are two types, and the string is one.
    let chain = |shape: &dyn Fn(usize, &str) -> String, count: usize| {
        let name = |index| format!("demo#Level{index}");
        let inner = |index| {
            if index + 1 < count {
                name(index + 1)
            } else {
                "smithy.api#String".into()
            }
        };
        let shapes = (0..count)
            .map(|index| format!(r#""{}": {}"#, name(index), shape(index, &inner(index))));
        let shapes: Vec<String> = shapes.collect();
        found(&format!(
            r#"{}, "demo#BuyInput": {{"type": "structure", "members": {{"deep": {{"target": "demo#Level0"}}}}}}"#,
            shapes.join(",")
        ))
    };
    let list = |_: usize, target: &str| {
        format!(r#"{{"type": "list", "member": {{"target": "{target}"}}}}"#)
    };
    assert_eq!(chain(&list, 32), [""; 0]);
    assert_eq!(chain(&list, 33), ["E0332"]);
    let map = |_: usize, target: &str| {
        format!(
            r#"{{"type": "map", "key": {{"target": "smithy.api#String"}}, "value": {{"target": "{target}"}}}}"#
        )
    };
    assert_eq!(chain(&map, 24), [""; 0]);
    assert_eq!(chain(&map, 25), ["E0332"]);
    let optional = |_: usize, target: &str| {
        format!(r#"{{"type": "structure", "members": {{"m": {{"target": "{target}"}}}}}}"#)
    };
    assert_eq!(chain(&optional, 48), [""; 0]);
    assert_eq!(chain(&optional, 49), ["E0332"]);
    let union = |_: usize, target: &str| {
        format!(r#"{{"type": "union", "members": {{"m": {{"target": "{target}"}}}}}}"#)
    };
    assert_eq!(chain(&union, 97), [""; 0]);
    assert_eq!(chain(&union, 98), ["E0332"]);
    // A ring of boxed members: the last one leads back to the first.
    let ring = |count: usize| {
        let shape = move |index: usize, target: &str| {
            let target = if index + 1 < count {
                target
            } else {
                "demo#Level0"
            };
            format!(r#"{{"type": "structure", "members": {{"m": {{"target": "{target}"}}}}}}"#)
        };
        chain(&shape, count)
    };
    assert_eq!(ring(24), [""; 0]);
    assert_eq!(ring(40), ["E0332"]);
}

#[test]
fn a_stream_of_smithy_1_needs_no_required() {
    let stream = |version: &str| {
        let text = format!(
            r#"{{"smithy": "{version}", "shapes": {{{SERVICE}
                "demo#BuyInput": {{"type": "structure", "members": {{
                    "b": {{"target": "demo#Bytes", "traits": {{"smithy.api#httpPayload": {{}}}}}}}}}},
                "demo#Bytes": {{"type": "blob", "traits": {{"smithy.api#streaming": {{}}}}}}}}}}"#
        );
        let sources = Sources::from_texts([(PathBuf::from("test.json"), text)]);
        let (Ok((_, report)) | Err(report)) = build(&sources);
        let found = report.diagnostics();
        found
            .iter()
            .map(|found| found.code.number())
            .collect::<Vec<_>>()
    };
    assert_eq!(stream("1.0"), [""; 0]);
    assert_eq!(stream("2.0"), ["E0326"]);
}

#[test]
fn bounds_may_be_equal_and_as_large_as_the_number() {
    let range = |target: &str, range: &str| {
        member(&format!(
            r#""a": {{"target": "smithy.api#{target}", "traits": {{"smithy.api#range": {range}}}}}"#
        ))
    };
    assert_eq!(range("Integer", r#"{"min": 3, "max": 3}"#), [""; 0]);
    assert_eq!(range("Byte", r#"{"min": -128, "max": 127}"#), [""; 0]);
    assert_eq!(range("Byte", r#"{"min": -129}"#), ["W0521"]);
    assert_eq!(range("Long", r#"{"max": 9223372036854775807}"#), [""; 0]);
    assert_eq!(range("Long", r#"{"max": 9223372036854775808}"#), ["W0521"]);
    assert_eq!(range("BigInteger", r#"{"max": 1e30}"#), [""; 0]);
    assert_eq!(range("BigInteger", r#"{"max": 1.5}"#), ["E0306"]);
    assert_eq!(range("Double", r#"{"min": 0.5, "max": 1e300}"#), [""; 0]);
    assert_eq!(range("Float", r#"{"max": 1e300}"#), ["W0521"]);
    assert_eq!(range("Double", r#"{"max": 1e309}"#), ["W0521"]);
    assert_eq!(range("BigDecimal", r#"{"max": 1e309}"#), [""; 0]);
    assert_eq!(
        range(
            "BigInteger",
            r#"{"min": 18446744073709551617, "max": 18446744073709551616}"#
        ),
        ["E0304"]
    );
    assert_eq!(
        range(
            "BigDecimal",
            r#"{"min": 0.1, "max": 0.10000000000000000001}"#
        ),
        [""; 0]
    );
    assert_eq!(range("Integer", r#"{"min": 1.0}"#), [""; 0]);
}

#[test]
fn recursion_with_a_way_out_passes() {
    let shapes = |tree: &str| {
        found(&format!(
            r#"{tree},
            "demo#Trees": {{"type": "list", "member": {{"target": "demo#Tree"}}}},
            "demo#BuyInput": {{"type": "structure", "members": {{"tree": {{"target": "demo#Tree"}}}}}}"#
        ))
    };
    let required = r#""traits": {"smithy.api#required": {}}"#;
    let list = format!(
        r#""demo#Tree": {{"type": "structure", "members": {{"all": {{"target": "demo#Trees", {required}}}}}}}"#
    );
    assert_eq!(shapes(&list), [""; 0]);
    let union = r#""demo#Tree": {"type": "union", "members": {
        "tree": {"target": "demo#Tree"}, "leaf": {"target": "smithy.api#String"}}}"#;
    assert_eq!(shapes(union), [""; 0]);
    // Required, but one of the two shapes is a union with another member.
    let both = format!(
        r#""demo#Tree": {{"type": "structure", "members": {{"next": {{"target": "demo#Next", {required}}}}}}},
        "demo#Next": {{"type": "union", "members": {{
            "tree": {{"target": "demo#Tree"}}, "none": {{"target": "smithy.api#Unit"}}}}}}"#
    );
    assert_eq!(shapes(&both), [""; 0]);
    let endless = both.replace(r#", "none": {"target": "smithy.api#Unit"}"#, "");
    assert_eq!(shapes(&endless), ["E0317"]);
}

#[test]
fn a_cycle_is_reported_once_however_many_shapes_lead_to_it() {
    let required = |target: &str| {
        format!(r#"{{"target": "demo#{target}", "traits": {{"smithy.api#required": {{}}}}}}"#)
    };
    let structure = |name: &str, target: &str| {
        format!(
            r#""demo#{name}": {{"type": "structure", "members": {{"next": {}}}}}"#,
            required(target)
        )
    };
    let shapes = [
        structure("A", "B"),
        structure("B", "C"),
        structure("C", "B"),
        structure("BuyInput", "A"),
    ];
    assert_eq!(found(&shapes.join(",")), ["E0316"]);
}

#[test]
fn simple_shapes_and_lists_may_share_a_name() {
    let shapes = r#"
        "demo#BuyInput": {"type": "structure", "members": {
            "a": {"target": "demo#String"}, "b": {"target": "smithy.api#String"},
            "c": {"target": "demo#Names"}, "d": {"target": "other#names"}}},
        "demo#String": {"type": "string"},
        "demo#Names": {"type": "list", "member": {"target": "demo#String"}},
        "other#names": {"type": "list", "member": {"target": "smithy.api#String"}}"#;
    assert_eq!(found(shapes), [""; 0]);
    assert_eq!(
        found(&shapes.replace(r#"{"type": "string"}"#, r#"{"type": "blob"}"#)),
        ["E0319"]
    );
}

#[test]
fn a_name_that_the_prelude_has_is_located_at_the_other_shape() {
    let shapes = r#"
        "demo#BuyInput": {"type": "structure", "members": {"a": {"target": "demo#String"}}},
        "demo#String": {"type": "structure", "members": {"b": {"target": "smithy.api#String"}}}"#;
    let text = format!(r#"{{"smithy": "2.0", "shapes": {{{SERVICE}{shapes}}}}}"#);
    let sources = Sources::from_texts([(PathBuf::from("test.json"), text)]);
    let report = build(&sources).expect_err("two shapes are called `String`");
    let found = report.diagnostics();
    let pointers = found.iter().filter_map(|found| found.location.pointer());
    assert_eq!(pointers.collect::<Vec<_>>(), ["/shapes/demo#String"]);
}

#[test]
fn bindings_count_only_where_the_protocol_has_them() {
    let rpc = SERVICE.replace("restJson1", "awsJson1_1");
    let input = r#""demo#BuyInput": {"type": "structure", "members": {
        "a": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "X"}},
        "b": {"target": "smithy.api#String", "traits": {"smithy.api#httpHeader": "x"}}}}"#;
    assert_eq!(found(input), ["E0214"]);
    assert_eq!(codes(&format!("{rpc}{input}")), [""; 0]);
}

#[test]
fn patterns_of_ecma_262_pass() {
    let pattern = |pattern: &str| {
        member(&format!(
            r#""a": {{"target": "smithy.api#String", "traits": {{"smithy.api#pattern": "{pattern}"}}}}"#
        ))
    };
    assert_eq!(pattern(r"^[^[]\\/\\d{1,3}$"), [""; 0]);
    assert_eq!(pattern("^[^"), ["E0307"]);
    assert_eq!(pattern("^(?!a)"), ["W0513"]);
}

#[test]
fn floats_that_are_no_numbers_are_defaults_where_no_range_forbids_them() {
    let ranged = |default: &str, range: &str| {
        member(&format!(
            r#""m": {{"target": "smithy.api#Double", "traits": {{
                "smithy.api#default": "{default}", "smithy.api#range": {range}}}}}"#
        ))
    };
    assert_eq!(ranged("Infinity", r#"{"min": 0}"#), [""; 0]);
    assert_eq!(ranged("-Infinity", r#"{"max": 0}"#), [""; 0]);
    assert_eq!(ranged("Infinity", r#"{"max": 9}"#), ["E0312"]);
    assert_eq!(ranged("NaN", r#"{"min": 0}"#), ["E0312"]);
}

#[test]
fn defaults_are_compared_with_bounds_exactly() {
    let ranged = |target: &str, default: &str, max: &str| {
        member(&format!(
            r#""m": {{"target": "smithy.api#{target}", "traits": {{
                "smithy.api#default": {default}, "smithy.api#range": {{"max": {max}}}}}}}"#
        ))
    };
    assert_eq!(ranged("BigDecimal", "0.1", "0.10"), [""; 0]);
    assert_eq!(
        ranged("BigDecimal", "0.10000000000000000001", "0.1"),
        ["E0312"]
    );
    let (two_to_64, next) = ("18446744073709551616", "18446744073709551617");
    assert_eq!(ranged("BigInteger", two_to_64, two_to_64), [""; 0]);
    assert_eq!(ranged("BigInteger", next, two_to_64), ["E0312"]);
    assert_eq!(ranged("Double", "0.1", "0.1"), [""; 0]);
}

/// The codes that are reported for a service with restXml whose operation `PUT /{id}/{color}` has
/// these members in its input and output, and these shapes beside it.
fn xml(input: &str, output: &str, shapes: &str) -> Vec<&'static str> {
    let text = format!(
        r#"
        $version: "2"
        namespace demo
        @aws.protocols#restXml
        service Shop {{ operations: [Put] }}
        @http(method: "PUT", uri: "/{{id}}/{{color}}")
        @idempotent
        operation Put {{
            input := {{
                @httpLabel @required id: String
                @httpLabel @required color: String
                {input}
            }}
            output := {{ {output} }}
        }}
        {shapes}
        "#
    );
    codes_in("test.smithy", text)
}

#[test]
fn members_outside_a_document_may_have_the_name_of_an_element() {
    let input = r#"
        @xmlName("id") number: String
        @httpHeader("x-name") name: String
        @xmlName("name") title: String
        @httpQuery("lang") @xmlAttribute lang: String
        @xmlAttribute @xmlName("lang") language: String
    "#;
    let output = r#"
        @httpHeader("x-name") name: String
        @xmlName("name") title: String
        @httpResponseCode status: Integer
        @xmlName("status") state: String
    "#;
    assert_eq!(xml(input, output, ""), [""; 0]);
    // Both are in the document.
    assert_eq!(
        xml(r#"name: String @xmlName("name") title: String"#, "", ""),
        ["E0350"]
    );

    let event = r#"
        @streaming
        union Stream { put: Event }
        structure Event {
            @eventHeader name: String
            @xmlName("name") title: String
        }
    "#;
    assert_eq!(xml("", "@httpPayload events: Stream", event), [""; 0]);
}

#[test]
fn bindings_do_not_apply_inside_a_document_or_to_a_payload() {
    let item = r#"
        structure Item {
            @httpHeader("x-name") name: String
            @xmlName("name") title: String
        }
        list Items { member: Item }
    "#;
    let repeated = |input| {
        let mut codes = xml(input, "", item);
        // Headers have no effect there.
        codes.retain(|code| !code.starts_with('W'));
        codes
    };
    assert_eq!(repeated("item: Item"), ["E0350"]);
    assert_eq!(repeated("items: Items"), ["E0350"]);
    assert_eq!(repeated("@httpPayload item: Item"), ["E0350"]);
}
