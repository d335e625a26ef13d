//! The default transport: HTTP/1.1 and HTTP/2 over TLS, with a pool of connections.
//!
//! The properties `http` and `eventStreamHttp` of the trait of the protocol restrict the versions
//! of HTTP. Over TLS, they are offered in their order (ALPN, RFC 7301), and the server chooses.
//! Without TLS, HTTP/1.1 is used if it is among them, otherwise HTTP/2 with prior knowledge (RFC
//! 9113 section 3.3). Without these properties, HTTP/2 is offered before HTTP/1.1.
//!
//! It trusts the root certificates of the system, including those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name, and those that are given to the builder.

use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tower_service::Service;

use super::build_error::BuildError;
use super::transport::{CarriesEvents, ConnectTimeout, Transport};
use crate::http::{Body, BoxError};
use crate::protocol::service::{HttpVersion, HttpVersions};

/// Creates a transport that trusts the roots of the system and `roots`, each of which is one or
/// more certificates in PEM.
pub(super) fn transport(
    roots: &[Vec<u8>],
    connect_timeout: Option<Duration>,
    versions: Option<HttpVersions>,
) -> Result<Transport, BuildError> {
    let tls = tls(roots)?;
    let client = |versions| client(tls.clone(), connect_timeout, versions);
    Ok(match versions {
        None => Transport::new(client(&[])),
        Some(HttpVersions { any, events, .. }) if any == events => Transport::new(client(any)),
        Some(HttpVersions { any, events, .. }) => Transport::new(ByContent {
            others: client(any),
            events: client(events),
        }),
    })
}

type HttpClient = Client<TimeoutConnector, Body>;

/// Creates a client of these versions of HTTP, or of all if there are none.
fn client(
    mut tls: ClientConfig,
    connect_timeout: Option<Duration>,
    versions: &[HttpVersion],
) -> HttpClient {
    let versions = match versions {
        [] => &[HttpVersion::Http2, HttpVersion::Http1],
        versions => versions,
    };
    tls.alpn_protocols = protocol_ids(versions);
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_keepalive(Some(Duration::from_secs(60)));
    Client::builder(TokioExecutor::new())
        .http2_only(versions == [HttpVersion::Http2])
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(60))
        .build::<_, Body>(TimeoutConnector {
            connector: HttpsConnector::from((http, tls)),
            timeout: connect_timeout,
        })
}

/// The ALPN protocol IDs of versions.
fn protocol_ids(versions: &[HttpVersion]) -> Vec<Vec<u8>> {
    let ids = versions.iter().map(|version| match version {
        HttpVersion::Http1 => "http/1.1",
        HttpVersion::Http2 => "h2",
    });
    ids.map(|id| id.as_bytes().to_vec()).collect()
}

/// Sends requests with event streams through another client than others.
#[derive(Clone)]
struct ByContent {
    others: HttpClient,
    events: HttpClient,
}

impl Service<Request<Body>> for ByContent {
    type Response = <HttpClient as Service<Request<Body>>>::Response;
    type Error = <HttpClient as Service<Request<Body>>>::Error;
    type Future = <HttpClient as Service<Request<Body>>>::Future;

    /// Clients are always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if request.extensions().get::<CarriesEvents>().is_some() {
            self.events.call(request)
        } else {
            self.others.call(request)
        }
    }
}

fn tls(roots: &[Vec<u8>]) -> Result<ClientConfig, BuildError> {
    let invalid = |why: String| BuildError::Certificates(why);
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(system_roots().iter().cloned());
    for pem in roots {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| invalid(error.to_string()))?;
            store
                .add(certificate)
                .map_err(|error| invalid(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(invalid(
                "`root_certificates` contains no certificate in PEM".to_owned(),
            ));
        }
    }
    if store.is_empty() {
        let message = "the system has no root certificates: install its package of certificates, \
                       set SSL_CERT_FILE, or call `root_certificates(..)`";
        return Err(invalid(message.to_owned()));
    }
    let config =
        ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| invalid(error.to_string()))?;
    Ok(config.with_root_certificates(store).with_no_client_auth())
}

/// The root certificates of the system. Reading them is slow, so they are read once.
fn system_roots() -> &'static [CertificateDer<'static>] {
    static ROOTS: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let loaded = rustls_native_certs::load_native_certs();
        for error in &loaded.errors {
            tracing::debug!(%error, "cannot read some root certificates of the system");
        }
        loaded.certs
    })
}

/// A connector with a timeout that includes the TLS handshake.
#[derive(Clone)]
struct TimeoutConnector {
    connector: HttpsConnector<HttpConnector>,
    timeout: Option<Duration>,
}

type Connected = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;

impl Service<Uri> for TimeoutConnector {
    type Response = Connected;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connected, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.connector.call(uri);
        match self.timeout {
            None => connecting,
            Some(timeout) => Box::pin(async move {
                let connected = tokio::time::timeout(timeout, connecting).await;
                connected.unwrap_or_else(|_| Err(ConnectTimeout(timeout).into()))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_offered_in_the_order_of_preference() {
        let [http1, http2] = [HttpVersion::Http1, HttpVersion::Http2];
        for (versions, expected) in [
            (&[http1, http2][..], &["http/1.1", "h2"][..]),
            (&[http2, http1], &["h2", "http/1.1"]),
            (&[http2], &["h2"]),
        ] {
            let expected = expected.iter().map(|id| id.as_bytes().to_vec());
            assert_eq!(protocol_ids(versions), expected.collect::<Vec<_>>());
        }
    }
}
