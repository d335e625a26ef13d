//! Cases of endpoint rules (Smithy 2.0, "smithy.rules#endpointTests trait").

use drawplate_runtime::endpoint::{EndpointError, ParameterValue, ResolvedEndpoint, Rules};
use drawplate_runtime::protocol::service::{AuthScheme, HostPart, Operation};
use drawplate_runtime::{Document, DocumentMap};

use crate::client::{self, Configuration};
use crate::compare::{self, Difference};
use crate::config::Config;
use crate::given::Given;
use crate::message::Sent;
use crate::suite::Service;

/// The results of the cases of a service.
#[derive(Debug, Default)]
pub struct EndpointResults {
    /// The number of cases that have passed.
    pub passed: usize,
    /// The documentation of each case that has failed, and why.
    pub failed: Vec<(String, String)>,
}

/// Runs cases, JSON as in the trait, by the rules alone.
pub fn resolve_cases(rules: &'static Rules, cases: &[String]) -> EndpointResults {
    let mut results = EndpointResults::default();
    for case in cases {
        results.take(case, |case| resolve(rules, case));
    }
    results
}

/// Runs the cases of a service: by its rules, and by the calls that they describe.
pub(crate) fn run(
    service: &'static Service,
    filter: Option<&str>,
    runtime: &tokio::runtime::Runtime,
) -> EndpointResults {
    let mut results = EndpointResults::default();
    let rules = (service.rules)();
    for case in service.cases.endpoints {
        if filter.is_some_and(|text| !case.contains(text)) {
            continue;
        }
        results.take(case, |case| {
            let rules = rules.ok_or("the client has no endpoint rules")?;
            let mut differences = resolve(rules, case)?;
            let inputs = case.get("operationInputs").and_then(Document::as_list);
            for input in inputs.into_iter().flatten() {
                differences.extend(runtime.block_on(call(service, rules, case, input))?);
            }
            Ok(differences)
        });
    }
    results
}

