//! Clients decode or reject any response, in every protocol.
//!
//! The responses are those of the server, changed at random. The query protocols have no server:
//! their responses are made from the model, and their values must arrive unchanged.
//! `DRAWPLATE_FUZZ_REQUESTS` is the number of responses per protocol, `DRAWPLATE_FUZZ_SEED` the
//! first seed.

use bytes::Bytes;
use drawplate_model::model::Operation;
use drawplate_runtime::protocol::{EC2_QUERY, Protocol as _};
use drawplate_runtime::server::Router;
use drawplate_tests::random::Random;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::fuzz::number;
use crate::identity::{filled, given, sorted};
use crate::json::Json;
use crate::mutate;
use crate::protocols::{QUERY_PROTOCOLS, Wire};
use crate::raw::{Raw, send};
use crate::services::{self, Got, Peer, Script, ScriptedResponse};
use crate::valid::{Fill, Valid};
use crate::wire;
use crate::xml::{Content, Element};

/// The default number of responses per protocol.
const RESPONSES: u64 = 600;

/// The number of responses that gave each result.
#[derive(Debug, Default)]
struct Tally {
    outputs: u64,
    errors: u64,
    failures: u64,
}

/// A call, and the response of the service.
struct Answered {
    status: StatusCode,
    /// The headers and the body.
    raw: Raw,
    /// The output or error of the implementation, as JSON.
    gave: String,
}

/// The responses of a service in one protocol.
struct Responses<'p> {
    /// The service in this protocol.
    peer: Peer,
    wire: &'static Wire,
    /// The service in a protocol with a server: the same one, if possible.
    server: &'p Peer,
    router: Router,
    script: Script,
    operations: Vec<&'p Operation>,
}

impl<'p> Responses<'p> {
    fn new(server: &'p Peer, wire: &'static Wire) -> Self {
        let script = Script::default();
        Self {
            peer: server.speaking(vec![wire]),
            wire,
            router: server.router(&script),
            server,
            script,
            operations: server
                .operations()
                .map(|(_, operation)| operation)
                .collect(),
        }
    }

    /// Calls an operation with a valid input; its response is random, and the same for a seed.
    fn answered(&self, operation: &Operation, seed: u64) -> (ScriptedResponse, Answered) {
        let mut random = Random::new(seed);
        let fill = *random.pick(&[Fill::Least, Fill::Random, Fill::All]);
        let response = random.below(2 + operation.errors.len()).saturating_sub(1);
        let mut valid = Valid::new(&self.peer.model, self.wire, random.number(), fill);
        let given = given(&mut valid, operation, response);
        self.script.give(given.clone());
        let server = self.server.wire();
        let input = Valid::new(&self.peer.model, server, 7, Fill::Least).input(operation);
        let request = Raw::new(self.server, server, operation, &input).request();
        let mut response = send(&self.router, request.expect("its parts are valid"));
        let call = self.script.seen().expect("the input is valid");
        let mut answered = Answered {
            status: response.status,
            raw: Raw {
                method: String::new(),
                path: String::new(),
                query: None,
                headers: Vec::new(),
                body: response.body,
            },
            gave: call.gave,
        };
        // The length of a body changes with it.
        response.headers.remove(CONTENT_LENGTH);
        for (name, value) in &response.headers {
            answered.raw.header(name.as_str(), value.as_bytes());
        }
        if self.wire.protocol.id() != server.protocol.id() {
            answered.raw.headers.clear();
            answered.raw.header("content-type", self.wire.media_type);
            answered.raw.body = self.query_response(operation, &given);
        }
        (given, answered)
    }

    /// The document of a query protocol (Smithy, "AWS query protocol" and "AWS EC2 query
    /// protocol", "Response serialization" and "Operation error serialization").
    fn query_response(&self, operation: &Operation, given: &ScriptedResponse) -> Vec<u8> {
        let name = operation.name.name();
        let is_ec2 = self.wire.protocol.id() == EC2_QUERY.id();
        let id = |name: &str| Content::Element(Element::with_text(name, "an ID"));
        let inside = |name: &str, element: Element| {
            let mut outer = Element::new(name);
            outer.content.push(Content::Element(element));
            outer
        };
        let mut root = match given {
            ScriptedResponse::Output(json) => {
                let mut result = self.element(operation.output, json);
                if is_ec2 {
                    result.name = format!("{name}Response");
                    result.content.push(id("requestId"));
                    return result.to_bytes();
                }
                result.name = format!("{name}Result");
                inside(&format!("{name}Response"), result)
            }
            ScriptedResponse::Error(index, json) => {
                let shape = operation.errors[*index];
                let mut error = self.element(shape, json);
                "Error".clone_into(&mut error.name);
                let code = self.peer.model.shapes[shape].name.name();
                let code = Element::with_text("Code", code);
                error.content.insert(0, Content::Element(code));
                if is_ec2 {
                    inside("Response", inside("Errors", error))
                } else {
                    inside("ErrorResponse", error)
                }
            }
        };
        root.content
            .push(id(if is_ec2 { "RequestID" } else { "RequestId" }));
        root.to_bytes()
    }

