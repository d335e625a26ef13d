//! Changes valid requests at random: the server never panics, responds with 5xx only if the
//! implementation does, and agrees with the oracle.
//!
//! If the oracle has a verdict, a valid request must reach the implementation, and an invalid one
//! must be rejected with one of the statuses, or exactly the violations, of the verdict.
//! `DRAWPLATE_FUZZ_REQUESTS` is the number of requests per service and protocol,
//! `DRAWPLATE_FUZZ_SEED` the first seed, `DRAWPLATE_FUZZ_PROTOCOL` a part of the ID of the protocol
//! to test; a failure prints its seed and its request.

use std::collections::BTreeMap;
use std::time::Instant;

use drawplate_model::model::Operation;

use crate::json::Json;
use crate::mutate::mutate;
use crate::oracle::Oracle;
use crate::protocols::{Format, PROTOCOLS};
use crate::raw::{BufferedResponse, Raw, send};
use crate::services::{self, Peer, Script, ScriptedResponse};
use crate::valid::{Fill, Message, Valid};
use crate::violations::check_violations;
use drawplate_tests::random::Random;

/// The default number of requests per service and protocol.
const REQUESTS: u64 = 600;
/// Requests per router; a new one is made then, since its mock keeps all calls.
const CALLS: u64 = 5000;

#[derive(Debug, Default)]
struct Tally {
    requests: u64,
    /// Those that the types of HTTP cannot represent.
    impossible: u64,
    accepted: u64,
    /// Rejected with all violations of the verdict.
    invalid: u64,
    /// To operations with streams, which are not judged.
    streams: u64,
    /// Rejected for any other reason.
    refused: u64,
    unsure: BTreeMap<&'static str, u64>,
    statuses: BTreeMap<u16, u64>,
}

impl Tally {
    fn unsure(&self) -> u64 {
        self.unsure.values().sum()
    }
}

struct Fuzz<'p> {
    peer: &'p Peer,
    oracle: Oracle<'p>,
    operations: Vec<&'p Operation>,
    /// An output of each operation.
    outputs: Vec<String>,
    script: Script,
    router: drawplate_runtime::server::Router,
    tally: Tally,
}

impl<'p> Fuzz<'p> {
    fn new(peer: &'p Peer) -> Self {
        let operations = peer
            .operations()
            .map(|(_, operation)| operation)
            .collect::<Vec<_>>();
        // What a protocol with bindings carries is carried by all, and XML carries the least.
        let mut wires = peer.wires.iter().rev();
        let least = wires.clone().find(|wire| wire.format == Format::Xml);
        let wire = *least.or(wires.next()).expect("a service has a protocol");
        let mut valid = Valid::new(&peer.model, wire, 5, Fill::All);
        let outputs = operations.iter().map(|operation| {
            valid
                .message(operation.output, Message::Response)
                .to_string()
        });
        let script = Script::default();
        Self {
            peer,
            oracle: Oracle::new(peer),
            outputs: outputs.collect(),
            operations,
            router: peer.router(&script),
            script,
            tally: Tally::default(),
        }
    }

    fn run(&mut self, seeds: std::ops::Range<u64>) {
        for seed in seeds {
            if seed % CALLS == 0 {
                self.router = self.peer.router(&self.script);
            }
            self.one(seed);
        }
    }

    fn one(&mut self, seed: u64) {
        let mut random = Random::new(seed);
        let mut operation = *random.pick(&self.operations);
        // Operations with an input are called more often.
        if self.peer.model.shapes[operation.input]
            .kind
            .members()
            .next()
            .is_none()
        {
            operation = *random.pick(&self.operations);
        }
        let fill = *random.pick(&[Fill::Least, Fill::Random, Fill::Random]);
        let wire = *random.pick(&self.peer.wires);
        let input = Valid::new(&self.peer.model, wire, random.number(), fill).input(operation);
        let make = |input: &Json| Raw::new(self.peer, wire, operation, input);
        let raw = mutate(&mut random, wire, &input, make);
        let Some(request) = raw.request() else {
            self.tally.impossible += 1;
            return;
        };
        self.tally.requests += 1;
        let what = || format!("{}, seed {seed}:\n{}\n", self.peer.name, raw.shown());
        let verdict = self.oracle.judge(&raw);
        self.script.give(self.output(verdict.operation));
        let response = send(&self.router, request);
        *self
            .tally
            .statuses
            .entry(response.status.as_u16())
            .or_default() += 1;
        let call = self.script.seen();
        if verdict
            .operation
            .is_some_and(|operation| self.peer.streams(operation))
        {
            // The mock has no closure for these.
            self.tally.streams += 1;
            return;
        }
        assert!(
            response.status.as_u16() < 500,
            "{} in {}",
            response.status,
            what()
        );
        if call.is_some() {
            assert!(
                response.status.is_success(),
                "{} for what was answered, {}",
                response.status,
                what()
            );
        }
        if let Some(why) = verdict.unsure {
            *self.tally.unsure.entry(why).or_default() += 1;
            return;
        }
        let body = String::from_utf8_lossy(&response.body).into_owned();
        match call {
            Some(call) => {
                self.tally.accepted += 1;
                let wrong = (&verdict.statuses, &verdict.violations);
                assert!(
                    verdict.statuses.is_empty() && verdict.violations.is_empty(),
                    "let pass: {wrong:?}\n{}",
                    what()
                );
                let expected = verdict.operation.map(|operation| operation.name.name());
                assert_eq!(expected, Some(call.operation), "the operation, {}", what());
            }
            None if verdict.statuses.is_empty() && verdict.violations.is_empty() => {
                panic!("refused with {}: {body}\n{}", response.status, what())
            }
            None if verdict.statuses.is_empty() && raw.method != "HEAD" => {
                self.tally.invalid += 1;
                check_violations(self.peer, &verdict, &response)
                    .unwrap_or_else(|why| panic!("{why}: {body}\n{}", what()));
            }
            None => {
                self.tally.refused += 1;
                Self::check_rejection(
                    &verdict.statuses,
                    !verdict.violations.is_empty(),
                    &response,
                    &what,
                );
            }
        }
    }

