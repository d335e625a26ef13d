//! Buckets in other regions than that of the client, with the endpoint rules of S3.
#![cfg(shared)]

use drawplate_published::s3::Client;
use drawplate_published::s3::input::{
    GetObjectRequest, GetObjectRequestRequired, HeadObjectRequest, HeadObjectRequestRequired,
    PutObjectRequest, PutObjectRequestRequired,
};
use drawplate_runtime::client::{Body, Credentials};
use drawplate_tests::wire::Wire;
use http::Response;

fn client(wire: &Wire) -> Client {
    Client::builder()
        .sigv4(Credentials::new("AKID", "SECRET"), "eu-west-1")
        .transport(wire.clone())
        .build()
        .expect("a region and credentials suffice")
}

fn get(bucket: &str) -> GetObjectRequest {
    GetObjectRequest::new(GetObjectRequestRequired { bucket, key: "a/b" })
}

fn response(status: u16, region: Option<&str>, body: &'static str) -> Response<Body> {
    let response = Response::builder().status(status);
    let response = match region {
        Some(region) => response.header("x-amz-bucket-region", region),
        None => response,
    };
    response.body(Body::from(body)).expect("a valid response")
}

/// The hosts and the regions of the signatures of the requests that were sent.
fn targets(wire: &Wire) -> Vec<(String, String)> {
    let sent = wire.take();
    let targets = sent.iter().map(|request| {
        let host = request.uri().host().expect("a host").to_owned();
        let header = request.headers()["authorization"].to_str();
        let region = header.expect("a text").split('/').nth(2);
        (host, region.expect("a scope").to_owned())
    });
    targets.collect()
}

fn in_region(region: &str) -> (String, String) {
    let host = format!("weather-station.s3.{region}.amazonaws.com");
    (host, region.to_owned())
}

/// Responses of S3 (API reference, "Error responses").
const MOVED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>PermanentRedirect</Code>\
    <Message>The bucket you are attempting to access must be addressed using the specified \
    endpoint.</Message><Endpoint>weather-station.s3.eu-central-1.amazonaws.com</Endpoint>\
    <Bucket>weather-station</Bucket></Error>";
const MALFORMED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\
    <Code>AuthorizationHeaderMalformed</Code><Message>the region 'eu-west-1' is wrong; expecting \
    'eu-central-1'</Message><Region>eu-central-1</Region></Error>";

#[tokio::test]
async fn a_bucket_is_found_in_its_region() {
    let other = Some("eu-central-1");
    for first in [
        response(301, other, MOVED),
        response(307, other, MOVED),
        response(400, None, MALFORMED),
    ] {
        let wire = Wire::responding([first]);
        let client = client(&wire);
        let put = PutObjectRequest::new(PutObjectRequestRequired {
            bucket: "weather-station",
            key: "a/b",
        });
        let put = put.body("sunny");
        client.put_object(put).await.expect("it is stored");
        client
            .get_object(get("weather-station"))
            .await
            .expect("it is there");
        let [first, second] = ["eu-west-1", "eu-central-1"].map(in_region);
        assert_eq!(targets(&wire), [first, second.clone(), second]);
    }
}

#[tokio::test]
async fn responses_without_a_document_name_the_region_in_a_header() {
    for status in [301, 400] {
        let wire = Wire::responding([response(status, Some("us-gov-west-1"), "")]);
        let head = HeadObjectRequest::new(HeadObjectRequestRequired {
            bucket: "weather-station",
            key: "a/b",
        });
        let found = client(&wire).head_object(head).await;
        found.expect("it is there");
        let regions = ["eu-west-1", "us-gov-west-1"].map(in_region);
        assert_eq!(targets(&wire), regions);
    }
}

#[tokio::test]
async fn an_access_point_has_the_region_of_its_arn() {
    let wire = Wire::responding([response(301, Some("eu-central-1"), MOVED)]);
    let arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/point";
    let error = client(&wire)
        .get_object(get(arn))
        .await
        .expect_err("a redirect");
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(wire.take().len(), 1);
}
