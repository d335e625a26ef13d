//! `testParameters` of malformed requests: one case becomes one for each set of values (Smithy 2.0, "httpMalformedRequestTests trait").

use std::borrow::Cow;

use crate::ast::{Json, Object};
use crate::diagnostic::{Code, Diagnostic, Report};

use super::node::Node;

/// A value for each parameter.
pub(super) type Set<'t> = Vec<(&'t str, &'t str)>;

/// The sets of values, in their order; `None` where the case has no parameters.
pub(super) fn sets<'t>(node: &Node<'t, '_>, report: &mut Report) -> Option<Vec<Set<'t>>> {
    let parameters = node.get("testParameters")?.entries(report)?;
    let mut sets = Vec::<Set<'t>>::new();
    let mut first = None;
    for (name, values) in parameters {
        let values = values.items(report)?;
        let count = *first.get_or_insert(values.len());
        if values.len() != count {
            let message = format!(
                "the parameters of the test case have {count} values, and `{name}` has {}",
                values.len()
            );
            refuse(
                node,
                message,
                "each case takes one value of each parameter",
                report,
            );
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

fn refuse(node: &Node<'_, '_>, message: String, help: &str, report: &mut Report) {
    report.push(
        Diagnostic::new(Code::CaseParameters, message, node.at())
            .shape(node.shape())
            .help(help),
    );
}

/// The case with the values of a set in the place of their parameters; `None` where a parameter has no value, which is reported.
pub(super) fn expand<'a>(
    node: &Node<'_, 'a>,
    set: &Set<'_>,
    report: &mut Report,
) -> Option<Json<'a>> {
    let expanded = json(node.json(), set);
    if let Err(unknown) = &expanded {
        let message = format!("`{unknown}` stands for no parameter of the test case");
        let help = "a parameter is written `$name:L` as it is, or `$name:S` as a JSON string; `$$` is a dollar";
        refuse(node, message, help, report);
    }
    expanded.ok()
}

fn json<'a>(value: &Json<'a>, set: &Set<'_>) -> Result<Json<'a>, String> {
    Ok(match value {
        Json::String(text) if text.contains('$') => {
            Json::String(Cow::Owned(self::text(text, set)?))
        }
        Json::Array(items) => Json::Array(
            items
                .iter()
                .map(|item| json(item, set))
                .collect::<Result<_, _>>()?,
        ),
        Json::Object(object) => {
            let entry = |(key, value): &(Cow<'a, str>, Json<'a>)| {
                // The values themselves may hold dollars, and prose is prose.
                let kept = matches!(&**key, "testParameters" | "documentation");
                let value = if kept {
                    value.clone()
                } else {
                    json(value, set)?
                };
                Ok((key.clone(), value))
            };
            let entries = object.entries.iter().map(entry);
            Json::Object(Object {
                entries: entries.collect::<Result<_, String>>()?,
            })
        }
        other => other.clone(),
    })
}

/// A text with the values of a set; the placeholder that has none is the error.
fn text(text: &str, set: &Set<'_>) -> Result<String, String> {
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
                expanded.push_str(&serde_json::Value::from(value).to_string());
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
    fn what_is_no_parameter_is_named() {
        check("$missing:L", Err("$missing:L"));
        check("$value", Err("$value"));
        check("$value:X", Err("$value:X"));
        check("$", Err("$"));
    }
}
