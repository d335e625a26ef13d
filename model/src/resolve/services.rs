//! Services and their closures.

use la_arena::Arena;

use super::docs::docs;
use super::index::{id, position};
use super::links::{Links, ServiceLinks};
use super::mixins::FlatShape;
use super::protocols;
use super::shapes::name;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Cors, Model, Service, ShapeId};
use crate::prelude;
use crate::source::Location;
use crate::traits::TraitId;

/// Every service, in the order of ids.
pub(super) fn all(linked: &Links<'_, '_>, model: &Model, report: &mut Report) -> Arena<Service> {
    let by_kind = linked.index.by_kind;
    if by_kind.services.is_empty() {
        let location = linked
            .index
            .sources
            .iter()
            .next()
            .map_or_else(Location::none, |(id, _)| Location::file(id));
        let message = "the model has no service, so there is nothing to generate";
        let help = "add a service, or pass the file that defines it as well";
        report.push(Diagnostic::new(Code::NoService, message, location).help(help));
    }
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
    let mut api = |key| Some(api?.string(key, report)?.into());
    let (sdk_id, endpoint_prefix) = (api("sdkId"), api("endpointPrefix"));
    let sigv4 = traits.fields(TraitId::Sigv4, report);
    let signing_name = sigv4.and_then(|fields| fields.required_string("name", report));
    Service {
        name: name(flat),
        docs: docs(traits, report),
        title: traits.string(TraitId::Title, report).map(Into::into),
        version: flat.service_version.unwrap_or_default().into(),
        protocols: protocols::protocols(linked, flat, report),
        query_compatible: traits.has(TraitId::AwsQueryCompatible),
        operations: links.operations.clone(),
        renames: renames(linked, flat, &shapes, report),
        shapes,
        signing_name: signing_name.map(Into::into),
        sdk_id,
        endpoint_prefix,
        cors: cors(flat, report),
        base_path: base_path(flat, report),
        validation_error,
        traits: traits.for_model(flat.path),
        location: flat.path.location(),
    }
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
    let max_age = fields.unsigned("maxAge", report).unwrap_or(600);
    let max_age = u32::try_from(max_age).unwrap_or_else(|_| {
        fields
            .applied
            .malformed(&["maxAge"], "a 32-bit whole number", report);
        600
    });
    let mut headers = |key| {
        let headers = fields.strings(key, report).unwrap_or_default();
        headers.into_iter().map(Into::into).collect()
    };
    let exposed_headers = headers("additionalExposedHeaders");
    let allowed_headers = headers("additionalAllowedHeaders");
    let origin = fields.string("origin", report).unwrap_or("*").into();
    Some(Cors {
        origin,
        max_age,
        exposed_headers,
        allowed_headers,
    })
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
