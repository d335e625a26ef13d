//! Cases of the client: the events that it sends, and those that it reads.

use drawplate_runtime::Document;

use super::case::{self, Case, Expectation};
use super::message;
use super::{Failed, failed};
use crate::case::EventStreamCase;
use crate::client::{self, Setup};
use crate::compare::{self, Difference};
use crate::config::Config;
use crate::given::{Expected, Given};
use crate::message::{BufferedResponse, Capture, headers};
use crate::outcome::Outcome;
use crate::suite::Service;

/// Runs a case.
pub(crate) async fn run(
    service: &Service,
    case: &EventStreamCase,
) -> Result<Vec<Difference>, String> {
    let operation = case.head.operation;
    let case = Case::parse(case.value)?;
    let mut differences = Vec::new();
    if case.initial_request.is_some() || !case.requests.is_empty() {
        requests(service, operation, &case, &mut differences).await?;
    }
    if case.initial_response.is_some() || !case.responses.is_empty() {
        responses(service, operation, &case, &mut differences).await?;
    }
    Ok(differences)
}

/// Compares the request and its events with the case.
async fn requests(
    service: &Service,
    operation: usize,
    case: &Case,
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let given = Given {
        input: case.initial_request_params.clone(),
        events: case::values(&case.requests)?,
        expected: None,
        config: Config::default(),
    };
    let sent = client::sent(service, operation, given, None).await?;
    if let Some(request) = &case.initial_request {
        compare::same(
            "method",
            &*request.method,
            sent.method.as_str(),
            differences,
        );
        compare::same("path", &*request.uri, sent.uri.path(), differences);
        compare::headers_of(&request.headers, &sent.headers, differences);
    }
    message::compare(&case.requests, &sent.body, differences)
}

/// Compares what the client reads of the response and its events with the case.
async fn responses(
    service: &Service,
    operation: usize,
    case: &Case,
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let setup = Setup::responding(Capture::new(response(case)?));
    let given = Given {
        input: None,
        events: Vec::new(),
        expected: match (&case.expectation, &case.initial_response_params) {
            (Expectation::Success, Some(params)) => Some(Expected {
                error: None,
                params: params.clone(),
                events: Vec::new(),
            }),
            _ => None,
        },
        config: Config::default(),
    };
    let Outcome {
        expected,
        actual,
        read,
        error,
    } = (service.call)(&setup, operation, given).await?;
    if let Some(expected) = &expected {
        compare::trees("initial response", expected, &actual, differences);
    }
    match (error, &case.expectation) {
        (Some(error), Expectation::Failure(id)) => {
            failed(id.as_deref(), Some(&error), differences);
        }
        (Some(Failed { shown, .. }), Expectation::Success) => {
            let expected = Document::from("an output");
            compare::trees("result", &expected, &shown, differences);
        }
        (None, expectation) => {
            let values = match expectation {
                Expectation::Success => case::values(&case.responses)?,
                Expectation::Failure(_) => Vec::new(),
            };
            read.unwrap_or_default()
                .compare(&values, expectation, differences);
        }
    }
    Ok(())
}

/// The response with its events; a success if the case does not mention the response.
fn response(case: &Case) -> Result<BufferedResponse, String> {
    let mut response = BufferedResponse {
        status: http::StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: case::frames(&case.responses).into(),
    };
    if let Some(expected) = &case.initial_response {
        response.status =
            http::StatusCode::from_u16(expected.status).map_err(|error| error.to_string())?;
        response.headers = headers(&compare::borrowed(&expected.headers))?;
        if let Some(body) = &expected.body {
            response.body = body.clone().into();
        }
    }
    let events = http::HeaderValue::from_static(drawplate_runtime::event::MEDIA_TYPE);
    response
        .headers
        .entry(http::header::CONTENT_TYPE)
        .or_insert(events);
    Ok(response)
}
