//! Cases of the server: the inputs of its implementation, its responses and its rejections.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use drawplate_runtime::{Document, OperationError, Structure, UnmodeledError};
use http::Request;
use http::header::{CONTENT_TYPE, HeaderName};
use http_body_util::Full;
use regex::Regex;

use crate::case::{Assertion, MalformedCase, Presence, RequestCase, ResponseCase};
use crate::client;
use crate::compare::{self, Difference};
use crate::config::Config;
use crate::events::{Events, Place, Read};
use crate::given::{Expected, Given};
use crate::message::{self, BufferedResponse, Sent};
use crate::params;
use crate::suite::Service;
use crate::tree;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// The implementation of all operations: it keeps what it gets and responds as the case says.
#[derive(Clone, Debug)]
pub struct Probe(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    plan: Plan,
    /// The number of calls.
    calls: usize,
    /// The received input, or why it is unknown.
    seen: Option<Result<Seen, String>>,
}

/// The input that an implementation received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The expected input; null if there is none.
    pub(crate) expected: Document,
    pub(crate) actual: Document,
    /// The content of the event stream, if the input has one.
    pub(crate) read: Option<Read>,
}

#[derive(Clone, Debug)]
pub(crate) enum Plan {
    /// The expected input.
    Take(Document),
    /// The response to any input.
    Respond(Expected),
    /// No call is expected.
    Refuse,
}

impl Probe {
    pub(crate) fn new(plan: Plan) -> Self {
        Self(Arc::new(Mutex::new(State {
            plan,
            calls: 0,
            seen: None,
        })))
    }

    /// Responds to a call.
    pub async fn respond<I: Structure, O: Structure, E: OperationError>(
        &self,
        input: I,
    ) -> Result<O, E> {
        self.respond_with(input, |_| None, |_| None).await
    }

    /// The same if input or output has an event stream.
    pub async fn respond_with<I: Structure, O: Structure, E: OperationError>(
        &self,
        mut input: I,
        events: Place<I>,
        sent: Place<O>,
    ) -> Result<O, E> {
        let unmodeled = |message: &str| Err(E::from(UnmodeledError::new(599).message(message)));
        let expected = match self.called() {
            Plan::Take(params) => expected::<I>(&params),
            Plan::Refuse => Ok(None),
            Plan::Respond(expected) => {
                return match expected.make(sent) {
                    Ok(response) => response,
                    Err(why) => {
                        self.see(Err(why.clone()));
                        unmodeled(&why)
                    }
                };
            }
        };
        let reading = events(&mut input).map(Events::read);
        let tree = tree::of(&input);
        drop(input);
        self.see(seen(expected, tree, reading).await);
        unmodeled("the input was taken")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self) -> Plan {
        let mut state = self.state();
        state.calls += 1;
        state.plan.clone()
    }

    fn see(&self, seen: Result<Seen, String>) {
        self.state().seen = Some(seen);
    }

    pub(crate) fn seen(&self) -> Option<Result<Seen, String>> {
        self.state().seen.clone()
    }

    fn calls(&self) -> usize {
        self.state().calls
    }
}

/// The expected input of a case, before it is a tree.
type Growing = Pin<Box<dyn Future<Output = Result<Document, String>> + Send>>;

/// The expected input of a case, with the defaults that the server fills in.
fn expected<I: Structure>(params: &Document) -> Result<Option<Growing>, String> {
    let params = params::with_defaults(params, I::empty().schema())?;
    let input = params::read::<I>(&params)?;
    Ok(Some(Box::pin(tree::of(&input))))
}

async fn seen(
    expected: Result<Option<Growing>, String>,
    actual: impl Future<Output = Result<Document, String>>,
    reading: Option<impl Future<Output = Result<Read, String>>>,
) -> Result<Seen, String> {
    Ok(Seen {
        expected: match expected? {
            Some(expected) => expected.await?,
            None => Document::Null,
        },
        actual: actual.await?,
        read: match reading {
            Some(reading) => Some(reading.await?),
            None => None,
        },
    })
}

/// Runs a case of a request.
pub(crate) async fn request(
    service: &Service,
    case: &RequestCase,
) -> Result<Vec<Difference>, String> {
    let probe = Probe::new(Plan::Take(client::params(case.params)?));
    let request = whole_request(service, case).await?;
    let mut router = service.serve(&probe)?;
    // A label in the host is followed by the host of the service.
    let virtual_host = Config::parse(case.config)?.has_virtual_host();
    let host = case.resolved_host.filter(|_| virtual_host);
    if let Some((_, host)) = host.and_then(|host| host.split_once('.')) {
        router = router.virtual_hosts_of(host);
    }
    let response = message::send(router, request).await?;
    let mut differences = Vec::new();
    match probe.seen() {
        Some(Ok(seen)) => {
            compare::trees("input", &seen.expected, &seen.actual, &mut differences);
        }
        Some(Err(why)) => return Err(why),
        None => differences.push(Difference::new(
            "request",
            "(the implementation is called)",
            shown(&response),
        )),
    }
    Ok(differences)
}

