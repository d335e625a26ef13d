//! `testParameters` of malformed requests: a case becomes one case for each set of values (Smithy
//! 2.0, "httpMalformedRequestTests trait").

use std::borrow::Cow;

use super::super::part::ValuePart;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Text, Value};

/// A value for each parameter.
pub(super) type ParameterValues<'t> = Vec<(&'t str, &'t str)>;

/// The sets of values, in order; `None` if the case has no parameters.
pub(super) fn sets<'t>(
    case: &ValuePart<'t, '_>,
    report: &mut Report,
) -> Option<Vec<ParameterValues<'t>>> {
    let parameters = case.get("testParameters")?.entries(report)?;
    let mut sets = Vec::<ParameterValues<'t>>::new();
    let mut first = None;
    for (name, values) in parameters {
        let values = values.items(report)?;
        let count = *first.get_or_insert(values.len());
        if values.len() != count {
            let message = format!(
                "the parameters of the test case have {count} values, but `{name}` has {}",
                values.len()
            );
            let help = "give every parameter the same number of values: one per expanded case";
            invalid(case, message, help, report);
            return Some(Vec::new());
        }
        sets.resize_with(count, Vec::new);
        for (set, value) in sets.iter_mut().zip(values) {
            match value.text() {
                Some(text) => set.push((name, text)),
                None => value.malformed("a string", report),
            }
        }
    }
    Some(sets)
}

fn invalid(case: &ValuePart<'_, '_>, message: String, help: &str, report: &mut Report) {
    report.push(
        Diagnostic::new(Code::CaseParameters, message, case.location())
            .shape(case.shape())
            .help(help),
    );
}

/// The case with its parameters replaced by the values of a set. A placeholder without a value is
/// reported.
pub(super) fn expand<'a>(
    case: &ValuePart<'_, 'a>,
    set: &ParameterValues<'_>,
    report: &mut Report,
) -> Option<Node<'a>> {
    let expanded = node(case.value(), set);
    if let Err(unknown) = &expanded {
        let message = format!("`{unknown}` is not a parameter of the test case");
        let help = "write `$name:L` for the value of a parameter, `$name:S` for the value as a JSON \
                    string, and `$$` for a dollar sign";
        invalid(case, message, help, report);
    }
    expanded.ok()
}

fn node<'a>(template: &Node<'a>, set: &ParameterValues<'_>) -> Result<Node<'a>, String> {
    let value = match &template.value {
        Value::String(text) if text.contains('$') => {
            Value::String(Cow::Owned(self::text(text, set)?))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| node(item, set));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let entry = |(key, value): &(Text<'a>, Node<'a>)| {
                // The values themselves may hold dollar signs, and so may prose.
                let kept = matches!(&**key, "testParameters" | "documentation");
                let value = if kept {
                    value.clone()
                } else {
                    node(value, set)?
                };
                Ok((key.clone(), value))
            };
            let entries = object.entries.iter().map(entry);
            Value::Object(Object {
                entries: entries.collect::<Result<_, String>>()?,
            })
        }
        other => other.clone(),
    };
    Ok(Node {
        value,
        range: template.range,
    })
}

/// A text with its placeholders replaced. The error is a placeholder without a value.
fn text(text: &str, set: &ParameterValues<'_>) -> Result<String, String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            expanded.push('$');
            rest = after;
            continue;
        }
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, form) = after.split_at(end.unwrap_or(after.len()));
        let found = set.iter().find(|(other, _)| *other == name);
        let value = found.map(|(_, value)| *value);
        match (value, form.as_bytes()) {
            (Some(value), [b':', b'L', ..]) => expanded.push_str(value),
            (Some(value), [b':', b'S', ..]) => {
                expanded.push_str(&Node::from(value).to_string());
            }
            _ => return Err(format!("${name}{}", form.get(..2).unwrap_or_default())),
        }
        rest = &form[2..];
    }
    expanded.push_str(rest);
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: Result<&str, &str>) {
        let set = vec![("value", "a\"b"), ("other", "$x")];
        let expanded = text(template, &set);
        assert_eq!(
            expanded.as_deref().map_err(String::as_str),
            expected,
            "{template}"
        );
    }

    #[test]
    fn parameters_are_put_in_literally_or_quoted() {
        check("{$value:L}", Ok("{a\"b}"));
        check("{$value:S}", Ok("{\"a\\\"b\"}"));
        check("$other:L$other:L $$value:L", Ok("$x$x $value:L"));
        check("nothing", Ok("nothing"));
    }

    #[test]
    fn an_unknown_parameter_is_named() {
        check("$missing:L", Err("$missing:L"));
        check("$value", Err("$value"));
        check("$value:X", Err("$value:X"));
        check("$", Err("$"));
    }
}
