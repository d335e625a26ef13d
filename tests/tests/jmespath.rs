//! JMESPath: the parser of the model and the evaluation of the runtime, together.

use drawplate_model::jmespath::{self as parsed, ExpressionKind, Projection};
use drawplate_model::node::Value;
use drawplate_runtime::Document;
use drawplate_runtime::jmespath::{Comparator, Expression, Function, InvalidType};
use drawplate_tests as support;

/// What an expression leads to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value(Document),
    InvalidType,
    SyntaxError,
}

fn evaluate(text: &str, given: &Document) -> Outcome {
    let Ok(expression) = parsed::Expression::parse(text) else {
        return Outcome::SyntaxError;
    };
    match convert(&expression).evaluate(given) {
        Ok(value) => Outcome::Value(value.into_owned()),
        Err(InvalidType) => Outcome::InvalidType,
    }
}

/// The expression as generated code has it.
fn convert(expression: &parsed::Expression) -> Expression {
    let text = |text: &str| &*String::from(text).leak();
    let inner = |inner: &parsed::Expression| &*Box::leak(Box::new(convert(inner)));
    let all = |all: &[parsed::Expression]| &*all.iter().map(convert).collect::<Vec<_>>().leak();
    match &expression.kind {
        ExpressionKind::Current => Expression::Current,
        ExpressionKind::Field(name) => Expression::Field(text(name)),
        ExpressionKind::Index(index) => Expression::Index(*index),
        ExpressionKind::Slice(parsed::Slice { start, end, step }) => Expression::Slice {
            start: *start,
            end: *end,
            step: *step,
        },
        ExpressionKind::Literal(node) => match &node.value {
            Value::Null => Expression::Null,
            Value::Boolean(value) => Expression::Boolean(*value),
            Value::String(value) => Expression::Text(text(value)),
            Value::Number(number) => match number.as_i64() {
                Some(value) if value.to_string() == number.as_str() => Expression::Integer(value),
                _ => Expression::Literal(text(number.as_str())),
            },
            Value::Array(_) | Value::Object(_) => Expression::Literal(text(&node.to_string())),
        },
        ExpressionKind::Chain(left, right) => Expression::Chain(inner(left), inner(right)),
        ExpressionKind::Flatten(array) => Expression::Flatten(inner(array)),
        ExpressionKind::Project(projection, left, right) => {
            let (left, right) = (inner(left), inner(right));
            match projection {
                Projection::Elements => Expression::Elements(left, right),
                Projection::Values => Expression::Values(left, right),
                Projection::Filter(condition) => Expression::Filter(left, inner(condition), right),
            }
        }
        ExpressionKind::And(left, right) => Expression::And(inner(left), inner(right)),
        ExpressionKind::Or(left, right) => Expression::Or(inner(left), inner(right)),
        ExpressionKind::Not(operand) => Expression::Not(inner(operand)),
        ExpressionKind::Compare(comparator, left, right) => {
            let comparator = match comparator {
                parsed::Comparator::Equal => Comparator::Equal,
                parsed::Comparator::NotEqual => Comparator::NotEqual,
                parsed::Comparator::Less => Comparator::Less,
                parsed::Comparator::LessOrEqual => Comparator::LessOrEqual,
                parsed::Comparator::Greater => Comparator::Greater,
                parsed::Comparator::GreaterOrEqual => Comparator::GreaterOrEqual,
            };
            Expression::Compare(comparator, inner(left), inner(right))
        }
        ExpressionKind::List(elements) => Expression::List(all(elements)),
        ExpressionKind::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (text(key), convert(value)));
            Expression::Object(entries.collect::<Vec<_>>().leak())
        }
        ExpressionKind::Call(function, arguments) => {
            Expression::Call(function_of(*function), all(arguments))
        }
        ExpressionKind::Reference(argument) => Expression::Reference(inner(argument)),
    }
}

