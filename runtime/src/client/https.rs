//! The default transport: HTTP/1.1 and HTTP/2 over TLS, with a pool of connections.
//!
//! It trusts the root certificates of the system, including those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name, and those that are given to the builder.

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

use super::build_error::BuildError;
use super::transport::{ConnectTimeout, Transport};
use crate::http::{Body, BoxError};

/// Creates a transport that trusts the roots of the system and `roots`, each of which is one or
/// more certificates in PEM.
pub(super) fn transport(
    roots: &[Vec<u8>],
    connect_timeout: Option<Duration>,
) -> Result<Transport, BuildError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_keepalive(Some(Duration::from_secs(60)));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls(roots)?)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(http);
    let client = Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(60))
        .build::<_, Body>(TimeoutConnector {
            connector,
            timeout: connect_timeout,
        });
    Ok(Transport::new(client))
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
