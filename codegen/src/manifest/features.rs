//! The features of the runtime and of generated crates.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use drawplate_model::model::{Kind, Member, Protocol, Service, UnionForm};

use crate::customizations::{Customization, customization};
use crate::package::toml_string;
use crate::rust::{syntax, waiter};
use crate::{CheckedModel, Config, Layout, Parts};

/// The name of the package that generated code calls.
pub(crate) const RUNTIME: &str = "drawplate-runtime";

/// A feature of the runtime, and of generated crates, which pass it on.
pub(crate) struct Feature {
    pub(crate) name: &'static str,
    /// A line about it.
    pub(crate) comment: &'static str,
    /// The features that it includes.
    pub(crate) includes: &'static [&'static str],
    /// Whether a crate has it, by its parts.
    pub(crate) exists: fn(Parts) -> bool,
    /// Whether generated code tests it.
    pub(crate) is_tested: bool,
}

/// The features of generated crates, in the order in which a manifest lists them.
pub(crate) const FEATURES: [Feature; 11] = [
    Feature {
        name: "client",
        comment: "The client, over any transport.",
        includes: &[],
        exists: |parts| parts.client,
        is_tested: true,
    },
    Feature {
        name: "https",
        comment: "Its default transport: HTTP/1.1 and HTTP/2 over TLS.",
        includes: &["client"],
        exists: |parts| parts.client,
        is_tested: false,
    },
    Feature {
        name: "sigv4",
        comment: "AWS signatures.",
        includes: &["client"],
        exists: |parts| parts.client,
        is_tested: true,
    },
    Feature {
        name: "aws-credentials",
        comment: "Credentials from providers of the AWS SDK.",
        includes: &["sigv4"],
        exists: |parts| parts.client,
        is_tested: false,
    },
    Feature {
        name: "aws-config",
        comment: "Settings from the configuration of an SDK of AWS, which aws-config loads.",
        includes: &["aws-credentials"],
        exists: |parts| parts.client,
        is_tested: false,
    },
    Feature {
        name: "server",
        comment: "The server: a trait to implement, and an HTTP service that calls it.",
        includes: &[],
        exists: Parts::has_server,
        is_tested: true,
    },
    Feature {
        name: "serve",
        comment: "Listens for HTTP/1.1 and HTTP/2.",
        includes: &["server"],
        exists: Parts::has_server,
        is_tested: true,
    },
    Feature {
        name: "tls",
        comment: "Listens for TLS.",
        includes: &["serve"],
        exists: Parts::has_server,
        is_tested: true,
    },
    Feature {
        name: "openapi",
        comment: "Routers that serve the OpenAPI document of their service.",
        includes: &["server"],
        exists: |parts| parts.openapi,
        is_tested: true,
    },
    Feature {
        name: "console",
        comment: "A page to read the document and to send requests.",
        includes: &["openapi"],
        exists: |parts| parts.openapi,
        is_tested: false,
    },
    Feature {
        name: "gzip",
        comment: "Compressed requests and responses.",
        includes: &[],
        exists: |_| true,
        is_tested: false,
    },
];

impl Feature {
    /// Its line in a manifest.
    pub(crate) fn line(&self) -> String {
        let includes = self.includes.iter().map(|&name| name.to_owned());
        let runtime = format!("{RUNTIME}/{}", self.name);
        format!("{} = {}", self.name, array(includes.chain([runtime])))
    }
}

/// The parts of a crate: those of the configuration that one of the services has.
pub(crate) fn parts(models: &[CheckedModel], config: &Config) -> Parts {
    config.parts.of(services(models))
}

/// The services of models.
fn services(models: &[CheckedModel]) -> impl Iterator<Item = &Service> {
    models
        .iter()
        .flat_map(|model| model.model.services.values())
}

/// The features of generated crates with these parts.
pub(crate) fn existing(parts: Parts) -> impl Iterator<Item = &'static Feature> {
    FEATURES
        .iter()
        .filter(move |feature| (feature.exists)(parts))
}

/// The default features of a generated crate.
pub(crate) fn defaults(models: &[CheckedModel], parts: Parts) -> Vec<&'static str> {
    match (parts.client, parts.has_server()) {
        (true, _) if is_signed(models) => vec!["client", "https", "sigv4"],
        (true, _) => vec!["client", "https"],
        (false, true) => vec!["server"],
        (false, false) => Vec::new(),
    }
}