impl EndpointResults {
    fn take(&mut self, case: &str, run: impl FnOnce(&Document) -> Result<Vec<Difference>, String>) {
        let parsed = client::params(case);
        let documentation = parsed
            .as_ref()
            .ok()
            .and_then(|case| case.get("documentation"));
        let documentation = documentation.and_then(Document::as_str).unwrap_or_default();
        let ran = parsed.as_ref().map_err(Clone::clone).and_then(run);
        let why = match ran {
            Ok(differences) if differences.is_empty() => {
                self.passed += 1;
                return;
            }
            Ok(differences) => differences
                .iter()
                .map(|it| {
                    format!(
                        "{}: expected {}, but is {}",
                        it.what, it.expected, it.actual
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
            Err(why) => why,
        };
        self.failed.push((documentation.to_owned(), why));
    }
}

/// What a case expects.
enum Expected<'c> {
    Error(&'c str),
    Endpoint(&'c Document),
}

fn expected(case: &Document) -> Result<Expected<'_>, String> {
    let expect = case.get("expect").ok_or("the case expects nothing")?;
    match (expect.get("error"), expect.get("endpoint")) {
        (Some(error), None) => {
            let error = error.as_str().ok_or("the expected error is no text")?;
            Ok(Expected::Error(error))
        }
        (None, Some(endpoint)) => Ok(Expected::Endpoint(endpoint)),
        _ => Err("the case expects neither an error nor an endpoint".to_owned()),
    }
}

/// Compares what the rules lead to for the parameters of a case.
fn resolve(rules: &'static Rules, case: &Document) -> Result<Vec<Difference>, String> {
    let mut values = rules.defaults();
    for (name, value) in entries(case.get("params")) {
        let index = rules.parameter(name);
        let index = index.ok_or_else(|| format!("the rules have no parameter `{name}`"))?;
        values[index] = Some(parameter(name, value)?);
    }
    let resolved = rules.resolve(&values);
    let mut differences = Vec::new();
    match (expected(case)?, resolved) {
        (Expected::Error(expected), Err(EndpointError::Rejected(message))) => {
            compare::same("error", expected, &*message, &mut differences);
        }
        (Expected::Error(expected), Err(error)) => {
            differences.push(Difference::new("error", expected, error.to_string()));
        }
        (Expected::Error(expected), Ok(endpoint)) => {
            differences.push(Difference::new("error", expected, endpoint.url));
        }
        (Expected::Endpoint(_), Err(error)) => {
            differences.push(Difference::new("result", "an endpoint", error.to_string()));
        }
        (Expected::Endpoint(expected), Ok(endpoint)) => {
            compare_endpoint(expected, endpoint, &mut differences);
        }
    }
    Ok(differences)
}

fn compare_endpoint(
    expected: &Document,
    actual: ResolvedEndpoint,
    differences: &mut Vec<Difference>,
) {
    let ResolvedEndpoint {
        url,
        headers,
        properties,
    } = actual;
    let text = |document: Option<&Document>| document.and_then(Document::as_str).map(str::to_owned);
    let expected_url = text(expected.get("url")).unwrap_or_default();
    compare::same("url", &*expected_url, &*url, differences);
    let headers = headers.into_iter().map(|(name, values)| {
        let values = values.into_iter().map(Document::from).collect();
        (name.to_owned(), Document::List(values))
    });
    let headers = headers.collect::<DocumentMap>();
    for (what, actual) in [("headers", headers), ("properties", properties)] {
        let none = Document::from(DocumentMap::new());
        let expected = expected.get(what).unwrap_or(&none);
        compare::trees(what, expected, &actual.into(), differences);
    }
}

/// The entries of an object; none without one.
fn entries(object: Option<&Document>) -> impl Iterator<Item = (&str, &Document)> {
    let object = object.and_then(Document::as_map);
    object.into_iter().flatten()
}

fn parameter(name: &str, value: &Document) -> Result<ParameterValue, String> {
    let texts = |items: &Vec<Document>| {
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<Vec<_>>>()
    };
    let found = match value {
        Document::String(text) => Some(ParameterValue::from(&**text)),
        Document::List(items) => texts(items).map(ParameterValue::from),
        value => value.as_bool().map(ParameterValue::from),
    };
    found.ok_or_else(|| format!("`{name}` is no string, boolean or list of strings"))
}

/// Makes a call of a case and compares where the request is sent.
async fn call(
    service: &'static Service,
    rules: &'static Rules,
    case: &Document,
    input: &Document,
) -> Result<Vec<Difference>, String> {
    let name = input.get("operationName").and_then(Document::as_str);
    let name = name.ok_or("a call of the case names no operation")?;
    let operations = service.schema.operations;
    let operation = operations.iter().position(|it| it.name == name);
    let operation = operation.ok_or_else(|| format!("the service has no operation `{name}`"))?;
    let configuration = configuration(rules, name, case, input)?;
    let expected = expected(case)?;
    let signature = match expected {
        Expected::Endpoint(endpoint) => {
            Signature::expected(service, operation, &configuration, endpoint)
        }
        Expected::Error(_) => Signature::None,
    };
    let params = input.get("operationParams").cloned();
    let run = async |configuration| {
        let given = Given {
            input: Some(params.clone().unwrap_or_else(|| DocumentMap::new().into())),
            events: Vec::new(),
            expected: None,
            config: Config::default(),
        };
        client::configured(service, operation, given, configuration).await
    };
    let mut differences = Vec::new();
    let sent = match &signature {
        Signature::None => run(configuration).await?,
        Signature::Scope { .. } => run(configuration.signed()).await?,
        Signature::Unsupported(schemes) => {
            // A client with credentials does not send the call, but one without does.
            let rejected = run(configuration.clone().signed()).await?;
            let why = rejected.map_or_else(|why| why, |sent| sent.uri.to_string());
            if !schemes.iter().all(|scheme| why.contains(&**scheme)) {
                let schemes = schemes.join(", ");
                differences.push(Difference::new(format!("error of {name}"), schemes, why));
            }
            run(configuration).await?
        }
    };
    match (expected, sent) {
        (Expected::Error(expected), Err(message)) => {
            if !message.contains(expected) {
                differences.push(Difference::new(
                    format!("error of {name}"),
                    expected,
                    message,
                ));
            }
        }
        (Expected::Error(expected), Ok(sent)) => {
            let uri = sent.uri.to_string();
            differences.push(Difference::new(format!("error of {name}"), expected, uri));
        }
        (Expected::Endpoint(_), Err(message)) => {
            let what = format!("call of {name}");
            differences.push(Difference::new(what, "a request", message));
        }
        (Expected::Endpoint(expected), Ok(sent)) => {
            let prefix = host_prefix(operations[operation], params.as_ref());
            compare_sent(name, &prefix, expected, &sent, &mut differences);
            signature.compare(name, &sent, &mut differences);
        }
    }
    Ok(differences)
}

/// The configuration of the client for a call. What the call does not mention, and the operation
/// does not set, is that of the case.
fn configuration(
    rules: &'static Rules,
    operation: &str,
    case: &Document,
    input: &Document,
) -> Result<Configuration, String> {
    let mut configuration = Configuration::default();
    let mut set = |index: usize, name: &str, value: &Document| {
        let value = parameter(name, value)?;
        configuration.set(rules, index, value);
        Ok::<_, String>(())
    };
    let bound = rules.operation(operation);
    for (name, value) in entries(case.get("params")) {
        let index = rules.parameter(name);
        let index = index.ok_or_else(|| format!("the rules have no parameter `{name}`"))?;
        if bound.iter().all(|(bound, _)| *bound != index) {
            set(index, name, value)?;
        }
    }
    for (name, value) in entries(input.get("clientParams")) {
        let index = rules.parameter(name);
        let index = index.ok_or_else(|| format!("the rules have no parameter `{name}`"))?;
        set(index, name, value)?;
    }
    for (name, value) in entries(input.get("builtInParams")) {
        let index = rules.built_in(name);
        let index = index.ok_or_else(|| format!("the rules have no built-in `{name}`"))?;
        set(index, name, value)?;
    }
    Ok(configuration)
}

/// The host prefix of an operation with this input (Smithy 2.0, "endpoint trait").
fn host_prefix(operation: &Operation, params: Option<&Document>) -> String {
    let parts = operation.traits.host_prefix.iter();
    let parts = parts.map(|part| match *part {
        HostPart::Literal(text) => text,
        HostPart::Label(index) => {
            let member = operation.input.members[index].name;
            let value = params.and_then(|params| params.get(member));
            value.and_then(Document::as_str).unwrap_or_default()
        }
    });
    parts.collect()
}

/// Whether a request with this URI is sent to the endpoint with this URL: to its host, with or
/// without the prefix, and to its path or one below.
fn is_sent_to(url: &str, prefix: &str, uri: &http::Uri) -> bool {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let sent = uri.authority().map_or("", |sent| sent.as_str());
    let below = uri.path().strip_prefix(path);
    uri.scheme_str() == Some(scheme)
        && (sent == authority || sent.strip_prefix(prefix) == Some(authority))
        && below
            .is_some_and(|below| below.is_empty() || below.starts_with('/') || path.ends_with('/'))
}

fn compare_sent(
    operation: &str,
    prefix: &str,
    expected: &Document,
    sent: &Sent,
    differences: &mut Vec<Difference>,
) {
    let url = expected.get("url").and_then(Document::as_str);
    let url = url.unwrap_or_default();
    if !is_sent_to(url, prefix, &sent.uri) {
        let what = format!("URL of {operation}");
        differences.push(Difference::new(what, url, sent.uri.to_string()));
    }
    for (name, values) in entries(expected.get("headers")) {
        let values = values.as_list().into_iter().flatten();
        let values: Vec<&str> = values.filter_map(Document::as_str).collect();
        let found = sent.headers.get_all(name).iter();
        let found: Vec<&str> = found.filter_map(|value| value.to_str().ok()).collect();
        if found != values {
            let what = format!("header {name} of {operation}");
            differences.push(Difference::new(what, values.join(", "), found.join(", ")));
        }
    }
}

/// The signature that a call is expected to have.
enum Signature {
    /// None: the operation is not signed, the case has no region, or it expects no endpoint.
    None,
    /// One with this scope.
    Scope { region: String, name: String },
    /// The endpoint accepts only other schemes, with these names.
    Unsupported(Vec<String>),
}

impl Signature {
    fn expected(
        service: &'static Service,
        operation: usize,
        configuration: &Configuration,
        endpoint: &Document,
    ) -> Self {
        let operation = service.schema.operations[operation];
        let is_signed = service
            .schema
            .auth_of(operation)
            .contains(&AuthScheme::SigV4);
        let (Some(signing), Some(region), true) =
            (service.schema.signing, configuration.region(), is_signed)
        else {
            return Self::None;
        };
        let text = |scheme: &Document, key: &str| {
            let text = scheme.get(key).and_then(Document::as_str);
            text.map(str::to_owned)
        };
        let schemes = endpoint.pointer("/properties/authSchemes");
        let schemes = schemes.and_then(Document::as_list);
        let name = |scheme: &Document| text(scheme, "name").unwrap_or_default();
        let scheme = schemes.map(|schemes| schemes.iter().find(|it| name(it) == "sigv4"));
        let scheme = match (schemes, scheme) {
            (Some(schemes), Some(None)) => {
                return Self::Unsupported(schemes.iter().map(name).collect());
            }
            (_, scheme) => scheme.flatten(),
        };
        let property = |key| scheme.and_then(|scheme| text(scheme, key));
        Self::Scope {
            region: property("signingRegion").unwrap_or_else(|| region.to_owned()),
            name: property("signingName").unwrap_or_else(|| signing.name.to_owned()),
        }
    }

    /// Compares the scope of the signature of a request.
    fn compare(&self, operation: &str, sent: &Sent, differences: &mut Vec<Difference>) {
        let signature = sent.headers.get("authorization");
        let signature = signature.and_then(|value| value.to_str().ok());
        let credential = signature.unwrap_or_default().split(',').next();
        // The access key and the date come first.
        let scope = credential.unwrap_or_default().splitn(3, '/').nth(2);
        let expected = match self {
            Self::Scope { region, name } => Some(format!("{region}/{name}/aws4_request")),
            Self::None | Self::Unsupported(_) => None,
        };
        if scope != expected.as_deref() {
            differences.push(Difference::new(
                format!("scope of the signature of {operation}"),
                expected.as_deref().unwrap_or("(none)"),
                scope.unwrap_or("(none)"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use drawplate_runtime::service;

    use crate::case::Cases;
    use crate::suite;

    use super::*;

    #[test]
    fn a_request_is_sent_to_the_host_and_below_the_path() {
        let check = |url: &str, prefix: &str, uri: &'static str, expected: bool| {
            let sent = is_sent_to(url, prefix, &http::Uri::from_static(uri));
            assert_eq!(sent, expected, "{url} with `{prefix}`: {uri}");
        };
        check("https://api.x", "", "https://api.x/key?a", true);
        check("https://api.x/", "", "https://api.x/key", true);
        check("http://api.x:80", "", "http://api.x:80/", true);
        check("https://api.x/a", "", "https://api.x/a?b", true);
        check("https://api.x/a", "", "https://api.x/a/key", true);
        check("https://api.x/a/", "", "https://api.x/a/key", true);
        check("https://api.x", "data.", "https://data.api.x/", true);
        check("https://api.x", "data.", "https://api.x/", true);
        check("https://api.x/a", "", "https://api.x/ab", false);
        check("https://api.x/a", "", "https://api.x/", false);
        check("https://api.x", "", "https://evilapi.x/", false);
        check("https://api.x", "", "https://data.api.x/", false);
        check("https://api.x", "data.", "https://evilapi.x/", false);
        check("https://api.x", "data.", "https://data.evilapi.x/", false);
        check("https://api.x", "", "http://api.x/", false);
        check("https://api.x", "", "https://api.x:8443/", false);
    }

    #[test]
    fn cases_of_a_client_without_rules_fail_if_they_are_selected() {
        static SCHEMA: service::Service = service::Service {
            id: "demo#Lost",
            version: "1",
            sdk_id: None,
            repeats_any: false,
            protocols: &[],
            http_versions: &[],
            query_compatible: false,
            auth: &[],
            signing: None,
            endpoint_prefix: None,
            base_path: "",
            cors: None,
            validation_error: None,
            customizations: service::Customizations::NONE,
            operations: &[],
        };
        static LOST: Service = Service {
            schema: &SCHEMA,
            cases: Cases {
                requests: &[],
                responses: &[],
                malformed: &[],
                event_streams: &[],
                endpoints: &[
                    r#"{ "documentation": "one" }"#,
                    r#"{ "documentation": "two" }"#,
                ],
            },
            call: |_, _, _| unreachable!("no operation is called"),
            router: None,
            rules: || None,
        };
        let runtime = suite::runtime().expect("a runtime");
        let EndpointResults { passed, failed } = run(&LOST, Some("two"), &runtime);
        assert_eq!(passed, 0);
        let why = "the client has no endpoint rules".to_owned();
        assert_eq!(failed, [("two".to_owned(), why)]);
    }

    #[test]
    fn signatures_have_the_expected_scope_or_none() {
        let check = |expected: Signature, authorization: Option<&str>, same: bool| {
            let mut headers = http::HeaderMap::new();
            if let Some(value) = authorization {
                headers.insert("authorization", value.parse().expect("a value"));
            }
            let sent = Sent {
                method: http::Method::GET,
                uri: http::Uri::from_static("https://a.example/"),
                headers,
                body: bytes::Bytes::new(),
            };
            let mut differences = Vec::new();
            expected.compare("Find", &sent, &mut differences);
            assert_eq!(differences.is_empty(), same, "{authorization:?}");
        };
        let scope = |region: &str, name: &str| Signature::Scope {
            region: region.to_owned(),
            name: name.to_owned(),
        };
        let signed = Some("AWS4-HMAC-SHA256 Credential=AKID/19700101/west/s3/aws4_request, X=y");
        check(scope("west", "s3"), signed, true);
        check(scope("east", "s3"), signed, false);
        check(scope("west", "s4"), signed, false);
        check(scope("west", "s3"), None, false);
        check(Signature::None, None, true);
        check(Signature::None, signed, false);
        check(Signature::Unsupported(Vec::new()), signed, false);
    }
}
