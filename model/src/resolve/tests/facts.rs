//! The facts that small models resolve to.

use super::{check, check_files, files, resolved, service};
use crate::model::Segment;

const MIXIN: &str = r#""a#M": {"type": "structure", "members": {
    "m1": {"target": "smithy.api#String", "traits": {"smithy.api#documentation": "generic"}},
    "m2": {"target": "smithy.api#String"}
}, "traits": {"smithy.api#mixin": {"localTraits": ["smithy.api#sensitive"]}, "smithy.api#sensitive": {},
              "smithy.api#documentation": "of the mixin"}}"#;

#[test]
fn members_of_mixins_come_first_and_their_traits_come_along() {
    let shapes = format!(
        r#"{MIXIN}, "a#T": {{"type": "structure", "mixins": [{{"target": "a#M"}}], "members": {{"own": {{"target": "smithy.api#String"}}}}}}"#
    );
    check(
        &shapes,
        "a#T",
        &[
            "docs of the mixin",
            "m1: String docs generic",
            "m2: String",
            "own: String",
        ],
    );
}

#[test]
fn a_member_of_a_mixin_is_overridden_in_its_place_by_repeating_it_and_by_apply() {
    let shapes = format!(
        r#"{MIXIN}, "a#T": {{"type": "structure", "mixins": [{{"target": "a#M"}}],
             "members": {{"m1": {{"target": "smithy.api#String", "traits": {{"smithy.api#required": {{}}}}}}}}}},
           "a#T$m2": {{"type": "apply", "traits": {{"smithy.api#documentation": "applied"}}}}"#
    );
    check(
        &shapes,
        "a#T",
        &[
            "docs of the mixin",
            "m1: String required docs generic",
            "m2: String docs applied",
        ],
    );
}

#[test]
fn later_mixins_override_the_traits_of_earlier_ones_and_mixins_have_mixins() {
    let mixin = r#""traits": {"smithy.api#mixin": {}, "smithy.api#documentation""#;
    let shapes = format!(
        r#""a#A": {{"type": "structure", "members": {{"a": {{"target": "smithy.api#String"}}}}, {mixin}: "A"}}}},
           "a#B": {{"type": "structure", "mixins": [{{"target": "a#A"}}], "members": {{"b": {{"target": "smithy.api#String"}}}}, {mixin}: "B"}}}},
           "a#C": {{"type": "structure", "members": {{"c": {{"target": "smithy.api#String"}}}}, {mixin}: "C"}}}},
           "a#T": {{"type": "structure", "mixins": [{{"target": "a#B"}}, {{"target": "a#C"}}]}}"#
    );
    check(
        &shapes,
        "a#T",
        &["docs C", "a: String", "b: String", "c: String"],
    );
}

#[test]
fn lists_and_simple_shapes_have_mixins_too() {
    let shapes = r#"
        "a#M": {"type": "list", "member": {"target": "smithy.api#Integer"}, "traits": {"smithy.api#mixin": {}}},
        "a#N": {"type": "string", "traits": {"smithy.api#mixin": {}, "smithy.api#length": {"max": 3}}},
        "a#Name": {"type": "string", "mixins": [{"target": "a#N"}]},
        "a#T": {"type": "list", "mixins": [{"target": "a#M"}]},
        "a#U": {"type": "structure", "members": {"name": {"target": "a#Name"}, "t": {"target": "a#T"}}}"#;
    check(shapes, "a#T", &["member: Integer"]);
    check(shapes, "a#U", &["name: Name length None..Some(3)", "t: T"]);
}

#[test]
fn files_say_the_same_shape_twice_and_add_traits_to_it() {
    let member = r#""members": {"m": {"target": "smithy.api#String""#;
    let first = service(
        "",
        &format!(r#""a#T": {{"type": "structure", {member}}}}}}}"#),
    );
    let second = format!(
        r#"{{"smithy": "2", "shapes": {{
            "a#T": {{"type": "structure", {member}, "traits": {{"smithy.api#required": {{}}}}}}}}}},
            "a#T$m": {{"type": "apply", "traits": {{"smithy.api#length": {{"min": 1}}, "smithy.api#required": {{}}}}}}
        }}}}"#
    );
    check_files(
        &[&first, &second],
        "a#T",
        &["m: String required length Some(1)..None"],
    );
    check_files(
        &[&second, &first],
        "a#T",
        &["m: String required length Some(1)..None"],
    );
}

