//! Services and their closures.

use la_arena::Arena;

use super::applied::Fields;
use super::auth;
use super::docs::docs;
use super::endpoints;
use super::http::host_problem;
use super::http_versions::http_versions;
use super::index::{id, position};
use super::links::{Links, ServiceLinks};
use super::mixins::FlatShape;
use super::protocols;
use super::shapes::name;
use super::xml;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Cors, Model, Service, ShapeId};
use crate::prelude;
use crate::syntax::is_token;
use crate::traits::TraitId;

/// Every service, in the order of ids.
pub(super) fn all(linked: &Links<'_, '_>, model: &Model, report: &mut Report) -> Arena<Service> {
    let by_kind = linked.index.by_kind;
    let mut services = Arena::with_capacity(by_kind.services.len());
    for (flat, links) in by_kind.services.iter().zip(&linked.services) {
        let service = service(linked, model, flat, links, report);
        services.alloc(service);
    }
    services
}

fn service(
    linked: &Links<'_, '_>,
    model: &Model,
    flat: &FlatShape<'_>,
    links: &ServiceLinks,
    report: &mut Report,
) -> Service {
    let traits = &flat.traits;
    let framework = || linked.index.known(prelude::VALIDATION_EXCEPTION);
    let shapes = closure(linked, model, links);
    let in_closure = |id: &ShapeId| shapes.binary_search(id).is_ok();
    let validation_error = links
        .validation_error
        .or_else(|| framework().filter(in_closure));
    let api = traits.fields(TraitId::AwsService, report);
    let sdk_id = api.and_then(|api| api.string("sdkId", report));
    let endpoint_prefix = api.and_then(|api| endpoint_prefix(api, report));
    let sigv4 = traits.fields(TraitId::Sigv4, report);
    let signing_name = sigv4.and_then(|fields| signing_name(fields, report));
    let rest_xml = traits.fields(TraitId::RestXml, report);
    let unwrapped_errors = rest_xml.and_then(|fields| fields.boolean("noErrorWrapping", report));
    Service {
        name: name(flat),
        docs: docs(traits, report),
        title: traits.string(TraitId::Title, report).map(Into::into),
        version: flat.service_version.unwrap_or_default().into(),
        protocols: protocols::protocols(linked, flat, report),
        http_versions: http_versions(flat, report),
        query_compatible: traits.has(TraitId::AwsQueryCompatible),
        unwrapped_errors: unwrapped_errors.unwrap_or_default(),
        xml_namespace: xml::namespace(traits, report),
        operations: links.operations.clone(),
        renames: renames(linked, flat, &shapes, report),
        shapes,
        whole: None,
        auth_schemes: auth::schemes(linked, flat, report),
        auth: auth::listed(traits, report),
        signing_name: signing_name.map(Into::into),
        sdk_id: sdk_id.map(Into::into),
        endpoint_prefix: endpoint_prefix.map(Into::into),
        endpoint_rules: endpoints::rules(flat, report),
        endpoint_cases: endpoints::cases(flat, report),
        cors: cors(flat, report),
        base_path: base_path(flat, report),
        validation_error,
        traits: traits.for_model(flat.path),
        location: flat.path.location(),
    }
}

/// The name in the scope of a signature, whose parts are between slashes.
fn signing_name<'t>(fields: Fields<'t, '_>, report: &mut Report) -> Option<&'t str> {
    let name = fields.required_string("name", report)?;
    let is_valid = |byte: u8| byte.is_ascii_graphic() && byte != b'/' && byte != b',';
    if name.is_empty() || !name.bytes().all(is_valid) {
        let expected = "a name without spaces and slashes";
        fields.applied.malformed(&["name"], expected, report);
        return None;
    }
    Some(name)
}

/// The first part of the host of an AWS endpoint.
fn endpoint_prefix<'t>(fields: Fields<'t, '_>, report: &mut Report) -> Option<&'t str> {
    let prefix = fields.string("endpointPrefix", report)?;
    if host_problem(prefix).is_some() {
        let expected = "the start of a host name";
        fields
            .applied
            .malformed(&["endpointPrefix"], expected, report);
        return None;
    }
    Some(prefix)
}

/// The shapes that the operations and errors of a service reach, sorted.
fn closure(linked: &Links<'_, '_>, model: &Model, links: &ServiceLinks) -> Vec<ShapeId> {
    let mut reached = vec![false; linked.shapes().len()];
    let mut open: Vec<ShapeId> = links.errors.clone();
    open.extend(links.validation_error);
    for id in &links.operations {
        let operation = &model.operations[*id];
        open.extend([operation.input, operation.output]);
        open.extend(&operation.errors);
    }
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut reached[position(id)], true) {
            open.extend(linked.targets[position(id)].iter().flatten());
        }
    }
    let places = reached.iter().enumerate().filter(|(_, reached)| **reached);
    places.map(|(place, _)| id(place)).collect()
}

