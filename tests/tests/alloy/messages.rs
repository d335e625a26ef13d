//! Messages of simpleRestJson: payloads, errors, and the validation of servers.

use bytes::Bytes;
use drawplate_fixtures::zoo::Client;
use drawplate_fixtures::zoo::client::Error;
use drawplate_fixtures::zoo::error::{
    AnimalEscaped, AnimalSleeps, DrawAnimalError, MoveAnimalError, PictureTooLarge,
};
use drawplate_fixtures::zoo::output::{
    DrawAnimalOutput, FeedAnimalOutput, NameAnimalOutput, PutAnimalOutput,
};
use drawplate_fixtures::zoo::server::{Mock, Router, router};
use drawplate_fixtures::zoo::types::{Animal, Bird, Food, Level, OpenAnimal, Place};
use drawplate_runtime::Blob;
use drawplate_runtime::client::{BoxError, RetryConfig};
use http::{Request, Response};
use http_body_util::Full;
use tower::ServiceExt as _;

const ID: &str = "51216269-c0c8-454a-871e-329513e54e23";

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// The status, the header `x-error-type` and the body of the response to a request.
fn send(
    router: &Router,
    head: &str,
    content_type: Option<&str>,
    body: &str,
) -> (u16, String, String) {
    let (method, path) = head.split_once(' ').expect("a method and a path");
    let path = path.replace("ID", ID);
    let mut request = Request::builder().method(method).uri(path);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let request = request.body(Full::new(Bytes::from(body.to_owned())));
    wait(async {
        let response = router.clone().oneshot(request.expect("a request")).await;
        let (parts, body) = response.expect("a response").into_parts();
        let body = body.collect(1 << 20).await.expect("a body");
        let error = parts.headers.get("x-error-type");
        let error = error.map(|value| value.to_str().expect("a name").to_owned());
        let body = String::from_utf8(body.to_vec()).expect("a text");
        (parts.status.as_u16(), error.unwrap_or_default(), body)
    })
}

