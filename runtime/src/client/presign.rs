//! Signs the request of a call in its query instead of sending it.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};

use super::attempt::PreparedCall;
use super::error::{CallError, ErrorClass};
use crate::aws::sigv4::{Payload, PresignedRequest};
use crate::http::BoxError;
use crate::protocol::service::AuthScheme;
use crate::schema::Member;

/// Signs the request of a call, which `expires_in` limits.
pub(super) async fn presign(
    #[cfg_attr(
        not(feature = "endpoints"),
        expect(unused_mut, reason = "rules use the account of the credentials")
    )]
    mut call: Box<PreparedCall>,
    expires_in: Duration,
) -> Result<PresignedRequest, CallError> {
    #[cfg(feature = "endpoints")]
    call.take_account_id(None).await?;
    presigned(&call, expires_in).await.map_err(|error| {
        let message = "cannot presign the request";
        CallError::new(ErrorClass::Request, call.operation.name, message).with_source(error)
    })
}

async fn presigned(
    call: &PreparedCall,
    expires_in: Duration,
) -> Result<PresignedRequest, BoxError> {
    let traits = &call.operation.traits;
    let service = call.config.service;
    let signer = call.config.identities.signer_of(service, call.operation);
    let schemes = service.auth_of(call.operation);
    let signer = signer.ok_or(if schemes.contains(&AuthScheme::SigV4) {
        "the client does not sign requests: call `sigv4(..)` on its builder"
    } else {
        "the operation needs no signature"
    })?;
    let signer = signer.for_endpoint(call.endpoint.auth().signing()?);
    let mut headers = call.request.headers.clone();
    // The transport of the sender states it.
    headers.remove(CONTENT_LENGTH);
    // The sender may choose another body, and would have to send them.
    #[cfg(feature = "checksums")]
    for name in &call.request.checksums.defaults {
        headers.remove(name);
    }
    let body = match (call.operation.input.events(), call.operation.input.stream()) {
        (Some(_), _) => return Err("each event is signed when it is sent".into()),
        (None, Some((_, member))) => {
            leave_body(call, member, &mut headers)?;
            None
        }
        (None, None) => call.request.body.buffered().cloned(),
    };
    let payload = match &body {
        Some(bytes) if !traits.unsigned_payload => Payload::Bytes(bytes),
        _ => Payload::Unsigned,
    };
    let mut request = Request::new(body.clone());
    *request.method_mut() = call.request.method.clone();
    *request.uri_mut() = call.uri.clone();
    *request.headers_mut() = headers;
    let now = (call.config.clock)();
    let credentials = signer.credentials(now).await?;
    signer.presign(request, payload, expires_in, &credentials, now)
}

/// Leaves the body and, unless the input states it, its type to the sender.
fn leave_body(
    call: &PreparedCall,
    member: &'static Member,
    headers: &mut HeaderMap,
) -> Result<(), BoxError> {
    if !call.request.body.buffered().is_some_and(Bytes::is_empty) {
        let name = member.name;
        return Err(format!("the sender chooses the body: leave `{name}` empty").into());
    }
    let default = member.media_type.unwrap_or("application/octet-stream");
    if headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value == default)
    {
        headers.remove(CONTENT_TYPE);
    }
    Ok(())
}
