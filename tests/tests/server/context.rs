//! The context of a request and its traces: they are complete and without secrets, and calls do not
//! affect each other.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use amplify_admin::cognitoidentityprovider::Client;
use amplify_admin::cognitoidentityprovider::error::AdminRespondToAuthChallengeError;
use amplify_admin::cognitoidentityprovider::input::{
    AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeRequestRequired,
};
use amplify_admin::cognitoidentityprovider::operation;
use amplify_admin::cognitoidentityprovider::output::AdminRespondToAuthChallengeResponse;
use amplify_admin::cognitoidentityprovider::server::{
    AwsCognitoIdentityProviderService, Body, Peer, RequestContext, Router, Unauthenticated, router,
    serve,
};
use amplify_admin::cognitoidentityprovider::types::ChallengeNameType;
use drawplate_runtime::UnmodeledError;
use http::{HeaderValue, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::call::{BufferedResponse, send, wait};
use drawplate_tests::traces;

type Outcome = Result<AdminRespondToAuthChallengeResponse, AdminRespondToAuthChallengeError>;

/// A part of every sensitive value.
const SECRET: &str = "hunter2";
const HEAD: &str = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-amz-json-1.1\r\n\
                    x-amz-target: AWSCognitoIdentityProviderService.AdminRespondToAuthChallenge\r\n";

/// What an extension brings.
#[derive(Clone, Debug, PartialEq)]
struct Tenant(&'static str);

/// What was in a context.
#[derive(Debug)]
struct Seen {
    request_id: String,
    operation: (&'static str, &'static str),
    header: Option<String>,
    tenant: Option<Tenant>,
    peer: Option<SocketAddr>,
    deadline: Option<Instant>,
    target: String,
    shown: String,
}

/// Writes contexts down.
#[derive(Clone, Default)]
struct Writer(Arc<Mutex<Vec<Seen>>>);

impl AwsCognitoIdentityProviderService for Writer {
    async fn admin_respond_to_auth_challenge(
        &self,
        input: AdminRespondToAuthChallengeRequest,
        cx: &RequestContext,
    ) -> Outcome {
        assert_ne!(input.client_id, "panic", "{SECRET}");
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Seen {
            request_id: cx.request_id().to_owned(),
            operation: (cx.operation_name(), cx.operation().name),
            header: cx
                .headers()
                .get("x-more")
                .and_then(|value| value.to_str().ok().map(str::to_owned)),
            tenant: cx.extensions().get::<Tenant>().cloned(),
            peer: cx.peer().and_then(Peer::socket_addr),
            deadline: cx.deadline(),
            target: format!("{} {}", cx.method(), cx.uri()),
            shown: format!("{cx:?}"),
        });
        let unmodeled = |error: UnmodeledError| Err(error.into());
        match &*input.client_id {
            "teapot" => unmodeled(UnmodeledError::new(418).code("Teapot").message(SECRET)),
            _ => Ok(AdminRespondToAuthChallengeResponse::new().session(SECRET)),
        }
    }
}

impl Writer {
    fn only(&self) -> Seen {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }
}

/// A request full of secrets.
fn request(client: &str) -> Request<Body> {
    let body = format!(
        r#"{{"UserPoolId": "eu-west-1_aB", "ClientId": "{client}", "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": "{SECRET}-and-twenty-characters", "ChallengeResponses": {{"NEW_PASSWORD": "{SECRET}"}}}}"#
    );
    let mut request = Request::post(format!("/?{SECRET}"));
    for line in HEAD.lines().skip(2) {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    request
        .header("authorization", SECRET)
        .header("x-more", "yes")
        .body(Body::from(body))
        .expect("a request")
}

#[test]
fn a_context_has_all_that_the_request_says() {
    let writer = Writer::default();
    let router = router(writer.clone(), Unauthenticated).timeout(Duration::from_mins(1));
    let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
    let mut request = request("id");
    request.extensions_mut().insert(Tenant("acme"));
    request.extensions_mut().insert(Peer::from(peer));
    let response = send(&router, request);
    assert_eq!(response.status, 200, "{response:?}");
    let Seen {
        request_id,
        operation,
        header,
        tenant,
        peer: from,
        deadline,
        target,
        shown,
    } = writer.only();
    assert_eq!(request_id, response.header("x-amzn-requestid"));
    assert_eq!(
        operation,
        ("AdminRespondToAuthChallenge", "AdminRespondToAuthChallenge")
    );
    assert_eq!(header.as_deref(), Some("yes"));
    assert_eq!(tenant, Some(Tenant("acme")));
    assert_eq!(from, Some(peer));
    let left = deadline.expect("there is one") - Instant::now();
    assert!(left <= Duration::from_mins(1), "{left:?}");
    assert_eq!(target, format!("POST /?{SECRET}"));
    assert!(
        shown.contains(&request_id) && !shown.contains(SECRET),
        "{shown}"
    );
}

#[test]
fn a_context_lacks_what_is_unknown() {
    let writer = Writer::default();
    let response = send(&router(writer.clone(), Unauthenticated), request("id"));
    assert_eq!(response.status, 200, "{response:?}");
    let seen = writer.only();
    assert_eq!((seen.tenant, seen.peer, seen.deadline), (None, None, None));
}

#[test]
fn the_listener_reports_the_address_of_the_caller() {
    wait(async {
        let writer = Writer::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        tokio::spawn(serve(listener, router(writer.clone(), Unauthenticated)).into_future());
        let client = Client::builder()
            .unauthenticated()
            .endpoint(format!("http://{address}"))
            .build();
        let input =
            AdminRespondToAuthChallengeRequest::new(AdminRespondToAuthChallengeRequestRequired {
                challenge_name: ChallengeNameType::SmsMfa,
                client_id: "id",
                user_pool_id: "eu-west-1_aB",
            });
        let response = client
            .expect("a client")
            .admin_respond_to_auth_challenge(input);
        response.await.expect("a response");
        let peer = writer.only().peer.expect("it is known");
        assert!(
            peer.ip().is_loopback() && peer.port() != address.port(),
            "{peer}"
        );
    });
}

#[test]
fn a_handler_is_called_without_a_router() {
    let writer = Writer::default();
    let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
    let deadline = Instant::now() + Duration::from_secs(1);
    let request = Request::post("/test")
        .header("x-more", "no")
        .extension(Tenant("acme"))
        .body(());
    let mut cx = RequestContext::new(&operation::ADMIN_RESPOND_TO_AUTH_CHALLENGE)
        .with_request(request.expect("a request"))
        .with_request_id("test-1")
        .with_peer(peer)
        .with_deadline(deadline);
    let more = HeaderValue::from_static("yes");
    cx.headers_mut().insert("x-more", more);
    let input =
        AdminRespondToAuthChallengeRequest::new(AdminRespondToAuthChallengeRequestRequired {
            challenge_name: ChallengeNameType::SmsMfa,
            client_id: "id",
            user_pool_id: "eu-west-1_aB",
        });
    wait(writer.admin_respond_to_auth_challenge(input, &cx)).expect("a response");
    let seen = writer.only();
    assert_eq!(seen.request_id, "test-1");
    assert_eq!(seen.operation.0, "AdminRespondToAuthChallenge");
    assert_eq!(seen.header.as_deref(), Some("yes"));
    assert_eq!(seen.tenant, Some(Tenant("acme")));
    assert_eq!((seen.peer, seen.deadline), (Some(peer), Some(deadline)));
    assert_eq!(seen.target, "POST /test");
}

#[test]
fn a_new_context_says_nothing_but_the_operation() {
    let mut cx = RequestContext::new(&operation::ADMIN_RESPOND_TO_AUTH_CHALLENGE);
    assert_eq!(cx.request_id(), "00000000-0000-0000-0000-000000000000");
    assert_eq!((cx.peer(), cx.deadline()), (None, None));
    assert!(cx.headers().is_empty() && cx.extensions().is_empty());
    cx.extensions_mut().insert(Tenant("acme"));
    assert_eq!(cx.extensions().get(), Some(&Tenant("acme")));
}

/// Checks the response's status and the span of a request: each field once, with these values.
fn check(router: &Router, request: Request<Body>, status: u16, operation: Option<&str>) {
    let mut response = None;
    let lines = traces::of(|| response = Some(send(router, request)));
    let response: BufferedResponse = response.expect("it was sent");
    let all = lines.join("\n");
    assert_eq!(response.status, status, "{response:?}");
    assert!(!all.contains(SECRET), "{all}");
    let mut fields = BTreeMap::<&str, Vec<&str>>::new();
    let spans = lines
        .iter()
        .filter(|line| line.starts_with("INFO drawplate_runtime::server::router request "))
        .chain(lines.iter().filter(|line| line.starts_with("record ")));
    for (name, value) in spans
        .flat_map(|line| line.split(' '))
        .filter_map(|field| field.split_once('='))
    {
        fields
            .entry(name)
            .or_default()
            .push(value.trim_matches('"'));
    }
    let latency = fields.remove("latency").unwrap_or_default();
    assert!(
        latency.len() == 1 && latency[0].ends_with('s'),
        "{latency:?}: {all}"
    );
    let status = status.to_string();
    let mut expected = BTreeMap::from([
        ("service", vec!["AWSCognitoIdentityProviderService"]),
        ("request_id", vec![response.header("x-amzn-requestid")]),
        ("status", vec![&*status]),
    ]);
    expected.extend(operation.map(|operation| ("operation", vec![operation])));
    assert_eq!(fields, expected, "{all}");
}

#[test]
fn a_span_describes_the_call_without_secrets() {
    let router = router(Writer::default(), Unauthenticated);
    let operation = Some("AdminRespondToAuthChallenge");
    check(&router, request("id"), 200, operation);
    check(&router, request("teapot"), 418, operation);
    check(&router, request(""), 400, operation);
    check(&router, request("panic"), 500, operation);
    let nowhere = Request::post(format!("/{SECRET}")).body(Body::empty());
    check(&router, nowhere.expect("a request"), 404, None);
}

/// An implementation that returns only for the client "known", and reports when a call is dropped.
struct Waiting {
    begun: Arc<Notify>,
    dropped: UnboundedSender<()>,
}

struct Dropped(UnboundedSender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        // The test has ended, if it fails.
        let _ = self.0.send(());
    }
}

impl AwsCognitoIdentityProviderService for Waiting {
    async fn admin_respond_to_auth_challenge(
        &self,
        input: AdminRespondToAuthChallengeRequest,
        _: &RequestContext,
    ) -> Outcome {
        if input.client_id == "known" {
            return Ok(AdminRespondToAuthChallengeResponse::new());
        }
        let _dropped = Dropped(self.dropped.clone());
        self.begun.notify_one();
        std::future::pending().await
    }
}

#[test]
fn a_caller_that_disconnects_ends_only_its_own_call() {
    wait(async {
        let begun = Arc::new(Notify::new());
        let (dropped, mut ended) = unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let service = router(
            Waiting {
                begun: Arc::clone(&begun),
                dropped,
            },
            Unauthenticated,
        );
        tokio::spawn(serve(listener, service).into_future());
        let head = |client: &str| {
            let body = format!(
                r#"{{"UserPoolId":"eu-west-1_aB","ClientId":"{client}","ChallengeName":"SMS_MFA"}}"#
            );
            let length = body.len();
            format!("{HEAD}connection: close\r\ncontent-length: {length}\r\n\r\n{body}")
        };
        let mut callers = Vec::new();
        for _ in 0..2 {
            let mut caller = TcpStream::connect(address).await.expect("a connection");
            let request = head("stranger");
            caller.write_all(request.as_bytes()).await.expect("sent");
            begun.notified().await;
            callers.push(caller);
        }
        drop(callers.pop());
        ended.recv().await.expect("the call is given up on");
        let mut known = TcpStream::connect(address).await.expect("a connection");
        known
            .write_all(head("known").as_bytes())
            .await
            .expect("sent");
        let mut response = String::new();
        known
            .read_to_string(&mut response)
            .await
            .expect("a response");
        assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
        // The other caller still waits.
        ended.try_recv().expect_err("nobody else is given up on");
        drop(callers);
        ended.recv().await.expect("now it is");
    });
}
