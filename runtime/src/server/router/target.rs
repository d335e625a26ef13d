//! What a request is for: an operation in a protocol, or a response without a call.

use http::{HeaderMap, Method, Response, Uri};

use super::super::rejection::Rejection;
use super::{Core, ProtocolRouter};
use crate::http::Body;
use crate::protocol::messages::{Recognition, RequestHead, RequestRouter, RouteError};
use crate::protocol::routes::Matched;
use crate::protocol::service::Operation;
use crate::protocol::{REST_JSON_1, ServerProtocol};

/// The target of a request.
pub(super) enum Target {
    /// An operation, in a protocol.
    Operation(&'static dyn ServerProtocol, &'static Operation, Matched),
    /// A response that no operation gives.
    Response(Response<Body>),
}

impl Core {
    /// The target of a request, or the reason for its rejection and the protocol to report it in.
    pub(super) fn target(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Target, (&'static dyn ServerProtocol, Rejection)> {
        let head = RequestHead {
            method,
            uri,
            headers,
            base: &self.base,
        };
        let recognized = self.recognize(&head);
        let (protocol, router) = recognized.ok_or((self.preferred(), Rejection::NotFound))?;
        self.check_limits(uri, headers)
            .map_err(|rejection| (*protocol, rejection))?;
        #[cfg(feature = "openapi")]
        if let Some(response) = self.pages.respond(self, uri.path(), headers) {
            return match *method {
                Method::GET | Method::HEAD => Ok(Target::Response(response)),
                _ => self
                    .other_method(method, vec!["GET"])
                    .map_err(|rejection| (*protocol, rejection)),
            };
        }
        match self.route(&**router, &head) {
            Ok(matched) => match self.service.operations.get(matched.operation) {
                Some(operation) => Ok(Target::Operation(*protocol, operation, matched)),
                None => Err((*protocol, Rejection::NotFound)),
            },
            Err(RouteError::NotFound) => Err((*protocol, Rejection::NotFound)),
            Err(RouteError::Method(methods)) => self
                .other_method(method, methods)
                .map_err(|rejection| (*protocol, rejection)),
            Err(error) => Err((*protocol, error.into())),
        }
    }

    /// The operation of a request, with the label of a virtual host in the path.
    #[cfg_attr(
        not(feature = "customizations"),
        expect(clippy::unused_self, reason = "virtual hosts are a feature")
    )]
    fn route(
        &self,
        router: &dyn RequestRouter,
        head: &RequestHead<'_>,
    ) -> Result<Matched, RouteError> {
        #[cfg(feature = "customizations")]
        if let Some(uri) = self
            .hosts
            .with_label_in_path(self.base.len(), head.host(), head.uri)
        {
            let mut matched = router.route(&RequestHead { uri: &uri, ..*head })?;
            matched.uri = Some(Box::new(uri));
            return Ok(matched);
        }
        router.route(head)
    }

    /// The protocol of responses to requests in no known protocol.
    pub(super) fn preferred(&self) -> &'static dyn ServerProtocol {
        match self.protocols.first() {
            Some((protocol, _)) => *protocol,
            // Services without such a protocol have no server.
            None => &REST_JSON_1,
        }
    }

    /// The protocol of a request; the last one if none is possible.
    fn recognize(&self, head: &RequestHead<'_>) -> Option<&ProtocolRouter> {
        let several = match &*self.protocols {
            [single] => return Some(single),
            several => several,
        };
        let mut possible = None;
        for protocol in several {
            match protocol.0.recognizes(head) {
                Recognition::Certain => return Some(protocol),
                Recognition::Possible => possible = possible.or(Some(protocol)),
                Recognition::No => {}
            }
        }
        possible.or(several.last())
    }

    fn check_limits(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Rejection> {
        let length = uri.path().len() + uri.query().map_or(0, |query| query.len() + 1);
        let limit = self.limits.uri;
        if length > limit {
            return Err(Rejection::UriTooLong { limit });
        }
        let lengths = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        let limit = self.limits.headers;
        if lengths.sum::<usize>() > limit {
            return Err(Rejection::HeadersTooLarge { limit });
        }
        Ok(())
    }

    /// Responds to a method other than those of the resource.
    fn other_method(
        &self,
        method: &Method,
        mut methods: Vec<&'static str>,
    ) -> Result<Target, Rejection> {
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        if self.cors.is_some() {
            methods.push("OPTIONS");
        }
        methods.sort_unstable();
        methods.dedup();
        let allow = methods.join(", ");
        match &self.cors {
            Some(cors) if *method == Method::OPTIONS => {
                Ok(Target::Response(cors.preflight(&allow)))
            }
            _ => Err(Rejection::Method { allow }),
        }
    }
}
