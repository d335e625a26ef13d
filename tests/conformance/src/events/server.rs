//! Cases of the server: the events that its implementation reads, and those that it sends.

use bytes::Bytes;
use drawplate_runtime::DocumentMap;
use http::Request;
use http_body_util::Full;

use super::case::{self, Case, Expectation};
use super::{Failed, failed, message};
use crate::case::EventStreamCase;
use crate::client;
use crate::compare::{self, Difference};
use crate::config::Config;
use crate::given::{Expected, Given};
use crate::message::{headers, send};
use crate::server::{Plan, Probe, Seen};
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

/// Compares what the implementation receives with the case.
async fn requests(
    service: &Service,
    operation: usize,
    case: &Case,
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let params = case.initial_request_params.clone();
    let probe = Probe::new(Plan::Take(
        params.clone().unwrap_or_else(|| DocumentMap::new().into()),
    ));
    let request = request(service, operation, case).await?;
    let response = send(service.serve(&probe)?, request).await?;
    let seen = match probe.seen() {
        None if matches!(case.expectation, Expectation::Failure(_)) => {
            // A rejection is not an error of the model and has no shape ID.
            let rejected = response.status.is_client_error();
            let rejected = rejected.then(|| Failed::unknown(response.status.to_string().into()));
            let Expectation::Failure(id) = &case.expectation else {
                return Ok(());
            };
            failed(id.as_deref(), rejected.as_ref(), differences);
            return Ok(());
        }
        None => {
            let body = String::from_utf8_lossy(&response.body);
            let response = format!("{} {body}", response.status);
            differences.push(Difference::new(
                "request",
                "(the implementation is called)",
                response,
            ));
            return Ok(());
        }
        Some(seen) => seen?,
    };
    let Seen {
        expected,
        actual,
        read,
    } = seen;
    if params.is_some() {
        compare::trees("initial request", &expected, &actual, differences);
    }
    let values = match case.expectation {
        Expectation::Success => case::values(&case.requests)?,
        Expectation::Failure(_) => Vec::new(),
    };
    read.unwrap_or_default()
        .compare(&values, &case.expectation, differences);
    Ok(())
}

/// The request with its events. What the case leaves open is as the client sends it, for any
/// input.
async fn request(
    service: &Service,
    operation: usize,
    case: &Case,
) -> Result<Request<Full<Bytes>>, String> {
    let given = Given {
        input: None,
        events: Vec::new(),
        expected: None,
        config: Config::default(),
    };
    let sent = client::sent(service, operation, given, None).await?;
    let mut request = Request::new(Full::new(Bytes::from(case::frames(&case.requests))));
    *request.method_mut() = sent.method;
    *request.uri_mut() = sent.uri;
    match &case.initial_request {
        None if case.initial_request_params.is_none() => {
            // The members outside the stream are in the initial request, which is missing
            // if the case has none.
            for name in [http::header::CONTENT_TYPE, http::header::ACCEPT] {
                let value = sent.headers.get(&name).cloned();
                request
                    .headers_mut()
                    .extend(value.map(|value| (name, value)));
            }
        }
        None => *request.headers_mut() = sent.headers,
        Some(initial) => {
            *request.method_mut() = initial
                .method
                .parse()
                .map_err(|_| format!("`{}` is not a method", initial.method))?;
            *request.uri_mut() = initial
                .uri
                .parse()
                .map_err(|_| format!("`{}` is not a request target", initial.uri))?;
            *request.headers_mut() = headers(&compare::borrowed(&initial.headers))?;
            let events = sent.headers.get(http::header::CONTENT_TYPE).cloned();
            if let Some(events) = events {
                request
                    .headers_mut()
                    .entry(http::header::CONTENT_TYPE)
                    .or_insert(events);
            }
        }
    }
    Ok(request)
}

/// Compares the response and its events with the case.
async fn responses(
    service: &Service,
    operation: usize,
    case: &Case,
    differences: &mut Vec<Difference>,
) -> Result<(), String> {
    let probe = Probe::new(Plan::Respond(Expected {
        error: None,
        params: case
            .initial_response_params
            .clone()
            .unwrap_or_else(|| DocumentMap::new().into()),
        events: case::values(&case.responses)?,
    }));
    let request = crate::server::any_request(service, operation).await?;
    let response = send(service.serve(&probe)?, request).await?;
    if let Some(Err(why)) = probe.seen() {
        return Err(why);
    }
    let status = case.initial_response.as_ref();
    let status = status.map_or(200, |response| response.status);
    compare::same("status", status, response.status.as_u16(), differences);
    if let Some(expected) = &case.initial_response {
        compare::headers_of(&expected.headers, &response.headers, differences);
    }
    message::compare(&case.responses, &response.body, differences)
}
