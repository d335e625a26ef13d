//! Cases of the client: the request for an input, the output or error of a response.

use drawplate_runtime::Document;
use drawplate_runtime::client::{Builder, Credentials, Inner, RetryConfig};
use drawplate_runtime::endpoint::{ParameterValue, Rules};

use crate::case::{RequestCase, ResponseCase};
use crate::compare::{self, Difference};
use crate::config::{Config, Settings};
use crate::given::{Expected, Given};
use crate::message::{self, BufferedResponse, Capture, Sent};
use crate::suite::Service;

/// The host if a case does not name one.
const HOST: &str = "example.com";
/// The value of every idempotency token (Smithy 2.0, "Parameter format").
const TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// The configuration of the client of a case.
pub struct Setup {
    configuration: Configuration,
    settings: Settings,
    transport: Capture,
}

/// The settings of a client that its endpoint depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    endpoint: Option<String>,
    region: Option<String>,
    /// Parameters of the endpoint rules by their indexes.
    parameters: Vec<(usize, ParameterValue)>,
    /// Whether requests are signed.
    signs: bool,
}

impl Configuration {
    /// One endpoint.
    fn host(host: &str) -> Self {
        Self {
            endpoint: Some(format!("https://{host}")),
            ..Self::default()
        }
    }

    /// Sets a parameter of endpoint rules.
    pub(crate) fn set(&mut self, rules: &Rules, index: usize, value: ParameterValue) {
        match (rules.parameters[index].built_in, value) {
            (Some("SDK::Endpoint"), ParameterValue::String(url)) => self.endpoint = Some(url),
            (Some("AWS::Region"), ParameterValue::String(region)) => self.region = Some(region),
            (_, value) => self.parameters.push((index, value)),
        }
    }

    /// The region of the client.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Signs requests, which needs a region.
    pub(crate) fn signed(self) -> Self {
        Self {
            signs: true,
            ..self
        }
    }
}

impl Setup {
    /// A client with the default host.
    pub(crate) fn responding(transport: Capture) -> Self {
        Self {
            configuration: Configuration::host(HOST),
            settings: Settings::default(),
            transport,
        }
    }

    /// The client.
    pub fn client<C: From<Inner>>(&self, builder: Builder<C>) -> Result<C, String> {
        let mut retries = RetryConfig::default();
        retries.attempts = 1;
        let Configuration {
            endpoint,
            region,
            parameters,
            signs,
        } = &self.configuration;
        let mut builder = self.settings.apply(builder);
        if let (Some(url), None) = (endpoint, &self.settings.region) {
            builder = builder.endpoint(url);
        }
        if let Some(region) = region {
            builder = match signs {
                true => builder.sigv4(Credentials::new("AKID", "secret"), region),
                false => builder.region(region),
            };
        }
        for (index, value) in parameters {
            builder = builder.endpoint_parameter(*index, value.clone());
        }
        builder
            .transport(self.transport.clone())
            .retries(retries)
            .unauthenticated()
            .idempotency_tokens(|| TOKEN.to_owned())
            .build()
            .map_err(|error| error.to_string())
    }
}

/// Runs a case of a request.
pub(crate) async fn request(
    service: &Service,
    case: &RequestCase,
) -> Result<Vec<Difference>, String> {
    let given = Given {
        input: Some(params(case.params)?),
        events: Vec::new(),
        expected: None,
        config: Config::parse(case.config)?,
    };
    let sent = sent(service, case.head.operation, given, case.host).await?;
    let RequestCase {
        head: _,
        request,
        host: _,
        resolved_host,
        forbid_query,
        require_query,
        presence,
        params: _,
        config: _,
    } = case;
    let mut differences = Vec::new();
    let out = &mut differences;
    compare::same("method", request.method, sent.method.as_str(), out);
    compare::same("path", request.uri, sent.uri.path(), out);
    let query = sent.uri.query();
    compare::query(request.query, require_query, forbid_query, query, out);
    compare::headers(request.headers, *presence, &sent.headers, out);
    if let Some(host) = resolved_host {
        compare::same("host", *host, sent.uri.host().unwrap_or_default(), out);
    }
    if let Some(body) = request.body {
        compare::body(body, request.body_media_type, &sent.body, out);
    }
    Ok(differences)
}

/// Runs a case of a response.
pub(crate) async fn response(
    service: &Service,
    case: &ResponseCase,
) -> Result<Vec<Difference>, String> {
    let given = Given {
        input: None,
        events: Vec::new(),
        expected: Some(Expected {
            error: case.error,
            params: params(case.params)?,
            events: Vec::new(),
        }),
        config: Config::default(),
    };
    let ResponseCase {
        status,
        headers,
        body,
        body_media_type,
        ..
    } = *case;
    let response = message::response(status, headers, body, body_media_type)?;
    let setup = Setup::responding(Capture::new(response));
    let outcome = (service.call)(&setup, case.head.operation, given).await?;
    let mut differences = Vec::new();
    let expected = outcome.expected.unwrap_or_default();
    compare::trees("result", &expected, &outcome.actual, &mut differences);
    let failed = outcome.error.as_ref();
    let code = failed.and_then(|failed| failed.code.as_deref());
    let due_to = failed.and_then(|failed| failed.due_to);
    for (what, expected, actual) in [
        ("error code", case.error_code, code),
        ("error type", case.error_type, due_to),
    ] {
        if let Some(expected) = expected.filter(|expected| actual != Some(expected)) {
            let actual = actual.unwrap_or("(none)");
            differences.push(Difference::new(what, expected, actual));
        }
    }
    Ok(differences)
}

/// The request that the client sends.
pub(crate) async fn sent(
    service: &Service,
    operation: usize,
    given: Given,
    host: Option<&str>,
) -> Result<Sent, String> {
    let configuration = Configuration::host(host.unwrap_or(HOST));
    let sent = configured(service, operation, given, configuration).await?;
    sent.map_err(|why| format!("nothing was sent: {why}"))
}

/// The request that a client with this configuration sends, or why it sends none.
pub(crate) async fn configured(
    service: &Service,
    operation: usize,
    given: Given,
    configuration: Configuration,
) -> Result<Result<Sent, String>, String> {
    // The response does not matter: only the request is compared.
    let response = BufferedResponse {
        status: http::StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    let setup = Setup {
        configuration,
        settings: given.config.client.clone(),
        transport: Capture::new(response),
    };
    let outcome = (service.call)(&setup, operation, given).await?;
    let sent = setup.transport.sent();
    Ok(sent.ok_or_else(|| outcome.actual.to_string()))
}

/// The values of a case.
pub(crate) fn params(json: &str) -> Result<Document, String> {
    json.parse::<Document>().map_err(|error| error.to_string())
}
