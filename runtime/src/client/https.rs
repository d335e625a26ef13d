//! The default transport: HTTP/1.1 and HTTP/2 over TLS, connections kept and used again.
//!
//! Trusted are the certificates that the system trusts, as companies and developers set them up (`SSL_CERT_FILE` and `SSL_CERT_DIR` included), and
//! those that the builder is given.

use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tower_service::Service;

use super::build::BuildError;
use super::transport::{ConnectTimeout, Transport};
use crate::http::{Body, BoxError};

/// A transport that trusts the system's roots and `roots`, each one or more certificates as PEM.
pub(super) fn transport(
    roots: &[Vec<u8>],
    connect_timeout: Option<Duration>,
) -> Result<Transport, BuildError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_keepalive(Some(Duration::from_mins(1)));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls(roots)?)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(http);
    let client = Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_mins(1))
        .build::<_, Body>(Timed {
            connector,
            timeout: connect_timeout,
        });
    Ok(Transport::new(client))
}

fn tls(roots: &[Vec<u8>]) -> Result<ClientConfig, BuildError> {
    let unusable = |why: String| BuildError::Certificates(why);
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(system_roots().iter().cloned());
    for pem in roots {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            store
                .add(certificate)
                .map_err(|error| unusable(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(unusable(
                "what was given holds no certificate as PEM".to_owned(),
            ));
        }
    }
    if store.is_empty() {
        let help = "the system has none; install its package of certificates, set SSL_CERT_FILE, or give some to the builder";
        return Err(unusable(help.to_owned()));
    }
    let config =
        ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?;
    Ok(config.with_root_certificates(store).with_no_client_auth())
}

/// The certificates that the system trusts: read once, which takes a while.
fn system_roots() -> &'static [CertificateDer<'static>] {
    static ROOTS: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "some of the system's root certificates cannot be read");
        }
        found.certs
    })
}

/// A connector that gives up, the TLS handshake included.
#[derive(Clone)]
struct Timed {
    connector: HttpsConnector<HttpConnector>,
    timeout: Option<Duration>,
}

type Connected = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;

impl Service<Uri> for Timed {
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
