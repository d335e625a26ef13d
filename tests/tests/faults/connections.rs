//! Connections that are refused, reset, reused and closed.

use std::io;
use std::time::Duration;

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};

use crate::server::{Server, Step, Then, raw, response};
use crate::{KINDS, Kind, begins, builder, call, causes, client, good, run, temporary_fault};

/// Whether one of the causes of an error is an I/O error of this kind.
fn is_caused_by(error: &crate::TokenError, kind: io::ErrorKind) -> bool {
    causes(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == kind)
    })
}

#[test]
fn a_refused_connection_is_retried_for_every_operation() {
    run(async {
        for kind in KINDS {
            let address = Server::unused_address().await;
            let client = builder(format!("http://{address}"))
                .build()
                .expect("a client");
            let error = call(&client, kind).await.expect_err("there is no listener");
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
fn a_server_that_starts_late_is_reached() {
    run(async {
        let address = Server::unused_address().await;
        let delay = Duration::from_millis(20);
        let client = builder(format!("http://{address}"))
            .retries(RetryConfig::attempts(90).backoff(delay, delay))
            .build()
            .expect("a client");
        let calling = tokio::spawn(async move { call(&client, Kind::Neither).await });
        tokio::time::sleep(Duration::from_millis(60)).await;
        let server = Server::at(address, [good()]).await;
        let outcome = calling.await.expect("the call does not panic");
        outcome.expect("the server starts in time");
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn a_connection_that_is_reset_before_the_request_is_read() {
    run(async {
        let error = temporary_fault(Step::Unread, |builder| builder).await;
        begins(
            &error,
            "CreateToken: the connection broke before the response: ",
        );
        assert!(matches!(error, Error::Transport(_)) && error.is_retryable());
    });
}

#[test]
fn a_connection_that_breaks_after_the_request() {
    run(async {
        for then in [Then::Reset, Then::Close] {
            for bytes in ["", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-le"] {
                let error = temporary_fault(raw(bytes, then), |builder| builder).await;
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
fn connections_are_reused() {
    run(async {
        let missing = || response(404, &[], "{}");
        let server = Server::start([good(), missing(), good(), good()]).await;
        let client = client(&server);
        for kind in [Kind::ReadOnly, Kind::Neither, Kind::Idempotent] {
            // Errors do not close the connection, and clones share it.
            let _ = call(&client.clone(), kind).await;
        }
        call(&client, Kind::ReadOnly)
            .await
            .expect("a good response");
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
fn connections_that_the_server_closes_are_not_reused() {
    run(async {
        let closing = || response(200, &[("connection", "close")], crate::TOKEN);
        let server = Server::start([closing(), closing(), good()]).await;
        let client = client(&server);
        for kind in KINDS {
            call(&client, kind).await.expect("a good response");
        }
        assert_eq!((server.connections(), server.count()), (3, 3));
    });
}

#[test]
fn a_connection_that_was_closed_while_idle_is_replaced_for_every_operation() {
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
            call(&client, kind).await.expect("a good response");
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            call(&client, kind)
                .await
                .expect("a good response over another connection");
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
fn dropping_a_call_between_attempts_ends_it() {
    run(async {
        let server =
            Server::start([response(503, &[("x-amz-retry-after", "200")], "{}"), good()]).await;
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
fn a_call_that_is_not_awaited_sends_nothing() {
    run(async {
        let server = Server::start([good()]).await;
        let client = client(&server);
        drop(client.get_token(GetTokenInput::new(GetTokenInputRequired {
            app_id: "app",
            session_id: "s",
        })));
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!((server.connections(), server.count()), (0, 0));
    });
}
