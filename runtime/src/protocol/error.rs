//! Which error an answer is (Smithy, "AWS restJson1 protocol", "Operation error serialization"; the awsJson protocols alike).

use http::HeaderMap;
use serde_json::Value;

use crate::protocol::service::Protocol;
use crate::schema::Schema;

/// What an answer that is an error says of itself, whichever error it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The name of the error's shape.
    pub(crate) shape: Option<String>,
    /// The error's code where it differs from the shape's name (Smithy, "awsQueryCompatible trait").
    pub(crate) query_code: Option<String>,
    /// What happened, in words for a human.
    pub(crate) message: Option<String>,
    /// The body is a JSON object.
    pub(crate) is_json: bool,
}

impl Said {
    /// The code that users see.
    pub(crate) fn code(&self) -> Option<&str> {
        self.query_code.as_deref().or(self.shape.as_deref())
    }
}

/// Looks for what an answer says.
pub(crate) fn said(headers: &HeaderMap, body: &[u8]) -> Said {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut said = Said {
        shape: header("x-amzn-errortype").and_then(shape_name),
        ..Said::default()
    };
    said.query_code = header("x-amzn-query-error")
        .map(|text| {
            text.split_once(';')
                .map_or(text, |(code, _)| code)
                .trim()
                .to_owned()
        })
        .filter(|code| !code.is_empty());
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return said;
    };
    said.is_json = true;
    let text = |names: &[&str]| names.iter().find_map(|name| members.get(*name)?.as_str());
    said.shape = said
        .shape
        .or_else(|| text(&["__type"]).and_then(shape_name));
    said.shape = said
        .shape
        .or_else(|| text(&["code", "Code"]).and_then(shape_name));
    said.message = text(&["message", "Message", "errorMessage"]).map(str::to_owned);
    said
}

/// The name in `namespace#Name:http://..`.
fn shape_name(text: &str) -> Option<String> {
    let text = text.split_once(':').map_or(text, |(before, _)| before);
    let text = text.rsplit_once('#').map_or(text, |(_, name)| name).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The modelled error that an answer is: the one that it names, else the only one with its status.
///
/// Documents promise statuses and services rename errors, so that an unknown name leads to the status where statuses tell errors apart:
/// under the awsJson protocols most errors have the same one, and only an answer without a name is judged by it.
pub(crate) fn modeled(
    errors: &[&'static Schema],
    said: &Said,
    status: u16,
    protocol: Protocol,
) -> Option<usize> {
    if let Some(name) = &said.shape {
        let named = errors.iter().position(|schema| schema.name() == name);
        if named.is_some() || !protocol.binds() {
            return named;
        }
    }
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
        let said = said(&headers, body.as_bytes());
        assert_eq!(
            modeled(&[&ONE, &TWO, &THREE], &said, code, Protocol::RestJson1),
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
        let named = Said {
            shape: Some("Newer".to_owned()),
            ..Said::default()
        };
        assert_eq!(modeled(&[&ONE], &named, 404, Protocol::AwsJson1_1), None);
        assert_eq!(
            modeled(&[&ONE], &Said::default(), 404, Protocol::AwsJson1_1),
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
        let said = said(&headers, br#"{"__type":"a#One","Message":"no"}"#);
        assert_eq!(
            (said.code(), said.shape.as_deref()),
            (Some("Custom"), Some("One"))
        );
        assert_eq!(said.message.as_deref(), Some("no"));
    }
}
