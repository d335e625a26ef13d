//! Models that do not resolve, and where that is reported.

use super::{check_errors, files, resolved, service};
use crate::model::Protocol;

#[track_caller]
fn check(shapes: &str, expected: &[&str]) {
    let expected: Vec<String> = expected
        .iter()
        .map(|line| line.replacen(' ', " 0.json /shapes/", 1))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_errors(&[&service("", shapes)], &expected);
}

#[test]
fn references_that_lead_nowhere_or_to_the_wrong_kind() {
    check(
        r#""a#T": {"type": "structure", "members": {"m": {"target": "a#None"}, "n": {"target": "a#S"}}},
           "a#O": {"type": "operation", "input": {"target": "smithy.api#String"}, "errors": [{"target": "a#T"}]},
           "a#M": {"type": "map", "key": {"target": "a#T"}, "value": {"target": "a#T"}}"#,
        &[
            "E0104 a#M/key/target",
            "E0104 a#O/errors/0/target",
            "E0104 a#O/input/target",
            "E0103 a#T/members/m/target",
            "E0104 a#T/members/n/target",
        ],
    );
}

#[test]
fn mixins_that_contain_themselves_lack_the_trait_or_conflict() {
    let mixin = r#""traits": {"smithy.api#mixin": {}}"#;
    let shapes = format!(
        r#""a#A": {{"type": "structure", "mixins": [{{"target": "a#B"}}], {mixin}}},
           "a#B": {{"type": "structure", "mixins": [{{"target": "a#A"}}], {mixin}}},
           "a#P": {{"type": "structure"}},
           "a#Q": {{"type": "structure", "mixins": [{{"target": "a#P"}}, {{"target": "a#Str"}}, {{"target": "a#No"}}]}},
           "a#Str": {{"type": "string", {mixin}}},
           "a#X": {{"type": "structure", "members": {{"m": {{"target": "smithy.api#String"}}}}, {mixin}}},
           "a#Y": {{"type": "structure", "mixins": [{{"target": "a#X"}}], "members": {{"m": {{"target": "smithy.api#Long"}}}}}},
           "a#Z": {{"type": "structure", "members": {{"m": {{"target": "a#X"}}}}}}"#
    );
    check(
        &shapes,
        &[
            "E0106 a#B/mixins/0/target",
            "E0107 a#Q/mixins/0/target",
            "E0107 a#Q/mixins/1/target",
            "E0103 a#Q/mixins/2/target",
            "E0108 a#Y/members/m/target",
            "E0104 a#Z/members/m/target",
        ],
    );
}

#[test]
fn traits_that_are_applied_to_unknown_shapes_or_conflict() {
    check(
        r#""a#T": {"type": "structure", "members": {"m": {"target": "smithy.api#String", "traits": {"smithy.api#pattern": "a"}}}},
           "a#T$m": {"type": "apply", "traits": {"smithy.api#pattern": "b"}},
           "a#T$n": {"type": "apply", "traits": {"smithy.api#pattern": "b"}},
           "a#U": {"type": "apply", "traits": {"smithy.api#pattern": "b"}}"#,
        &[
            "E0102 a#T$m/traits/smithy.api#pattern",
            "E0105 a#T$n",
            "E0105 a#U",
        ],
    );
}

#[test]
fn definitions_that_differ_between_files() {
    let first = service(
        "",
        r#""a#T": {"type": "structure", "members": {"m": {"target": "smithy.api#String"}}}"#,
    );
    let second = r#"{"smithy": "2", "shapes": {"a#T": {"type": "structure", "members": {"m": {"target": "smithy.api#Long"}}}}}"#;
    check_errors(&[&first, second], &["E0101 1.json /shapes/a#T"]);
}

#[test]
fn trait_values_of_the_wrong_form() {
    check(
        r#""a#T": {"type": "structure", "members": {
                "a": {"target": "smithy.api#String", "traits": {"smithy.api#required": 1, "smithy.api#length": {"min": "1", "max": -2}}},
                "b": {"target": "smithy.api#Timestamp", "traits": {"smithy.api#timestampFormat": "iso"}}},
             "traits": {"smithy.api#error": "nobody", "smithy.api#httpError": 99999}}"#,
        &[
            "E0109 a#T/members/a/traits/smithy.api#length/max",
            "E0109 a#T/members/a/traits/smithy.api#length/min",
            "E0109 a#T/members/a/traits/smithy.api#required",
            "E0109 a#T/members/b/traits/smithy.api#timestampFormat",
            "E0109 a#T/traits/smithy.api#error",
            "E0109 a#T/traits/smithy.api#httpError",
        ],
    );
}

