//! Values arrive unchanged: the implementation receives the input of the caller, and the caller the
//! output or error of the implementation, for random valid values.
//!
//! Values that a message cannot carry are skipped and counted by reason; see
//! [`Valid::not_carried`]. Operations with streams are left out: their bodies are not values.

use std::collections::BTreeMap;

use drawplate_model::model::{Binding, DefaultValue, Member, Operation, Presence, TimestampFormat};

use drawplate_runtime::Schema;

use crate::json::Json;
use crate::services::{self, Exchange, Got, Peer, Script, ScriptedResponse, TOKEN};
use crate::valid::{Fill, HOST_LABEL, Message, NEGATIVE_ZERO, Valid, taken_parameters};

/// The reasons why values are not carried that do not depend on the bindings of members.
const IN_ANY_PROTOCOL: [&str; 2] = [HOST_LABEL, NEGATIVE_ZERO];

/// Exchanges per output and error of each operation.
const CASES: u64 = 24;

#[derive(Default)]
struct Tally {
    exchanges: usize,
    not_carried: BTreeMap<&'static str, usize>,
}

fn check(peer: &Peer) -> Tally {
    let script = Script::default();
    let router = peer.router(&script);
    let mut tally = Tally::default();
    for (_, operation) in peer.operations() {
        let responses = 1 + operation.errors.len();
        for response in 0..responses {
            for seed in 0..CASES {
                let fill = match seed {
                    0 => Fill::Least,
                    1 => Fill::All,
                    _ => Fill::Random,
                };
                let mut valid = Valid::new(&peer.model, peer.wire(), seed << 8, fill);
                let input = valid.input(operation);
                let given = given(&mut valid, operation, response);
                script.give(given.clone());
                let what = format!(
                    "{} {}, seed {seed}:\n{input}\n{given:?}",
                    peer.name,
                    operation.name.name()
                );
                let exchange = peer.call(&router, operation.name.name(), &input.to_string());
                check_exchange(peer, operation, &exchange, &given, &script, &what);
                tally.exchanges += 1;
                for (why, count) in valid.not_carried {
                    *tally.not_carried.entry(why).or_default() += count;
                }
            }
        }
    }
    tally
}

/// The output, or one of the errors.
pub(crate) fn given(
    valid: &mut Valid<'_>,
    operation: &Operation,
    response: usize,
) -> ScriptedResponse {
    let message = Message::Response;
    match response.checked_sub(1) {
        None => ScriptedResponse::Output(valid.message(operation.output, message).to_string()),
        Some(index) => {
            let error = valid.message(operation.errors[index], message);
            ScriptedResponse::Error(index, error.to_string())
        }
    }
}

fn check_exchange(
    peer: &Peer,
    operation: &Operation,
    exchange: &Exchange,
    given: &ScriptedResponse,
    script: &Script,
    what: &str,
) {
    let Some(seen) = script.seen() else {
        panic!("{:?} instead of a call, {what}", exchange.got)
    };
    assert_eq!(seen.operation, operation.name.name(), "{what}");
    let parse = |json: &str| Json::parse(json.as_bytes()).expect("the codec writes JSON");
    let (expected, received) = (parse(&exchange.sent), parse(&seen.input));
    let (expected, received) = arrives(peer, operation, expected, received);
    assert_eq!(sorted(received), sorted(expected), "the input, {what}");
    let expected = match given {
        ScriptedResponse::Output(_) => {
            let Got::Output(output) = &exchange.got else {
                panic!("{:?} instead of an output, {what}", exchange.got)
            };
            let expected = filled(peer, operation, parse(&seen.gave));
            assert_eq!(
                sorted(parse(output)),
                sorted(expected),
                "the output, {what}"
            );
            return;
        }
        ScriptedResponse::Error(index, _) => {
            let error = peer.model.shapes[operation.errors[*index]].name.name();
            let names = peer
                .service
                .operations
                .iter()
                .flat_map(|operation| operation.errors);
            let name = names
                .map(|schema| schema.name())
                .find(|name| *name == error);
            Got::Error(name.expect("the error was generated"), seen.gave)
        }
    };
    assert_eq!(exchange.got, expected, "the response, {what}");
}

/// The output that a client gets: missing defaults are filled in.
pub(crate) fn filled(peer: &Peer, operation: &Operation, mut given: Json) -> Json {
    for member in peer.model.shapes[operation.output].kind.members() {
        let name = &member.json_name;
        if let (None, Presence::Optional(Some(default))) = (given.get(name), &member.presence) {
            given.set(name, default_value(member, default));
        }
    }
    given
}

