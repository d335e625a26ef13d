//! Every constraint of the models is broken alone, which must give exactly the expected violation,
//! and together with others, which must give all of them.
//!
//! The constraints are found in the models: for each member inside an input, all of its constraints
//! and every other JSON type. A `pattern` matches anywhere in a text, as Smithy specifies, so texts
//! that only fail as a whole are not used.

mod breaks;
mod sites;

use std::collections::BTreeSet;

use drawplate_model::model::{Kind, Member, Operation};

use crate::cbor::Cbor;
use crate::json::Json;
use crate::oracle::{Oracle, Verdict, Violation, inside};
use crate::protocols::{ErrorName, Format, Wire};
use crate::raw::{BufferedResponse, Raw, is_in_request_document, send};
use crate::services::{self, Peer, Script};
use crate::valid::{Fill, Message, Valid};
use crate::xml::{Element, is_allowed};
use breaks::{Break, breaks};
use sites::{Base, Site, Step, base, sites};

#[derive(Default)]
struct Tally {
    sites: usize,
    /// Constraints that were broken alone.
    alone: usize,
    /// Constraints that can only be broken together with another one of the same value.
    entangled: Vec<String>,
    /// Values that are valid for another member of an untagged union.
    valid_otherwise: usize,
    requests: usize,
    /// Requests with several violations, and the largest number of these.
    several: (usize, usize),
}

struct Check<'p> {
    peer: &'p Peer,
    oracle: Oracle<'p>,
    router: drawplate_runtime::server::Router,
    script: Script,
    tally: Tally,
}

impl<'p> Check<'p> {
    fn new(peer: &'p Peer) -> Self {
        let script = Script::default();
        Self {
            peer,
            oracle: Oracle::new(peer),
            router: peer.router(&script),
            script,
            tally: Tally::default(),
        }
    }

    fn all(&mut self) {
        for (_, operation) in self.peer.operations() {
            let mut broken = Vec::new();
            for site in sites(self.peer, operation) {
                self.tally.sites += 1;
                let base = base(self.peer, operation, &site, 7);
                for one in breaks(self.peer, &site, &base) {
                    let changed = self.alone(operation, &site, &base, &one);
                    broken.extend(changed.map(|changed| (site.path[0], changed)));
                }
            }
            self.together(operation, &broken);
        }
    }

    /// Breaks one constraint and nothing else, and returns the input; `None` if each value is valid
    /// for another member of an untagged union.
    fn alone(
        &mut self,
        operation: &Operation,
        site: &Site<'_>,
        base: &Base,
        one: &Break,
    ) -> Option<Json> {
        let what = format!(
            "{}: {} {}",
            operation.name.name(),
            one.violation.pointer,
            one.violation.says
        );
        let mut entangled = None;
        let mut valid_otherwise = false;
        for input in &one.inputs {
            let raw = Raw::new(self.peer, self.peer.wire(), operation, input);
            let verdict = self.oracle.judge(&raw);
            let expected = |violation: &&Violation| {
                violation.pointer == one.violation.pointer && violation.says == one.violation.says
            };
            let found = verdict.violations.iter().filter(expected).count();
            let sure = verdict.statuses.is_empty() && verdict.unsure.is_none();
            if found == 1 && sure && verdict.violations.len() == 1 {
                self.tally.alone += 1;
                self.refused(operation, &raw, &verdict, &what);
                self.is_not_told(site, base, (one, input), &raw, &what);
                return Some(input.clone());
            }
            if !base.unions.is_empty() && sure && verdict.violations.is_empty() {
                self.tally.valid_otherwise += 1;
                self.accepted(&raw, &what);
                valid_otherwise = true;
            }
            if found == 1 && sure && entangled.is_none() {
                entangled = Some((input.clone(), raw, verdict));
            }
        }
        let Some((input, raw, verdict)) = entangled else {
            if valid_otherwise {
                return None;
            }
            panic!(
                "{what}: nothing breaks it\n{}",
                Raw::new(self.peer, self.peer.wire(), operation, &one.inputs[0]).shown()
            )
        };
        self.tally.entangled.push(what.clone());
        self.refused(operation, &raw, &verdict, &what);
        Some(input)
    }

    fn accepted(&mut self, raw: &Raw, what: &str) {
        self.tally.requests += 1;
        let request = raw.request().expect("its parts are valid");
        let response = send(&self.router, request);
        assert!(
            self.script.seen().is_some(),
            "{what} is {}:\n{}\n{}",
            response.status,
            raw.shown(),
            String::from_utf8_lossy(&response.body)
        );
    }

