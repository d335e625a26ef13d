//! Changes random values into ones that a request can hold, and predicts what arrives.

use drawplate_runtime::schema::{Binding, Kind, Member};
use drawplate_runtime::service::{HostPart, Operation, Service};
use serde_json::{Map, Value, json};

use drawplate_tests::arbitrary::Arbitrary;

/// Changes values that cannot be sent: in a path, a header or a host, some are invalid.
pub(crate) fn fit(
    service: &Service,
    operation: &Operation,
    random: &mut Arbitrary,
    input: &mut Value,
) {
    let Value::Object(entries) = input else {
        return;
    };
    let hosts = operation
        .traits
        .host_prefix
        .iter()
        .filter_map(|part| match part {
            HostPart::Label(index) => operation.input.members.get(*index),
            HostPart::Literal(_) => None,
        });
    for member in hosts {
        entries[member.json_name] = json!(format!("a-{}", random.random.below(1000)));
    }
    if service.protocol().id() != "aws.protocols#restJson1" {
        return;
    }
    for member in operation.input.members {
        // What has a default is set in every random value; here it may be left out.
        if member.default.is_some() && random.random.below(2) == 0 {
            entries.remove(member.json_name);
        }
        let Some(value) = entries.get_mut(member.json_name) else {
            continue;
        };
        match member.binding {
            Binding::Label if *value == json!("") => *value = json!("x"),
            Binding::Header(_) => fit_header(value),
            Binding::PrefixHeaders(_) => fit_headers(value),
            _ => {}
        }
    }
}

/// Headers hold a line, and not the spaces around it.
fn fit_header(value: &mut Value) {
    if let Value::String(text) = value {
        *text = text.replace(char::is_control, "");
        *text = text.trim().to_owned();
    }
}

/// Names of headers are tokens, whatever their case.
fn fit_headers(value: &mut Value) {
    let Value::Object(entries) = value else {
        return;
    };
    let fitted = std::mem::take(entries)
        .into_iter()
        .map(|(name, mut value)| {
            let name = name
                .to_ascii_lowercase()
                .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            fit_header(&mut value);
            (name, value)
        });
    *entries = fitted.collect::<Map<_, _>>();
}

/// The input that arrives: a missing token is filled in, and members that cannot be sent are left
/// out.
pub(crate) fn sent(
    service: &Service,
    operation: &Operation,
    mut input: Value,
    token: &str,
) -> Value {
    let Value::Object(entries) = &mut input else {
        return input;
    };
    for member in operation.input.members {
        if member.idempotency_token && !entries.contains_key(member.json_name) {
            entries.insert(member.json_name.to_owned(), json!(token));
        }
        let nothing = entries
            .get(member.json_name)
            .is_some_and(|value| is_nothing(member, value));
        if service.protocol().id() == "aws.protocols#restJson1" && nothing {
            entries.remove(member.json_name);
        }
    }
    input
}

/// Whether a member disappears: a query or a group of headers cannot hold an empty list or map.
fn is_nothing(member: &Member, value: &Value) -> bool {
    match (member.binding, value) {
        (Binding::Query(_), Value::Array(elements)) => elements.is_empty(),
        (Binding::QueryParams | Binding::PrefixHeaders(_), Value::Object(entries)) => {
            entries.is_empty()
        }
        (Binding::Payload, Value::String(text)) => {
            member.target.kind != Kind::Blob && text.is_empty()
        }
        _ => false,
    }
}