/// The features of the runtime that a crate needs, whichever of its own are enabled.
pub(crate) fn required(models: &[CheckedModel], config: &Config) -> Vec<&'static str> {
    let parts = parts(models, config);
    let Parts { client, .. } = parts;
    let server = parts.has_server();
    let is_module = config.layout != Layout::Crate;
    let events = models.iter().any(|CheckedModel { model, .. }| {
        let services = model.services.values();
        let shapes = services.flat_map(|service| &service.shapes);
        let mut members = shapes.flat_map(|id| model.shapes[*id].kind.members());
        members.any(|member| member.streams_events(model))
    });
    let mut required = Vec::new();
    if is_module && client {
        required.push("client");
    }
    if is_module && server {
        required.push("server");
    }
    if is_module && parts.openapi {
        required.push("openapi");
    }
    if events && required.is_empty() {
        required.push("http");
    }
    if uses_alloy(models) {
        required.push("alloy");
    }
    if client && services(models).any(|service| service.endpoint_rules.is_some()) {
        required.push("endpoints");
    }
    if uses_http_auth(models) {
        required.push("auth");
    }
    if uses(models, &[Protocol::RpcV2Cbor]) {
        required.push("cbor");
    }
    if uses(models, &[Protocol::RestXml]) {
        required.push("xml");
    }
    if uses(models, &[Protocol::AwsQuery, Protocol::Ec2Query]) {
        required.push("query");
    }
    if services(models)
        .any(|service| customization(service).is_some_and(Customization::is_in_runtime))
    {
        required.push("customizations");
    }
    let with_checksums = |CheckedModel { model, .. }: &CheckedModel| {
        let mut services = model.services.values();
        services.any(|service| {
            let mut operations = model.operations_of(service);
            operations.any(|it| it.checksum.is_some() || it.response_checksum.is_some())
        })
    };
    if models.iter().any(with_checksums) {
        required.push("checksums");
    }
    let with_waiters = |CheckedModel { model, .. }: &CheckedModel| {
        let mut services = model.services.values();
        services.any(|service| waiter::has_waiters(parts, model, service))
    };
    if models.iter().any(with_waiters) {
        required.push("waiters");
    }
    // The runtime has the traits of maps for this crate.
    let map = config.map_type.as_ref();
    let map = map.and_then(|map| syntax::type_path(&map.text).ok());
    if map.is_some_and(|path| path.first == "indexmap") {
        required.push("indexmap");
    }
    required
}

/// Whether a service signs requests as AWS does.
pub(crate) fn is_signed(models: &[CheckedModel]) -> bool {
    services(models).any(|service| service.signing_name.is_some())
}

/// Whether a service has an operation that is authenticated by a token, key or password.
fn uses_http_auth(models: &[CheckedModel]) -> bool {
    models.iter().any(|CheckedModel { model, .. }| {
        let mut services = model.services.values();
        services.any(|service| {
            model
                .used_auth(service)
                .iter()
                .any(|scheme| scheme.is_http())
        })
    })
}

/// Whether a service has shapes with traits of alloy that the runtime applies.
fn uses_alloy(models: &[CheckedModel]) -> bool {
    let of_member = |member: &Member| {
        member.nullable || member.json_unknown || member.constraints.format.is_some()
    };
    let of_shape = |kind: &Kind| {
        let form = match kind {
            Kind::Union(union) => union.form != UnionForm::Tagged,
            _ => false,
        };
        form || kind.members().any(of_member)
    };
    models.iter().any(|CheckedModel { model, .. }| {
        let services = model.services.values();
        let mut shapes = services.flat_map(|service| &service.shapes);
        shapes.any(|id| of_shape(&model.shapes[*id].kind))
    })
}

/// Whether a service has one of these protocols.
fn uses(models: &[CheckedModel], protocols: &[Protocol]) -> bool {
    let mut used = services(models).flat_map(|service| &service.protocols);
    used.any(|protocol| protocols.contains(protocol))
}

/// Features of the runtime, with those that they include.
pub(crate) fn with_included<'f>(features: impl IntoIterator<Item = &'f str>) -> BTreeSet<&'f str> {
    let mut all = BTreeSet::new();
    let mut queue = features.into_iter().collect::<Vec<_>>();
    while let Some(name) = queue.pop() {
        if all.insert(name)
            && let Some(feature) = FEATURES.iter().find(|feature| feature.name == name)
        {
            queue.extend(feature.includes);
            queue.push("http");
        }
    }
    all
}

/// A TOML array of strings.
pub(crate) fn array(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut array = String::from("[");
    for (index, text) in texts.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(array, "{comma}{}", toml_string(text.as_ref()))
            .expect("writing to a string does not fail");
    }
    array + "]"
}
