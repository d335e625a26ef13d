//! Clients that keep a server waiting, on real sockets. Other clients must be served.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::server::{Body, Listener, Peer, Serve, serve};
use http::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tower::service_fn;
use tower::util::BoxCloneService;

use crate::call::{nothing, wait};

/// Enough for a client that is served at once, and for one that is not to be noticed.
const MOMENT: Duration = Duration::from_millis(100);

const BIG: usize = 8 << 20;

const MEDIUM: usize = 1 << 20;

type Service = BoxCloneService<Request<Body>, Response<Body>, Infallible>;

#[derive(Clone, Default)]
struct Calls {
    count: Arc<AtomicUsize>,
    finish: Arc<Notify>,
}

impl Calls {
    /// Responds to `/run` when it is told to, to `/big` and `/medium` with much, and to other paths
    /// with the length of the body.
    fn service(&self) -> Service {
        let calls = self.clone();
        BoxCloneService::new(service_fn(move |request: Request<Body>| {
            let calls = calls.clone();
            async move {
                calls.count.fetch_add(1, Ordering::Relaxed);
                let body = match request.uri().path() {
                    "/run" => {
                        calls.finish.notified().await;
                        Body::from("run")
                    }
                    "/big" => Body::from(vec![b'a'; BIG]),
                    "/medium" => Body::from(vec![b'a'; MEDIUM]),
                    _ => match request.into_body().collect(1 << 20).await {
                        Ok(body) => Body::from(body.len().to_string()),
                        Err(error) => Body::from(error.to_string()),
                    },
                };
                Ok(Response::new(body))
            }
        }))
    }
}

async fn start(calls: &Calls, set: impl FnOnce(Serve<Service>) -> Serve<Service>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(set(serve(listener, calls.service())).into_future());
    address
}

/// A connection on which the system buffers little, and the first bytes on it.
async fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .set_recv_buffer_size(1 << 16)
        .expect("a small buffer");
    let mut stream = socket.connect(address).await.expect("a connection");
    stream.write_all(bytes.as_ref()).await.expect("sent");
    stream
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

fn post(length: usize) -> String {
    format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n")
}

/// Reads the next bytes.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 1024];
    let length = stream.read(&mut bytes).await.expect("bytes");
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

/// Whether a connection is closed. What it has received before is read.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let end = timeout(MOMENT, async {
        let mut bytes = vec![0; 1 << 16];
        while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
    });
    end.await.is_ok()
}

/// The preface of a client and its settings: streams have no window (RFC 9113 sections 3.4 and
/// 6.5.2).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0";

/// HEADERS that end a stream: `GET`, `http`, authority `a`, and a path of four bytes (RFC 7541
/// section 6).
fn headers(stream: u8, path: &str) -> Vec<u8> {
    let mut frame = b"\0\0\x0b\x01\x05\0\0\0".to_vec();
    frame.push(stream);
    frame.extend(b"\x82\x86\x01\x01a\x04\x04");
    frame.extend(path.as_bytes());
    frame
}

#[test]
fn the_client_that_keeps_the_server_waiting_longest_gives_way() {
    wait(async {
        let calls = Calls::default();
        let settings = |serve: Serve<_>| serve.max_connections(9).connection_buffer(BIG);
        let address = start(&calls, settings).await;
        let running = send(address, get("/run")).await;
        let mut waiting = Vec::new();
        for bytes in [
            b"".to_vec(),
            PREFACE[..20].to_vec(),
            get("/")[..20].into(),
            PREFACE.to_vec(),
            (post(9) + "1234").into(),
            get("/big").into(),
            // The second request waits until the response to the first one is read.
            [PREFACE, &headers(1, "/big"), &headers(3, "/big")].concat(),
            get("/").into(),
        ] {
            sleep(MOMENT / 4).await;
            waiting.push(send(address, bytes).await);
        }
        sleep(MOMENT).await;
        let mut others = Vec::new();
        for mut stream in waiting {
            let count = calls.count.load(Ordering::Relaxed);
            others.push(send(address, get("/run")).await);
            assert!(is_closed(&mut stream).await);
            assert_eq!(calls.count.load(Ordering::Relaxed), count + 1);
        }
        // A handler is running on each connection: the next one waits.
        let count = calls.count.load(Ordering::Relaxed);
        let mut last = send(address, get("/")).await;
        sleep(MOMENT).await;
        assert_eq!(calls.count.load(Ordering::Relaxed), count);
        calls.finish.notify_one();
        assert!(read(&mut last).await.starts_with("HTTP/1.1 200 OK"));
        // The first handler has responded, and nobody was cut off.
        for mut stream in others.into_iter().skip(1).chain([running]) {
            calls.finish.notify_waiters();
            assert!(read(&mut stream).await.ends_with("run"));
        }
    });
}

/// A listener that has no more file descriptors after the first connection.
struct Scarce(TcpListener, usize);

