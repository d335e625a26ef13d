//! Listeners: TCP, Unix sockets, TLS over either, and one of a test's own.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::server::{
    Body, Listener, Peer, Serve, TlsIdentity, TlsListener, serve,
};
use drawplate_runtime::server::TlsIdentityError;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use tower::service_fn;
use tower_service::Service;

use crate::call::wait;

/// What a client connects to.
enum Target {
    Tcp(SocketAddr),
    Unix(TempDir),
    Tls(SocketAddr, CertificateDer<'static>),
}

struct Server {
    target: Target,
    stop: Arc<Notify>,
    task: JoinHandle<io::Result<()>>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

type Connection = Box<dyn Stream>;

const VERSIONS: [&str; 2] = ["http/1.1", "h2"];

/// Responds with the description of its peer; to `/slow` after a while.
fn peers()
-> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static {
    service_fn(|request: Request<Body>| async move {
        if request.uri().path() == "/slow" {
            sleep(Duration::from_millis(300)).await;
        }
        let peer = request
            .extensions()
            .get::<Peer>()
            .expect("it is always set");
        let body = match (peer.socket_addr(), peer.unix_credentials()) {
            (Some(address), None) => address.ip().to_string(),
            (None, Some(unix)) => format!("process {}", unix.pid.unwrap_or_default()),
            unexpected => format!("{unexpected:?}"),
        };
        let tls = match peer.tls() {
            Some(tls) => format!(" {:?} {:?}", tls.server_name, tls.protocol),
            None => String::new(),
        };
        Ok(Response::new(Body::from(body + &tls)))
    })
}

fn start<L: Listener>(listener: L, target: Target, header_timeout: Duration) -> Server {
    let stop = Arc::new(Notify::new());
    let signal = Arc::clone(&stop);
    let server = serve(listener, peers())
        .header_timeout(header_timeout)
        .shutdown_on(async move { signal.notified().await });
    Server {
        target,
        stop,
        task: tokio::spawn(server.into_future()),
    }
}

async fn tcp() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

fn self_signed() -> (rcgen::Certificate, rcgen::KeyPair) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
    let rcgen::CertifiedKey { cert, signing_key } = signed.expect("a name can be signed");
    (cert, signing_key)
}

async fn tls(header_timeout: Duration) -> Server {
    let (certificate, key) = self_signed();
    let identity = TlsIdentity::from_pem(certificate.pem(), key.serialize_pem());
    let (listener, address) = tcp().await;
    let listener = TlsListener::new(listener, identity.expect("a usable identity"));
    let target = Target::Tls(address, certificate.der().clone());
    start(listener, target, header_timeout)
}

/// A server on each kind of listener.
async fn servers() -> [Server; 3] {
    let timeout = Duration::from_secs(10);
    let (listener, address) = tcp().await;
    let tcp = start(listener, Target::Tcp(address), timeout);
    let folder = tempfile::tempdir().expect("a folder");
    let listener = UnixListener::bind(folder.path().join("socket")).expect("a new socket");
    let unix = start(listener, Target::Unix(folder), timeout);
    [tcp, unix, tls(timeout).await]
}

impl Target {
    async fn connect(&self, version: &str) -> io::Result<Connection> {
        match self {
            Self::Tcp(address) => Ok(Box::new(TcpStream::connect(address).await?)),
            Self::Unix(folder) => {
                let path = folder.path().join("socket");
                Ok(Box::new(UnixStream::connect(path).await?))
            }
            Self::Tls(address, certificate) => {
                let mut roots = RootCertStore::empty();
                roots.add(certificate.clone()).expect("a certificate");
                let provider = crypto::ring::default_provider();
                let mut config = ClientConfig::builder_with_provider(provider.into())
                    .with_safe_default_protocol_versions()
                    .expect("ring has what TLS needs")
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                config.alpn_protocols = vec![version.into()];
                let stream = TcpStream::connect(address).await?;
                let name = ServerName::try_from("localhost").expect("a name");
                let connector = TlsConnector::from(Arc::new(config));
                Ok(Box::new(connector.connect(name, stream).await?))
            }
        }
    }

    /// The response to a request over a connection of its own.
    async fn get(&self, version: &str, path: &str) -> io::Result<String> {
        let mut connection = self.connect(version).await?;
        if version == "h2" {
            let connection = TokioIo::new(connection);
            let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), connection);
            let (mut sender, connection) = handshake.await.map_err(io::Error::other)?;
            tokio::spawn(connection);
            let request = Request::get(format!("http://localhost{path}"))
                .body(Empty::<&[u8]>::new())
                .expect("a request");
            let response = sender
                .send_request(request)
                .await
                .map_err(io::Error::other)?;
            let body = response.into_body().collect().await;
            let body = body.map_err(io::Error::other)?.to_bytes();
            return Ok(String::from_utf8_lossy(&body).into_owned());
        }
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await?;
        let mut response = String::new();
        connection.read_to_string(&mut response).await?;
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or_default();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
        Ok(body.to_owned())
    }

    /// What the service knows about this process as its peer.
    fn peer(&self, version: &str) -> String {
        match self {
            Self::Tcp(_) => "127.0.0.1".to_owned(),
            Self::Unix(_) => format!("process {}", std::process::id()),
            Self::Tls(..) => format!(r#"127.0.0.1 Some("localhost") Some("{version}")"#),
        }
    }
}

#[test]
fn every_listener_serves_both_versions_and_describes_its_peers() {
    wait(async {
        for server in servers().await {
            for version in VERSIONS {
                let response = server.target.get(version, "/").await.expect("a response");
                assert_eq!(response, server.target.peer(version), "{version}");
            }
        }
    });
}

