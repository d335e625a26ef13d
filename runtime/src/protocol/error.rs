//! Identifies the error in a response (Smithy, "AWS restJson1 protocol", "Operation error
//! serialization"; the awsJson protocols are alike).

use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use super::response::SERVICE_REQUEST_IDS;
use crate::codec::{Codec, Mode, ROOT, json};
use crate::schema::{Fault, Schema};
use crate::value::Document;

/// The header that names an error.
pub(crate) const ERROR_TYPE: &str = "x-amzn-errortype";
/// The same of simpleRestJson.
pub(crate) const SIMPLE_ERROR_TYPE: &str = "x-error-type";
/// The header with the code of an error in query-compatible responses.
pub(crate) const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The side at fault according to the status.
pub(crate) fn fault(status: StatusCode) -> Fault {
    if status.is_server_error() {
        Fault::Server
    } else {
        Fault::Client
    }
}

/// The facts about an error in its response.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The name of the error's shape.
    pub(crate) shape: Option<String>,
    /// The code of the error, if it differs from the name of the shape (Smithy,
    /// "awsQueryCompatible trait").
    pub(crate) query_code: Option<String>,
    /// A description for humans.
    pub(crate) message: Option<String>,
    /// The ID of the request, if the document has it.
    pub(crate) request_id: Option<String>,
    /// Whether the response is one of the service, and not of a proxy or another server: it has the
    /// ID of the request and no body except for a document.
    pub(crate) is_identified: bool,
    /// Whether the body is a document.
    pub(crate) is_document: bool,
}

impl ErrorInfo {
    /// The code for users.
    pub(crate) fn code(&self) -> Option<&str> {
        self.query_code.as_deref().or(self.shape.as_deref())
    }
}

/// The places where a response names its error, the first one before the others.
#[derive(Clone, Copy)]
pub(crate) struct ErrorNames {
    /// The header that may name it.
    pub(crate) header: Option<&'static str>,
    /// The entries of the document that name it.
    pub(crate) keys: &'static [&'static str],
}

impl ErrorNames {
    /// The header, the type and the code (restJson1; the awsJson protocols are alike).
    pub(crate) const ANY: Self = Self {
        header: Some(ERROR_TYPE),
        keys: &[json::TYPE, "code", "Code"],
    };
    /// The header (simpleRestJson).
    pub(crate) const SIMPLE: Self = Self {
        header: Some(SIMPLE_ERROR_TYPE),
        keys: &[],
    };
    /// The type.
    pub(crate) const TYPE: Self = Self {
        header: None,
        keys: &[json::TYPE],
    };
}

/// Reads the error info of a response.
pub(crate) fn error_info(
    codec: &dyn Codec,
    names: ErrorNames,
    headers: &HeaderMap,
    body: &[u8],
) -> ErrorInfo {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut info = ErrorInfo {
        shape: names.header.and_then(header).and_then(shape_name),
        query_code: header(QUERY_ERROR.as_str()).and_then(query_code),
        ..ErrorInfo::default()
    };
    let has_id = SERVICE_REQUEST_IDS
        .iter()
        .any(|name| headers.contains_key(name));
    let Some(document) = document(codec, body) else {
        info.is_identified = has_id && body.is_empty();
        return info;
    };
    info.is_identified = has_id;
    info.is_document = true;
    let text = |names: &[&str]| names.iter().find_map(|name| document.get(name)?.as_str());
    for key in names.keys {
        if info.shape.is_none() {
            info.shape = text(&[*key]).and_then(shape_name);
        }
    }
    info.message = text(&["message", "Message", "errorMessage"]).map(str::to_owned);
    info
}

/// The body as a document, if it is an object.
fn document(codec: &dyn Codec, body: &[u8]) -> Option<Document> {
    let mut document = None;
    let read = codec.decode(body, Mode::Lenient.into(), &mut |decoder| {
        document = Some(decoder.document(&ROOT)?);
        Ok(())
    });
    read.ok()?;
    document.filter(|document| document.as_map().is_some())
}

/// The code in `Code;Fault`.
fn query_code(text: &str) -> Option<String> {
    let code = text.split_once(';').map_or(text, |(code, _)| code).trim();
    (!code.is_empty()).then(|| code.to_owned())
}

