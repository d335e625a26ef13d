//! Cross-origin requests (Smithy 2.0, "cors trait"; the Fetch standard, "CORS protocol").

use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use crate::http::Body;
use crate::protocol::ServerProtocol;
use crate::protocol::service::{Cors, Service};
use crate::schema::{Binding, Schema};

/// Request headers that clients of any protocol send.
const SENT: [&str; 9] = [
    "authorization",
    "content-length",
    "content-type",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
];
/// Response headers that clients may read.
const READ: [&str; 3] = ["x-amzn-errortype", "x-amzn-requestid", "content-length"];

/// The headers of responses to cross-origin requests, computed once.
#[derive(Debug)]
pub(super) struct Headers {
    origins: &'static [&'static str],
    exposed: HeaderValue,
    allowed: HeaderValue,
    max_age: HeaderValue,
    /// Whether the response depends on the origin, for caches.
    varies: bool,
}

impl Headers {
    /// The headers of a service with the `cors` trait.
    pub(super) fn of(service: &Service) -> Option<Self> {
        let Cors {
            origins,
            max_age,
            exposed_headers,
            allowed_headers,
        } = service.cors?;
        let protocols = service.protocols.iter();
        let served = protocols.filter_map(|protocol| protocol.messages().server());
        let always = served.map(ServerProtocol::headers);
        let inputs = service
            .operations
            .iter()
            .flat_map(|operation| bound(operation.input));
        let outputs = service
            .operations
            .iter()
            .flat_map(|operation| bound(operation.output));
        let errors = service
            .operations
            .iter()
            .flat_map(|operation| operation.errors)
            .flat_map(|error| bound(error));
        Some(Self {
            origins,
            exposed: list(
                READ.into_iter()
                    .chain(
                        always
                            .clone()
                            .flat_map(|headers| headers.response.iter().copied()),
                    )
                    .chain(exposed_headers.iter().copied())
                    .chain(outputs)
                    .chain(errors),
            ),
            allowed: list(
                SENT.into_iter()
                    .chain(allowed_headers.iter().copied())
                    .chain(always.flat_map(|headers| headers.request.iter().copied()))
                    .chain(inputs),
            ),
            max_age: HeaderValue::from(max_age),
            varies: origins != ["*"],
        })
    }

    /// Whether responses depend on the origin of the request.
    pub(super) fn depends_on_origin(&self) -> bool {
        self.origins.len() > 1
    }

    /// Adds the headers of every response to a request from this origin. One of several allowed
    /// origins is named only if the request comes from it.
    pub(super) fn add(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        let is_allowed = |allowed: &&&str| match (self.origins, origin) {
            ([_], _) => true,
            (_, Some(origin)) => origin == **allowed,
            (_, None) => false,
        };
        if let Some(allowed) = self.origins.iter().find(is_allowed) {
            let allowed = HeaderValue::from_static(allowed);
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed.clone());
        }
        if self.varies {
            let values = headers.get_all(header::VARY).into_iter();
            let values = values.map(HeaderValue::as_bytes);
            // In one line with what the implementation sets.
            let names = values.chain([&b"origin"[..]]).collect::<Vec<_>>();
            if let Ok(names) = HeaderValue::from_bytes(&names.join(&b", "[..])) {
                headers.insert(header::VARY, names);
            }
        }
    }

    /// The response to `OPTIONS` on a resource with these methods.
    pub(super) fn preflight(&self, methods: &str) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if let Ok(methods) = HeaderValue::from_str(methods) {
            headers.insert(header::ALLOW, methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.allowed.clone());
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        response
    }
}

/// The headers that members are bound to.
fn bound(schema: &'static Schema) -> impl Iterator<Item = &'static str> {
    schema
        .members
        .iter()
        .filter_map(|member| match member.binding {
            Binding::Header(name) => Some(name),
            _ => None,
        })
}

/// A list that has each name once, in lower case.
fn list(names: impl Iterator<Item = &'static str>) -> HeaderValue {
    let mut list = Vec::<String>::new();
    for name in names.map(str::to_ascii_lowercase) {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    HeaderValue::try_from(list.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        origins: &'static [&'static str],
        origin: Option<&'static str>,
        expected: Option<&str>,
    ) {
        let empty = HeaderValue::from_static("");
        let cors = Headers {
            origins,
            exposed: empty.clone(),
            allowed: empty.clone(),
            max_age: empty,
            varies: true,
        };
        let mut headers = HeaderMap::new();
        cors.add(origin.map(HeaderValue::from_static).as_ref(), &mut headers);
        let allowed = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allowed.and_then(|it| it.to_str().ok()), expected);
    }

    #[test]
    fn one_of_several_origins_is_allowed_to_itself_only() {
        const TWO: &[&str] = &["https://a.example", "https://b.example"];
        check(&["*"], Some("https://a.example"), Some("*"));
        check(&["https://a.example"], None, Some("https://a.example"));
        check(TWO, Some("https://b.example"), Some("https://b.example"));
        check(TWO, Some("https://c.example"), None);
        check(TWO, None, None);
    }
}