/// The request of a case. A case lists what a request has at least. What a server needs and the
/// case leaves open comes from what the client sends for the same input: a body that the case does
/// not mention, and the headers that awsJson requires.
async fn whole_request(
    service: &Service,
    case: &RequestCase,
) -> Result<Request<Full<Bytes>>, String> {
    let mut request = message::request(&case.request, case.resolved_host.or(case.host))?;
    let body = case.request.body.is_none();
    let protocol = service.schema.protocol().id();
    let requires_type = protocol.starts_with("aws.protocols#awsJson");
    let needed = if body || requires_type {
        &[CONTENT_TYPE, TARGET][..]
    } else {
        &[]
    };
    let forbidden = |name: &HeaderName| {
        let mut names = case.presence.forbidden.iter();
        names.any(|forbidden| name.as_str().eq_ignore_ascii_case(forbidden))
    };
    let open = |name: &&HeaderName| !request.headers().contains_key(*name) && !forbidden(name);
    let open = needed.iter().filter(open).collect::<Vec<_>>();
    if !body && open.is_empty() {
        return Ok(request);
    }
    let given = Given {
        input: Some(client::params(case.params)?),
        events: Vec::new(),
        expected: None,
        config: Config::default(),
    };
    let sent = client::sent(service, case.head.operation, given, case.host).await?;
    for name in open {
        let value = sent.headers.get(name).cloned();
        request
            .headers_mut()
            .extend(value.map(|value| (name.clone(), value)));
    }
    if body {
        *request.body_mut() = Full::new(sent.body);
    }
    Ok(request)
}

/// Runs a case of a response. The implementation is called with the request of another case, or
/// with any that is valid.
pub(crate) async fn response(
    service: &Service,
    case: &ResponseCase,
) -> Result<Vec<Difference>, String> {
    let probe = Probe::new(Plan::Respond(Expected {
        error: case.error,
        params: client::params(case.params)?,
        events: Vec::new(),
    }));
    let request = any_request(service, case.head.operation).await?;
    let response = message::send(service.serve(&probe)?, request).await?;
    if let Some(Err(why)) = probe.seen() {
        return Err(why);
    }
    if probe.calls() == 0 {
        return Err(format!(
            "no request could be made that calls the implementation; the response is {}",
            shown(&response)
        ));
    }
    let mut differences = Vec::new();
    let out = &mut differences;
    compare::same("status", case.status, response.status.as_u16(), out);
    compare::headers(case.headers, case.presence, &response.headers, out);
    if let Some(body) = case.body {
        compare::body(body, case.body_media_type, &response.body, out);
    }
    Ok(differences)
}

/// A request that calls an operation.
pub(crate) async fn any_request(
    service: &Service,
    operation: usize,
) -> Result<Request<Full<Bytes>>, String> {
    let cases = service.cases.requests.iter();
    let mut cases = cases.filter(|case| case.head.operation == operation);
    // The client sends the request of a case for both sides as it is.
    let case = cases.find(|case| case.head.applies_to.is_none());
    let given = Given {
        input: match case {
            Some(case) => Some(client::params(case.params)?),
            None => None,
        },
        events: Vec::new(),
        expected: None,
        config: Config::path_style(),
    };
    let Sent {
        method,
        uri,
        headers,
        body,
    } = client::sent(service, operation, given, None).await?;
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Runs a case of a request that is rejected.
pub(crate) async fn malformed(
    service: &Service,
    case: &MalformedCase,
) -> Result<Vec<Difference>, String> {
    let probe = Probe::new(Plan::Refuse);
    let request = message::request(&case.request, None)?;
    let response = message::send(service.serve(&probe)?, request).await?;
    let mut differences = Vec::new();
    let out = &mut differences;
    if let Some(seen) = probe.seen() {
        let called = format!("called with {:#?}", seen?.actual);
        out.push(Difference::new("implementation", "(not called)", called));
        return Ok(differences);
    }
    compare::same("status", case.status, response.status.as_u16(), out);
    compare::headers(case.headers, Presence::ANY, &response.headers, out);
    match case.body {
        None => {}
        Some(Assertion::Contents(text, media_type)) => {
            compare::body(text, Some(media_type), &response.body, out);
        }
        Some(Assertion::MessageRegex(pattern)) => message_matches(pattern, &response.body, out)?,
    }
    if !differences.is_empty() {
        let body = String::from_utf8_lossy(&response.body).into_owned();
        let unlike = |difference: &Difference| !difference.what.starts_with("body");
        if differences.iter().all(unlike) && !body.is_empty() {
            differences.push(Difference::new("body", "(for reading)", body));
        }
    }
    Ok(differences)
}

/// Checks that the whole message of an error matches an expression.
fn message_matches(
    pattern: &str,
    body: &[u8],
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let regex = Regex::new(&format!("^(?s:{pattern})$")).map_err(|error| error.to_string())?;
    let document = std::str::from_utf8(body).ok();
    let document = document.and_then(|text| text.parse::<Document>().ok());
    let members = document.iter().filter_map(Document::as_map).flatten();
    let mut messages = members.filter(|(name, _)| name.eq_ignore_ascii_case("message"));
    let message = messages.next().and_then(|(_, message)| message.as_str());
    if !message.is_some_and(|message| regex.is_match(message)) {
        let actual = message.map_or_else(|| String::from_utf8_lossy(body).into(), str::to_owned);
        differences.push(Difference::new("body message", pattern, actual));
    }
    Ok(())
}

/// A response in one line.
fn shown(response: &BufferedResponse) -> String {
    let body = String::from_utf8_lossy(&response.body);
    format!("{} {body}", response.status)
}