    /// A structure as an element.
    fn element(&self, shape: drawplate_model::model::ShapeId, json: &str) -> Element {
        let members = self.peer.model.shapes[shape].kind.members();
        let value = Json::parse(json.as_bytes()).expect("what is given is JSON");
        let members = members.collect::<Vec<_>>();
        let document = wire::document(&self.peer.model, self.wire, &members, &value);
        Element::parse(&document).expect("the document is well-formed")
    }

    /// The result of a call that gets a response.
    fn receive(&self, operation: &Operation, answered: &Answered) -> Got {
        let mut response = Response::new(Bytes::from(answered.raw.body.clone()));
        *response.status_mut() = answered.status;
        for (name, value) in &answered.raw.headers {
            // What the types of HTTP cannot represent does not arrive.
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
                response.headers_mut().append(name, value);
            }
        }
        let mut valid = Valid::new(&self.peer.model, self.wire, 7, Fill::Least);
        let input = valid.input(operation).to_string();
        self.peer
            .receive(response, operation.name.name(), &input)
            .got
    }

    /// Checks that the client gets what the implementation gave.
    fn arrives(&self, operation: &Operation, seed: u64) {
        let (given, answered) = self.answered(operation, seed);
        let what = || {
            let name = operation.name.name();
            let shown = answered.raw.shown();
            format!("{} {name}, seed {seed}:{shown}", self.peer.name)
        };
        let parse = |json: &str| Json::parse(json.as_bytes()).expect("the codec writes JSON");
        match (given, self.receive(operation, &answered)) {
            (ScriptedResponse::Output(_), Got::Output(output)) => {
                let expected = filled(&self.peer, operation, parse(&answered.gave));
                assert_eq!(sorted(parse(&output)), sorted(expected), "{}", what());
            }
            (ScriptedResponse::Error(index, _), Got::Error(name, error)) => {
                let expected = self.peer.model.shapes[operation.errors[index]].name.name();
                assert_eq!(
                    (name, error),
                    (expected, answered.gave.clone()),
                    "{}",
                    what()
                );
            }
            (given, got) => panic!("{got:?} instead of {given:?}, {}", what()),
        }
    }

    /// Changes responses at random. None makes the client panic.
    fn withstands(&self, seeds: std::ops::Range<u64>) -> Tally {
        let mut tally = Tally::default();
        for seed in seeds {
            let mut random = Random::new(seed);
            let operation = *random.pick(&self.operations);
            let (_, mut answered) = self.answered(operation, random.number());
            if random.once_in(10) {
                let statuses = [200, 204, 301, 304, 400, 404, 413, 500, 503];
                let status = StatusCode::from_u16(*random.pick(&statuses));
                answered.status = status.expect("it is a status");
            }
            mutate::response(&mut random, self.wire, &mut answered.raw);
            match self.receive(operation, &answered) {
                Got::Output(_) => tally.outputs += 1,
                Got::Error(..) => tally.errors += 1,
                Got::Failure(_) => tally.failures += 1,
            }
        }
        tally
    }
}

#[test]
fn outputs_and_errors_of_the_query_protocols_arrive_unchanged() {
    let server = services::polyglot().in_its_protocols();
    for wire in &QUERY_PROTOCOLS {
        let responses = Responses::new(&server, wire);
        for operation in &responses.operations {
            (0..200).for_each(|seed| responses.arrives(operation, seed));
        }
    }
}

#[test]
fn clients_withstand_random_responses_in_every_protocol() {
    let count = number("DRAWPLATE_FUZZ_REQUESTS").unwrap_or(RESPONSES);
    let first = number("DRAWPLATE_FUZZ_SEED").unwrap_or(0);
    let peer = services::polyglot();
    for wire in peer.wires.iter().copied().chain(&QUERY_PROTOCOLS) {
        let is_query = !peer.wires.iter().any(|own| std::ptr::eq(*own, wire));
        let server = if is_query {
            peer.in_its_protocols()
        } else {
            peer.speaking(vec![wire])
        };
        let responses = Responses::new(&server, wire);
        let tally = responses.withstands(first..first + count);
        println!("{}: {tally:?}", wire.protocol.id());
        let Tally {
            outputs,
            errors,
            failures,
        } = tally;
        assert!(
            outputs * 20 >= count && errors * 20 >= count && failures * 20 >= count,
            "it tries too little of one kind: {tally:?}"
        );
    }
}
