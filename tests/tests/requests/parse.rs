//! Takes requests apart by the schema of the operation (Smithy 2.0, "HTTP protocol bindings"; "AWS
//! JSON 1.1 protocol").
//!
//! Strict: whatever the schema does not account for is an error.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use drawplate_runtime::schema::{Binding, Kind, Member, TimestampFormat};
use drawplate_runtime::service::{HostPart, Operation, Route, Segment, Service};
use http::{HeaderMap, Method, Request};
use serde_json::{Map, Value, json};

type Result<T> = std::result::Result<T, String>;
type Entries = Map<String, Value>;

const HOST: &str = "host.example";

/// The input that a request holds.
pub(crate) fn input(
    service: &Service,
    operation: &Operation,
    request: &Request<Bytes>,
) -> Result<Value> {
    let uri = request.uri();
    let mut rest = Rest {
        path: uri.path(),
        query: pairs(uri.query().unwrap_or_default())?,
        headers: request.headers().clone(),
        body: request.body(),
        has_body: false,
    };
    let mut input = Entries::new();
    let mut host = String::new();
    let document = match service.protocol().id() {
        "aws.protocols#restJson1" => {
            let route = operation.route.ok_or("the operation has no route")?;
            same("method", request.method().as_str(), route.method)?;
            bound(service, operation, route, &mut rest, &mut input)?
        }
        _ => {
            same("method", request.method().as_str(), "POST")?;
            same("path", rest.path, "/")?;
            let target = format!("{}.{}", service.name(), operation.name);
            same(
                "target",
                &rest.header("x-amz-target")?.unwrap_or_default(),
                &target,
            )?;
            true
        }
    };
    if document {
        input.extend(rest.document(service)?);
    }
    for part in operation.traits.host_prefix {
        match part {
            HostPart::Literal(text) => host.push_str(text),
            HostPart::Label(index) => {
                let member = &operation.input.members[*index];
                host.push_str(
                    input[member.json_name]
                        .as_str()
                        .ok_or("the host's label is no text")?,
                );
            }
        }
    }
    same("host", uri.host().unwrap_or_default(), &(host + HOST))?;
    rest.end(request.method())?;
    Ok(Value::Object(input))
}

/// The parts of a request that were not read yet.
struct Rest<'r> {
    path: &'r str,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: &'r [u8],
    /// Whether the body was read.
    has_body: bool,
}

impl Rest<'_> {
    /// Takes a header that occurs at most once.
    fn header(&mut self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.headers.remove(name) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(value.as_bytes()).map_err(|error| error.to_string())?;
        same(
            "spaces around a header",
            text,
            text.trim_matches([' ', '\t']),
        )?;
        Ok(Some(text.to_owned()))
    }

    /// Takes the body, which is of this type.
    fn body(&mut self, content_type: &str) -> Result<&[u8]> {
        same(
            "content type",
            &self.header("content-type")?.unwrap_or_default(),
            content_type,
        )?;
        let length = self.header("content-length")?.unwrap_or_default();
        same("content length", &length, &self.body.len().to_string())?;
        self.has_body = true;
        Ok(std::mem::take(&mut self.body))
    }

    /// Takes the body, which is a document.
    fn document(&mut self, service: &Service) -> Result<Entries> {
        let content_type = match service.protocol().id() {
            "aws.protocols#restJson1" => "application/json",
            "aws.protocols#awsJson1_0" => "application/x-amz-json-1.0",
            "aws.protocols#awsJson1_1" => "application/x-amz-json-1.1",
            other => return Err(format!("{other} has no known content type")),
        };
        serde_json::from_slice(self.body(content_type)?).map_err(|error| error.to_string())
    }

    /// Nothing is left.
    fn end(&mut self, method: &Method) -> Result<()> {
        self.header("user-agent")?
            .ok_or("there is no `User-Agent`")?;
        // Services of AWS get it twice.
        self.header("x-amz-user-agent")?;
        // If the method has content, its absence is stated (RFC 9110 section 8.6).
        if matches!(*method, Method::POST | Method::PUT | Method::PATCH) && !self.has_body {
            same(
                "content length",
                &self.header("content-length")?.unwrap_or_default(),
                "0",
            )?;
        }
        if !self.query.is_empty() || !self.headers.is_empty() || !self.body.is_empty() {
            let (query, headers, body) = (&self.query, &self.headers, self.body);
            return Err(format!("nobody asked for {query:?} {headers:?} {body:?}"));
        }
        Ok(())
    }
}

