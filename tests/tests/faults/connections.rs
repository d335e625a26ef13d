//! Connections that are refused, reset, kept and left.

use std::io;
use std::time::Duration;

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::input::GetTokenInput;

use crate::server::{Server, Step, Then, answer, raw};
use crate::{KINDS, Kind, begins, builder, call, causes, client, good, run, strikes_once};

/// Something on the way from an error to its last cause is an I/O error of this kind.
fn is_caused_by(error: &crate::TokenError, kind: io::ErrorKind) -> bool {
    causes(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == kind)
    })
}

#[test]
fn a_refused_connection_is_tried_again_whatever_the_operation() {
    run(async {
        for kind in KINDS {
            let address = Server::nobody().await;
            let client = builder(format!("http://{address}"))
                .build()
                .expect("a client");
            let error = call(&client, kind).await.expect_err("nobody listens");
            assert!(
                matches!(error, Error::Transport(_)) && error.is_retryable(),
                "{error:?}"
            );
            assert_eq!((error.attempts(), error.status()), (3, None), "{error}");
            assert!(
                is_caused_by(&error, io::ErrorKind::ConnectionRefused),
                "{error:?}"
            );
            let line = error.to_string();
            assert!(
                line.contains("Token: cannot connect: ") && line.ends_with(" (3 attempts)"),
                "{line}"
            );
        }
    });
}

#[test]
fn a_server_that_comes_up_is_reached() {
    run(async {
        let address = Server::nobody().await;
        let waits = Duration::from_millis(20);
        let client = builder(format!("http://{address}"))
            .retries(RetryConfig::attempts(90).backoff(waits, waits))
            .build()
            .expect("a client");
        let calling = tokio::spawn(async move { call(&client, Kind::Neither).await });
        tokio::time::sleep(Duration::from_millis(60)).await;
        let server = Server::at(address, [good()]).await;
        let outcome = calling.await.expect("the call does not panic");
        outcome.expect("the server is there in time");
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn a_connection_that_is_reset_before_the_request_is_read() {
    run(async {
        let error = strikes_once(Step::Unread, |builder| builder).await;
        begins(
            &error,
            "CreateToken: the connection broke before the response: ",
        );
        assert!(matches!(error, Error::Transport(_)) && error.is_retryable());
    });
}

#[test]
fn a_connection_that_breaks_behind_the_request() {
    run(async {
        for then in [Then::Reset, Then::Close] {
            for bytes in ["", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-le"] {
                let error = strikes_once(raw(bytes, then), |builder| builder).await;
                begins(
                    &error,
                    "CreateToken: the connection broke before the response: ",
                );
                assert!(matches!(error, Error::Transport(_)) && error.is_retryable());
                assert_eq!(error.status(), None);
            }
        }
    });
}

#[test]
fn connections_are_used_again() {
    run(async {
        let missing = || answer(404, &[], "{}");
        let server = Server::start([good(), missing(), good(), good()]).await;
        let client = client(&server);
        for kind in [Kind::ReadOnly, Kind::Neither, Kind::Idempotent] {
            // Errors keep the connection, and clones share it.
            let _ = call(&client.clone(), kind).await;
        }
        call(&client, Kind::ReadOnly).await.expect("a good answer");
        assert_eq!((server.connections(), server.count()), (1, 4));
        assert!(
            server
                .received()
                .iter()
                .all(|request| request.connection == 1)
        );
    });
}

#[test]
fn connections_that_the_server_gives_up_are_not_used_again() {
    run(async {
        let closing = || answer(200, &[("connection", "close")], crate::TOKEN);
        let server = Server::start([closing(), closing(), good()]).await;
        let client = client(&server);
        for kind in KINDS {
            call(&client, kind).await.expect("a good answer");
        }
        assert_eq!((server.connections(), server.count()), (3, 3));
    });
}

#[test]
fn a_connection_that_ended_while_it_was_idle_is_replaced_whatever_the_operation() {
    run(async {
        for kind in KINDS {
            let Step::Write(bytes, _) = good() else {
                continue;
            };
            let server = Server::start([raw(bytes, Then::Close), good()]).await;
            let client = builder(server.url())
                .retries(RetryConfig::none())
                .build()
                .expect("a client");
            call(&client, kind).await.expect("a good answer");
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            call(&client, kind)
                .await
                .expect("a good answer over another connection");
            assert_eq!((server.connections(), server.count()), (2, 2), "{kind:?}");
        }
    });
}

#[test]
fn dropping_a_call_closes_its_connection() {
    run(async {
        for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
            let server = Server::start([raw(begun, Then::Stall), good()]).await;
            let client = client(&server);
            let calling = client.clone();
            let calling = tokio::spawn(async move { call(&calling, Kind::ReadOnly).await });
            server.has_received(1).await;
            calling.abort();
            server.is_left(1).await;
            call(&client, Kind::ReadOnly)
                .await
                .expect("the next call has its own connection");
            assert_eq!((server.connections(), server.count()), (2, 2));
        }
    });
}

#[test]
fn dropping_a_call_that_waits_ends_its_attempts() {
    run(async {
        let server =
            Server::start([answer(503, &[("x-amz-retry-after", "200")], "{}"), good()]).await;
        let client = client(&server);
        let calling = tokio::spawn(async move { call(&client, Kind::ReadOnly).await });
        server.has_received(1).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        calling.abort();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn a_call_that_nobody_awaits_sends_nothing() {
    run(async {
        let server = Server::start([good()]).await;
        let client = client(&server);
        drop(client.get_token(GetTokenInput::new("app", "s")));
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!((server.connections(), server.count()), (0, 0));
    });
}
