//! The deadlines of a connection. Connections are in memory and time is virtual.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::server::{Body, Listener, Peer, serve};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex, split};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep, timeout};
use tower::service_fn;

const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// The idle time before a ping, and the time to respond to it.
const PING: Duration = Duration::from_secs(20);

struct Memory(UnboundedReceiver<DuplexStream>);

impl Listener for Memory {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> io::Result<(DuplexStream, ())> {
        match self.0.recv().await {
            Some(stream) => Ok((stream, ())),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }

    fn peer(_: &DuplexStream, (): &()) -> Peer {
        Peer::default()
    }
}

/// A connection to a server that responds after the number of seconds in the path.
fn connect() -> DuplexStream {
    let (client, server) = duplex(1 << 16);
    let (connections, accepting) = unbounded_channel();
    let service = service_fn(|request: Request<Body>| async move {
        let seconds = request.uri().path()[1..].parse().expect("a number");
        sleep(Duration::from_secs(seconds)).await;
        Ok::<_, Infallible>(Response::new(Body::from("done")))
    });
    let serving = serve(Memory(accepting), service).header_timeout(HEADER_TIMEOUT);
    tokio::spawn(serving.into_future());
    connections.send(server).expect("the server runs");
    client
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(async {
        let future = timeout(Duration::from_hours(1), future);
        future.await.expect("it ends")
    })
}

/// How long the server keeps a connection open on which it gets these bytes, with a pause after
/// each.
fn open_time(bytes: impl AsRef<[u8]>, pause: Duration) -> Duration {
    wait(async {
        let (mut reader, mut writer) = split(connect());
        let started = Instant::now();
        let bytes = bytes.as_ref().to_vec();
        let writing = tokio::spawn(async move {
            for byte in bytes {
                if writer.write_all(&[byte]).await.is_err() {
                    break;
                }
                sleep(pause).await;
            }
            // Until then, the connection is open on this side.
            std::future::pending::<()>().await;
        });
        // The server may send its settings before it closes the connection.
        let _ = reader.read_to_end(&mut Vec::new()).await;
        writing.abort();
        started.elapsed()
    })
}

/// Between a limit and the moment after it.
#[track_caller]
fn check(open: Duration, limit: Duration) {
    let moment = Duration::from_millis(100);
    assert!(open >= limit && open < limit + moment, "{open:?}");
}

#[test]
fn a_connection_without_a_request_is_closed() {
    for bytes in [
        "",
        "G",
        "GET /0 HTTP/1.1\r\nhost: localhost\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r",
    ] {
        check(open_time(bytes, Duration::ZERO), HEADER_TIMEOUT);
        check(open_time(bytes, Duration::from_millis(800)), HEADER_TIMEOUT);
    }
}

#[test]
fn a_slow_head_after_a_response_is_cut_off() {
    wait(async {
        let mut stream = connect();
        let request = b"GET /7 HTTP/1.1\r\nhost: localhost\r\n\r\n";
        stream.write_all(request).await.expect("sent");
        let mut buffer = [0; 1024];
        let length = stream.read(&mut buffer).await.expect("a response");
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));
        let responded = Instant::now();
        stream.write_all(&request[..20]).await.expect("sent");
        assert_eq!(stream.read(&mut buffer).await.expect("an end"), 0);
        check(responded.elapsed(), HEADER_TIMEOUT);
    });
}

#[test]
fn an_idle_http2_connection_gets_a_goaway() {
    wait(async {
        let handshake = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .handshake(TokioIo::new(connect()));
        let (mut sender, connection) = handshake.await.expect("the server speaks HTTP/2");
        let ended = tokio::spawn(async move { (connection.await, Instant::now()) });
        // Longer than any timeout.
        let request = Request::get("http://localhost/120").body(Empty::<&[u8]>::new());
        let response = sender.send_request(request.expect("a request")).await;
        let body = response.expect("a response").into_body().collect().await;
        assert_eq!(body.expect("a body").to_bytes(), "done");
        let responded = Instant::now();
        let (result, at) = ended.await.expect("no panic");
        // Without GOAWAY it would be an error.
        result.expect("a clean end");
        check(at - responded, HEADER_TIMEOUT);
        drop(sender);
    });
}

/// The preface of a client and its settings, which are the defaults (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

#[test]
fn a_peer_that_ignores_pings_is_disconnected() {
    // HEADERS that end stream 1: GET, http, and a path of four bytes (RFC 7541 section 6).
    let request = b"\0\0\x08\x01\x05\0\0\0\x01\x82\x86\x04\x04/500";
    let bytes = [PREFACE, request].concat();
    check(open_time(bytes, Duration::ZERO), PING * 2);
    // It ignores GOAWAY.
    check(open_time(PREFACE, Duration::ZERO), PING * 2);
}