impl Listener for Scarce {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        self.1 += 1;
        match self.1 {
            2 => Err(io::Error::from_raw_os_error(24)),
            _ => self.0.accept().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn peer(_: &TcpStream, address: &SocketAddr) -> Peer {
        Peer::from(*address)
    }
}

#[test]
fn a_client_gives_way_when_the_system_has_no_descriptors() {
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let service = Calls::default().service();
        tokio::spawn(serve(Scarce(listener, 0), service).into_future());
        let mut first = send(address, "").await;
        assert!(is_closed(&mut first).await);
        let mut second = send(address, get("/")).await;
        assert!(read(&mut second).await.starts_with("HTTP/1.1 200 OK"));
    });
}

#[test]
fn a_body_must_arrive_at_a_minimum_rate() {
    wait(async {
        let calls = Calls::default();
        let settings = |serve: Serve<_>| serve.body_timeout(MOMENT * 3).min_rate(1000);
        let address = start(&calls, settings).await;
        // Each byte comes in time, and all of them would take a minute.
        let started = Instant::now();
        let (mut reader, mut writer) = send(address, post(1000)).await.into_split();
        let trickle = tokio::spawn(async move {
            while writer.write_all(b"1").await.is_ok() {
                sleep(MOMENT / 2).await;
            }
        });
        let mut response = String::new();
        reader
            .read_to_string(&mut response)
            .await
            .expect("a response");
        let expected = "the body arrives at less than 1000 bytes per second";
        assert!(response.ends_with(expected), "{response}");
        assert!(started.elapsed() < MOMENT * 20, "{:?}", started.elapsed());
        trickle.abort();
        // A client that is fast enough has all the time it needs.
        let mut stream = send(address, post(20 * 500)).await;
        for _ in 0..20 {
            stream.write_all(&[b'1'; 500]).await.expect("sent");
            sleep(MOMENT / 2).await;
        }
        let response = read(&mut stream).await;
        assert!(response.ends_with("10000"), "{response}");
    });
}

#[test]
fn a_response_must_be_read() {
    wait(async {
        let calls = Calls::default();
        let address = start(&calls, |serve| serve.write_timeout(MOMENT * 3)).await;
        let http2 = [PREFACE, &headers(1, "/big")].concat();
        let mut unread = send(address, http2).await;
        // It reads and acknowledges, and has no window for the body.
        unread
            .write_all(b"\0\0\0\x04\x01\0\0\0\0")
            .await
            .expect("sent");
        assert!(!is_closed(&mut unread).await);
        let mut stalled = send(address, get("/big")).await;
        sleep(MOMENT * 6).await;
        assert!(is_closed(&mut unread).await);
        let mut all = Vec::new();
        let _ = stalled.read_to_end(&mut all).await;
        assert!(all.len() < BIG, "{} bytes", all.len());
    });
}

#[test]
fn a_slow_reader_gets_its_response() {
    wait(async {
        let calls = Calls::default();
        let settings = |serve: Serve<_>| {
            let serve = serve.header_timeout(MOMENT).write_timeout(MOMENT * 5);
            serve.min_rate(100_000)
        };
        let address = start(&calls, settings).await;
        let mut stream = send(address, get("/medium")).await;
        let mut bytes = vec![0; 10_000];
        let mut count = 0;
        // It takes longer than both timeouts together.
        let started = Instant::now();
        while count < MEDIUM {
            sleep(MOMENT / 10).await;
            let length = stream.read(&mut bytes).await.expect("bytes");
            assert_ne!(length, 0, "the end after {count} bytes");
            count += length;
        }
        assert!(started.elapsed() > MOMENT * 10);
    });
}

#[test]
fn unread_responses_keep_further_requests_waiting() {
    wait(async {
        let calls = Calls::default();
        let address = start(&calls, |serve| serve.connection_buffer(2 * BIG)).await;
        let requests = (0..50).flat_map(|number| headers(2 * number + 1, "/big"));
        let bytes = [PREFACE.to_vec(), requests.collect()].concat();
        let mut unread = send(address, bytes).await;
        sleep(MOMENT).await;
        assert_eq!(calls.count.load(Ordering::Relaxed), 2);
        // A larger window: SETTINGS with 2^24.
        let window = b"\0\0\x06\x04\0\0\0\0\0\0\x04\x01\0\0\0\0\0\x04\x08\0\0\0\0\0\x7f\0\0\0";
        unread.write_all(window).await.expect("sent");
        let mut bytes = vec![0; 1 << 16];
        while calls.count.load(Ordering::Relaxed) < 50 {
            assert_ne!(unread.read(&mut bytes).await.expect("bytes"), 0);
        }
    });
}

