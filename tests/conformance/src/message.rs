//! HTTP messages with bodies in memory.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use drawplate_runtime::client::{Body, BoxError};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use tower_service::Service;

use crate::{case, compare};

/// The maximum length of the body of a case, in bytes.
const MOST: usize = 1 << 24;

/// A request as a transport sees it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct BufferedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A transport that keeps what is sent and responds to all with the same.
#[derive(Clone)]
pub(crate) struct Capture {
    sent: Arc<Mutex<Option<Sent>>>,
    response: BufferedResponse,
}

impl Capture {
    pub(crate) fn new(response: BufferedResponse) -> Self {
        Self {
            sent: Arc::default(),
            response,
        }
    }

    /// The last request.
    pub(crate) fn sent(&self) -> Option<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.clone()
    }
}

impl Service<Request<Body>> for Capture {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self {
            sent,
            response: canned,
        } = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let request = Sent {
                method: parts.method,
                uri: parts.uri,
                headers: parts.headers,
                body: body.collect(MOST).await?,
            };
            *sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
            let mut response = Response::new(Full::new(canned.body));
            *response.status_mut() = canned.status;
            *response.headers_mut() = canned.headers;
            Ok(response)
        })
    }
}

/// The headers of a case.
pub(crate) fn headers(pairs: &[(&str, &str)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes());
        let pair = name
            .ok()
            .zip(HeaderValue::from_bytes(value.as_bytes()).ok());
        let (name, value) =
            pair.ok_or_else(|| format!("`{value}` cannot be the value of a header"))?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// The media type of a body: that of the case, or else that of the message.
fn media_type<'c>(stated: Option<&'c str>, headers: &[(&str, &'c str)]) -> Option<&'c str> {
    let mut headers = headers.iter();
    stated.or_else(|| {
        let header = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        header.map(|(_, value)| *value)
    })
}

/// The response of a case.
pub(crate) fn response(
    status: u16,
    pairs: &[(&str, &str)],
    body: Option<&'static str>,
    media_type: Option<&str>,
) -> Result<BufferedResponse, String> {
    Ok(BufferedResponse {
        status: StatusCode::from_u16(status).map_err(|error| error.to_string())?,
        headers: headers(pairs)?,
        body: compare::bytes(
            body.unwrap_or_default(),
            self::media_type(media_type, pairs),
        )?
        .into(),
    })
}

/// The request of a case, as a server receives it.
pub(crate) fn request(
    request: &case::Request,
    host: Option<&str>,
) -> Result<Request<Full<Bytes>>, String> {
    let case::Request {
        method,
        uri,
        query,
        headers,
        body,
        body_media_type,
    } = request;
    let mut target = (*uri).to_owned();
    for (index, pair) in query.iter().enumerate() {
        target.push(if index == 0 && !uri.contains('?') {
            '?'
        } else {
            '&'
        });
        target.push_str(&compare::encoded(pair));
    }
    let bytes = compare::bytes(
        body.unwrap_or_default(),
        media_type(*body_media_type, headers),
    )?;
    let mut request = Request::new(Full::new(bytes.into()));
    *request.method_mut() = method
        .parse()
        .map_err(|_| format!("`{method}` is not a method"))?;
    *request.uri_mut() = target
        .parse()
        .map_err(|error| format!("`{target}` is not a request target: {error}"))?;
    *request.headers_mut() = self::headers(headers)?;
    if let Some(host) = host {
        let value = HeaderValue::try_from(host).map_err(|_| format!("`{host}` is not a host"))?;
        request
            .headers_mut()
            .entry(http::header::HOST)
            .or_insert(value);
    }
    Ok(request)
}

/// The response of a service in the same process.
pub(crate) async fn send<S, B>(
    mut service: S,
    request: Request<B>,
) -> Result<BufferedResponse, String>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible>,
{
    let Ok(response) = service.call(request).await;
    let (parts, body) = response.into_parts();
    let body = body
        .collect(MOST)
        .await
        .map_err(|error| format!("the response is incomplete: {error}"))?;
    Ok(BufferedResponse {
        status: parts.status,
        headers: parts.headers,
        body,
    })
}
