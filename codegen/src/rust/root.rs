//! `lib.rs`: the modules of the services.

use drawplate_model::model::{Kind, Member, Model, Protocol, Service, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::CheckedModel;
use crate::docs::rustdoc;
use crate::rust::{Plan, example, text};

/// The simple shapes whose Rust types are defined by the runtime.
const VALUES: [(Simple, &str); 5] = [
    (Simple::BigDecimal, "BigDecimal"),
    (Simple::BigInteger, "BigInteger"),
    (Simple::Blob, "Blob"),
    (Simple::Document, "Document"),
    (Simple::Timestamp, "Timestamp"),
];

/// The lints that generated code may violate in a crate of the user's, whatever that crate allows.
/// Models use shapes that they deprecate, their names follow other conventions, and callers need
/// not use all of an API.
pub(crate) const LINTS: [&str; 12] = [
    "clippy::all",
    "clippy::nursery",
    "clippy::pedantic",
    "deprecated",
    "missing_copy_implementations",
    "missing_debug_implementations",
    "missing_docs",
    "rust_2018_idioms",
    "unnameable_types",
    "unreachable_pub",
    "unused",
    "unused_qualifications",
];

pub(crate) fn root(models: &[CheckedModel], plan: &Plan) -> TokenStream {
    let Plan { names, options, .. } = plan;
    let modules = names.services.iter().map(|unit| {
        let service = &models[unit.model].model.services[unit.service];
        let docs = text::doc(&summary(service));
        let module = &unit.names.module;
        quote! {
            #docs
            #[rustfmt::skip]
            pub mod #module;
        }
    });
    let served = plan.services(models).any(|cx| cx.service.has_server());
    let content = if served {
        "Types, errors, clients and servers for the services below, generated from their Smithy\n\
         models."
    } else {
        "Types, errors and clients for the services below, generated from their Smithy models."
    };
    let docs = text::inner_doc(&format!(
        "{content}\n\n\
         Structures have public fields. `new` takes the required members; setters set the others.\n\
         Enums and unions preserve values that are not in the model. [`Json`] encodes and decodes\n\
         a single value in the service's format."
    ));
    let examples = plan.services(models).find_map(|cx| {
        let path = format!("{}::", cx.names.module);
        example::examples(&cx, &path)
    });
    let allow = if options.is_crate {
        // Models use shapes that they deprecate, and their names follow other conventions.
        quote!(#![allow(deprecated, clippy::all, clippy::pedantic)])
    } else {
        let lints = LINTS.map(|lint| lint.parse::<TokenStream>().expect("a lint is a path"));
        quote!(#![allow(#(#lints),*)])
    };
    let services = plan.services(models).map(|cx| (cx.model, cx.service));
    let runtime = runtime(&services.collect::<Vec<_>>());
    quote! {
        #docs
        #examples
        #allow

        #runtime

        #(#modules)*
    }
}

/// The types of the runtime in the APIs of services, and the version that the code is for.
pub(crate) fn runtime(services: &[(&Model, &Service)]) -> TokenStream {
    let has = |streams: fn(&Member, &Model) -> bool| {
        services.iter().any(|(model, service)| {
            let shapes = service.shapes.iter().map(|id| &model.shapes[*id]);
            let mut members = shapes.flat_map(|shape| shape.kind.members());
            members.any(|member| streams(member, model))
        })
    };
    let is_used = |kind: Simple| {
        services.iter().any(|(model, service)| {
            let mut shapes = service.shapes.iter();
            shapes
                .any(|id| matches!(model.shapes[*id].kind, Kind::Simple(simple) if simple == kind))
        })
    };
    let values = VALUES.iter().filter(|(kind, _)| is_used(*kind));
    let mut values = values.map(|(_, name)| *name).collect::<Vec<_>>();
    values.extend([
        "Json",
        "ModeledError",
        "OperationError",
        "UnknownMember",
        "UnknownValue",
        "UnmodeledError",
    ]);
    let uses = |protocols: &[Protocol]| {
        let mut used = services.iter().flat_map(|(_, service)| &service.protocols);
        used.any(|protocol| protocols.contains(protocol))
    };
    if uses(&[Protocol::RpcV2Cbor]) {
        values.push("Cbor");
    }
    if uses(&[Protocol::AwsQuery, Protocol::Ec2Query]) {
        values.push("Query");
    }
    if uses(&[Protocol::RestXml]) {
        values.push("Xml");
    }
    if has(Member::streams_bytes) {
        values.push("ByteStream");
    }
    if has(|member, _| member.nullable) {
        values.push("Nullable");
    }
    if has(|member, model| {
        member.json_unknown && matches!(model.shapes[member.target].kind, Kind::Map(_))
    }) {
        values.push("DocumentMap");
    }
    // One import each, in the order of rustfmt: it formats this file and would wrap a list
    // differently.
    values.sort_unstable();
    let values = values
        .into_iter()
        .map(|name| Ident::new(name, Span::call_site()));
    let events = has(Member::streams_events).then(|| {
        quote!(
            pub use ::drawplate_runtime::event::{EventSender, EventStream, StreamError};
        )
    });
    quote! {
        #(pub use ::drawplate_runtime::#values;)*
        #events

        /// The code in this crate is generated for this version of the runtime.
        const _: () = ::drawplate_runtime::GENERATED_FOR_RUNTIME_0_1;
    }
}

/// The title and version of a service, in one line.
pub(crate) fn summary(service: &Service) -> String {
    // Both are free text. In rustdoc they are one line of Markdown.
    let line = |text: &str| rustdoc(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let title = line(service.title.as_deref().unwrap_or(service.name.name()));
    if service.version.is_empty() {
        format!("{title}.")
    } else {
        format!("{title}, version {}.", line(&service.version))
    }
}
