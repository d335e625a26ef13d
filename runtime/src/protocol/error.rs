//! Identifies the error in a response (Smithy, "AWS restJson1 protocol", "Operation error
//! serialization"; the awsJson protocols are alike).

use http::HeaderMap;
use http::header::HeaderName;

use crate::codec::{Codec, Mode, ROOT};
use crate::schema::Schema;
use crate::value::Document;

/// The header that names an error.
pub(crate) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// The header with the code of an error in query-compatible responses.
pub(crate) const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

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
    /// Whether the body is a document.
    pub(crate) is_document: bool,
}

impl ErrorInfo {
    /// The code for users.
    pub(crate) fn code(&self) -> Option<&str> {
        self.query_code.as_deref().or(self.shape.as_deref())
    }
}

/// Reads the error info of a response. The document in the body names the error by the entry
/// `type_key`, or by its code.
pub(crate) fn error_info(
    codec: &dyn Codec,
    type_key: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> ErrorInfo {
    let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let mut info = ErrorInfo {
        shape: header(&ERROR_TYPE).and_then(shape_name),
        query_code: header(&QUERY_ERROR).and_then(query_code),
        ..ErrorInfo::default()
    };
    let Some(document) = document(codec, body) else {
        return info;
    };
    info.is_document = true;
    let text = |names: &[&str]| names.iter().find_map(|name| document.get(name)?.as_str());
    info.shape = info
        .shape
        .or_else(|| text(&[type_key]).and_then(shape_name))
        .or_else(|| text(&["code", "Code"]).and_then(shape_name));
    info.message = text(&["message", "Message", "errorMessage"]).map(str::to_owned);
    info
}

/// The body as a document, if it is an object.
fn document(codec: &dyn Codec, body: &[u8]) -> Option<Document> {
    let mut document = None;
    let read = codec.decode(body, Mode::Lenient, &mut |decoder| {
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

/// The error with the name in the response.
pub(crate) fn by_name(errors: &[&'static Schema], info: &ErrorInfo) -> Option<usize> {
    let name = info.shape.as_deref()?;
    errors.iter().position(|schema| schema.name() == name)
}

/// The error with a status, if there is only one.
pub(crate) fn by_status(errors: &[&'static Schema], status: u16) -> Option<usize> {
    let mut candidates = errors
        .iter()
        .enumerate()
        .filter(|(_, schema)| schema.error.is_some_and(|error| error.status == status));
    let (index, _) = candidates.next()?;
    candidates.next().is_none().then_some(index)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::protocol::{AWS_JSON_1_1, Messages as _, REST_JSON_1};
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

    fn check(header: Option<&'static str>, body: &str, code: u16, expected: Option<usize>) {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(header));
        }
        let info = REST_JSON_1.error_info(&headers, body.as_bytes());
        assert_eq!(
            REST_JSON_1.modeled_error(&[&ONE, &TWO, &THREE], &info, code),
            expected,
            "{header:?} {body} {code}"
        );
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
            check(Some(name), "", 500, Some(1));
            check(None, &format!(r#"{{"__type":"{name}"}}"#), 500, Some(1));
            check(None, &format!(r#"{{"code":"{name}"}}"#), 500, Some(1));
        }
        check(Some("One"), r#"{"__type":"Two"}"#, 400, Some(0));
        check(
            None,
            r#"{"__type":"Two","code":"One","details":[{"__type":"Three"}]}"#,
            400,
            Some(1),
        );
    }

    #[test]
    fn errors_without_a_name_are_known_by_a_status_that_one_has() {
        check(None, "{}", 404, Some(0));
        check(None, "<html>", 404, Some(0));
        check(None, "{}", 400, None);
        check(None, "{}", 503, None);
        check(Some("Renamed"), "{}", 404, Some(0));
        check(Some("Newer"), "{}", 400, None);
        let named = ErrorInfo {
            shape: Some("Newer".to_owned()),
            ..ErrorInfo::default()
        };
        assert_eq!(AWS_JSON_1_1.modeled_error(&[&ONE], &named, 404), None);
        assert_eq!(
            AWS_JSON_1_1.modeled_error(&[&ONE], &ErrorInfo::default(), 404),
            Some(0)
        );
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
