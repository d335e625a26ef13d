use super::*;
use crate::{Sources, model::Model};

/// The expression as an S-expression.
fn tree(expression: &Expression) -> String {
    use ExpressionKind as Kind;
    let all = |items: &[Expression]| items.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &expression.kind {
        Kind::Current => "@".to_owned(),
        Kind::Field(name) => name.to_string(),
        Kind::Index(index) => format!("[{index}]"),
        Kind::Slice(Slice { start, end, step }) => {
            let text = |bound: &Option<i64>| bound.map(|it| it.to_string()).unwrap_or_default();
            format!("[{}:{}:{step}]", text(start), text(end))
        }
        Kind::Literal(node) => node.to_string(),
        Kind::Chain(left, right) => format!("(. {} {})", tree(left), tree(right)),
        Kind::Flatten(inner) => format!("(flatten {})", tree(inner)),
        Kind::Project(projection, left, right) => {
            let (left, right) = (tree(left), tree(right));
            match projection {
                Projection::Elements => format!("(each {left} {right})"),
                Projection::Values => format!("(values {left} {right})"),
                Projection::Filter(condition) => {
                    format!("(filter {left} {} {right})", tree(condition))
                }
            }
        }
        Kind::And(left, right) => format!("(&& {} {})", tree(left), tree(right)),
        Kind::Or(left, right) => format!("(|| {} {})", tree(left), tree(right)),
        Kind::Not(inner) => format!("(! {})", tree(inner)),
        Kind::Compare(comparator, left, right) => {
            format!("({} {} {})", comparator.text(), tree(left), tree(right))
        }
        Kind::List(elements) => format!("[{}]", all(elements)),
        Kind::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| format!("{key}: {}", tree(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        Kind::Call(function, arguments) => format!("({} {})", function.name(), all(arguments)),
        Kind::Reference(inner) => format!("&{}", tree(inner)),
    }
}

#[test]
fn operators_bind_by_their_precedence() {
    for (text, expected) in [
        ("a.b.c", "(. (. a b) c)"),
        ("a | b.c", "(. a (. b c))"),
        ("a || b && c", "(|| a (&& b c))"),
        ("(a || b) && c", "(&& (|| a b) c)"),
        // As in the reference implementation.
        ("!a.b == c", "(== (. (! a) b) c)"),
        ("a[*].b.c", "(each a (. b c))"),
        ("a[*].b | [0]", "(. (each a b) (. @ [0]))"),
        ("a[*] == b", "(== (each a @) b)"),
        ("a[].b[-1]", "(each (flatten a) (. b [-1]))"),
        ("a[?b == `1`].c", "(filter a (== b 1) c)"),
        ("a.*.b", "(values a b)"),
        ("*.*", "(values @ (values @ @))"),
        ("a[1:2].b", "(each (. a [1:2:1]) b)"),
        ("[::-1]", "(each (. @ [::-1]) @)"),
        ("a.[b, c[0]]", "(. a [b (. c [0])])"),
        ("{\"x y\": a, z: 'it\\'s'}", "{x y: a z: \"it's\"}"),
        ("sort_by(a, &b.c)", "(sort_by a &(. b c))"),
        ("a.length(@) > `\"\\`\"`", "(> (. a (length @)) \"`\")"),
    ] {
        let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(tree(&expression), expected, "{text}");
    }
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (text, at, message) in [
        ("", 0, "expected an expression, but found the end"),
        (
            "a.",
            2,
            "expected a name, `*`, `[` or `{`, but found the end",
        ),
        ("a b", 2, "expected an operator or the end, but found `b`"),
        ("a[b]", 2, "expected a number, `:` or `]`, but found `b`"),
        ("a[0", 3, "expected a number, `:` or `]`, but found the end"),
        ("a[::0]", 5, "the step of a slice must not be zero"),
        ("a ^ b", 2, "unexpected `^`"),
        ("'a", 0, "the closing `\\'` is missing"),
        ("`{`", 0, "`{` is not JSON"),
        ("\"\\u\"", 0, "\"\\u\" is not a JSON string"),
        (
            "99999999999999999999",
            0,
            "`99999999999999999999` is not an integer of 64 bits",
        ),
        (
            "a.\"length\"(@)",
            2,
            "the name of a function must not be in quotes",
        ),
        ("a[0](b)", 4, "only a name can be called as a function"),
        (
            "x || lenght(a)",
            5,
            "there is no function `lenght`: did you mean `length`?",
        ),
        ("length()", 0, "`length` takes 1 argument, but has 0"),
        ("sort_by(a)", 0, "`sort_by` takes 2 arguments, but has 1"),
        (
            "not_null()",
            0,
            "`not_null` takes at least 1 argument, but has 0",
        ),
    ] {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!((error.at, &*error.message), (at, message), "{text}");
    }
}

#[test]
fn hostile_expressions_are_errors() {
    for text in ["(", "[", "!", "& ", "{a:", "a[?", "length("] {
        let error = Expression::parse(&text.repeat(100)).expect_err(text);
        assert!(error.message.contains("nested more than"), "{error}");
    }
    for text in ["a.", "a|", "*.", "a[*]."] {
        let error = Expression::parse(&text.repeat(400)).expect_err(text);
        assert_eq!(error.message, "the expression has more than 500 tokens");
    }
}

const MODEL: &str = r#"
$version: "2"
namespace a
@aws.protocols#restJson1
service S { operations: [Get] }
@http(method: "GET", uri: "/")
operation Get { output: Output }
structure Output {
    text: String, number: Integer, flag: Boolean, when: Timestamp, open: Document,
    tags: Tags, items: Items, map: ItemMap, state: State
}
list Tags { member: String }
list Items { member: Item }
map ItemMap { key: String, value: Item }
structure Item { name: String, count: Long, inner: Item, items: Items }
enum State { ON, OFF }
"#;

/// The type of an expression, and the problems in it.
fn checked(text: &str) -> (Type, Vec<String>) {
    let (model, _): (Model, _) = {
        let sources = Sources::from_texts([("model.smithy".into(), MODEL.into())]);
        crate::build(&sources).unwrap_or_else(|report| panic!("{}", report.render(&sources, false)))
    };
    let operation = model.operations.values().next().expect("an operation");
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let current = Type::of_shape(&model, operation.output);
    let (found, problems) = check(&model, &expression, &current);
    let line = |problem: Problem| {
        let Problem {
            is_error,
            message,
            at,
        } = problem;
        let severity = if is_error { "error" } else { "warning" };
        format!("{severity} at {at}: {message}")
    };
    (found, problems.into_iter().map(line).collect())
}

#[test]
fn expressions_have_the_types_of_the_model() {
    let array = |inner: Type| Type::Array(Box::new(inner));
    for (text, expected) in [
        ("text", Type::String),
        ("state", Type::String),
        ("when", Type::Number),
        ("open.a.b", Type::Any),
        ("tags[0]", Type::String),
        ("items[].inner.items[].name", array(Type::String)),
        ("items[?count > `1`].name", array(Type::String)),
        ("map.*.name", array(Type::String)),
        ("map.anything.count", Type::Number),
        (
            "length(items[?!(inner.count == count)]) == `0`",
            Type::Boolean,
        ),
        ("[text, state]", array(Type::String)),
        ("{a: text}.a", Type::String),
        ("keys(map)", array(Type::String)),
        ("max(items[].count) > `2`", Type::Boolean),
        ("sort_by(items, &name)[0].count", Type::Number),
        ("`[{\"a\": [1]}]`[0].a", array(Type::Number)),
        ("text || number", Type::Any),
        ("contains(tags, 'x')", Type::Boolean),
    ] {
        assert_eq!(checked(text), (expected, Vec::new()), "{text}");
    }
}

#[test]
fn what_does_not_fit_the_model_is_a_problem() {
    for (text, expected) in [
        (
            "items[].nam",
            "warning at 8: `a#Item` has no `nam`: did you mean `name`?",
        ),
        ("text.a", "warning at 5: `a` is applied to a string"),
        ("text[0]", "warning at 4: `[0]` is applied to a string"),
        ("text[]", "warning at 4: `[]` is applied to a string"),
        ("text[*].a", "warning at 4: `[*]` is applied to a string"),
        ("tags.*", "warning at 4: `*` is applied to an array"),
        ("map[?a]", "warning at 3: `[?]` is applied to an object"),
        ("text[0:1]", "warning at 4: a slice is applied to a string"),
        ("text < flag", "warning at 5: `<` is applied to a string"),
        ("{a: text}.b", "warning at 10: the object has no `b`"),
        (
            "length(number)",
            "error at 7: an argument of `length` must be an array, a string or an object, but is \
             a number",
        ),
        (
            "sort_by(items, name)",
            "warning at 15: `a#Output` has no `name`",
        ),
        (
            "&text",
            "error at 0: an expression after `&` must be an argument of a function",
        ),
    ] {
        let (_, problems) = checked(text);
        assert_eq!(
            problems.first().map(String::as_str),
            Some(expected),
            "{text}"
        );
    }
}
