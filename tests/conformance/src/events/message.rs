//! Compares the messages of events with those of a case.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_runtime::event::{HeaderValue, Limits, Message, MessageDecoder};
use drawplate_runtime::{Document, DocumentMap, Timestamp};

use super::case::Event;
use crate::compare::{self, Difference};

/// The messages of a body.
pub(super) fn messages(body: &[u8]) -> Result<Vec<Message>, String> {
    let mut decoder = MessageDecoder::new(Limits::SERVICE);
    decoder.push(body);
    let mut messages = Vec::new();
    while let Some(message) = decoder.next_message().map_err(|error| error.to_string())? {
        messages.push(message);
    }
    decoder.finish().map_err(|error| error.to_string())?;
    Ok(messages)
}

/// Compares the messages of a body with the events of a case. The order of headers is ignored.
pub(super) fn compare(
    events: &[Event],
    body: &[u8],
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let messages = messages(body)?;
    compare::same("events", events.len(), messages.len(), differences);
    for (event, message) in events.iter().zip(&messages) {
        let [expected] = &self::messages(&event.bytes)?[..] else {
            return Err("the bytes of an event are not one message".to_owned());
        };
        // Both are compared: the bytes, and what the case says about them.
        let headers = headers(message);
        let of_bytes = Document::from(self::headers(expected));
        let whole = Document::from(headers.clone());
        compare::trees("headers of bytes", &of_bytes, &whole, differences);
        let media_type = media_type(expected);
        let body = String::from_utf8_lossy(expected.payload()).into_owned();
        compare::body(&body, media_type, message.payload(), differences);
        for (name, value) in &event.headers {
            let found = headers.get(name).unwrap_or(&Document::Null);
            compare::trees(&format!("header {name}"), value, found, differences);
        }
        for name in event
            .forbidden
            .iter()
            .filter(|name| headers.contains_key(name))
        {
            differences.push(Difference::new(
                format!("header {name}"),
                "(not there)",
                "(there)",
            ));
        }
        for name in event
            .required
            .iter()
            .filter(|name| !headers.contains_key(name))
        {
            differences.push(Difference::new(
                format!("header {name}"),
                "(there)",
                "(not there)",
            ));
        }
        if let Some(body) = &event.body {
            let media_type = event.body_media_type.as_deref();
            compare::body(body, media_type, message.payload(), differences);
        }
    }
    Ok(())
}

fn media_type(message: &Message) -> Option<&str> {
    message.get(":content-type").and_then(HeaderValue::as_str)
}

/// Headers as in cases: a value under the name of its type, bytes in base64, times as in RFC 3339.
fn headers(message: &Message) -> DocumentMap {
    let headers = message.headers();
    headers
        .map(|(name, value)| (name.to_owned(), header(value)))
        .collect()
}

fn header(value: &HeaderValue) -> Document {
    match value {
        HeaderValue::Boolean(value) => Document::from([("boolean", *value)]),
        HeaderValue::Byte(value) => Document::from([("byte", *value)]),
        HeaderValue::Short(value) => Document::from([("short", *value)]),
        HeaderValue::Integer(value) => Document::from([("integer", *value)]),
        HeaderValue::Long(value) => Document::from([("long", *value)]),
        HeaderValue::Bytes(value) => Document::from([("blob", STANDARD.encode(value))]),
        HeaderValue::String(value) => Document::from([("string", value.as_str())]),
        HeaderValue::Timestamp(milliseconds) => {
            let time = Timestamp::from_millis(*milliseconds);
            let text = time.map_or_else(|error| error.to_string(), |time| time.to_string());
            Document::from([("timestamp", text)])
        }
        HeaderValue::Uuid(value) => Document::from([("uuid", STANDARD.encode(value))]),
    }
}