/// The function of the runtime with the same name.
fn function_of(function: parsed::Function) -> Function {
    use Function::*;
    let all = [
        Abs, Avg, Ceil, Contains, EndsWith, Floor, Join, Keys, Length, Map, Max, MaxBy, Merge, Min,
        MinBy, NotNull, Reverse, Sort, SortBy, StartsWith, Sum, ToArray, ToNumber, ToString, Type,
        Values,
    ];
    let mut all = all.into_iter();
    let same = all.find(|it| format!("{it:?}") == function.variant());
    same.unwrap_or_else(|| panic!("the runtime has no function `{}`", function.name()))
}

fn document(json: &str) -> Document {
    json.parse().expect("JSON")
}

#[test]
fn every_function_of_the_model_is_one_of_the_runtime() {
    for function in parsed::Function::ALL {
        function_of(*function);
    }
}

#[test]
fn expressions_have_their_values() {
    let given = document(
        r#"{"services": [
            {"name": "b", "running": 2, "desired": 2, "deployments": [1]},
            {"name": "a", "running": 1, "desired": 2, "deployments": [1, 2]}
        ], "big": 9007199254740993, "text": "h\u00e9llo", "none": null}"#,
    );
    for (text, expected) in [
        ("services[].name", r#"["b", "a"]"#),
        ("services[?running == desired].name | [0]", r#""b""#),
        (
            "length(services[?!(length(deployments) == `1` && running == desired)]) == `0`",
            "false",
        ),
        ("services[-1].name", r#""a""#),
        ("services[-3].name", "null"),
        ("services[::-1].name", r#"["a", "b"]"#),
        ("sort_by(services, &name)[*].running", "[1, 2]"),
        ("max_by(services, &running).name", r#""b""#),
        (
            "services[*].{n: name, d: deployments[1]}",
            r#"[{"n":"b","d":null},{"n":"a","d":2}]"#,
        ),
        // Exact, although doubles cannot tell them apart.
        ("big == `9007199254740992`", "false"),
        ("big > `9007199254740992`", "true"),
        ("length(text)", "5"),
        ("reverse(text)", r#""oll\u00e9h""#),
        ("none.a.b", "null"),
        ("none.[a]", "null"),
        ("none || text", r#""h\u00e9llo""#),
        ("`1` < 'a'", "null"),
        (
            "services[0:9223372036854775807:9223372036854775807].name",
            r#"["b"]"#,
        ),
        ("services[-9223372036854775808:].name", r#"["b", "a"]"#),
        ("abs(`-9223372036854775808`)", "9223372036854775808"),
        ("abs(`-1.5`)", "1.5"),
        ("to_number('1e2') == `100`", "true"),
        ("to_number('abc')", "null"),
    ] {
        let expected = Outcome::Value(document(expected));
        assert_eq!(evaluate(text, &given), expected, "{text}");
    }
    for text in [
        "length(none)",
        "sum(`[1, \"a\"]`)",
        "abs(`1e400`)",
        "sort(`[1, \"a\"]`)",
    ] {
        assert_eq!(evaluate(text, &given), Outcome::InvalidType, "{text}");
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/smithy")]
fn the_compliance_suite_passes() {
    let mut cases = 0;
    for entry in std::fs::read_dir(support::shared("smithy/jmespath")).expect("the suite") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let suite = document(&std::fs::read_to_string(&path).expect("a text"));
        for group in suite.as_list().expect("a list of groups") {
            for case in group["cases"].as_list().expect("a list of cases") {
                let text = case["expression"].as_str().expect("an expression");
                let given = &group["given"];
                let found = evaluate(text, given);
                let expected = match case["error"].as_str() {
                    _ if !case["bench"].is_null() => continue,
                    None => Outcome::Value(case["result"].clone()),
                    Some("invalid-type") => Outcome::InvalidType,
                    Some(_) => Outcome::SyntaxError,
                };
                assert_eq!(found, expected, "{}: {text} of {given}", path.display());
                cases += 1;
            }
        }
    }
    assert!(cases > 850, "{cases}");
}