/// The name in `namespace#Name:http://..`.
fn shape_name(text: &str) -> Option<String> {
    let text = text.split_once(':').map_or(text, |(before, _)| before);
    let text = text.rsplit_once('#').map_or(text, |(_, name)| name).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The error of the model in a response: the one that it names, by its shape or by its code
/// (Smithy, "awsQueryCompatible trait"), or else the only one with its status, if the response is
/// one of the service. Others send the same statuses.
pub(crate) fn modeled(errors: &[&'static Schema], info: &ErrorInfo, status: u16) -> Option<usize> {
    if info.shape.is_some() {
        return by_name(errors, info);
    }
    if let Some(code) = &info.query_code {
        let code_of = |schema: &Schema| schema.query_code.unwrap_or(schema.name());
        return errors.iter().position(|schema| code_of(schema) == code);
    }
    let mut candidates = errors
        .iter()
        .enumerate()
        .filter(|(_, schema)| schema.error.is_some_and(|error| error.status == status))
        .filter(|_| info.is_identified);
    let (index, _) = candidates.next()?;
    candidates.next().is_none().then_some(index)
}

/// The error with the name in the response.
pub(crate) fn by_name(errors: &[&'static Schema], info: &ErrorInfo) -> Option<usize> {
    let name = info.shape.as_deref()?;
    errors.iter().position(|schema| schema.name() == name)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::protocol::{AWS_JSON_1_1, Messages, REST_JSON_1};
    use crate::schema::{ErrorSchema, Fault};

    const fn status(status: u16) -> ErrorSchema {
        ErrorSchema {
            fault: Fault::Client,
            status,
            retryable: false,
            throttling: false,
        }
    }

    static ONE: Schema = Schema::error("a#One", status(404), &[]);
    static TWO: Schema = Schema::error("a#Two", status(400), &[]);
    static THREE: Schema = Schema::error("a#Three", status(400), &[]);

    fn check(header: Option<&'static str>, body: &str, expected: Option<usize>) {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(header));
        }
        for messages in [&REST_JSON_1 as &dyn Messages, &AWS_JSON_1_1] {
            let info = messages.error_info(&headers, body.as_bytes());
            let found = by_name(&[&ONE, &TWO, &THREE], &info);
            assert_eq!(found, expected, "{header:?} {body}");
        }
    }

    #[test]
    fn errors_are_known_by_name_wherever_it_stands() {
        for name in [
            "Two",
            "a#Two",
            "other.name.space#Two",
            "Two:http://example.com/",
            "a#Two:http://example.com/#x",
        ] {
            let name: &'static str = name;
            check(Some(name), "", Some(1));
            check(None, &format!(r#"{{"__type":"{name}"}}"#), Some(1));
            check(None, &format!(r#"{{"code":"{name}"}}"#), Some(1));
        }
        check(Some("One"), r#"{"__type":"Two"}"#, Some(0));
        check(
            None,
            r#"{"__type":"Two","code":"One","details":[{"__type":"Three"}]}"#,
            Some(1),
        );
    }

    #[test]
    fn errors_without_a_name_are_known_by_the_status_if_the_service_sent_them() {
        let check = |headers: &[(&'static str, &'static str)], body: &str, code, expected| {
            let headers = headers.iter().map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            });
            let headers = headers.collect::<HeaderMap>();
            for messages in [&REST_JSON_1 as &dyn Messages, &AWS_JSON_1_1] {
                let info = messages.error_info(&headers, body.as_bytes());
                let found = modeled(&[&ONE, &TWO, &THREE], &info, code);
                assert_eq!(found, expected, "{headers:?} {body} {code}");
            }
        };
        let id = ("x-amzn-requestid", "id");
        for body in ["", "{}", r#"{"message":"Not Found"}"#] {
            check(&[id], body, 404, Some(0));
            check(&[("x-amz-request-id", "id")], body, 404, Some(0));
            // Another server, a gateway, and a proxy.
            check(&[], body, 404, None);
            check(&[("apigw-requestid", "id")], body, 404, None);
            check(&[("x-request-id", "id")], body, 404, None);
            // Two errors have the first status, none the second.
            check(&[id], body, 400, None);
            check(&[id], body, 503, None);
            // The name of an error that the model does not have.
            check(&[id, ("x-amzn-errortype", "Other")], body, 404, None);
        }
        // A code is a name.
        check(&[("x-amzn-query-error", "Two;Sender")], "", 404, Some(1));
        check(&[id, ("x-amzn-query-error", "Other;Sender")], "", 404, None);
        check(&[id], "<html>", 404, None);
        check(&[id], "null", 404, None);
        check(&[id], r#"{"__type":"Other"}"#, 404, None);
    }

    #[test]
    fn codes_of_query_errors_come_first() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-amzn-query-error",
            HeaderValue::from_static("Custom;Sender"),
        );
        let info = REST_JSON_1.error_info(&headers, br#"{"__type":"a#One","Message":"no"}"#);
        assert_eq!(
            (info.code(), info.shape.as_deref()),
            (Some("Custom"), Some("One"))
        );
        assert_eq!(info.message.as_deref(), Some("no"));
    }
}
