//! HTTP/2 with prior knowledge (RFC 9113 section 3.3), on a real socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use drawplate_fixtures::kitchen_sink::error::{GetThingError, NotFound};
use drawplate_fixtures::kitchen_sink::input::GetThingInput;
use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_fixtures::kitchen_sink::server::{
    Body, Mock, Router, Unauthenticated, router, serve,
};
use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tower::{ServiceExt as _, service_fn};

use crate::call::{nothing, wait};

struct Running {
    address: SocketAddr,
    stop: Arc<Notify>,
    server: JoinHandle<std::io::Result<()>>,
}

/// A server that takes its time for each call.
async fn run(router: Router, delay: Duration) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let stop = Arc::new(Notify::new());
    let signal = Arc::clone(&stop);
    let service = service_fn(move |request: Request<Body>| {
        let router = router.clone();
        async move {
            sleep(delay).await;
            router.oneshot(request).await
        }
    });
    let server = serve(listener, service).shutdown_on(async move { signal.notified().await });
    Running {
        address,
        stop,
        server: tokio::spawn(server.into_future()),
    }
}

impl Running {
    async fn finish(self) {
        self.stop.notify_one();
        self.server.await.expect("no panic").expect("no error");
    }
}

type Sender = SendRequest<Full<Bytes>>;

/// A connection, and how it ended.
async fn connect(address: SocketAddr) -> (Sender, JoinHandle<hyper::Result<()>>) {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let connection = handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (sender, connection) = connection.expect("the server speaks HTTP/2");
    (sender, tokio::spawn(connection))
}

async fn send(sender: &Sender, head: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    let (method, rest) = head.split_once(' ').expect("a method");
    let mut lines = rest.lines();
    let path = lines.next().expect("a path");
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"));
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    let request = request.body(Full::new(body.into())).expect("a request");
    let response = sender.clone().send_request(request).await;
    let (parts, body) = response.expect("a response").into_parts();
    let body = body.collect().await.expect("a whole response").to_bytes();
    assert_eq!(parts.version, Version::HTTP_2);
    Response::from_parts(parts, body)
}

/// Tells each caller the label that it sent.
fn echo() -> Router {
    router(
        Mock::new().on_get_thing(|input: GetThingInput| {
            let mut error = NotFound::new();
            error.resource = Some(input.thing_id);
            Err(GetThingError::NotFound(error))
        }),
        Unauthenticated,
    )
}

#[test]
fn many_calls_share_a_connection() {
    wait(async {
        let running = run(echo(), Duration::from_millis(30)).await;
        let (sender, _) = connect(running.address).await;
        let calls = (0..150).map(|call| {
            let sender = sender.clone();
            tokio::spawn(async move {
                let response = send(&sender, &format!("GET /v1/things/{call}"), "").await;
                (call, response)
            })
        });
        for call in calls.collect::<Vec<_>>() {
            let (call, response) = call.await.expect("no panic");
            let body = String::from_utf8_lossy(response.body());
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            assert!(body.contains(&format!(r#""{call}""#)), "{call}: {body}");
        }
        running.finish().await;
    });
}

#[test]
fn requests_are_rejected_as_over_http_1() {
    wait(async {
        let running = run(nothing(), Duration::ZERO).await;
        let (sender, _) = connect(running.address).await;
        let json = "content-type: application/json";
        let large = format!(r#"{{"topLevelDefault":"{}"}}"#, "a".repeat(1 << 20));
        let long = "a".repeat(9000);
        for (head, body, status) in [
            (format!("PUT /v1/everything\n{json}"), "{}", 501),
            (format!("PUT /v1/everything\n{json}"), "{", 400),
            (format!("PUT /v1/everything\n{json}"), &*large, 413),
            (
                "PUT /v1/everything\ncontent-type: text/plain".to_owned(),
                "{}",
                415,
            ),
            ("POST /v1/everything".to_owned(), "", 405),
            ("GET /v1/nothing".to_owned(), "", 404),
            (format!("GET /v1/things/{long}"), "", 414),
            (
                format!("GET /v1/things/7\nx-large: {}", "a".repeat(70_000)),
                "",
                431,
            ),
        ] {
            let response = send(&sender, &head, body.to_owned()).await;
            assert_eq!(response.status(), status, "{head:.60}: {response:?}");
            assert!(response.headers().contains_key("x-amzn-requestid"));
        }
        running.finish().await;
    });
}

#[test]
fn a_shutdown_lets_streams_finish_and_takes_no_new_ones() {
    wait(async {
        let things = router(
            Mock::new().on_get_thing(|_| Ok(GetThingOutput::new())),
            Unauthenticated,
        );
        let running = run(things, Duration::from_millis(400)).await;
        let (sender, connection) = connect(running.address).await;
        let calls = (0..50).map(|_| {
            let sender = sender.clone();
            tokio::spawn(async move { send(&sender, "GET /v1/things/7", "").await })
        });
        let calls = calls.collect::<Vec<_>>();
        sleep(Duration::from_millis(100)).await;
        running.stop.notify_one();
        for call in calls {
            let response = call.await.expect("no panic");
            assert_eq!(response.status(), StatusCode::OK);
            // It means nothing here and is not allowed (RFC 9113 section 8.2.2).
            assert!(!response.headers().contains_key("connection"));
        }
        connection.await.expect("no panic").expect("a clean end");
        assert!(TcpStream::connect(running.address).await.is_err());
        running.server.await.expect("no panic").expect("no error");
    });
}
