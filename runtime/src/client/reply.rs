//! An answer that came whole, or but for its stream, and what is made of it.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HeaderMap};
use http::response::Parts;

use super::error::{Class, Error, Failure};
use super::retry::{self, Verdict};
use crate::http::Content;
use crate::protocol::bind::text::{Place, Texts};
use crate::protocol::error::{self as failure, Said};
use crate::protocol::response;
use crate::protocol::service::{Operation, Service};
use crate::schema::Schema;
use crate::service_error::{Answer, OperationError, Origin, UnmodeledError};
use crate::shape::Structure;

/// What came along with an output: see [`Call::with_metadata`](super::Call::with_metadata).
#[derive(Clone, Debug)]
pub struct Metadata {
    status: u16,
    headers: HeaderMap,
    attempts: u32,
}

impl Metadata {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        response::request_id(&self.headers)
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// An answer that is not read yet.
pub(crate) struct Reply {
    service: &'static Service,
    operation: &'static Operation,
    parts: Parts,
    body: Content,
    attempts: u32,
    /// What an error says of itself, and which modelled one it is; `None` of an output.
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
            // A page that some proxy wrote is not the service's error, even where its status would fit.
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

    /// What an error means for another attempt.
    pub(crate) fn verdict(&self) -> Verdict {
        let status = self.parts.status.as_u16();
        let index = self.error.as_deref().and_then(|(_, index)| *index);
        let marked = index.and_then(|index| self.operation.errors[index].error);
        match marked {
            // What is refused because the caller is too fast was not done.
            _ if status == 429 => Verdict::Undone,
            Some(error) if error.throttling => Verdict::Undone,
            Some(error) if error.retryable => Verdict::Unclear,
            _ if retry::is_transient(status) => Verdict::Unclear,
            _ => Verdict::Final,
        }
    }

    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry::retry_after(&self.parts.headers, now)
    }

    fn answer(&self) -> Answer {
        let code = self.error.as_deref().and_then(|(said, _)| said.code());
        Answer {
            operation: self.operation.name,
            status: self.parts.status.as_u16(),
            code: code.map(str::to_owned),
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

    /// Reads the answer into what it is: the one step that knows the types of the operation.
    pub(crate) fn read<O: Structure, E: OperationError>(&self) -> Result<O, Error<E>> {
        let Some((said, index)) = self.error.as_deref() else {
            let mut output = O::empty();
            self.read_output(&mut output)?;
            return Ok(output);
        };
        let mut error = match self.position(*index, E::SCHEMAS).and_then(E::empty) {
            Some(error) => error,
            None => E::unmodeled(self.unmodeled(said)),
        };
        if let Some(structure) = error.as_structure_mut() {
            self.read_error(structure);
        }
        if error
            .as_modeled()
            .is_some_and(|error| error.message().is_none())
            && let (Some(structure), Some(message)) = (error.as_structure_mut(), &said.message)
        {
            set_message(structure, message);
        }
        error.set_origin(Origin::new(self.answer()));
        Err(Error::Service(error))
    }

    /// Where the error of the operation at `index` stands in `schemas`.
    fn position(&self, index: Option<usize>, schemas: &[&'static Schema]) -> Option<usize> {
        let name = self.operation.errors[index?].id;
        schemas.iter().position(|schema| schema.id == name)
    }

    fn read_output(&self, output: &mut dyn Structure) -> Result<(), Failure> {
        response::read(self.service, &self.parts, &self.body, output).map_err(|error| {
            let mut what = "the answer cannot be read".to_owned();
            if let Some(other) = self.not_json() {
                what = format!("the answer is not JSON but {other}");
            }
            let failure = Failure::new(Class::Response, self.operation.name, what);
            failure.because(error).answered(self.answer())
        })
    }

    /// Fills a modelled error as far as the answer can be read: that it is this error is known already.
    fn read_error(&self, error: &mut dyn Structure) {
        if let Err(why) = response::read(self.service, &self.parts, &self.body, error) {
            tracing::debug!(error = %why, "the members of the error cannot be read");
        }
    }

    fn unmodeled(&self, said: &Said) -> UnmodeledError {
        let mut error =
            UnmodeledError::new(self.parts.status.as_u16()).body(self.body.bytes().clone());
        error.code = said.code().map(str::to_owned);
        error.message = said
            .message
            .clone()
            .or_else(|| Some(format!("the answer is {}", self.not_json()?)));
        error
    }

    /// What a body is that is no JSON: its type and how it begins. Such bodies come from proxies.
    fn not_json(&self) -> Option<String> {
        const SHOWN: usize = 80;
        let body = self.body.bytes();
        let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
        let text = text.trim_start();
        if text.is_empty() || text.starts_with(['{', '[', '"']) {
            return None;
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let begins = words.chars().take(SHOWN).collect::<String>();
        let media_type = self
            .parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        Some(format!(
            "{}: `{begins}`",
            media_type.unwrap_or("of no content type")
        ))
    }
}

/// Services write an error's message under a name of another case than their model has.
fn set_message(error: &mut dyn Structure, message: &str) {
    let named = |member: &crate::Member| member.name.eq_ignore_ascii_case("message");
    if let Some(index) = error.schema().members.iter().position(named) {
        // A member of another type keeps what it has.
        let _ = error.decode_member(index, &mut Texts::new(&[message.into()], Place::Whole));
    }
}
