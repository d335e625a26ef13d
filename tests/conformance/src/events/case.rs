//! Reads a case of an event stream.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_runtime::{Document, DocumentMap};

/// A case.
#[derive(Debug)]
pub(super) struct Case {
    /// The members of the input without its stream.
    pub(super) initial_request_params: Option<Document>,
    pub(super) initial_request: Option<Request>,
    pub(super) initial_response_params: Option<Document>,
    pub(super) initial_response: Option<Response>,
    pub(super) requests: Vec<Event>,
    pub(super) responses: Vec<Event>,
    pub(super) expectation: Expectation,
}

/// The end of a conversation.
#[derive(Debug)]
pub(super) enum Expectation {
    Success,
    /// An error with this shape ID, or any error.
    Failure(Option<String>),
}

/// The request that begins a conversation.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) uri: String,
    pub(super) headers: Vec<(String, String)>,
}

/// The response to it.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
}

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    /// The union; `None` if the message is not an event of the model.
    pub(super) params: Option<Document>,
    /// The headers of the message: a value under the name of its type.
    pub(super) headers: DocumentMap,
    pub(super) forbidden: Vec<String>,
    pub(super) required: Vec<String>,
    pub(super) body: Option<String>,
    pub(super) body_media_type: Option<String>,
    /// The frame.
    pub(super) bytes: Vec<u8>,
}

/// The keys that are compared. A case with other keys cannot be run.
const CASE: &[&str] = &[
    "id",
    "protocol",
    "documentation",
    "appliesTo",
    "tags",
    "events",
    "expectation",
    "initialRequestParams",
    "initialRequest",
    "initialRequestShape",
    "initialResponseParams",
    "initialResponse",
    "initialResponseShape",
];
const EVENT: &[&str] = &[
    "type",
    "params",
    "headers",
    "forbidHeaders",
    "requireHeaders",
    "body",
    "bodyMediaType",
    "bytes",
];
const REQUEST: &[&str] = &["method", "uri", "headers"];
const RESPONSE: &[&str] = &["code", "headers", "body", "bodyMediaType"];

impl Case {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        let value = json
            .parse::<Document>()
            .map_err(|error| error.to_string())?;
        let case = object(&value, "the case", CASE)?;
        let mut requests = Vec::new();
        let mut responses = Vec::new();
        for event in array(case, "events")? {
            let fields = object(event, "an event", EVENT)?;
            match text(fields, "type")?.as_deref() {
                Some("request") => requests.push(self::event(fields)?),
                Some("response") => responses.push(self::event(fields)?),
                _ => return Err("an event is neither of a request nor of a response".to_owned()),
            }
        }
        let params = |key| case.get(key).cloned();
        Ok(Self {
            initial_request_params: params("initialRequestParams"),
            initial_request: optional(case, "initialRequest", request)?,
            initial_response_params: params("initialResponseParams"),
            initial_response: optional(case, "initialResponse", response)?,
            requests,
            responses,
            expectation: expectation(case.get("expectation"))?,
        })
    }
}

/// The frames of events, one after the other.
pub(super) fn frames(events: &[Event]) -> Vec<u8> {
    events
        .iter()
        .flat_map(|event| event.bytes.clone())
        .collect()
}

/// The events as values of their union; an error if one has no value.
pub(super) fn values(events: &[Event]) -> Result<Vec<Document>, String> {
    let values = events.iter().map(|event| event.params.clone());
    let values = values.collect::<Option<Vec<_>>>();
    values.ok_or_else(|| "an event has no params".to_owned())
}

fn event(fields: &DocumentMap) -> Result<Event, String> {
    let bytes = text(fields, "bytes")?.ok_or("an event has no bytes")?;
    Ok(Event {
        params: fields.get("params").cloned(),
        headers: match fields.get("headers") {
            None => DocumentMap::new(),
            Some(Document::Map(headers)) => headers.clone(),
            Some(_) => return Err("`headers` of an event is not an object".to_owned()),
        },
        forbidden: strings(fields, "forbidHeaders")?,
        required: strings(fields, "requireHeaders")?,
        body: text(fields, "body")?,
        body_media_type: text(fields, "bodyMediaType")?,
        bytes: STANDARD.decode(bytes).map_err(|error| error.to_string())?,
    })
}

fn request(value: &Document) -> Result<Request, String> {
    let fields = object(value, "initialRequest", REQUEST)?;
    Ok(Request {
        method: text(fields, "method")?.ok_or("initialRequest has no method")?,
        uri: text(fields, "uri")?.ok_or("initialRequest has no uri")?,
        headers: pairs(fields)?,
    })
}

fn response(value: &Document) -> Result<Response, String> {
    let fields = object(value, "initialResponse", RESPONSE)?;
    let status = fields.get("code").and_then(Document::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok());
    Ok(Response {
        status: status.ok_or("initialResponse has no code")?,
        headers: pairs(fields)?,
        body: text(fields, "body")?,
    })
}

fn expectation(value: Option<&Document>) -> Result<Expectation, String> {
    let Some(value) = value else {
        return Ok(Expectation::Success);
    };
    let fields = object(value, "expectation", &["success", "failure"])?;
    match (fields.get("success"), fields.get("failure")) {
        (Some(_), None) => Ok(Expectation::Success),
        (None, Some(failure)) => {
            let fields = object(failure, "failure", &["errorId"])?;
            Ok(Expectation::Failure(text(fields, "errorId")?))
        }
        _ => Err("expectation is neither success nor failure".to_owned()),
    }
}

fn object<'v>(value: &'v Document, what: &str, known: &[&str]) -> Result<&'v DocumentMap, String> {
    let fields = value
        .as_map()
        .ok_or_else(|| format!("{what} is not an object"))?;
    match fields.keys().find(|key| !known.contains(key)) {
        Some(key) => Err(format!("{what} has `{key}`, which is not compared")),
        None => Ok(fields),
    }
}

fn array<'v>(fields: &'v DocumentMap, key: &str) -> Result<&'v [Document], String> {
    match fields.get(key) {
        None => Ok(&[]),
        Some(Document::List(items)) => Ok(items),
        Some(_) => Err(format!("`{key}` is not an array")),
    }
}

fn optional<T>(
    fields: &DocumentMap,
    key: &str,
    read: impl FnOnce(&Document) -> Result<T, String>,
) -> Result<Option<T>, String> {
    fields.get(key).map(read).transpose()
}

fn text(fields: &DocumentMap, key: &str) -> Result<Option<String>, String> {
    match fields.get(key) {
        None => Ok(None),
        Some(Document::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{key}` is no string")),
    }
}

fn strings(fields: &DocumentMap, key: &str) -> Result<Vec<String>, String> {
    let items = array(fields, key)?.iter();
    let texts = items.map(|item| item.as_str().map(str::to_owned));
    let texts = texts.collect::<Option<Vec<_>>>();
    texts.ok_or_else(|| format!("`{key}` has an element that is not a string"))
}

fn pairs(fields: &DocumentMap) -> Result<Vec<(String, String)>, String> {
    let headers = match fields.get("headers") {
        None => return Ok(Vec::new()),
        Some(Document::Map(headers)) => headers.iter(),
        Some(_) => return Err("`headers` is not an object".to_owned()),
    };
    let pairs = headers.map(|(name, value)| Some((name.to_owned(), value.as_str()?.to_owned())));
    let pairs = pairs.collect::<Option<Vec<_>>>();
    pairs.ok_or_else(|| "a header is not a string".to_owned())
}
