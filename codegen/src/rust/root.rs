//! `lib.rs`: the modules of the services.

use drawplate_model::model::{Kind, Member, Model, Service, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::docs::rustdoc;
use crate::rust::{example, text};
use crate::{CheckedModel, Cx, Names, Parts};

/// The simple shapes whose Rust types are defined by the runtime.
const VALUES: [(Simple, &str); 5] = [
    (Simple::BigDecimal, "BigDecimal"),
    (Simple::BigInteger, "BigInteger"),
    (Simple::Blob, "Blob"),
    (Simple::Document, "Document"),
    (Simple::Timestamp, "Timestamp"),
];

pub(crate) fn root(models: &[CheckedModel], names: &Names, parts: Parts) -> TokenStream {
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
    let docs = text::inner_doc(
        "Types, errors, clients and servers for the services below, generated from their Smithy\n\
         models.\n\n\
         Structures have public fields. `new` takes the required members; setters set the others.\n\
         Enums and unions preserve values that are not in the model. [`Json`] encodes and decodes\n\
         a single value in the service's format.",
    );
    let examples = names.services.iter().find_map(|unit| {
        let path = format!("{}::", unit.names.module);
        example::examples(&Cx::new(models, unit, parts), &path)
    });
    let has = |streams: fn(&Member, &Model) -> bool| {
        models.iter().any(|CheckedModel { model, .. }| {
            let shapes = model.shapes.values();
            let mut members = shapes.flat_map(|shape| shape.kind.members());
            members.any(|member| streams(member, model))
        })
    };
    let is_used = |kind: Simple| {
        names.services.iter().any(|unit| {
            let model = &models[unit.model].model;
            let mut shapes = model.services[unit.service].shapes.iter();
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
    if has(Member::streams_bytes) {
        values.push("ByteStream");
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
        #docs
        #examples
        // Models use shapes that they deprecate, and their names follow other conventions.
        #![allow(deprecated, clippy::all, clippy::pedantic)]

        #(pub use ::drawplate_runtime::#values;)*
        #events

        /// The code in this crate is generated for this version of the runtime.
        const _: () = ::drawplate_runtime::GENERATED_FOR_RUNTIME_0_1;

        #(#modules)*
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