    /// Breaks as many members of the input as possible in one request: all are reported.
    fn together(&mut self, operation: &Operation, broken: &[(&Member, Json)]) {
        let mut valid = Valid::new(&self.peer.model, self.peer.wire(), 3, Fill::Least);
        for turn in 0..broken.len().min(20) {
            let mut input = valid.input(operation);
            let mut changed = BTreeSet::new();
            for offset in 0..broken.len() {
                let (member, other) = &broken[(turn * 7 + offset * 3) % broken.len()];
                let name = member.json_name.to_string();
                if !changed.insert(name.clone()) {
                    continue;
                }
                match other.get(&name) {
                    Some(value) => input.set(&name, value.clone()),
                    None => input.remove(&name),
                }
            }
            let raw = Raw::new(self.peer, self.peer.wire(), operation, &input);
            let verdict = self.oracle.judge(&raw);
            if verdict.violations.len() > 1
                && verdict.statuses.is_empty()
                && verdict.unsure.is_none()
            {
                let (count, most) = &mut self.tally.several;
                *count += 1;
                *most = verdict.violations.len().max(*most);
                self.refused(operation, &raw, &verdict, "several at once");
            }
        }
    }

    fn refused(&mut self, operation: &Operation, raw: &Raw, verdict: &Verdict<'_>, what: &str) {
        self.tally.requests += 1;
        let request = raw
            .request()
            .unwrap_or_else(|| panic!("{what} is no request:\n{}", raw.shown()));
        let response = send(&self.router, request);
        assert!(
            self.script.seen().is_none(),
            "{what} was let pass:\n{}",
            raw.shown()
        );
        let name = operation.name.name();
        check_violations(self.peer, verdict, &response).unwrap_or_else(|why| {
            panic!(
                "{name}, {what}: {why}\n{}\n{}",
                raw.shown(),
                String::from_utf8_lossy(&response.body)
            )
        });
    }

    /// Checks that no sensitive value is in the response.
    fn is_not_told(
        &self,
        site: &Site<'_>,
        base: &Base,
        (one, input): (&Break, &Json),
        raw: &Raw,
        what: &str,
    ) {
        let mut input = input.clone();
        let mut place = Some(&mut input);
        for step in &base.steps {
            place = place.filter(|json| match step {
                Step::Name(name) => json.get(name).is_some(),
                Step::Index(index) => {
                    matches!(json, Json::Array(elements) if elements.len() > *index)
                }
            });
            place = place.map(|json| step.of(json));
        }
        let Some(value) = place.filter(|_| site.is_sensitive(self.peer)) else {
            return;
        };
        let text = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let request = raw.request().expect("it was sent already");
        let response = send(&self.router, request);
        // The bounds of a type are reported and may contain the value.
        let told = String::from_utf8_lossy(&response.body).replace(&one.violation.says, "");
        assert!(
            text.len() < 5 || !told.contains(&text),
            "{what} tells `{text}`: {told}"
        );
    }
}

/// Checks that a response reports exactly these violations, in the error that the model names.
pub(crate) fn check_violations(
    peer: &Peer,
    verdict: &Verdict<'_>,
    response: &BufferedResponse,
) -> Result<(), String> {
    let wire = verdict.wire;
    let body = document(wire, response)?;
    let modeled = peer
        .modeled()
        .validation_error
        .map(|id| &peer.model.shapes[id]);
    let error = modeled.ok_or("the model names no error for what is invalid")?;
    let Kind::Structure(structure) = &error.kind else {
        return Err("an error is a structure".to_owned());
    };
    let status = structure.error.map_or(400, |error| error.status);
    if response.status != status {
        return Err(format!("{} instead of {status}", response.status));
    }
    let header = match wire.error_name {
        ErrorName::Header(name) => response.headers.get(name),
        ErrorName::Name | ErrorName::Id | ErrorName::Code => {
            response.headers.get("x-amzn-errortype")
        }
    };
    let header = header.and_then(|value| value.to_str().ok());
    let key = match wire.error_name {
        ErrorName::Code => "Code",
        _ => "__type",
    };
    let name = match (wire.error_name, body.get(key), header) {
        (ErrorName::Name | ErrorName::Id | ErrorName::Code, Some(Json::String(name)), None) => name,
        (ErrorName::Header(_), None, Some(name)) => name,
        (_, name, header) => {
            return Err(format!("the error is named {name:?} and {header:?}"));
        }
    };
    // That of the framework is only for constraints.
    let framework = error.name.to_string().starts_with("smithy.framework#");
    let expected = if framework && !verdict.violations.iter().all(Violation::is_constraint) {
        "SerializationException".to_owned()
    } else {
        wire.name_of(error)
    };
    if *name != expected {
        return Err(format!("the error is {name} instead of {expected}"));
    }
    let member = structure.error.and_then(|error| error.message);
    let member = member.map_or("message", |index| wire.name(&structure.members[index]));
    let Some(Json::String(message)) = body.get(member) else {
        return Err("the error has no message".to_owned());
    };
    let count = verdict.violations.len();
    let plural = if count == 1 { "" } else { "s" };
    let start = format!("{count} validation error{plural} detected. ");
    let said = message
        .strip_prefix(&*start)
        .ok_or(format!("the message does not start with `{start}`"))?;
    let mut rest = said.to_owned();
    let mut expected = verdict.violations.clone();
    // The longest first: one sentence may be the start of another.
    expected.sort_by_key(|violation| usize::MAX - violation.sentence().len());
    // A response lists the first hundred.
    if count > 100 {
        return Ok(());
    }
    for violation in &expected {
        let mut sentence = violation.sentence();
        if wire.format == Format::Xml {
            sentence = sentence.replace(|c| !is_allowed(c), "\u{fffd}");
        }
        let Some(at) = rest.find(&sentence) else {
            return Err(format!("it does not say `{sentence}`"));
        };
        rest.replace_range(at..at + sentence.len(), "");
    }
    let other = rest.trim_matches([';', ' ']).is_empty();
    other
        .then_some(())
        .ok_or_else(|| format!("it also says `{rest}`"))
}