fn same(what: &str, found: &str, expected: &str) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: `{found}` is not `{expected}`"))
    }
}

/// Takes what is bound to parts of the request; whether the body is a document remains.
fn bound(
    service: &Service,
    operation: &Operation,
    route: &Route,
    rest: &mut Rest<'_>,
    input: &mut Entries,
) -> Result<bool> {
    let members = operation.input.members;
    let path = rest
        .path
        .strip_prefix(service.base_path)
        .ok_or("not below the base path")?;
    for (index, text) in labels(route, path)? {
        let member = &members[index];
        input.insert(
            member.json_name.to_owned(),
            value(member, &text, TimestampFormat::DateTime)?,
        );
    }
    for (name, value) in route.query {
        let literal = ((*name).to_owned(), (*value).to_owned());
        let at = rest.query.iter().position(|pair| *pair == literal);
        rest.query
            .remove(at.ok_or_else(|| format!("`{name}` is missing from the query"))?);
    }
    for member in members {
        if let Some(value) = bound_member(member, rest)? {
            input.insert(member.json_name.to_owned(), value);
        }
    }
    // A map takes what no other member does.
    for member in members
        .iter()
        .filter(|member| member.binding == Binding::QueryParams)
    {
        let mut parameters = Entries::new();
        for (name, text) in rest.query.drain(..) {
            if parameters.insert(name.clone(), json!(text)).is_some() {
                return Err(format!("`{name}` stands in the query twice"));
            }
        }
        if !parameters.is_empty() {
            input.insert(member.json_name.to_owned(), Value::Object(parameters));
        }
    }
    let documents = members
        .iter()
        .any(|member| member.binding == Binding::Document);
    let payload = members
        .iter()
        .any(|member| member.binding == Binding::Payload);
    Ok(documents && !payload)
}

/// Takes what a member is bound to.
fn bound_member(member: &'static Member, rest: &mut Rest<'_>) -> Result<Option<Value>> {
    let is_list = member.target.kind == Kind::List;
    match member.binding {
        Binding::Query(name) => {
            let (own, others) = std::mem::take(&mut rest.query)
                .into_iter()
                .partition::<Vec<_>, _>(|(other, _)| other == name);
            rest.query = others;
            let texts = own.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
            match &texts[..] {
                [] => Ok(None),
                texts if is_list => list(member, texts, TimestampFormat::DateTime).map(Some),
                [text] => value(member, text, TimestampFormat::DateTime).map(Some),
                texts => Err(format!("`{name}` has {} values", texts.len())),
            }
        }
        Binding::Header(name) => match rest.header(name)? {
            None => Ok(None),
            Some(text) if is_list => {
                list(member, &elements(member, &text)?, TimestampFormat::HttpDate).map(Some)
            }
            Some(text) => value(member, &text, TimestampFormat::HttpDate).map(Some),
        },
        Binding::PrefixHeaders(prefix) => {
            let prefix = prefix.to_ascii_lowercase();
            let names = rest.headers.keys().map(ToString::to_string);
            let names = names
                .filter(|name| name.starts_with(&prefix))
                .collect::<Vec<_>>();
            let mut entries = Entries::new();
            for name in names {
                let text = rest.header(&name)?.unwrap_or_default();
                entries.insert(name[prefix.len()..].to_owned(), json!(text));
            }
            Ok((!entries.is_empty()).then_some(Value::Object(entries)))
        }
        Binding::Payload => payload(member, rest),
        Binding::Document | Binding::Label | Binding::QueryParams | Binding::StatusCode => Ok(None),
    }
}

/// Takes the body, which is the value of a member.
fn payload(member: &Member, rest: &mut Rest<'_>) -> Result<Option<Value>> {
    let absent = rest.body.is_empty() && !rest.headers.contains_key("content-type");
    if absent && !member.required {
        return Ok(None);
    }
    let media_type = |other| member.media_type.unwrap_or(other);
    match member.target.kind {
        Kind::Blob => {
            let bytes = rest.body(media_type("application/octet-stream"))?;
            Ok(Some(json!(STANDARD.encode(bytes))))
        }
        Kind::Structure => {
            let value = serde_json::from_slice::<Value>(rest.body("application/json")?);
            let value = value.map_err(|error| error.to_string())?;
            // An empty object without required members is a missing structure.
            let missing = member.target.members.iter().any(|member| member.required);
            Ok(Some(value).filter(|value| !(missing && *value == json!({}))))
        }
        kind => Err(format!("no rule for a payload of kind {kind:?}")),
    }
}

