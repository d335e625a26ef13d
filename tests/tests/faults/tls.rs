//! TLS: the servers that the client trusts, and HTTP/2.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use amplify_admin::amplifybackend::client::{Body, BuildError, RetryConfig};
use amplify_admin::amplifybackend::input::{
    CreateTokenInput, DeleteTokenInput, DeleteTokenInputRequired, GetTokenInput,
    GetTokenInputRequired,
};
use amplify_admin::amplifybackend::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_rustls::server::TlsStream;

use crate::{KINDS, Kind, TOKEN, builder, call, run};

/// A self-signed certificate and its key.
struct Identity {
    certificate: rcgen::Certificate,
    key: rcgen::KeyPair,
}

impl Identity {
    fn of(name: &str) -> Self {
        let signed = rcgen::generate_simple_self_signed([name.to_owned()]);
        let rcgen::CertifiedKey { cert, signing_key } = signed.expect("a name can be signed");
        Self {
            certificate: cert,
            key: signing_key,
        }
    }

    fn pem(&self) -> String {
        self.certificate.pem()
    }

    fn acceptor(&self, protocols: &[&str]) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key is one");
        let mut config =
            ServerConfig::builder_with_provider(crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .expect("ring has what TLS needs")
                .with_no_client_auth()
                .with_single_cert(vec![self.certificate.der().clone()], key)
                .expect("the key is that of the certificate");
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// The counters of a server.
#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    /// Requests that the client cancelled.
    cancelled: AtomicUsize,
    versions: Mutex<Vec<http::Version>>,
}

impl Counts {
    fn spoke(&self, version: http::Version) {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        versions.push(version);
    }

    /// Connections and requests.
    fn both(&self) -> (usize, usize) {
        let count = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        (count(&self.connections), count(&self.requests))
    }
}

/// Serves clients that trust `acceptor`, over HTTP/2 if it was negotiated.
async fn serve(acceptor: TlsAcceptor) -> (SocketAddr, Arc<Counts>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("loopback has a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let counts = Arc::<Counts>::default();
    let counting = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counting.connections.fetch_add(1, Ordering::SeqCst);
            let (acceptor, counts) = (acceptor.clone(), Arc::clone(&counting));
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await?;
                match stream.get_ref().1.alpn_protocol() {
                    Some(b"h2") => serve_http2(stream, counts).await,
                    _ => serve_http1(stream, counts).await?,
                }
                Ok::<_, io::Error>(())
            });
        }
    });
    (address, counts)
}

