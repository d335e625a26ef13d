//! `lib.rs`: the modules of the services.

use drawplate_model::model::{Member, Model, Service};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::rustdoc;
use crate::rust::text;
use crate::{CheckedModel, Names};

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
        "Types, errors, a client and a server of the services below, drawn from their models.\n\n\
         Structures have public fields and are made by `new`, which takes what is required; the rest\n\
         chains. Enums and unions keep what is newer than the model. [`Json`] reads and writes a single\n\
         value as the service would.",
    );
    let has = |streams: fn(&Member, &Model) -> bool| {
        models.iter().any(|CheckedModel { model, .. }| {
            let shapes = model.shapes.values();
            let mut members = shapes.flat_map(|shape| shape.kind.members());
            members.any(|member| streams(member, model))
        })
    };
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
        pub use ::drawplate_runtime::Json;
        #events

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