/// A client whose calls all have the same response.
fn client(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Client {
    let transport = tower::service_fn(move |_| async move {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok::<_, BoxError>(response.body(Full::new(Bytes::from(body)))?)
    });
    let client = Client::builder()
        .endpoint("http://zoo.example")
        .transport(transport)
        .retries(RetryConfig::none())
        .build();
    client.expect("a client")
}

#[test]
fn every_payload_is_json() {
    let router = router(
        Mock::new()
            .on_name_animal(|input| {
                let mut output = NameAnimalOutput::new();
                output.old = Some(input.name.to_uppercase());
                Ok(output)
            })
            .on_draw_animal(|input| {
                let length = |picture: Blob| i32::try_from(picture.len()).expect("short");
                Ok(DrawAnimalOutput::new(input.picture.map_or(-1, length)))
            })
            .on_feed_animal(|input| {
                let left = input.meals.into_iter().filter_map(|meal| meal.food);
                let left = left.map(|food| *food).collect::<Vec<_>>();
                Ok(FeedAnimalOutput::new(i32::try_from(left.len()).expect("few")).left(left))
            })
            .on_put_animal(|input| {
                assert!(matches!(input.animal, Animal::Bird(_)));
                Ok(PutAnimalOutput::new(OpenAnimal::Bird(Bird::new(2.0))))
            }),
    );
    for content_type in [
        None,
        Some("application/json"),
        Some("application/json; charset=utf-8"),
    ] {
        let check = |head, body, expected: &str| {
            let (status, error, body) = send(&router, head, content_type, body);
            assert_eq!((status, &*error, &*body), (200, "", expected), "{head}");
        };
        check("POST /animals/ID/name", r#""ad\u0061""#, r#""ADA""#);
        check("POST /animals/ID/picture", r#""AAEC""#, "3");
        check("POST /animals/ID/picture", "", "-1");
        check(
            "POST /animals/ID/food",
            r#"[{"at":"12:00:00","food":[1]},{"at":"12:00:00"}]"#,
            "[[1]]",
        );
        check(
            "PUT /animals/ID",
            r#"{"kind":"bird","wingspan":1}"#,
            r#"{"kind":"bird","wingspan":2.0}"#,
        );
    }
    let (status, error, _) = send(&router, "POST /animals/ID/name", Some("text/plain"), "Ada");
    assert_eq!((status, &*error), (415, "UnsupportedMediaTypeException"));
    let (status, error, _) = send(&router, "POST /animals/ID/name", None, "Ada");
    assert_eq!((status, &*error), (400, "SerializationException"));
    let (status, error, body) = send(&router, "POST /animals/ID/name", None, "");
    assert_eq!((status, &*error), (400, "ValidationException"), "{body}");
}

#[test]
fn a_structure_that_is_input_and_output_has_all_members_in_responses() {
    let router = router(Mock::new().on_move_animal(|place| Ok(place.house("B"))));
    let (status, _, body) = send(
        &router,
        "POST /animals/ID/place?row=7",
        None,
        r#"{"level":2,"status":201}"#,
    );
    let expected = format!(r#"{{"id":"{ID}","row":7,"house":"B","level":2}}"#);
    assert_eq!((status, body), (201, expected));
    let client = Client::in_process(router);
    let place = Place::new(ID).row(3).gate("west").level(Level::Unknown(9));
    let moved = wait(async { client.move_animal(place.clone().status(299)).await });
    let moved = moved.expect("a place");
    assert_eq!(moved, place.house("B").status(299));
}

#[test]
fn a_client_fills_the_defaults_of_a_shared_structure_in() {
    let client = client(200, &[], "{}");
    let moved = wait(async { client.move_animal(Place::new(ID)).await }).expect("a place");
    assert_eq!(moved.level, Some(Level::Ground));
}

#[test]
fn a_status_that_is_a_member_is_no_error_below_400() {
    let client = client(399, &[], "{}");
    let moved = wait(async { client.move_animal(Place::new(ID)).await }).expect("a place");
    assert_eq!(moved.status, Some(399));
}

#[test]
fn errors_are_named_by_a_header() {
    let router = router(
        Mock::new()
            .on_move_animal(|_| Err(AnimalSleeps::new("shh").until("13:00:00").into()))
            .on_draw_animal(|_| Err(PictureTooLarge::new(7).into())),
    );
    let (status, error, body) = send(&router, "POST /animals/ID/place", None, "{}");
    assert_eq!(
        (status, &*error, &*body),
        (409, "AnimalSleeps", r#"{"message":"shh"}"#)
    );
    let client = Client::in_process(router);
    let error = wait(async { client.move_animal(Place::new(ID)).await }).expect_err("it sleeps");
    let Error::Service(MoveAnimalError::AnimalSleeps(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.until.as_deref(), Some("13:00:00"));
}

#[test]
fn errors_without_the_header_are_known_by_a_unique_status() {
    let input = drawplate_fixtures::zoo::input::DrawAnimalInput::new(ID);
    let call = |client: Client| wait(async { client.draw_animal(input.clone()).await });
    let large = call(client(413, &[], r#"{"limit":3}"#)).expect_err("it is too large");
    let large = large.as_service_error();
    assert!(
        matches!(large, Some(DrawAnimalError::PictureTooLarge(error)) if error.limit == 3),
        "{large:?}"
    );
    // Two errors have the status.
    let either = call(client(409, &[], r#"{"message":"no"}"#)).expect_err("an error");
    let either = either.as_service_error();
    assert!(
        matches!(either, Some(DrawAnimalError::Unmodeled(error)) if error.message.as_deref() == Some("no")),
        "{either:?}"
    );
    let named = call(client(
        409,
        &[("X-Error-Type", "example.zoo#AnimalEscaped")],
        r#"{"message":"no","last":{"kind":"bird","wingspan":1}}"#,
    ));
    let named = named.expect_err("an error");
    let Some(DrawAnimalError::AnimalEscaped(AnimalEscaped { last, .. })) = named.as_service_error()
    else {
        panic!("{named:?}")
    };
    assert_eq!(*last, Some(Animal::Bird(Bird::new(1.0))));
    // The page of a proxy is not an error of the service.
    let proxy = call(client(413, &[("content-type", "text/html")], "<html>")).expect_err("a page");
    assert!(matches!(
        proxy.as_service_error(),
        Some(DrawAnimalError::Unmodeled(_))
    ));
}

#[test]
fn a_server_validates_formats_and_the_members_of_unions() {
    let router = router(
        Mock::new()
            .on_put_animal(|_| Ok(PutAnimalOutput::new(OpenAnimal::Bird(Bird::new(1.0)))))
            .on_feed_animal(|_| Ok(FeedAnimalOutput::new(0).left(Vec::<Food>::new()))),
    );
    let check = |head: &str, body: &str, expected: &[&str]| {
        let (status, error, body) = send(&router, head, None, body);
        if expected.is_empty() {
            assert_eq!(status, 200, "{body}");
            return;
        }
        assert_eq!((status, &*error), (400, "ValidationException"), "{body}");
        for expected in expected {
            assert!(body.contains(expected), "{body}");
        }
    };
    check(
        "PUT /animals/nobody",
        r#"{"kind":"stone"}"#,
        &["at '/id' failed to satisfy constraint: Member must be a UUID"],
    );
    check(
        "PUT /animals/ID",
        r#"{"kind":"big-cat","lives":10,"friend":{"kind":"big-cat","lives":-1}}"#,
        &[
            "at '/animal/lives' failed to satisfy constraint",
            "at '/animal/friend/lives' failed to satisfy constraint",
        ],
    );
    // An open enum has any value, another enum its own.
    check(
        "PUT /animals/ID",
        r#"{"kind":"big-cat","fur":"green"}"#,
        &[],
    );
    check("PUT /animals/ID", r#"{"kind":"big-cat","fur":null}"#, &[]);
    check(
        "POST /animals/ID/food",
        r#"[{"at":"25:00:00","on":"2023-02-29","takes":0.0000000001}]"#,
        &[
            "at '/meals/0/at' failed to satisfy constraint: Member must be a time such as",
            "at '/meals/0/on' failed to satisfy constraint: Member must be a date such as",
            "at '/meals/0/takes' failed to satisfy constraint: Member must have at most 9 decimals",
        ],
    );
    // The text is too long for one member of the union, and no value of the other.
    let long = r#"[{"at":"12:00:00","food":"thirteen char"}]"#;
    let (status, error, body) = send(&router, "POST /animals/ID/food", None, long);
    assert_eq!((status, &*error), (400, "SerializationException"));
    assert!(body.contains("'/meals/0/food'"), "{body}");
    let (status, _, body) = send(&router, "PUT /animals/ID", None, "null");
    assert_eq!(status, 400);
    assert!(body.contains("must be an object, found null"), "{body}");
    check(
        "POST /animals/ID/food",
        r#"[{"at":"12:00:00","food":"hay"}]"#,
        &[],
    );
}
