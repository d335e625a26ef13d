//! `lib.rs`: the modules of the services.

use drawplate_model::model::{Kind, Member, Model, Service, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::docs::rustdoc;
use crate::rust::text;
use crate::{CheckedModel, Names};

/// The values that have a type of the runtime.
const VALUES: [(Simple, &str); 5] = [
    (Simple::BigDecimal, "BigDecimal"),
    (Simple::BigInteger, "BigInteger"),
    (Simple::Blob, "Blob"),
    (Simple::Document, "Document"),
    (Simple::Timestamp, "Timestamp"),
];

pub(crate) fn root(models: &[CheckedModel], names: &Names) -> TokenStream {
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
        "Types, errors, a client and a server for each service, generated from its model.\n\n\
         Structures have public fields. `new` takes the required members, and a method sets each of\n\
         the others. Enums and unions keep values that are newer than the model. [`Json`] reads and\n\
         writes a single value in the form that the service uses.",
    );
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
    let values = values.map(|(_, name)| Ident::new(name, Span::call_site()));
    let bytes = has(Member::streams_bytes).then(|| {
        quote!(
            pub use ::drawplate_runtime::ByteStream;
        )
    });
    let events = has(Member::streams_events).then(|| {
        quote!(
            pub use ::drawplate_runtime::event::{EventSender, EventStream, StreamError};
        )
    });
    quote! {
        #docs
        // Models deprecate shapes that others still use, and name things as their services do.
        #![allow(deprecated, clippy::all, clippy::pedantic)]

        #bytes
        pub use ::drawplate_runtime::{
            Json, ModeledError, OperationError, UnknownMember, UnknownValue, UnmodeledError, #(#values),*
        };
        #events

        /// The code in this crate is generated for this version of the runtime.
        const _: () = ::drawplate_runtime::GENERATED_FOR_RUNTIME_0_1;

        #(#modules)*
    }
}

/// One line about a service.
pub(crate) fn summary(service: &Service) -> String {
    // Free texts both, in one line of what rustdoc reads as Markdown.
    let line = |text: &str| rustdoc(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let title = line(service.title.as_deref().unwrap_or(service.name.name()));
    if service.version.is_empty() {
        format!("{title}.")
    } else {
        format!("{title}, version {}.", line(&service.version))
    }
}