/// The texts of the labels of a path, by the index of their member.
fn labels(route: &Route, path: &str) -> Result<Vec<(usize, String)>> {
    let mut segments = path
        .strip_prefix('/')
        .ok_or("the path has no slash")?
        .split('/')
        .collect::<Vec<_>>();
    if route.path.is_empty() {
        segments.retain(|segment| !segment.is_empty());
    }
    let mut labels = Vec::new();
    for (at, segment) in route.path.iter().enumerate() {
        if segments.is_empty() {
            return Err("the path is too short".to_owned());
        }
        match *segment {
            Segment::Literal(text) => same("segment", segments.remove(0), text)?,
            Segment::Label(index) => labels.push((index, decode(segments.remove(0))?)),
            Segment::Greedy(index) => {
                let length = segments.len().saturating_sub(route.path.len() - at - 1);
                let texts = segments.drain(..length).map(decode);
                labels.push((index, texts.collect::<Result<Vec<_>>>()?.join("/")));
            }
        }
    }
    match &segments[..] {
        [] => Ok(labels),
        more => Err(format!("the path goes on: {more:?}")),
    }
}

/// Names and values of a query.
fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// A text without its escapes. Whatever is not unreserved (RFC 3986 section 2.3) must have been
/// escaped, in upper case.
fn decode(text: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || {
                    let digit = char::from(rest.next().unwrap_or(b' '));
                    let digit = digit.to_digit(16).filter(|_| !digit.is_ascii_lowercase());
                    digit.and_then(|digit| u8::try_from(digit).ok())
                };
                let (high, low) = digit().zip(digit()).ok_or("half an escape")?;
                16 * high + low
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => byte,
            _ => return Err(format!("`{text}` is not escaped")),
        });
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The elements of a list in a header.
fn elements(member: &Member, text: &str) -> Result<Vec<String>> {
    let element = &member.target.members[0];
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let parts = text.split(", ").map(str::to_owned).collect::<Vec<_>>();
    match (element.target.kind, element.timestamp_format) {
        (Kind::Timestamp, None | Some(TimestampFormat::HttpDate)) => {
            Ok(parts.chunks(2).map(|halves| halves.join(", ")).collect())
        }
        (Kind::String | Kind::Enum, _) => Err("no rule for quoted texts".to_owned()),
        _ => Ok(parts),
    }
}

fn list(member: &Member, texts: &[String], format: TimestampFormat) -> Result<Value> {
    let element = &member.target.members[0];
    texts
        .iter()
        .map(|text| value(element, text, format))
        .collect()
}

/// The JSON of a text; timestamps that have no format of their own are in `format`, and seconds in
/// JSON.
fn value(member: &Member, text: &str, format: TimestampFormat) -> Result<Value> {
    let number = || serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    match member.target.kind {
        Kind::String | Kind::Enum | Kind::Blob => Ok(json!(text)),
        Kind::Boolean | Kind::Byte | Kind::Short | Kind::Integer | Kind::Long | Kind::IntEnum => {
            number()
        }
        Kind::Timestamp => match (member.timestamp_format, format) {
            (Some(TimestampFormat::EpochSeconds), _) => number(),
            (Some(_), _) => Ok(json!(text)),
            (None, TimestampFormat::DateTime) => seconds(text.parse()),
            (None, _) => seconds(jiff::fmt::rfc2822::parse(text).map(|date| date.timestamp())),
        },
        kind => Err(format!("no rule for a text of kind {kind:?}")),
    }
}

/// Seconds since 1970, as a fraction where they are one.
fn seconds(time: std::result::Result<jiff::Timestamp, jiff::Error>) -> Result<Value> {
    let time = time.map_err(|error| error.to_string())?;
    let (seconds, nanoseconds) = (time.as_second(), time.subsec_nanosecond());
    match nanoseconds {
        0 => Ok(json!(seconds)),
        _ => serde_json::from_str(&format!("{seconds}.{nanoseconds:09}"))
            .map_err(|error| error.to_string()),
    }
}