#[test]
fn a_member_is_required_has_a_default_or_is_optional() {
    let member = |name: &str, target: &str, traits: &str| {
        format!(r#""{name}": {{"target": "{target}", "traits": {{{traits}}}}}"#)
    };
    let required = r#""smithy.api#required": {}"#;
    let optional = r#""smithy.api#clientOptional": {}"#;
    let default = r#""smithy.api#default": 7"#;
    let integer = "smithy.api#Integer";
    let members = [
        member("a", integer, required),
        member("b", integer, &format!("{required}, {optional}")),
        member("c", integer, default),
        member("d", integer, &format!("{default}, {optional}")),
        member("e", integer, &format!("{default}, {required}")),
        member("f", integer, r#""smithy.api#default": null"#),
        member(
            "g",
            "smithy.api#PrimitiveInteger",
            r#""smithy.api#default": 0"#,
        ),
        member(
            "h",
            "smithy.api#PrimitiveInteger",
            r#""smithy.api#default": null"#,
        ),
        member(
            "i",
            "smithy.api#PrimitiveBoolean",
            &format!(r#"{required}, "smithy.api#default": null"#),
        ),
    ]
    .join(", ");
    let shapes = |operation: &str| {
        format!(
            r#""a#T": {{"type": "structure", "members": {{{members}}}}}, "a#O": {{"type": "operation", {operation}}}"#
        )
    };
    let target = r#"{"target": "a#T"}"#;
    let common = ["a: Integer required", "b: Integer required"];
    let output = [
        "Output",
        common[0],
        common[1],
        "c: Integer = Integer(7)",
        "d: Integer optional, else Integer(7)",
        "e: Integer = Integer(7)",
        "f: Integer",
        "g: PrimitiveInteger = Integer(0)",
        "h: PrimitiveInteger",
        "i: PrimitiveBoolean required",
    ];
    check(&shapes(&format!(r#""output": {target}"#)), "a#T", &output);
    let mut input = output;
    input[0] = "Input";
    input[3] = "c: Integer optional, else Integer(7)";
    input[7] = "g: PrimitiveInteger optional, else Integer(0)";
    check(&shapes(&format!(r#""input": {target}"#)), "a#T", &input);
}

#[test]
fn numbers_of_smithy_1_0_have_a_default_unless_they_are_boxed() {
    let text = service(
        "",
        r#""a#Count": {"type": "integer"}, "a#Boxed": {"type": "integer", "traits": {"smithy.api#box": {}}},
           "a#Data": {"type": "blob", "traits": {"smithy.api#streaming": {}}},
           "a#T": {"type": "structure", "members": {
                "a": {"target": "a#Count"}, "b": {"target": "a#Boxed"},
                "c": {"target": "a#Count", "traits": {"smithy.api#box": {}}},
                "d": {"target": "smithy.api#Integer"}, "e": {"target": "smithy.api#PrimitiveFloat"},
                "f": {"target": "a#Count", "traits": {"smithy.api#required": {}}}, "g": {"target": "a#Data"}
           }},
           "a#U": {"type": "union", "members": {"a": {"target": "a#Count"}}}"#,
    );
    let expected = [
        "a: Count = Integer(0)",
        "b: Boxed",
        "c: Count",
        "d: Integer",
        "e: PrimitiveFloat = Float(0.0)",
        "f: Count required",
        "g: Data = Blob([])",
    ];
    let first = text.replacen("2.0", "1.0", 1);
    check_files(&[&first], "a#T", &expected);
    check_files(&[&first], "a#U", &["a: Count"]);
    let float = r#""smithy.api#PrimitiveFloat""#;
    let second = text.replace(
        float,
        &format!(r#"{float}, "traits": {{"smithy.api#default": 0}}"#),
    );
    check_files(
        &[&second],
        "a#T",
        &[
            "a: Count",
            "b: Boxed",
            "c: Count",
            "d: Integer",
            expected[4],
            expected[5],
            "g: Data",
        ],
    );
}

#[test]
fn enums_are_enums_in_both_versions() {
    let shapes = r#"
        "a#E": {"type": "enum", "members": {
            "A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "a!"}}, "B": {"target": "smithy.api#Unit"}}},
        "a#I": {"type": "intEnum", "members": {"ONE": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}}}},
        "a#Old": {"type": "string", "traits": {"smithy.api#enum": [
            {"value": "x", "name": "X"}, {"value": "t2.micro"}, {"value": "t2-micro"}, {"value": "2"}]}}"#;
    check(shapes, "a#E", &[r#"A "a!""#, r#"B "B""#]);
    check(shapes, "a#I", &["ONE 1"]);
    let old = [
        r#"X "x""#,
        r#"t2_micro "t2.micro""#,
        r#"t2_micro_2 "t2-micro""#,
        r#"VALUE_2 "2""#,
    ];
    check(shapes, "a#Old", &old);
}

#[test]
fn what_leads_back_to_itself_without_a_list_between_is_boxed() {
    let member = |name: &str, target: &str| format!(r#""{name}": {{"target": "a#{target}"}}"#);
    let shapes = format!(
        r#""a#T": {{"type": "structure", "members": {{{}, {}, {}, {}}}}},
           "a#U": {{"type": "union", "members": {{{}, {}}}}},
           "a#L": {{"type": "list", "member": {{"target": "a#T"}}}},
           "a#Other": {{"type": "structure", "members": {{}}}}"#,
        member("self", "T"),
        member("union", "U"),
        member("list", "L"),
        member("other", "Other"),
        member("back", "T"),
        member("other", "Other"),
    );
    check(
        &shapes,
        "a#T",
        &["self: T boxed", "union: U boxed", "list: L", "other: Other"],
    );
    check(&shapes, "a#U", &["back: T boxed", "other: Other"]);
    check(&shapes, "a#L", &["member: T"]);
}

#[test]
fn sensitivity_reaches_through_lists_and_maps_but_not_into_structures() {
    let shapes = r#"
        "a#Secret": {"type": "string", "traits": {"smithy.api#sensitive": {}}},
        "a#Secrets": {"type": "list", "member": {"target": "a#Secret"}},
        "a#Deep": {"type": "map", "key": {"target": "smithy.api#String"}, "value": {"target": "a#Secrets"}},
        "a#Inner": {"type": "structure", "members": {"secret": {"target": "a#Secret"}}},
        "a#T": {"type": "structure", "members": {"deep": {"target": "a#Deep"}, "inner": {"target": "a#Inner"}}}"#;
    check(shapes, "a#T", &["deep: Deep sensitive", "inner: Inner"]);
    check(shapes, "a#Inner", &["secret: Secret sensitive"]);
}

#[test]
fn a_role_is_what_operations_use_a_structure_for() {
    let shapes = r#"
        "a#In": {"type": "structure"}, "a#Out": {"type": "structure"}, "a#Both": {"type": "structure"},
        "a#Nested": {"type": "structure"}, "a#E": {"type": "structure", "traits": {"smithy.api#error": "client"}},
        "a#Holder": {"type": "structure", "members": {"n": {"target": "a#Nested"}, "o": {"target": "a#Out"}}},
        "a#O": {"type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Out"}, "errors": [{"target": "a#E"}]},
        "a#P": {"type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Both"}},
        "a#Q": {"type": "operation", "input": {"target": "a#Both"}, "output": {"target": "smithy.api#Unit"}},
        "a#R": {"type": "operation", "input": {"target": "a#Nested"}}"#;
    for (shape, role) in [
        ("a#In", "Input"),
        ("a#Out", "Output"),
        ("a#E", "Error"),
        ("a#QOutput", "Output"),
        ("a#ROutput", "Output"),
    ] {
        check(shapes, shape, &[role]);
    }
    check(shapes, "a#Both", &[]);
    check(shapes, "a#Nested", &[]);
}

#[test]
fn a_structure_that_is_an_input_leaves_out_defaults_whatever_else_it_is() {
    let shapes = r#"
        "a#Shared": {"type": "structure", "members": {
            "m": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 5}}}},
        "a#Out": {"type": "structure", "members": {
            "m": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 5}},
            "shared": {"target": "a#Shared"}}},
        "a#O": {"type": "operation", "input": {"target": "a#Shared"}, "output": {"target": "a#Shared"}},
        "a#P": {"type": "operation", "output": {"target": "a#Out"}}"#;
    check(
        shapes,
        "a#Shared",
        &["m: Integer optional, else Integer(5)"],
    );
    check(
        shapes,
        "a#Out",
        &["Output", "m: Integer = Integer(5)", "shared: Shared"],
    );
}

#[test]
fn defaults_become_values_of_their_shape() {
    let cases = [
        ("Boolean", "true", "Boolean(true)"),
        ("Long", "5.0", "Integer(5)"),
        ("Double", "1e2", "Float(100.0)"),
        ("Double", r#""NaN""#, "Float(NaN)"),
        ("Double", r#""Infinity""#, "Float(inf)"),
        ("Float", r#""-Infinity""#, "Float(-inf)"),
        (
            "BigDecimal",
            "1.000000000000000000001",
            r#"Number("1.000000000000000000001")"#,
        ),
        (
            "BigInteger",
            r#""123456789012345678901""#,
            r#"Number("123456789012345678901")"#,
        ),
        ("BigDecimal", r#""-1e400""#, r#"Number("-1e400")"#),
        ("BigDecimal", "1e309", r#"Number("1e309")"#),
        (
            "BigInteger",
            "123456789012345678901",
            r#"Number("123456789012345678901")"#,
        ),
        ("String", r#""é""#, r#"String("é")"#),
        ("Blob", r#""YWI=""#, "Blob([97, 98])"),
        (
            "Timestamp",
            "-0.5",
            "Timestamp { seconds: -1, nanoseconds: 500000000 }",
        ),
        (
            "Timestamp",
            r#""1985-04-12T23:20:50.52Z""#,
            "Timestamp { seconds: 482196050, nanoseconds: 520000000 }",
        ),
        (
            "Timestamp",
            r#""1985-04-12T23:20:50.123456789Z""#,
            "Timestamp { seconds: 482196050, nanoseconds: 123000000 }",
        ),
        (
            "Document",
            "[]",
            "Document(Node { value: Array([]), range: None })",
        ),
    ];
    for (target, json, value) in cases {
        let shapes = format!(
            r#""a#T": {{"type": "structure", "members": {{"m": {{"target": "smithy.api#{target}", "traits": {{"smithy.api#default": {json}}}}}}}}}"#
        );
        check(&shapes, "a#T", &[&format!("m: {target} = {value}")]);
    }
}

#[test]
fn default_timestamps_have_the_format_of_their_member() {
    let member = |format: &str, default: &str| {
        format!(
            r#""a#T": {{"type": "structure", "members": {{"m": {{"target": "smithy.api#Timestamp",
                "traits": {{"smithy.api#timestampFormat": "{format}", "smithy.api#default": {default}}}}}}}}}"#
        )
    };
    let is = "m: Timestamp = Timestamp { seconds: 1716459630, nanoseconds: 0 }";
    let date = r#""Thu, 23 May 2024 10:20:30 GMT""#;
    check(&member("http-date", date), "a#T", &[is]);
    check(
        &member("date-time", r#""2024-05-23T10:20:30Z""#),
        "a#T",
        &[is],
    );
    check(
        &member("date-time", r#""2024-05-23t10:20:30z""#),
        "a#T",
        &[is],
    );
    check(&member("epoch-seconds", "1716459630"), "a#T", &[is]);
    let on_the_target = r#""a#T": {"type": "structure", "members": {"m": {"target": "a#Time",
            "traits": {"smithy.api#default": "Thu, 23 May 2024 10:20:30 GMT"}}}},
        "a#Time": {"type": "timestamp", "traits": {"smithy.api#timestampFormat": "http-date"}}"#;
    let is = "m: Time = Timestamp { seconds: 1716459630, nanoseconds: 0 }";
    check(on_the_target, "a#T", &[is]);
}

#[test]
fn literals_of_uris_are_decoded_and_print_encoded() {
    let text = service(
        "O",
        r#""a#O": {"type": "operation", "traits": {"smithy.api#http": {
            "method": "GET", "uri": "/v1:x/a%20b%2F%c3%a9/<>?p%3D=c+d/%26&flag"}}}"#,
    );
    let sources = files(&[&text]);
    let (model, _) = resolved(&sources).expect("the model is valid");
    let uri = model.operations.values().find_map(|it| it.http.as_ref());
    let uri = &uri.expect("the operation has a route").uri;
    let literals: Vec<&str> = uri
        .segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => &**text,
            _ => panic!("there are no labels"),
        })
        .collect();
    assert_eq!(literals, ["v1:x", "a b/é", "<>"]);
    assert_eq!(
        uri.query,
        [("p=".into(), "c+d/&".into()), ("flag".into(), "".into())]
    );
    assert_eq!(
        uri.to_string(),
        "/v1:x/a%20b%2F%C3%A9/%3C%3E?p%3D=c%2Bd/%26&flag"
    );
}

#[test]
fn operations_of_resources_and_the_errors_of_the_service_join_its_closure() {
    let text = r#"{"smithy": "2.0", "shapes": {
        "a#S": {"type": "service", "resources": [{"target": "a#R"}], "errors": [{"target": "a#Common"}],
            "traits": {"aws.protocols#restJson1": {}, "drawplate#validationError": "a#Invalid"}},
        "a#R": {"type": "resource", "read": {"target": "a#Get"}, "resources": [{"target": "a#Child"}]},
        "a#Child": {"type": "resource", "collectionOperations": [{"target": "a#Find"}]},
        "a#Get": {"type": "operation", "traits": {"smithy.api#readonly": {}}}, "a#Find": {"type": "operation"}, "a#Unbound": {"type": "operation"},
        "a#Common": {"type": "structure", "traits": {"smithy.api#error": "server"}},
        "a#Invalid": {"type": "structure", "traits": {"smithy.api#error": "client"}}
    }}"#;
    let (model, _) = resolved(&files(&[text])).expect("the model is valid");
    let (_, service) = model
        .services
        .iter()
        .next()
        .expect("the model has a service");
    let names: Vec<&str> = service
        .shapes
        .iter()
        .map(|id| model.shapes[*id].name.name())
        .collect();
    assert_eq!(
        names,
        [
            "Common",
            "FindInput",
            "FindOutput",
            "GetInput",
            "GetOutput",
            "Invalid"
        ]
    );
    let of = |name: &str| model.operations.values().find(|it| it.name.name() == name);
    let errors = |name| of(name).map_or(0, |operation| operation.errors.len());
    assert_eq!(
        (errors("Get"), errors("Find"), errors("Unbound")),
        (1, 1, 0)
    );
}

#[test]
fn a_case_may_repeat_the_binding_of_its_operation() {
    let unread = |request: &str, response: &str| {
        let operation = format!(
            r#""a#X": {{"type": "operation", "traits": {{
                "smithy.api#http": {{"method": "PUT", "uri": "/x", "code": 201}},
                "smithy.test#httpRequestTests": [{{"id": "request", "protocol": "aws.protocols#restJson1",
                    "method": "PUT", "uri": "/x", {request}}}],
                "smithy.test#httpResponseTests": [{{"id": "response", "protocol": "aws.protocols#restJson1",
                    "code": 201, {response}}}]
            }}}}"#
        );
        let sources = files(&[&service("X", &operation)]);
        let (model, _) = resolved(&sources).expect("the model is valid");
        let (request, response) = (&model.cases.requests[0], &model.cases.responses[0]);
        let heads = [&request.head, &response.head];
        heads.map(|head| head.unread.join(" "))
    };
    let repeated = unread(r#""code": 201"#, r#""method": "PUT", "uri": "/x""#);
    assert_eq!(repeated, ["", ""]);
    let other = unread(r#""code": 200"#, r#""method": "POST", "uri": "/y""#);
    assert_eq!(other, ["code", "method uri"]);
}