    /// Checks that the response has a status of the verdict.
    fn check_rejection(
        statuses: &[u16],
        invalid: bool,
        response: &BufferedResponse,
        what: &dyn Fn() -> String,
    ) {
        let status = response.status.as_u16();
        let deserved = statuses.contains(&status) || invalid && status == 400;
        assert!(deserved, "{status} instead of {statuses:?}, {}", what());
    }

    fn output(&self, operation: Option<&Operation>) -> ScriptedResponse {
        let named =
            |other: &&Operation| operation.is_some_and(|operation| operation.name == other.name);
        let index = self.operations.iter().position(named);
        ScriptedResponse::Output(index.map_or("{}".to_owned(), |index| self.outputs[index].clone()))
    }
}

pub(crate) fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: `{text}`")),
    )
}

/// Whether a peer speaks the protocol whose ID, or a part of it, is in `DRAWPLATE_FUZZ_PROTOCOL`.
fn is_selected(peer: &Peer) -> bool {
    const VARIABLE: &str = "DRAWPLATE_FUZZ_PROTOCOL";
    let Ok(text) = std::env::var(VARIABLE) else {
        return true;
    };
    let known = PROTOCOLS.iter().map(|wire| wire.protocol.id());
    let known = known.collect::<Vec<_>>();
    assert!(
        known.iter().any(|id| id.contains(&text)),
        "{VARIABLE} is in the ID of no protocol: `{text}`; the protocols are {}",
        known.join(", ")
    );
    let mut wires = peer.wires.iter();
    wires.any(|wire| wire.protocol.id().contains(&text))
}

fn check_in_each_protocol(peer: &Peer) {
    for peer in peer.in_each_protocol() {
        check(&peer);
    }
    check(&peer.in_all_protocols());
}

fn check(peer: &Peer) {
    if !is_selected(peer) {
        return;
    }
    let requests = number("DRAWPLATE_FUZZ_REQUESTS").unwrap_or(REQUESTS);
    let seed = number("DRAWPLATE_FUZZ_SEED").unwrap_or(0);
    let started = Instant::now();
    let mut fuzz = Fuzz::new(peer);
    fuzz.run(seed..seed + requests);
    let Tally {
        requests,
        impossible,
        accepted,
        invalid,
        refused,
        ..
    } = fuzz.tally;
    println!(
        "{}: {requests} requests in {:.1} s: {accepted} accepted, {invalid} invalid, {refused} refused, {impossible} impossible; unsure {:?}; {:?}",
        peer.name,
        started.elapsed().as_secs_f64(),
        fuzz.tally.unsure,
        fuzz.tally.statuses
    );
    assert!(
        fuzz.tally.unsure() * 20 <= requests,
        "the oracle is unsure of more than one in twenty"
    );
    assert!(
        accepted * 20 >= requests && invalid * 20 >= requests && refused * 20 >= requests,
        "it tries too little of one kind"
    );
}

#[test]
fn the_amplify_admin_ui_api_withstands_random_requests() {
    check_in_each_protocol(&services::amplify());
}

#[test]
fn amazon_cognito_withstands_random_requests() {
    check_in_each_protocol(&services::cognito());
}

#[test]
fn the_kitchen_sink_withstands_random_requests() {
    check_in_each_protocol(&services::kitchen());
}

#[test]
fn a_service_with_several_protocols_withstands_random_requests() {
    check_in_each_protocol(&services::polyglot());
}

#[test]
fn a_service_with_the_traits_of_alloy_withstands_random_requests() {
    check(&services::animals().in_its_protocols());
}