fn renames(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    closure: &[ShapeId],
    report: &mut Report,
) -> Vec<(ShapeId, Box<str>)> {
    let mut renames = Vec::with_capacity(flat.renames.len());
    for (target, name, path) in &flat.renames {
        let id = linked.index.known(target);
        if let Some(id) = id.filter(|id| closure.binary_search(id).is_ok()) {
            renames.push((id, Box::from(*name)));
            continue;
        }
        let message = format!(
            "service `{}` renames `{target}`, which it does not use",
            flat.id
        );
        let mut diagnostic = Diagnostic::new(Code::DanglingTarget, message, path.location())
            .name()
            .label("no shape of the service has this id")
            .shape(&flat.id);
        if id.is_none() {
            diagnostic.help = linked.index.suggestion(target);
        }
        report.push(diagnostic);
    }
    renames.sort();
    renames
}

fn cors(flat: &FlatShape<'_>, report: &mut Report) -> Option<Cors> {
    let fields = flat.traits.fields(TraitId::Cors, report)?;
    let max_age = fields.get("maxAge").map_or(600, |node| {
        let seconds = node.as_integer().and_then(|age| i32::try_from(age).ok());
        seconds.filter(|age| *age >= -1).unwrap_or_else(|| {
            let expected = "a 32-bit whole number, at least -1";
            fields.applied.malformed(&["maxAge"], expected, report);
            600
        })
    });
    let mut headers = |key| {
        let headers = fields.strings(key, report).unwrap_or_default();
        for (index, header) in headers.iter().enumerate() {
            if !is_token(header) {
                let path = [key, &index.to_string()];
                fields
                    .applied
                    .malformed(&path, "the name of a header", report);
            }
        }
        headers.into_iter().map(Into::into).collect()
    };
    let exposed_headers = headers("additionalExposedHeaders");
    let allowed_headers = headers("additionalAllowedHeaders");
    Some(Cors {
        origins: origins(fields, report),
        max_age,
        exposed_headers,
        allowed_headers,
    })
}

/// The origins of `smithy.api#cors`: that of `origin`, or those of `origins` by name.
fn origins(fields: Fields<'_, '_>, report: &mut Report) -> Vec<Box<str>> {
    let origin = fields.string("origin", report);
    let named = fields.get("origins").and_then(|node| {
        let object = node.as_object();
        if object.is_none() {
            fields.applied.malformed(&["origins"], "an object", report);
        }
        object
    });
    let mut origins: Vec<Box<str>> = Vec::new();
    let mut add = |path: &[&str], origin: &str, report: &mut Report| {
        // What a header can hold.
        if origin.is_empty() || !origin.bytes().all(|byte| byte.is_ascii_graphic()) {
            let expected = "an origin such as \"https://example.com\"";
            fields.applied.malformed(path, expected, report);
        } else {
            origins.push(origin.into());
        }
    };
    if let Some(origin) = origin {
        add(&["origin"], origin, report);
    }
    for (name, origin) in named.iter().flat_map(|named| named.iter()) {
        let path = ["origins", name];
        match origin.as_str() {
            Some(origin) => add(&path, origin, report),
            None => fields.applied.malformed(&path, "a string", report),
        }
    }
    if origin.is_some() && named.is_some_and(|named| !named.is_empty()) {
        let message = "the trait `smithy.api#cors` has both `origin` and `origins`";
        let location = fields.applied.part(&["origins"]);
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, location)
                .shape(fields.applied.owner.id())
                .related(fields.applied.part(&["origin"]), "the single origin")
                .help("move the origin into `origins`, and remove `origin`"),
        );
    }
    if origins.is_empty() || origins.iter().any(|origin| **origin == *"*") {
        return vec!["*".into()];
    }
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// `drawplate#basePath`.
fn base_path(flat: &FlatShape<'_>, report: &mut Report) -> Option<Box<str>> {
    const BASE_PATH: TraitId = TraitId::BasePath;
    let path = flat.traits.string(BASE_PATH, report)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*,;=:@".contains(c);
    let why = if !path.starts_with('/') {
        "it must start with `/`"
    } else if path.ends_with('/') {
        "it must not end with `/`"
    } else if path[1..]
        .split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
    {
        "its segments must not be empty, `.` or `..`"
    } else if !path[1..]
        .split('/')
        .all(|segment| segment.chars().all(plain))
    {
        "it must be a plain path without labels, query or encoded characters"
    } else {
        return Some(path.into());
    };
    let location = flat.traits.get(BASE_PATH)?.location();
    let message = format!("the base path of `{}` is invalid: {why}", flat.id);
    let help = "use a path like `/prod`, or remove the trait for no base path";
    let diagnostic = Diagnostic::new(Code::MalformedBasePath, message, location).label(why);
    report.push(diagnostic.shape(&flat.id).help(help));
    None
}
