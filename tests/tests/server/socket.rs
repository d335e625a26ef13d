//! The listener, on real sockets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::output::{GetThingOutput, ListThingsOutput};
use drawplate_fixtures::kitchen_sink::server::{
    Mock, Router, Serve, Unauthenticated, router, serve,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::call::wait;

struct Running {
    address: SocketAddr,
    stop: Arc<Notify>,
    server: JoinHandle<std::io::Result<()>>,
}

async fn run(router: Router, set: impl FnOnce(Serve<Router>) -> Serve<Router>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let stop = Arc::new(Notify::new());
    let signal = Arc::clone(&stop);
    let server = set(serve(listener, router)).shutdown_on(async move { signal.notified().await });
    Running {
        address,
        stop,
        server: tokio::spawn(server.into_future()),
    }
}

fn things() -> Router {
    router(
        Mock::new()
            .on_get_thing(|_| Ok(GetThingOutput::new()))
            .on_list_things(|_| {
                Ok(ListThingsOutput::new(
                    drawplate_fixtures::kitchen_sink::types::Page::new(Vec::new()),
                ))
            }),
        Unauthenticated,
    )
}

/// Sends bytes and reads until the server closes the connection.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // A server that rejects the head responds, and closes, before it has read all of it.
    let _ = stream.write_all(bytes).await;
    let mut response = Vec::new();
    // A connection that is reset has ended, too.
    let _ = stream.read_to_end(&mut response).await;
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn requests_get_responses() {
    wait(async {
        let running = run(things(), |serve| serve).await;
        let get = b"GET /v1/things/7 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let response = exchange(running.address, get).await;
        assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
        assert!(
            response.contains("content-length: 2\r\n") && response.ends_with("\r\n\r\n{}"),
            "{response}"
        );
        running.stop.notify_one();
        running.server.await.expect("no panic").expect("no error");
    });
}

#[test]
fn slow_heads_and_bodies_are_given_up_on() {
    wait(async {
        let short = Duration::from_millis(60);
        let running = run(things(), |serve| {
            serve.header_timeout(short).body_timeout(short)
        })
        .await;
        for bytes in [
            &b""[..],
            b"G",
            b"PRI * HTTP",
            b"GET /v1/things/7 HTTP/1.1\r\nhost: a\r\n",
        ] {
            let response = exchange(running.address, bytes).await;
            assert!(
                response.is_empty() || response.starts_with("HTTP/1.1 408"),
                "{response}"
            );
        }
        let put = b"PUT /v1/everything HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";
        let response = exchange(running.address, put).await;
        assert!(response.starts_with("HTTP/1.1 408"), "{response}");
        assert!(
            response.contains("x-amzn-errortype: RequestTimeoutException"),
            "{response}"
        );
    });
}

/// Requests that are not HTTP, or too large for a connection, do not reach the router.
#[test]
fn an_unreadable_request_is_rejected_by_the_connection() {
    wait(async {
        let running = run(things(), |serve| serve).await;
        let get = |path: &str, headers: &str| {
            format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n")
        };
        let headers = |count: usize| {
            let names = (0..count).map(|n| n.to_string());
            names.fold(String::new(), |all, n| all + "x-" + &n + ": 1\r\n")
        };
        let many = headers(98);
        let too_many = headers(99);
        let large = format!("x-large: {}\r\n", "a".repeat(500_000));
        let long = format!("/{}", "a".repeat(66_000));
        for (request, status) in [
            (get("/v1/things/7", &many), 200),
            (get("/v1/things/7", &too_many), 431),
            (get("/v1/things/7", &large), 431),
            (get(&long, ""), 414),
            (
                get("/v1/things/7", "content-length: 1\r\ncontent-length: 2\r\n"),
                400,
            ),
            (get("/v1/things/7", "content-length: -1\r\n"), 400),
            (get("/v1/things/7", "x: \0\r\n"), 400),
            (
                "\u{16}\u{3}\u{1} this is no request\r\n\r\n".to_owned(),
                400,
            ),
        ] {
            let response = exchange(running.address, request.as_bytes()).await;
            let start = format!("HTTP/1.1 {status} ");
            assert!(response.starts_with(&start), "{request:.80}: {response}");
            let routed = response.contains("x-amzn-requestid");
            assert_eq!(routed, status == 200, "{request:.80}: {response}");
        }
    });
}

#[test]
fn a_shutdown_finishes_requests_in_flight_and_rejects_new_ones() {
    wait(async {
        let running = run(things(), |serve| serve).await;
        // The head is there, the body is not.
        let mut waiting = TcpStream::connect(running.address)
            .await
            .expect("a connection");
        let head = b"PUT /v1/everything HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{";
        waiting.write_all(head).await.expect("the head is sent");
        // Another connection is idle.
        let mut idle = TcpStream::connect(running.address)
            .await
            .expect("a connection");
        idle.write_all(b"GET /v1/things HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .expect("sent");
        let mut buffer = [0; 1024];
        assert_ne!(idle.read(&mut buffer).await.expect("a response"), 0);
        tokio::time::sleep(Duration::from_millis(50)).await;
        running.stop.notify_one();
        assert_eq!(idle.read(&mut buffer).await.expect("closed"), 0);
        while TcpStream::connect(running.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        waiting.write_all(b"}").await.expect("the rest is sent");
        let mut response = Vec::new();
        waiting
            .read_to_end(&mut response)
            .await
            .expect("a response");
        let response = String::from_utf8_lossy(&response);
        assert!(response.starts_with("HTTP/1.1 501"), "{response}");
        running.server.await.expect("no panic").expect("no error");
    });
}
