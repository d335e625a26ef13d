//! A received response, and how it is decoded.

use std::fmt;
use std::time::{Duration, SystemTime};

#[cfg(feature = "customizations")]
use http::StatusCode;
#[cfg(feature = "sigv4")]
use http::header::DATE;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::response::Parts;

use super::config::Config;
use super::error::{CallError, Error, ErrorClass};
use super::retry::{self, RetryVerdict};
#[cfg(all(feature = "customizations", feature = "endpoints"))]
use crate::aws::endpoint::is_region;
use crate::aws::errors;
use crate::codec::MemoryLimit;
use crate::error::{DecodeError, SingleLine};
use crate::protocol::Protocol;
use crate::protocol::bind::decode::ReceivedParts;
use crate::protocol::bind::text::{TextPosition, Texts};
use crate::protocol::content::Content;
use crate::protocol::error::{self, ErrorInfo};
use crate::protocol::response;
use crate::protocol::service::{Operation, Service};
#[cfg(feature = "customizations")]
use crate::schema::Kind;
use crate::schema::Schema;
#[cfg(feature = "sigv4")]
use crate::schema::TimestampFormat;
use crate::service_error::{ModeledError, OperationError, Origin, ResponseInfo, UnmodeledError};
use crate::shape::{DecodeMembers, Structure, literal};
#[cfg(feature = "sigv4")]
use crate::value::timestamp;

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
    protocol: &'static dyn Protocol,
    operation: &'static Operation,
    parts: Parts,
    body: Content,
    /// The limit of the memory for the values in the document.
    memory: MemoryLimit,
    attempts: u32,
    /// The error info of the response, and the index of the modelled error; `None` for an output.
    error: Option<Box<(ErrorInfo, Option<usize>)>>,
}

