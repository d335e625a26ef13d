//! Services that have a query protocol besides others, with the service of
//! [`toy`](crate::protocol::toy).

use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};

use super::{AWS_QUERY, EC2_QUERY};
use crate::client::Inner;
use crate::http::Body;
use crate::protocol::service::Service;
use crate::protocol::toy::{PUT, PutError, SERVICE, Stored, input, router, send_to};
use crate::protocol::{Messages as _, REST_JSON_1};

static BOTH: Service = Service {
    protocols: &[&AWS_QUERY, &REST_JSON_1],
    ..SERVICE
};

fn post(path: &str, media_type: &str, body: &'static str) -> Request<Body> {
    Request::post(path)
        .header(CONTENT_TYPE, media_type)
        .body(Body::from(body))
        .expect("a request")
}

#[test]
fn the_query_protocols_have_no_server() {
    assert!(AWS_QUERY.server().is_none());
    assert!(EC2_QUERY.server().is_none());
    assert!(REST_JSON_1.server().is_some());
}

#[tokio::test]
async fn a_service_is_served_in_its_other_protocols() {
    let (response, body) = send_to(&BOTH, post("/put/new", "application/json", "{}")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(&**body.bytes(), br#"{"nick":"new"}"#);

    let form = "application/x-www-form-urlencoded";
    let (response, body) = send_to(&BOTH, post("/", form, "Action=Put&Version=1")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert!(body.bytes().starts_with(b"{"));
}

#[tokio::test]
async fn a_client_in_the_same_process_uses_a_protocol_with_a_server() {
    let client = Inner::in_process(&BOTH, router(&BOTH));
    let stored = client.call::<Stored, PutError>(&PUT, &input("new")).await;
    assert_eq!(stored.expect("an output").name, "new");
}