/// The document of a response, with the headers that the protocol prescribes. Only objects and
/// texts are needed.
fn document(wire: &Wire, response: &BufferedResponse) -> Result<Json, String> {
    let header = |name: &str| {
        let value = response.headers.get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let media_type = header("content-type");
    if media_type != Some(wire.media_type) {
        return Err(format!("the content type is {media_type:?}"));
    }
    let named = header("smithy-protocol");
    if named != wire.routing.protocol_name() {
        return Err(format!("the protocol is {named:?}"));
    }
    let document = match wire.format {
        Format::Cbor => Cbor::parse(&response.body).map(|item| item.to_json()),
        Format::Xml => Element::parse(&response.body)
            .and_then(|root| error_members(&root, header("x-amzn-requestid"))),
        _ => Json::parse(&response.body).ok(),
    };
    document.ok_or_else(|| "the response is no document".to_owned())
}

/// The texts in the document of an error of restXml, if it is that of a client and has the ID of
/// the request.
fn error_members(root: &Element, request_id: Option<&str>) -> Option<Json> {
    let error = root.child("Error")?;
    let texts = error.children();
    let texts = texts.map(|child| (child.local().to_owned(), Json::text(child.text())));
    let members = Json::Object(texts.collect());
    let is_client_error = members.get("Type") == Some(&Json::text("Sender"));
    let has_id = root.child("RequestId").map(Element::text).as_deref() == request_id;
    (root.local() == "ErrorResponse" && is_client_error && has_id).then_some(members)
}

fn check_in_each_protocol(peer: &Peer, is_thorough: impl Fn(&Tally) -> bool) {
    for peer in peer.in_each_protocol() {
        let tally = check(&peer);
        assert!(is_thorough(&tally), "too little is tried: {}", peer.name);
    }
}

fn check(peer: &Peer) -> Tally {
    let mut check = Check::new(peer);
    check.all();
    let Tally {
        sites,
        alone,
        entangled,
        valid_otherwise,
        requests,
        several,
    } = &check.tally;
    println!(
        "{}: {sites} members, {alone} constraints and types broken alone, {valid_otherwise} valid otherwise, {requests} requests, {} with up to {} violations; not alone: {entangled:#?}",
        peer.name, several.0, several.1
    );
    check.tally
}

#[test]
fn violations_of_the_amplify_admin_ui_api_are_reported_alone_and_together() {
    check_in_each_protocol(&services::amplify(), |tally| {
        tally.alone > 600 && tally.several.0 > 100 && tally.entangled.is_empty()
    });
}

#[test]
fn violations_of_amazon_cognito_are_reported_alone_and_together() {
    // An empty text matches none of their patterns.
    check_in_each_protocol(&services::cognito(), |tally| {
        tally.alone > 40 && tally.several.0 > 5 && tally.entangled.len() <= 2
    });
}

#[test]
fn violations_of_every_kind_are_reported_alone_and_together() {
    check_in_each_protocol(&services::kitchen(), |tally| {
        tally.alone > 1000 && tally.several.0 > 30 && tally.entangled.len() <= 1
    });
}

#[test]
fn violations_of_a_service_with_several_protocols_are_reported_alone_and_together() {
    check_in_each_protocol(&services::polyglot(), |tally| {
        tally.alone > 300 && tally.several.0 > 30 && tally.entangled.len() <= 6
    });
}

#[test]
fn violations_of_the_traits_of_alloy_are_reported_alone_and_together() {
    let tally = check(&services::animals().in_its_protocols());
    assert!(tally.alone > 150 && tally.several.0 > 30 && tally.valid_otherwise > 5);
    assert!(tally.entangled.len() <= 2, "{:#?}", tally.entangled);
}