#[test]
fn unread_responses_are_bounded_in_total() {
    wait(async {
        let calls = Calls::default();
        let address = start(&calls, |serve| serve.total_buffer(3 * BIG)).await;
        let mut unread = Vec::new();
        for _ in 0..10 {
            let request = "GET /big HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
            unread.push(send(address, request).await);
            sleep(MOMENT / 10).await;
        }
        let mut other = send(address, get("/")).await;
        assert!(read(&mut other).await.starts_with("HTTP/1.1 200 OK"));
        let mut whole = Vec::new();
        for mut stream in unread {
            let mut all = Vec::new();
            let _ = stream.read_to_end(&mut all).await;
            whole.push(all.len() > BIG);
        }
        // The first ones have kept the server waiting longest. Of each response, the system has
        // taken a part.
        assert!(!whole[..4].contains(&true), "{whole:?}");
        assert!(!whole[8..].contains(&false), "{whole:?}");
    });
}

#[test]
fn incomplete_requests_are_bounded_in_total() {
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let server = serve(listener, nothing()).total_buffer(2_500_000);
        tokio::spawn(server.into_future());
        let head = "PUT /v1/everything HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
                    content-type: application/json\r\ncontent-length: 1000000\r\n\r\n{";
        let part = " ".repeat(900_000);
        let mut streams = Vec::new();
        for _ in 0..4 {
            streams.push(send(address, head.to_owned() + &part).await);
            sleep(MOMENT / 2).await;
        }
        let mut whole = Vec::new();
        for mut stream in streams {
            let _ = stream.write_all(&vec![b' '; 99_998]).await;
            let _ = stream.write_all(b"}").await;
            let mut response = String::new();
            let _ = stream.read_to_string(&mut response).await;
            whole.push(response.starts_with("HTTP/1.1 501"));
        }
        assert_eq!(whole, [false, false, true, true]);
    });
}

#[test]
fn a_head_names_one_host_and_no_unknown_coding() {
    wait(async {
        let address = start(&Calls::default(), |serve| serve).await;
        for (head, status) in [
            ("GET / HTTP/1.1\r\nhost: a", 200),
            ("GET / HTTP/1.1\r\nhost: a.b:80", 200),
            ("GET / HTTP/1.1\r\nhost: [::1]:80", 200),
            ("GET / HTTP/1.1\r\nhost:", 200),
            ("GET / HTTP/1.0\r\nx: y", 200),
            ("GET http://b/ HTTP/1.1\r\nhost: a", 200),
            ("GET / HTTP/1.1\r\nx: y", 400),
            ("GET / HTTP/1.1\r\nhost: a\r\nhost: a", 400),
            ("GET / HTTP/1.1\r\nhost: a\r\nhost: b", 400),
            ("GET / HTTP/1.1\r\nhost: a b", 400),
            ("GET / HTTP/1.1\r\nhost: a/b", 400),
            ("GET / HTTP/1.1\r\nhost: user@a", 400),
            (
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked",
                200,
            ),
            (
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked",
                400,
            ),
            (
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked",
                501,
            ),
            (
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\ntransfer-encoding: chunked",
                501,
            ),
        ] {
            let chunk = if head.contains("chunked") {
                "0\r\n\r\n"
            } else {
                ""
            };
            let bytes = format!("{head}\r\nconnection: close\r\n\r\n{chunk}");
            let mut stream = send(address, bytes).await;
            let mut response = String::new();
            let _ = stream.read_to_string(&mut response).await;
            let version = &head[head.find("HTTP/1").expect("a version")..][..8];
            let expected = format!("{version} {status} ");
            assert!(response.starts_with(&expected), "{head}: {response}");
        }
    });
}

#[test]
fn the_host_of_a_request_over_http_2_is_its_authority() {
    wait(async {
        let address = start(&Calls::default(), |serve| serve).await;
        // Indexed fields of the static table and literals (RFC 7541 section 6).
        for (authority, host, status) in [
            (&b"\x01\x01a"[..], &b""[..], 200),
            (b"", b"\0\x04host\x01a", 200),
            (b"\x01\x01a", b"\0\x04host\x01A", 200),
            (b"", b"", 400),
            (b"\x01\x01a", b"\0\x04host\x01b", 400),
            (b"\x01\x01a", b"\0\x04host\x01a\0\x04host\x01a", 400),
        ] {
            let block = [b"\x82\x86\x84", authority, host].concat();
            let length = u8::try_from(block.len()).expect("it is short");
            let head = [0, 0, length, 1, 5, 0, 0, 0, 1];
            let mut stream = send(address, [PREFACE, &head, &block].concat()).await;
            // HEADERS of the stream begin with the indexed status.
            let (kind, first) = loop {
                let mut head = [0; 9];
                stream.read_exact(&mut head).await.expect("a frame");
                let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
                let mut payload = vec![0; length as usize];
                stream.read_exact(&mut payload).await.expect("a payload");
                if head[8] == 1 {
                    break (head[3], payload[0]);
                }
            };
            let expected = if status == 200 { 0x88 } else { 0x8c };
            assert_eq!((kind, first), (1, expected), "{authority:?} {host:?}");
        }
    });
}
