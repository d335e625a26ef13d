//! Paginated listings over a socket.

use std::pin::Pin;

use amplify_admin::amplifybackend::error::ListBackendJobsError;
use amplify_admin::amplifybackend::input::{ListBackendJobsInput, ListBackendJobsInputRequired};
use amplify_admin::amplifybackend::{Client, Error};
use drawplate_fixtures::kitchen_sink as kitchen;
use futures_core::Stream;
use serde_json::{Value, json};

use crate::server::{Server, Step, response};
use crate::{client, run};

fn input() -> ListBackendJobsInput {
    ListBackendJobsInput::new(ListBackendJobsInputRequired {
        app_id: "app",
        backend_environment_name: "dev",
    })
    .max_results(2)
}

/// A page of jobs.
fn page(jobs: &[&str], next: Option<&str>) -> Step {
    let jobs = jobs
        .iter()
        .map(|id| json!({ "appId": "app", "backendEnvironmentName": "dev", "jobId": id }));
    let body = json!({ "jobs": jobs.collect::<Value>(), "nextToken": next });
    response(200, &[], body.to_string())
}

fn outage() -> Step {
    response(503, &[], "")
}

/// Returns the next item of a stream.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

/// The tokens that were sent.
fn tokens(server: &Server) -> Vec<Value> {
    let bodies = server.received().into_iter().map(|request| request.body);
    bodies
        .map(|body| {
            let body = serde_json::from_str::<Value>(&body).expect("a listing sends JSON");
            assert_eq!(body["maxResults"], 2, "each request has the page size");
            body["nextToken"].clone()
        })
        .collect()
}

/// The IDs of all items, and the error after them.
async fn items(client: &Client) -> (Vec<String>, Option<Error<ListBackendJobsError>>) {
    let mut stream = client.list_backend_jobs_items(input());
    let mut ids = Vec::new();
    while let Some(item) = next(&mut stream).await {
        match item {
            Ok(job) => ids.extend(job.job_id),
            Err(error) => {
                assert!(
                    next(&mut stream).await.is_none(),
                    "an error ends the stream"
                );
                return (ids, Some(error));
            }
        }
    }
    assert!(
        next(&mut stream).await.is_none(),
        "the stream stays at its end"
    );
    (ids, None)
}

#[test]
fn all_items_of_all_pages_arrive_in_order() {
    run(async {
        let server = Server::start([
            page(&["1", "2"], Some("t/1 ")),
            page(&[], Some("t2")),
            outage(),
            page(&["3"], None),
        ])
        .await;
        let (ids, error) = items(&client(&server)).await;
        assert_eq!(
            (ids, error.map(|error| error.to_string())),
            (vec!["1".into(), "2".into(), "3".into()], None)
        );
        assert_eq!(
            tokens(&server),
            [json!(null), json!("t/1 "), json!("t2"), json!("t2")]
        );
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn pages_are_returned_unchanged() {
    run(async {
        let server = Server::start([page(&["1"], Some("t")), page(&["2", "3"], Some(""))]).await;
        let mut pages = client(&server).list_backend_jobs_pages(input());
        let mut lengths = Vec::new();
        while let Some(page) = next(&mut pages).await {
            lengths.push(page.expect("a page").jobs.map(|jobs| jobs.len()));
        }
        assert_eq!(lengths, [Some(1), Some(2)]);
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn no_page_is_requested_early() {
    run(async {
        let server = Server::start([page(&["1", "2"], Some("t"))]).await;
        let mut stream = client(&server).list_backend_jobs_items(input());
        for _ in 0..2 {
            next(&mut stream).await.expect("an item").expect("no error");
        }
        drop(stream);
        assert_eq!(server.count(), 1);
    });
}

#[test]
fn a_repeated_token_ends_the_listing() {
    run(async {
        let server = Server::start((0..9).map(|_| page(&["1"], Some("same")))).await;
        let (ids, error) = items(&client(&server)).await;
        assert_eq!((ids.len(), error.map(|error| error.to_string())), (2, None));
        assert_eq!(tokens(&server), [json!(null), json!("same")]);
    });
}

#[test]
fn an_error_follows_the_items_before_it() {
    run(async {
        let server = Server::start([
            page(&["1", "2"], Some("t")),
            response(
                404,
                &[("x-amzn-requestid", "id-3")],
                r#"{"message":"gone"}"#,
            ),
            page(&["3"], None),
        ])
        .await;
        let (ids, error) = items(&client(&server)).await;
        assert_eq!(ids, ["1", "2"]);
        let error = error.expect("the second page is an error");
        assert_eq!(
            error.to_string(),
            "ListBackendJobs: NotFoundException: gone (status 404, request id id-3)"
        );
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn tokens_can_be_nested_and_bound_to_the_query() {
    run(async {
        let page = |next: &str| {
            let body =
                json!({ "page": { "nextToken": next, "items": [{ "text": next, "number": 1 }] } });
            response(200, &[], body.to_string())
        };
        let server = Server::start([page("a&b"), page("ü"), page("")]).await;
        let client = kitchen::Client::builder()
            .unauthenticated()
            .endpoint(server.url())
            .build()
            .expect("a client");
        let input = kitchen::input::ListThingsInput::new().page_size(7);
        let items = client
            .list_things_items(input)
            .collect()
            .await
            .expect("all items");
        let texts = items
            .into_iter()
            .map(|item| item.text)
            .collect::<Option<Vec<_>>>();
        assert_eq!(texts.expect("all have a text"), ["a&b", "ü", ""]);
        let lines = server.received().into_iter().map(|request| request.line);
        assert_eq!(
            lines.collect::<Vec<_>>(),
            [
                "get /v1/things?size=7 http/1.1",
                "get /v1/things?next=a%26b&size=7 http/1.1",
                "get /v1/things?next=%c3%bc&size=7 http/1.1",
            ]
        );
    });
}