/// The input that an implementation receives: missing tokens and defaults are filled in. A map of
/// all parameters includes those of the route and of other members (Smithy 2.0, "httpQueryParams
/// trait").
fn arrives(peer: &Peer, operation: &Operation, mut sent: Json, mut received: Json) -> (Json, Json) {
    for member in peer.model.shapes[operation.input].kind.members() {
        let name = &member.json_name;
        if sent.get(name).is_none() {
            if member.idempotency_token {
                sent.set(name, Json::text(TOKEN));
            } else if let Presence::Optional(Some(default)) | Presence::Default(default) =
                &member.presence
            {
                sent.set(name, default_value(member, default));
            }
        }
        if member.binding == Binding::QueryParams && peer.wire().binds() {
            let taken = taken_parameters(&peer.model, operation);
            if let Some(Json::Object(mut entries)) = received.get(name).cloned() {
                entries.retain(|(name, _)| !taken.contains(&name.as_str()));
                received.set(name, Json::Object(entries));
                if sent.get(name).is_none() {
                    sent.set(name, Json::Object(Vec::new()));
                }
            }
        }
    }
    (sent, received)
}

/// Sorts all entries, since the order of defaults does not matter.
pub(crate) fn sorted(json: Json) -> Json {
    match json {
        Json::Object(mut entries) => {
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            Json::Object(entries)
        }
        other => other,
    }
}

fn default_value(member: &Member, default: &DefaultValue) -> Json {
    match default {
        DefaultValue::Boolean(value) => Json::Bool(*value),
        DefaultValue::Integer(value) => Json::number(value),
        DefaultValue::Float(f64::NEG_INFINITY) => Json::text("-Infinity"),
        DefaultValue::Float(value) => Json::number(value),
        DefaultValue::Number(digits) => Json::number(digits),
        DefaultValue::String(text) => Json::text(&**text),
        DefaultValue::EmptyList => Json::Array(Vec::new()),
        DefaultValue::EmptyMap => Json::Object(Vec::new()),
        DefaultValue::Document(value) => {
            Json::parse(value.to_string().as_bytes()).expect("a document is JSON")
        }
        DefaultValue::Blob(bytes) => {
            use base64::Engine as _;
            Json::text(base64::engine::general_purpose::STANDARD.encode(bytes))
        }
        DefaultValue::Timestamp {
            seconds,
            nanoseconds: 0,
        } if matches!(
            member.timestamp_format,
            None | Some(TimestampFormat::EpochSeconds)
        ) =>
        {
            Json::number(seconds)
        }
        DefaultValue::Timestamp { .. } => panic!("no rule for the default of `{}`", member.name),
    }
}

/// Checks that every output and error of every operation was used.
fn is_complete(peer: &Peer, tally: &Tally) {
    let streams = |schema: &Schema| schema.members.iter().any(|member| member.streaming);
    let operations = peer.service.operations.iter();
    let responses = operations
        .filter(|operation| !streams(operation.input) && !streams(operation.output))
        .map(|operation| 1 + operation.errors.len());
    let expected = responses.sum::<usize>() * usize::try_from(CASES).expect("it fits");
    assert_eq!(tally.exchanges, expected);
    println!(
        "{}: {} exchanges; not carried: {:#?}",
        peer.name, tally.exchanges, tally.not_carried
    );
}

fn check_in_each_protocol(peer: &Peer) {
    for peer in peer.in_each_protocol() {
        let tally = check(&peer);
        is_complete(&peer, &tally);
        let carries_all = tally
            .not_carried
            .keys()
            .all(|why| IN_ANY_PROTOCOL.contains(why));
        assert!(
            peer.wire().binds() || carries_all,
            "a document carries everything: {:?}",
            tally.not_carried
        );
    }
}

#[test]
fn values_of_the_amplify_admin_ui_api_come_and_go_unchanged() {
    check_in_each_protocol(&services::amplify());
}

#[test]
fn values_of_amazon_cognito_come_and_go_unchanged() {
    check_in_each_protocol(&services::cognito());
}

#[test]
fn values_of_every_kind_come_and_go_unchanged() {
    check_in_each_protocol(&services::kitchen());
}

#[test]
fn values_of_a_service_with_several_protocols_come_and_go_unchanged() {
    check_in_each_protocol(&services::polyglot());
}

#[test]
fn values_with_the_traits_of_alloy_come_and_go_unchanged() {
    let peer = services::animals().in_its_protocols();
    is_complete(&peer, &check(&peer));
}