/// Responds to each request, except that it leaves those of deleted tokens open and resets those of
/// the app `broken`.
async fn serve_http2(stream: TlsStream<TcpStream>, counts: Arc<Counts>) {
    /// Counts the request as cancelled unless it gets a response.
    struct Cancelled(Arc<Counts>, bool);

    impl Drop for Cancelled {
        fn drop(&mut self) {
            if self.1 {
                self.0.cancelled.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    let service = hyper::service::service_fn(|request: http::Request<hyper::body::Incoming>| {
        let counts = Arc::clone(&counts);
        async move {
            counts.requests.fetch_add(1, Ordering::SeqCst);
            counts.spoke(request.version());
            let mut cancelled = Cancelled(counts, true);
            if request.uri().path().ends_with("/remove") {
                std::future::pending::<()>().await;
            }
            cancelled.1 = false;
            if request.uri().path().contains("/broken/") {
                return Err(io::Error::from(io::ErrorKind::Other));
            }
            Ok(http::Response::new(Body::from(TOKEN)))
        }
    });
    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    // The client decides how a connection ends.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Responds to requests without a body whose head arrives in one piece.
async fn serve_http1(mut stream: TlsStream<TcpStream>, counts: Arc<Counts>) -> io::Result<()> {
    let length = TOKEN.len();
    let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{TOKEN}");
    while stream.read(&mut [0; 4096]).await? > 0 {
        counts.requests.fetch_add(1, Ordering::SeqCst);
        stream.write_all(response.as_bytes()).await?;
        stream.flush().await?;
    }
    Ok(())
}

fn client(address: SocketAddr, root: &Identity) -> Client {
    let builder = builder(format!("https://{address}")).root_certificates(root.pem());
    builder.build().expect("a valid root certificate")
}

/// Checks that the client rejects the server, and that it does so once.
async fn is_rejected(client: &Client, counts: &Counts, why: &str) {
    let error = call(client, Kind::ReadOnly)
        .await
        .expect_err("the server is not trusted");
    let line = error.to_string();
    assert!(
        line.starts_with("GetToken: cannot connect: ") && line.contains(why),
        "{line}"
    );
    assert!(!line.contains('\n'), "{line}");
    assert!(
        matches!(error, Error::Transport(_)) && !error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(counts.both(), (1, 0));
}

#[test]
fn a_server_with_an_unknown_root_is_rejected() {
    run(async {
        let (theirs, other) = (Identity::of("127.0.0.1"), Identity::of("127.0.0.1"));
        let (address, counts) = serve(theirs.acceptor(&["http/1.1"])).await;
        is_rejected(&client(address, &other), &counts, "certificate").await;
    });
}

#[test]
fn a_server_with_another_name_is_rejected() {
    run(async {
        let theirs = Identity::of("elsewhere.example");
        let (address, counts) = serve(theirs.acceptor(&["http/1.1"])).await;
        is_rejected(&client(address, &theirs), &counts, "certificate").await;
    });
}

#[test]
fn a_server_without_tls_is_rejected() {
    run(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let counts = Arc::<Counts>::default();
        let counting = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counting.connections.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await?;
                stream
                    .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    .await?;
            }
            Ok::<_, io::Error>(())
        });
        is_rejected(
            &client(address, &Identity::of("127.0.0.1")),
            &counts,
            "message",
        )
        .await;
    });
}

#[test]
fn a_server_with_an_added_root_is_trusted() {
    run(async {
        let theirs = Identity::of("127.0.0.1");
        for protocols in [&["http/1.1"][..], &[]] {
            let (address, counts) = serve(theirs.acceptor(protocols)).await;
            let client = client(address, &theirs);
            for _ in 0..3 {
                call(&client, Kind::ReadOnly)
                    .await
                    .expect("a good response");
            }
            assert_eq!(counts.both(), (1, 3));
        }
    });
}

#[test]
fn invalid_root_certificates_are_rejected() {
    for pem in [
        "",
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let client = builder("https://h").root_certificates(pem).build();
        assert!(matches!(client, Err(BuildError::Certificates(_))), "{pem}");
    }
}

#[test]
fn a_stalled_handshake_times_out_for_every_operation() {
    run(async {
        for kind in KINDS {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("loopback has a free port");
            let address = listener
                .local_addr()
                .expect("a bound socket has an address");
            let silent = tokio::spawn(async move {
                let mut streams = Vec::new();
                while let Ok((stream, _)) = listener.accept().await {
                    streams.push(stream);
                }
            });
            let client = builder(format!("https://{address}"))
                .root_certificates(Identity::of("127.0.0.1").pem())
                .connect_timeout(Duration::from_millis(50))
                .build()
                .expect("a client");
            let error = call(&client, kind).await.expect_err("a silent server");
            let line = error.to_string();
            assert!(
                line.contains("Token: timed out while connecting: "),
                "{line}"
            );
            assert!(
                error.is_timeout() && error.is_retryable() && error.attempts() == 3,
                "{line}"
            );
            silent.abort();
        }
    });
}

#[test]
fn http2_is_negotiated_and_multiplexes_calls() {
    run(async {
        let theirs = Identity::of("127.0.0.1");
        let (address, counts) = serve(theirs.acceptor(&["h2", "http/1.1"])).await;
        let client = client(address, &theirs);
        call(&client, Kind::ReadOnly)
            .await
            .expect("a good response");
        let calls = (0..8).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client, Kind::Neither).await })
        });
        for call in calls.collect::<Vec<_>>() {
            let outcome = call.await.expect("a call does not panic");
            outcome.expect("a good response");
        }
        let token = client
            .get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: "app",
                session_id: "s",
            }))
            .await;
        assert_eq!(token.expect("a good response").ttl, "60");
        assert_eq!(counts.both(), (1, 10));
        let versions = counts
            .versions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        assert!(
            versions
                .iter()
                .all(|version| *version == http::Version::HTTP_2)
        );
    });
}

#[test]
fn dropping_a_call_of_http2_cancels_only_that_call() {
    run(async {
        let theirs = Identity::of("127.0.0.1");
        let (address, counts) = serve(theirs.acceptor(&["h2"])).await;
        let client = client(address, &theirs);
        let calling = client.clone();
        let calling = tokio::spawn(async move { call(&calling, Kind::Idempotent).await });
        while counts.both().1 == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        calling.abort();
        while counts.cancelled.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        call(&client, Kind::ReadOnly)
            .await
            .expect("the connection is still usable");
        let late = client.clone();
        let late = late.delete_token(DeleteTokenInput::new(DeleteTokenInputRequired {
            app_id: "app",
            session_id: "s",
        }));
        let late = late
            .retries(RetryConfig::none())
            .attempt_timeout(Duration::from_millis(300))
            .await;
        assert!(late.expect_err("there is no response").is_timeout());
        while counts.cancelled.load(Ordering::SeqCst) == 1 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(counts.both(), (1, 3));
    });
}

#[test]
fn a_reset_call_of_http2_is_retried_if_repeatable() {
    run(async {
        let theirs = Identity::of("127.0.0.1");
        let (address, counts) = serve(theirs.acceptor(&["h2"])).await;
        let client = client(address, &theirs);
        let error = client
            .get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: "broken",
                session_id: "s",
            }))
            .await;
        let error = error.expect_err("every attempt is reset");
        assert_eq!((error.attempts(), counts.both()), (3, (1, 3)), "{error}");
        assert!(
            matches!(error, Error::Transport(_)) && error.is_retryable(),
            "{error:?}"
        );
        let error = client.create_token(CreateTokenInput::new("broken")).await;
        let error = error.expect_err("it is reset");
        assert_eq!((error.attempts(), counts.both()), (1, (1, 4)), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("CreateToken: the connection broke before the response: "),
            "{error}"
        );
        call(&client, Kind::Neither)
            .await
            .expect("the connection is still usable");
        assert_eq!(counts.both(), (1, 5));
    });
}