impl Reply {
    pub(crate) fn new(
        config: &Config,
        operation: &'static Operation,
        parts: Parts,
        body: Content,
        attempts: u32,
    ) -> Self {
        let protocol = config.protocol;
        #[cfg(feature = "customizations")]
        let parts = with_error_status(config, operation, parts, &body);
        let error = (!response::is_success(operation, parts.status)).then(|| {
            let messages = protocol.messages();
            let info = messages.error_info(&parts.headers, body.bytes());
            let modeled = error::modeled(operation.errors, &info, parts.status.as_u16());
            Box::new((info, modeled))
        });
        Self {
            service: config.service,
            protocol,
            operation,
            parts,
            body,
            memory: config.max_decoded_bytes,
            attempts,
            error,
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.error.is_none()
    }

    /// What the error says about another attempt.
    pub(crate) fn verdict(&self) -> RetryVerdict {
        if let Some(code) = self.code().filter(|_| self.service.is_of_aws()) {
            if errors::is_throttling(code) {
                return RetryVerdict::NotProcessed;
            }
            if errors::is_transient(code) {
                return RetryVerdict::MaybeProcessed;
            }
        }
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

    /// When the response was sent.
    #[cfg(feature = "sigv4")]
    pub(crate) fn date(&self) -> Option<SystemTime> {
        let text = self.parts.headers.get(DATE)?.to_str().ok()?;
        let date = timestamp::parse(text.trim(), TimestampFormat::HttpDate)?;
        SystemTime::try_from(date).ok()
    }

    /// The region of the resource, if the service says that the request was sent to another one.
    #[cfg(all(feature = "customizations", feature = "endpoints"))]
    pub(crate) fn region(&self) -> Option<String> {
        let redirects = self.service.customizations.region_redirects?;
        let is_elsewhere = match (self.status(), self.code()) {
            (301 | 302 | 307, _) => true,
            (_, Some(code)) => redirects.codes.contains(&code),
            // The response to a `HEAD` request has no document.
            (status, None) => status == 400,
        };
        let is_creation = self.operation.name == redirects.creation;
        if self.is_success() || is_creation || !is_elsewhere {
            return None;
        }
        let header = self.parts.headers.get(redirects.header);
        let region = match header.and_then(|header| header.to_str().ok()) {
            Some(region) => region.to_owned(),
            None => {
                let messages = self.protocol.messages();
                messages.error_text(self.body.bytes(), "Region")?
            }
        };
        is_region(&region).then_some(region)
    }

    pub(crate) fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    /// The error code as the service sent it.
    pub(crate) fn code(&self) -> Option<&str> {
        self.error.as_deref().and_then(|(info, _)| info.code())
    }

    fn info(&self) -> ResponseInfo {
        ResponseInfo {
            operation: self.operation.name,
            status: self.status(),
            code: self.code().map(str::to_owned),
            message: None,
            request_id: self.request_id().map(str::to_owned),
            attempts: self.attempts,
            retryable: self.verdict() != RetryVerdict::Permanent,
        }
    }

    /// The ID of the request, which is in a header or in the document of an error.
    fn request_id(&self) -> Option<&str> {
        let in_document = || self.error.as_deref()?.0.request_id.as_deref();
        response::request_id(&self.parts.headers).or_else(in_document)
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
        let Some((info, index)) = self.error.as_deref() else {
            let mut output = O::empty();
            fill_defaults(&mut output);
            self.read_output(&mut output)?;
            return Ok(output);
        };
        let modeled = match self.position(*index, E::SCHEMAS) {
            Some(index) => E::make(index, &mut self.fill(info)),
            None => None,
        };
        Err(Error::Service(match modeled {
            Some(error) => error,
            None => self.unmodeled(info).into(),
        }))
    }

    /// Reads the members of a modelled error.
    fn fill(&self, info: &ErrorInfo) -> impl FnMut(&mut dyn ModeledError) {
        |error| {
            self.read_error(error);
            let mut response = self.info();
            if let (None, Some(message)) = (error.message(), &info.message)
                && !set_message(error, message)
            {
                response.message = Some(message.clone());
            }
            error.set_origin(Origin::new(response));
        }
    }

    /// The position in `schemas` of the operation's error at `index`.
    fn position(&self, index: Option<usize>, schemas: &[&'static Schema]) -> Option<usize> {
        crate::service_error::position(schemas, self.operation.errors[index?].id)
    }

    fn decode(&self, target: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
        let parts = ReceivedParts {
            labels: &[],
            query: &[],
            headers: &self.parts.headers,
            status: Some(self.parts.status.as_u16()),
            body: &self.body,
            memory: self.memory,
        };
        let messages = self.protocol.messages();
        messages.decode_response(&parts, target)
    }

    fn read_output(&self, output: &mut dyn DecodeMembers) -> Result<(), CallError> {
        self.decode(output).map_err(|error| {
            let message = match (error.exceeded_memory_limit(), self.foreign_body()) {
                (Some(_), _) => {
                    format!("cannot decode the response: {error}: raise `max_decoded_bytes`")
                }
                (None, Some(other)) if other.is_readable => {
                    format!("cannot decode the response; {CHECK_ENDPOINT}")
                }
                (None, Some(other)) => {
                    let expected = self.protocol.media_type();
                    format!("the response is not {expected} but {other}; {CHECK_ENDPOINT}")
                }
                (None, None) => "cannot decode the response".to_owned(),
            };
            CallError::new(ErrorClass::Response, self.operation.name, message)
                .with_source(error)
                .with_response(self.info())
        })
    }

    /// Decodes the members of a modelled error. If that fails, those decoded so far remain: which
    /// error it is, is known already.
    fn read_error(&self, error: &mut dyn DecodeMembers) {
        if let Err(cause) = self.decode(error) {
            tracing::debug!(error = %cause, "cannot decode the members of the error");
        }
    }

    fn unmodeled(&self, info: &ErrorInfo) -> UnmodeledError {
        let mut error =
            UnmodeledError::new(self.parts.status.as_u16()).body(self.body.bytes().clone());
        error.code = info.code().map(str::to_owned);
        error.message = info
            .message
            .clone()
            .or_else(|| Some(format!("the response is {}", self.foreign_body()?)));
        error.set_origin(Origin::new(self.info()));
        error
    }

    /// A body that is not the document of a structure. Such bodies come from proxies, or from
    /// another service.
    fn foreign_body(&self) -> Option<ForeignBody<'_>> {
        let body = self.body.bytes();
        let codec = self.protocol.codec();
        if body.trim_ascii().is_empty() || codec.resembles_document(body) {
            return None;
        }
        let media_type = self.parts.headers.get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        Some(ForeignBody {
            media_type,
            is_readable: media_type.is_some_and(|media_type| codec.reads(media_type)),
            body,
        })
    }
}

/// Replaces a successful status by that of an error of the server if the document is an error,
/// which the service may find after it has sent the status. Such calls are repeated as those with
/// this status are.
#[cfg(feature = "customizations")]
fn with_error_status(
    config: &Config,
    operation: &Operation,
    mut parts: Parts,
    body: &Content,
) -> Parts {
    let is_data = |schema: &Schema| matches!(schema.kind, Kind::Blob | Kind::String);
    let payload = operation.output.payload();
    let is_document = !payload.is_some_and(|(_, member)| is_data(member.target));
    if config.service.customizations.errors_in_success
        && is_document
        && response::is_success(operation, parts.status)
        && config.protocol.messages().is_error_document(body.bytes())
    {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
    }
    parts
}

/// Advice for responses that are not those of the service.
const CHECK_ENDPOINT: &str = "check that the endpoint is that of the service";

/// A body that is not the document of a structure. Displays its type and its beginning.
struct ForeignBody<'b> {
    media_type: Option<&'b str>,
    /// Whether the body has the type of the protocol's documents.
    is_readable: bool,
    body: &'b [u8],
}

impl fmt::Display for ForeignBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 80;
        let body = &self.body[..self.body.len().min(4 * SHOWN)];
        let text = String::from_utf8_lossy(body);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let end = words.char_indices().nth(SHOWN).map(|(end, _)| end);
        let (beginning, more) = match end {
            Some(end) => (&words[..end], ".."),
            None if body.len() < self.body.len() => (&*words, ".."),
            None => (&*words, ""),
        };
        let media_type = self.media_type.unwrap_or("of unknown type");
        let (media_type, beginning) =
            (SingleLine::name(media_type), SingleLine::message(beginning));
        write!(f, "{media_type}: `{beginning}{more}`")
    }
}

/// Sets the defaults of members, which responses may lack. A structure that is also an input has no
/// value for them otherwise: requests leave them out.
fn fill_defaults(output: &mut dyn DecodeMembers) {
    let schema = output.schema();
    if !schema.layout.has_default {
        return;
    }
    for (index, member) in schema.members.iter().enumerate() {
        if let Some(value) = member.default {
            // The generator has checked that a default is a value of its member.
            let _ = literal::with(value, &mut |decoder| output.decode_member(index, decoder));
        }
    }
}

/// Sets the message of an error, and returns whether it has a member for it. Some services spell
/// its name in another case than their model.
fn set_message(error: &mut dyn DecodeMembers, message: &str) -> bool {
    let named = |member: &crate::Member| member.name.eq_ignore_ascii_case("message");
    let Some(index) = error.schema().members.iter().position(named) else {
        return false;
    };
    // A member that is not a string keeps its value.
    let _ = error.decode_member(
        index,
        &mut Texts::new(&[message.into()], TextPosition::Body),
    );
    true
}
