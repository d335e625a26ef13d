//! The responses when an implementation returns an error and when it panics.

use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::error::{
    GetThingError, NotFound, PutEverythingError, Throttled,
};
use drawplate_fixtures::kitchen_sink::input::{GetThingInput, PutEverythingInput};
use drawplate_fixtures::kitchen_sink::server::{Mock, Unauthenticated, router};
use drawplate_runtime::UnmodeledError;

use crate::call::{nothing, put, request, send, wait};

#[test]
fn modelled_errors_have_their_status_and_members() {
    let mock = Mock::new().on_put_everything(|_| {
        let mut error = Throttled::new();
        error.message = Some("slow down".to_owned());
        error.retry_after = Some(7);
        Err(PutEverythingError::Throttled(error))
    });
    let response = send(&router(mock, Unauthenticated), put("{}"));
    assert_eq!(response.status, 429);
    assert_eq!(response.header("x-amzn-errortype"), "Throttled");
    assert_eq!(response.header("retry-after"), "7");
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.body, br#"{"message":"slow down"}"#);
}

#[test]
fn unmodeled_errors_keep_their_status_code_and_message() {
    let mock = Mock::new()
        .on_get_thing(|_| {
            Err(UnmodeledError::new(418)
                .code("Teapot")
                .message("short and stout")
                .into())
        })
        .on_put_everything(|_| Err(UnmodeledError::default().into()));
    let router = router(mock, Unauthenticated);
    let response = send(&router, request("GET /v1/things/7", ""));
    assert_eq!(response.status, 418);
    assert_eq!(response.header("x-amzn-errortype"), "Teapot");
    assert_eq!(response.body, br#"{"message":"short and stout"}"#);
    assert_eq!(send(&router, put("{}")).status, 500);
}

#[test]
fn a_panic_harms_only_its_call() {
    let mock = Mock::new().on_get_thing(|input: GetThingInput| {
        assert_ne!(input.thing_id, "bad", "a secret that nobody is told");
        Err(GetThingError::NotFound(NotFound::new()))
    });
    let router = router(mock, Unauthenticated);
    for _ in 0..3 {
        let response = send(&router, request("GET /v1/things/bad", ""));
        assert_eq!(response.status, 500);
        assert_eq!(response.header("x-amzn-errortype"), "InternalFailure");
        assert!(!response.header("x-amzn-requestid").is_empty());
        assert!(!response.message().contains("secret"));
        assert_eq!(
            send(&router, request("GET /v1/things/good", "")).status,
            404
        );
    }
}

#[test]
fn a_client_in_process_gets_what_the_server_gave() {
    let mock = Mock::new().on_get_thing(|input: GetThingInput| {
        let mut error = NotFound::new();
        error.resource = Some(input.thing_id);
        Err(GetThingError::NotFound(error))
    });
    let client = Client::in_process(router(mock, Unauthenticated));
    let error = wait(async { client.get_thing(GetThingInput::new("a/b \u{20ac}")).await })
        .expect_err("it fails");
    let Some(GetThingError::NotFound(error)) = error.as_service_error() else {
        panic!("{error:?}")
    };
    assert_eq!(error.resource.as_deref(), Some("a/b \u{20ac}"));
    let error = wait(async { client.put_everything(PutEverythingInput::new()).await })
        .expect_err("no closure is set");
    assert_eq!(error.status(), Some(501));
    assert!(error.to_string().contains("PutEverything"), "{error}");
}

#[test]
fn request_ids_differ() {
    let first = send(&nothing(), request("GET /", ""));
    let second = send(&nothing(), request("GET /", ""));
    let (first, second) = (
        first.header("x-amzn-requestid"),
        second.header("x-amzn-requestid"),
    );
    assert_eq!((first.len(), second.len()), (36, 36));
    assert_ne!(first, second);
}
