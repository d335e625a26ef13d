//! A received response, and how it is decoded.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HeaderMap};
use http::response::Parts;

use super::error::{CallError, Error, ErrorClass};
use super::retry::{self, RetryVerdict};
use crate::http::Content;
use crate::protocol::bind::text::{Place, Texts};
use crate::protocol::error::{self as failure, Said};
use crate::protocol::response;
use crate::protocol::service::{Operation, Service};
use crate::schema::Schema;
use crate::service_error::{ModeledError, OperationError, Origin, ResponseInfo, UnmodeledError};
use crate::shape::Structure;

/// The facts about the response that an output came in; see
/// [`Call::with_metadata`](super::Call::with_metadata).
#[derive(Clone, Debug)]
pub struct Metadata {
    status: u16,
    headers: HeaderMap,
    attempts: u32,
}

impl Metadata {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The ID that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        response::request_id(&self.headers)
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// A response that was received and not decoded yet. A stream in it may still be arriving.
pub(crate) struct Reply {
    service: &'static Service,
    operation: &'static Operation,
    parts: Parts,
    body: Content,
    attempts: u32,
    /// The error info of the response, and the index of the modelled error; `None` for an output.
    error: Option<Box<(Said, Option<usize>)>>,
}

impl Reply {
    pub(crate) fn new(
        service: &'static Service,
        operation: &'static Operation,
        parts: Parts,
        body: Content,
        attempts: u32,
    ) -> Self {
        let error = (!response::is_success(operation, parts.status)).then(|| {
            let said = failure::said(&parts.headers, body.bytes());
            // The page of a proxy is not an error of the service, even if it has the same status.
            let foreign = said.shape.is_none() && !said.is_json && !body.bytes().is_empty();
            let status = parts.status.as_u16();
            let modeled = failure::modeled(operation.errors, &said, status, service.protocol);
            Box::new((said, modeled.filter(|_| !foreign)))
        });
        Self {
            service,
            operation,
            parts,
            body,
            attempts,
            error,
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.error.is_none()
    }

    /// What the error says about another attempt.
    pub(crate) fn verdict(&self) -> RetryVerdict {
        let status = self.parts.status.as_u16();
        let index = self.error.as_deref().and_then(|(_, index)| *index);
        let marked = index.and_then(|index| self.operation.errors[index].error);
        match marked {
            // The service does not process requests that it throttles.
            _ if status == 429 => RetryVerdict::NotProcessed,
            Some(error) if error.throttling => RetryVerdict::NotProcessed,
            Some(error) if error.retryable => RetryVerdict::MaybeProcessed,
            _ if retry::is_transient(status) => RetryVerdict::MaybeProcessed,
            _ => RetryVerdict::Permanent,
        }
    }

    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry::retry_after(&self.parts.headers, now)
    }

    pub(crate) fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    /// The error code as the service sent it.
    pub(crate) fn code(&self) -> Option<&str> {
        self.error.as_deref().and_then(|(said, _)| said.code())
    }

    fn info(&self) -> ResponseInfo {
        ResponseInfo {
            operation: self.operation.name,
            status: self.status(),
            code: self.code().map(str::to_owned),
            request_id: response::request_id(&self.parts.headers).map(str::to_owned),
            attempts: self.attempts,
        }
    }

    pub(crate) fn into_metadata(self) -> Metadata {
        Metadata {
            status: self.parts.status.as_u16(),
            headers: self.parts.headers,
            attempts: self.attempts,
        }
    }

    /// Decodes the response into the output or the error. This is the only step that knows the
    /// types of the operation.
    pub(crate) fn read<O: Structure, E: OperationError>(&self) -> Result<O, Error<E>> {
        let Some((said, index)) = self.error.as_deref() else {
            let mut output = O::empty();
            self.read_output(&mut output)?;
            return Ok(output);
        };
        let modeled = match self.position(*index, E::SCHEMAS) {
            Some(index) => E::make(index, &mut self.fill(said)),
            None => None,
        };
        Err(Error::Service(match modeled {
            Some(error) => error,
            None => self.unmodeled(said).into(),
        }))
    }

    /// Reads the members of a modelled error.
    fn fill(&self, said: &Said) -> impl FnMut(&mut dyn ModeledError) {
        |error| {
            self.read_error(error);
            if let (None, Some(message)) = (error.message(), &said.message) {
                set_message(error, message);
            }
            error.set_origin(Origin::new(self.info()));
        }
    }

    /// The position in `schemas` of the operation's error at `index`.
    fn position(&self, index: Option<usize>, schemas: &[&'static Schema]) -> Option<usize> {
        crate::service_error::position(schemas, self.operation.errors[index?].id)
    }

    fn read_output(&self, output: &mut dyn Structure) -> Result<(), CallError> {
        response::read(self.service, &self.parts, &self.body, output).map_err(|error| {
            let message = match self.not_json() {
                Some(other) => format!("the response is not JSON but {other}"),
                None => "cannot decode the response".to_owned(),
            };
            CallError::new(ErrorClass::Response, self.operation.name, message)
                .with_source(error)
                .with_response(self.info())
        })
    }

    /// Decodes the members of a modelled error. If that fails, those decoded so far remain: which
    /// error it is, is known already.
    fn read_error(&self, error: &mut dyn Structure) {
        if let Err(cause) = response::read(self.service, &self.parts, &self.body, error) {
            tracing::debug!(error = %cause, "cannot decode the members of the error");
        }
    }

    fn unmodeled(&self, said: &Said) -> UnmodeledError {
        let mut error =
            UnmodeledError::new(self.parts.status.as_u16()).body(self.body.bytes().clone());
        error.code = said.code().map(str::to_owned);
        error.message = said
            .message
            .clone()
            .or_else(|| Some(format!("the response is {}", self.not_json()?)));
        error.set_origin(Origin::new(self.info()));
        error
    }

    /// The content type and the beginning of a body that is not JSON. Such bodies come from proxies.
    fn not_json(&self) -> Option<String> {
        const SHOWN: usize = 80;
        let body = self.body.bytes();
        let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
        let text = text.trim_start();
        if text.is_empty() || text.starts_with(['{', '[', '"']) {
            return None;
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let beginning = words.chars().take(SHOWN).collect::<String>();
        let media_type = self
            .parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        Some(format!(
            "{}: `{beginning}`",
            media_type.unwrap_or("of unknown type")
        ))
    }
}

/// Sets the message of an error. Some services spell its name in another case than their model.
fn set_message(error: &mut dyn Structure, message: &str) {
    let named = |member: &crate::Member| member.name.eq_ignore_ascii_case("message");
    if let Some(index) = error.schema().members.iter().position(named) {
        // A member that is not a string keeps its value.
        let _ = error.decode_member(index, &mut Texts::new(&[message.into()], Place::Whole));
    }
}
