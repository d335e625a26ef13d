//! The deadlines of a connection. Connections are in memory and time is virtual.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use drawplate_fixtures::kitchen_sink::server::{Body, Listener, Peer, Serve, serve};
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty, StreamBody};
use hyper::body::Frame;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, ReadBuf, duplex,
    split,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep, timeout};
use tower::service_fn;
use tower::util::ServiceFn;

const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to close a connection after it was asked to.
const FAREWELL: Duration = Duration::from_secs(5);
/// For the body of a request to arrive, or of a response to be read.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// In bytes per second.
const MIN_RATE: u64 = 500;
/// The idle time before a ping, and the time to respond to it.
const PING: Duration = Duration::from_secs(20);

struct Memory<Io = DuplexStream>(UnboundedReceiver<Io>);

type Handler = fn(Request<Body>) -> Responding;
type Responding = BoxFuture<'static, Result<Response<Body>, Infallible>>;
type Respond = ServiceFn<Handler>;

impl<Io: AsyncRead + AsyncWrite + Unpin + Send + 'static> Listener for Memory<Io> {
    type Io = Io;
    type Addr = ();

    async fn accept(&mut self) -> io::Result<(Io, ())> {
        match self.0.recv().await {
            Some(stream) => Ok((stream, ())),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }

    fn peer(_: &Io, (): &()) -> Peer {
        Peer::default()
    }
}

/// A transport that takes one buffer at a time, as TLS does: hyper copies the bytes of bodies.
struct Copying(DuplexStream);

impl AsyncRead for Copying {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Copying {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// Responds to `/big` with 300,000 bytes, to `/parts` with a byte every 8 seconds, to `/body` with
/// the length of the body, and to other paths after as many seconds as they say.
fn respond(request: Request<Body>) -> Responding {
    async fn response(request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let body = match &request.uri().path()[1..] {
            "big" => Body::from(vec![b'a'; 300_000]),
            "parts" => Body::new(StreamBody::new(futures_util::stream::unfold(
                0,
                |part| async move {
                    sleep(Duration::from_secs(8)).await;
                    let frame = Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"p")));
                    (part < 5).then_some((frame, part + 1))
                },
            ))),
            "body" => match request.into_body().collect(1 << 20).await {
                Ok(body) => Body::from(body.len().to_string()),
                Err(error) => Body::from(error.to_string()),
            },
            seconds => {
                let seconds = seconds.parse().expect("a number");
                sleep(Duration::from_secs(seconds)).await;
                Body::from("done")
            }
        };
        Ok(Response::new(body))
    }
    Box::pin(response(request))
}

/// A connection to a server.
fn connect() -> DuplexStream {
    let [client] = connect_with(1 << 16, |stream| stream, |serve| serve);
    client
}

/// Connections to a server, which hold some bytes.
fn connect_with<const N: usize, Io: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    size: usize,
    transport: impl Fn(DuplexStream) -> Io,
    set: impl FnOnce(Serve<Respond, Memory<Io>>) -> Serve<Respond, Memory<Io>>,
) -> [DuplexStream; N] {
    let (connections, accepting) = unbounded_channel();
    let serving = serve(Memory(accepting), service_fn(respond as Handler));
    tokio::spawn(set(serving).into_future());
    [(); N].map(|()| {
        let (client, server) = duplex(size);
        let result = connections.send(transport(server));
        assert!(result.is_ok(), "the server runs");
        client
    })
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
    // HEADERS that end stream 1: GET, http, an authority and a path (RFC 7541 section 6).
    let request = b"\0\0\x0b\x01\x05\0\0\0\x01\x82\x86\x01\x01a\x04\x04/500";
    let bytes = [PREFACE, request].concat();
    check(open_time(bytes, Duration::ZERO), PING * 2);
    // It is told to go away, and does not react.
    check(
        open_time(PREFACE, Duration::ZERO),
        HEADER_TIMEOUT + FAREWELL,
    );
}

/// The peer sends more pings than it reads responses, so that responses wait to be sent again and
/// again.
#[test]
fn pings_do_not_keep_a_connection_open() {
    const PINGS: &[u8] = b"\0\0\x08\x06\0\0\0\0\0pingpong";
    let open = wait(async {
        let (mut reader, mut writer) = split(connect());
        let started = Instant::now();
        let writing = tokio::spawn(async move {
            let pings = PINGS.repeat(10_000);
            writer.write_all(PREFACE).await.expect("sent");
            while writer.write_all(&pings).await.is_ok() {}
        });
        let mut buffer = vec![0; 64 << 10];
        while reader.read(&mut buffer).await.is_ok_and(|read| read > 0) {
            sleep(Duration::from_millis(20)).await;
        }
        writing.abort();
        started.elapsed()
    });
    check(open, HEADER_TIMEOUT + FAREWELL);
}

/// Sends bytes with a pause after each group, and returns the response and when it has ended.
fn exchange(head: &str, group: &'static [u8], count: usize, pause: Duration) -> (String, Duration) {
    wait(async {
        let (mut reader, mut writer) = split(connect());
        let head = head.to_owned();
        let started = Instant::now();
        let writing = tokio::spawn(async move {
            writer.write_all(head.as_bytes()).await.expect("sent");
            for _ in 0..count {
                if writer.write_all(group).await.is_err() {
                    break;
                }
                sleep(pause).await;
            }
            std::future::pending::<()>().await;
        });
        let mut response = Vec::new();
        let _ = reader.read_to_end(&mut response).await;
        writing.abort();
        let response = String::from_utf8_lossy(&response).into_owned();
        (response, started.elapsed())
    })
}