#[test]
fn defaults_that_are_not_values_of_their_shape() {
    let cases = [
        ("Byte", "128"),
        ("Integer", "1.5"),
        ("Long", "9223372036854775808"),
        ("Float", "1e300"),
        ("Double", "1e309"),
        ("BigDecimal", r#""NaN""#),
        ("Boolean", "0"),
        ("String", "1"),
        ("Blob", r#""%""#),
        ("Timestamp", r#""yesterday""#),
        ("BigInteger", "1.0"),
        ("Unit", "{}"),
    ];
    let member = |(name, value): &(&str, &str)| {
        format!(
            r#""{name}": {{"target": "smithy.api#{name}", "traits": {{"smithy.api#default": {value}}}}}"#
        )
    };
    let members: Vec<String> = cases.iter().map(member).collect();
    let shapes = format!(
        r#""a#T": {{"type": "structure", "members": {{{}}}}}"#,
        members.join(",")
    );
    let mut names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    let mut expected: Vec<String> = names
        .iter()
        .map(|name| format!("E0110 a#T/members/{name}/traits/smithy.api#default"))
        .collect();
    // `Unit` is the last one, and no member may target it.
    expected.insert(names.len() - 1, "E0104 a#T/members/Unit/target".into());
    check(
        &shapes,
        &expected.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn invalid_uri_patterns() {
    let patterns = [
        "x", "/a//b", "/a?", "/a/../b", "/{m}x", "/{m", "/a#b", "/a?b={m}", "/ä", "/%2e%2E", "/a%",
        "/a%4", "/a%zz", "/%ff", "/a?x=%", "/a?%fe",
    ];
    for pattern in patterns {
        let shapes = format!(
            r#""a#In": {{"type": "structure", "members": {{"m": {{"target": "smithy.api#String"}}}}}},
               "a#O": {{"type": "operation", "input": {{"target": "a#In"}}, "traits": {{"smithy.api#http": {{"method": "GET", "uri": "{pattern}"}}}}}}"#
        );
        check(&shapes, &["E0112 a#O/traits/smithy.api#http/uri"]);
    }
}

#[test]
fn labels_and_paths_that_name_nothing() {
    check(
        r#""a#O": {"type": "operation", "traits": {
                "smithy.api#http": {"method": "GET", "uri": "/{m}"}, "smithy.api#endpoint": {"hostPrefix": "{n}."},
                "smithy.api#paginated": {"inputToken": "a", "outputToken": "b.c"}}}"#,
        &[
            "E0113 a#O/traits/smithy.api#endpoint/hostPrefix",
            "E0113 a#O/traits/smithy.api#http/uri",
            "E0115 a#O/traits/smithy.api#paginated/inputToken",
            "E0115 a#O/traits/smithy.api#paginated/outputToken",
        ],
    );
}

#[test]
fn services_without_a_supported_protocol() {
    let text = |traits: &str| {
        format!(
            r#"{{"smithy": "2.0", "shapes": {{"a#S": {{"type": "service", "traits": {{{traits}}}}},
                "a#mine": {{"type": "structure", "traits": {{"smithy.api#trait": {{}}, "smithy.api#protocolDefinition": {{}}}}}}}}}}"#
        )
    };
    check_errors(&[&text("")], &["E0118 0.json /shapes/a#S"]);
    let own = ["E0117 0.json /shapes/a#S/traits/a#mine"];
    check_errors(&[&text(r#""a#mine": {}"#)], &own);
    let mqtt = r#""smithy.mqtt#mqttJson": {}"#;
    check_errors(
        &[&text(mqtt)],
        &["E0117 0.json /shapes/a#S/traits/smithy.mqtt#mqttJson"],
    );
    let both = text(&format!(r#"{mqtt}, "aws.protocols#awsJson1_0": {{}}"#));
    let (model, _) = resolved(&files(&[&both])).expect("one of the protocols is generated");
    let protocols: Vec<_> = model.services.values().map(|it| &*it.protocols).collect();
    assert_eq!(protocols, [[Protocol::AwsJson1_0]]);
}

#[test]
fn a_model_without_a_service() {
    let (model, _) = resolved(&files(&[r#"{"smithy": "2.0"}"#])).expect("it may be a library");
    assert!(model.services.is_empty());
}

#[test]
fn a_structure_made_for_an_operation_leaves_the_name_of_a_shape_alone() {
    let text = r#"{"smithy": "2.0", "shapes": {
        "a#S": {"type": "service", "operations": [{"target": "a#O"}, {"target": "a#P"}],
            "traits": {"aws.protocols#awsJson1_0": {}}},
        "a#O": {"type": "operation", "output": {"target": "a#OInput"}},
        "a#OInput": {"type": "structure"},
        "a#P": {"type": "operation"},
        "a#PInput": {"type": "operation"},
        "a#PInput_": {"type": "structure"}}}"#;
    let (model, _) = resolved(&files(&[text])).expect("the model is valid");
    let inputs = model.operations.values().map(|operation| {
        let input = &model.shapes[operation.input];
        assert!(input.kind.is_synthetic());
        input.name.as_str()
    });
    let inputs: Vec<_> = inputs.collect();
    assert_eq!(inputs, ["a#OInput_", "a#PInput__", "a#PInputInput"]);
}