#[test]
fn every_listener_shuts_down_gracefully() {
    wait(async {
        for server in servers().await {
            let Server { target, stop, task } = server;
            let target = Arc::new(target);
            let requests = VERSIONS.map(|version| {
                let target = Arc::clone(&target);
                tokio::spawn(async move { target.get(version, "/slow").await })
            });
            // Connected, but without a request until the server stops.
            let mut late = target.connect("http/1.1").await.expect("a connection");
            sleep(Duration::from_millis(100)).await;
            stop.notify_one();
            sleep(Duration::from_millis(50)).await;
            let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
            late.write_all(request).await.expect("it is open");
            let mut response = String::new();
            late.read_to_string(&mut response)
                .await
                .expect("a response");
            assert!(response.contains("\r\nconnection: close\r\n"), "{response}");
            for (version, request) in VERSIONS.into_iter().zip(requests) {
                let response = request.await.expect("no panic").expect("a response");
                assert_eq!(response, target.peer(version), "{version}");
            }
            task.await.expect("no panic").expect("no error");
            assert!(target.connect("http/1.1").await.is_err());
        }
    });
}

#[test]
fn a_slow_handshake_delays_no_other_connection_and_has_a_deadline() {
    wait(async {
        let limit = Duration::from_millis(1500);
        let server = tls(limit).await;
        let Target::Tls(address, _) = server.target else {
            unreachable!("it serves TLS")
        };
        let started = Instant::now();
        let mut slow = Vec::new();
        // The start of a handshake record, as far as its length.
        for bytes in [&b""[..], &[22], &[22, 3, 1, 2, 0]].repeat(20) {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.write_all(bytes).await.expect("sent");
            slow.push(stream);
        }
        let response = server.target.get("h2", "/").await.expect("a response");
        assert_eq!(response, server.target.peer("h2"));
        assert!(started.elapsed() < limit, "{:?}", started.elapsed());
        for mut stream in slow {
            // Closed, with or without an error.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        assert!(started.elapsed() >= limit, "{:?}", started.elapsed());
    });
}

#[test]
fn clients_without_tls_are_rejected_by_a_tls_listener() {
    wait(async {
        let server = tls(Duration::from_secs(10)).await;
        let Target::Tls(address, _) = server.target else {
            unreachable!("it serves TLS")
        };
        let plain = Target::Tcp(address);
        let mut stream = plain.connect("http/1.1").await.expect("a connection");
        let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        stream.write_all(request).await.expect("sent");
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response).await;
        assert!(!response.starts_with(b"HTTP"), "{response:?}");
        let response = server.target.get("h2", "/").await.expect("a response");
        assert_eq!(response, server.target.peer("h2"));
    });
}

#[test]
fn an_unusable_identity_is_explained() {
    let (certificate, key) = self_signed();
    let (_, other_key) = self_signed();
    let (chain, key) = (certificate.pem(), key.serialize_pem());
    let check = |chain: &str, key: &str, expected: &str| {
        let error = TlsIdentity::from_pem(chain, key).expect_err("it is unusable");
        assert!(error.to_string().contains(expected), "{error}");
        error
    };
    let error = check("", &key, "the certificate chain is empty");
    assert_eq!(error, TlsIdentityError::MissingCertificate);
    check(&key, &key, "the certificate chain is empty");
    check(&chain, "", "the private key is missing");
    check(&chain, &chain, "the private key is missing");
    let cut = &chain[..chain.len() - 30];
    check(cut, &key, "the certificate chain is not valid");
    check(&chain, &other_key.serialize_pem(), "cannot be used");
    let error = TlsIdentity::from_der([certificate.der().to_vec()], vec![1, 2, 3]);
    let error = error.expect_err("it is no key");
    assert!(matches!(error, TlsIdentityError::Key(_)), "{error:?}");
    let shown = format!("{:?}", TlsIdentity::from_pem(&chain, &key).expect("usable"));
    assert_eq!(shown, "TlsIdentity { .. }");
    TlsIdentity::from_der([certificate.der().to_vec()], other_key.serialize_der())
        .expect_err("the key is of another certificate");
}

/// A listener of the user's own, which fails before it accepts.
struct Failing {
    listener: TcpListener,
    errors: Vec<io::ErrorKind>,
}

impl Listener for Failing {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        match self.errors.pop() {
            Some(kind) => Err(kind.into()),
            None => self.listener.accept().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    fn peer(_: &TcpStream, address: &SocketAddr) -> Peer {
        Peer::from(*address)
    }
}

#[test]
fn a_listener_of_ones_own_may_fail_and_go_on() {
    wait(async {
        let (listener, address) = tcp().await;
        let errors = vec![io::ErrorKind::OutOfMemory, io::ErrorKind::ConnectionAborted];
        let server: Serve<_, Failing> = serve(Failing { listener, errors }, peers());
        assert_eq!(server.local_addr().expect("its address"), address);
        tokio::spawn(server.into_future());
        let target = Target::Tcp(address);
        let response = target.get("http/1.1", "/").await.expect("a response");
        assert_eq!(response, "127.0.0.1");
    });
}

#[test]
fn small_responses_are_sent_at_once() {
    wait(async {
        let (mut listener, address) = tcp().await;
        let client = TcpStream::connect(address).await.expect("a connection");
        let accepted = Listener::accept(&mut listener).await.expect("a connection");
        assert!(accepted.0.nodelay().expect("an option"));
        drop(client);
        let client = TcpStream::connect(address).await.expect("a connection");
        let queued = Listener::close(listener);
        assert!(queued[0].0.nodelay().expect("an option"));
        drop(client);
    });
}