#[test]
fn a_slow_body_is_cut_off_and_one_at_the_minimum_rate_is_not() {
    let head = |length| {
        format!(
            "POST /body HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let second = Duration::from_secs(1);
    for (group, pause) in [(&b"1"[..], second), (b"12", second * 20)] {
        let (response, end) = exchange(&head(1000), group, 1000, pause);
        assert!(response.ends_with("the body arrives at less than 500 bytes per second"));
        check(end, BODY_TIMEOUT);
    }
    let (response, end) = exchange(&head(1000), b"", 0, second);
    assert!(response.ends_with("no bytes of the body arrived for 30s"));
    check(end, BODY_TIMEOUT);
    // At half the rate, the lag grows by half a second per second.
    let (_, end) = exchange(&head(250_000), &[b'1'; 250], 1000, second);
    assert!(
        end > BODY_TIMEOUT * 19 / 10 && end < BODY_TIMEOUT * 21 / 10,
        "{end:?}"
    );
    let (response, end) = exchange(&head(250_000), &[b'1'; 500], 500, second);
    assert!(response.ends_with("250000"), "{response}");
    check(end, second * 499);
    // The client has all the time that the timeout allows after each part that is large enough.
    let (response, _) = exchange(&head(60_000), &[b'1'; 15_000], 4, second * 29);
    assert!(response.ends_with("60000"), "{response}");
}

/// Reads a response in parts with a pause before each, and returns its length and when it has
/// ended.
fn read(path: &str, part: usize, pause: Duration) -> (usize, Duration) {
    read_over(|stream| stream, path, part, pause)
}

fn read_over<Io: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    transport: impl Fn(DuplexStream) -> Io,
    path: &str,
    part: usize,
    pause: Duration,
) -> (usize, Duration) {
    wait(async {
        let [mut stream] = connect_with(1024, transport, |serve| serve);
        let started = Instant::now();
        let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let (mut bytes, mut count) = (vec![0; part], 0);
        loop {
            sleep(pause).await;
            match stream.read_exact(&mut bytes).await {
                Ok(_) => count += part,
                Err(_) => return (count, started.elapsed()),
            }
        }
    })
}

#[test]
fn a_response_must_be_read_at_the_minimum_rate() {
    let second = Duration::from_secs(1);
    let (count, _) = read("/big", 1000, second);
    assert!(count >= 300_000, "{count}");
    let (count, _) = read_over(Copying, "/big", 1000, second);
    assert!(count >= 300_000, "{count}");
    let (count, end) = read("/big", 100, second);
    assert!(count < 10_000, "{count}");
    let least = BODY_TIMEOUT + Duration::from_secs(count as u64 / MIN_RATE);
    assert!(
        end + second * 5 > least && end < least + second * 15,
        "{end:?}"
    );
}

#[test]
fn a_response_may_take_longer_than_a_connection_may_be_idle() {
    let (count, end) = read("/parts", 1, Duration::ZERO);
    assert!(count > 5);
    check(end, Duration::from_secs(8 * 6));
}

#[test]
fn bytes_in_the_hands_of_hyper_are_counted() {
    for connections in [1, 2] {
        wait(async {
            let limited = |serve: Serve<Respond, Memory>| serve.total_buffer(480_000);
            let [mut first, mut second] = connect_with(1024, |stream| stream, limited);
            let request = b"GET /big HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
            first.write_all(request).await.expect("sent");
            sleep(Duration::from_secs(1)).await;
            if connections == 2 {
                second.write_all(request).await.expect("sent");
                sleep(Duration::from_secs(1)).await;
            }
            let mut response = Vec::new();
            let _ = first.read_to_end(&mut response).await;
            assert_eq!(response.len() > 300_000, connections == 1);
        });
    }
}

/// A listener that fails.
struct Failing {
    kind: io::ErrorKind,
    times: usize,
    calls: Arc<AtomicUsize>,
}

impl Listener for Failing {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> io::Result<(DuplexStream, ())> {
        if self.calls.fetch_add(1, Ordering::Relaxed) < self.times {
            return Err(self.kind.into());
        }
        std::future::pending().await
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }

    fn peer(_: &DuplexStream, (): &()) -> Peer {
        Peer::default()
    }
}

#[test]
fn a_listener_that_fails_gets_a_pause_and_one_whose_client_left_does_not() {
    for (kind, count) in [
        (io::ErrorKind::PermissionDenied, 10),
        (io::ErrorKind::ConnectionAborted, 100),
    ] {
        let calls = Arc::new(AtomicUsize::new(0));
        let listener = Failing {
            kind,
            times: 99,
            calls: Arc::clone(&calls),
        };
        wait(async {
            tokio::spawn(serve(listener, service_fn(respond as Handler)).into_future());
            sleep(Duration::from_millis(950)).await;
        });
        assert_eq!(calls.load(Ordering::Relaxed), count, "{kind:?}");
    }
}

#[test]
fn a_shutdown_does_not_wait_forever() {
    wait(async {
        let (connections, accepting) = unbounded_channel();
        let limit = Duration::from_secs(7);
        let server = serve(Memory(accepting), service_fn(respond as Handler))
            .drain_timeout(limit)
            .shutdown_on(sleep(Duration::from_secs(1)));
        let server = tokio::spawn(server.into_future());
        let (mut client, stream) = duplex(1024);
        connections.send(stream).expect("the server runs");
        let request = b"GET /1000 HTTP/1.1\r\nhost: a\r\n\r\n";
        client.write_all(request).await.expect("sent");
        let started = Instant::now();
        server.await.expect("no panic").expect("no error");
        check(started.elapsed(), Duration::from_secs(1) + limit);
        // What is in progress is aborted.
        assert_eq!(client.read(&mut [0; 100]).await.expect("an end"), 0);
    });
}
