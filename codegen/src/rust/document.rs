//! The OpenAPI document that the router of a service can serve.

use drawplate_model::diagnostic::Report;
use drawplate_model::model::Service;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::{CheckedModel, Config, Cx, Names};

/// The name of the file with the document, in the folder of the service's modules.
pub(crate) const FILE: &str = "openapi.json";

/// Whether OpenAPI can describe a service.
#[cfg(feature = "openapi")]
pub(crate) fn is_possible(service: &Service) -> bool {
    crate::openapi::is_described(service)
}

/// Whether OpenAPI can describe a service. This build cannot write documents.
#[cfg(not(feature = "openapi"))]
pub(crate) fn is_possible(_: &Service) -> bool {
    false
}

/// The document of each service that has a router and a protocol that OpenAPI can describe, if the
/// part is configured.
#[cfg(feature = "openapi")]
pub(crate) fn documents(
    models: &[CheckedModel],
    names: &Names,
    config: &Config,
    report: &mut Report,
) -> Vec<Option<String>> {
    let units = names.services.iter();
    let documents = units.map(|unit| {
        let model = &models[unit.model];
        let service = &model.model.services[unit.service];
        let is_served = config.parts.of([service]).openapi;
        is_served.then(|| crate::OpenApi::served(model, unit.service, config, report))?
    });
    documents.collect()
}

/// No documents: this build cannot write them.
#[cfg(not(feature = "openapi"))]
pub(crate) fn documents(
    _: &[CheckedModel],
    _: &Names,
    _: &Config,
    _: &mut Report,
) -> Vec<Option<String>> {
    Vec::new()
}

/// The constant with the document.
pub(crate) fn constant(cx: &Cx<'_>) -> Option<TokenStream> {
    let document = cx.document?;
    let cfg = cx.options.cfg("openapi");
    let value = if cx.options.is_file {
        let literal = raw(document);
        quote!(#literal)
    } else {
        quote!(include_str!(#FILE))
    };
    Some(quote! {
        /// The OpenAPI document of the service, in JSON. The router's method `openapi` serves it.
        #cfg
        pub const OPENAPI: &str = #value;
    })
}

/// An expression of a router that knows the document of its service, if there is one.
pub(crate) fn described(cx: &Cx<'_>, router: TokenStream) -> TokenStream {
    if cx.document.is_none() {
        return router;
    }
    let cfg = cx.options.cfg("openapi");
    quote! {
        let router = #router;
        #cfg
        let router = router.described_by(OPENAPI);
        router
    }
}

/// The most marks that a raw string literal may have (Rust reference, "Raw string literals").
const MAX_MARKS: usize = 255;

/// A string literal, which is raw if it can be.
fn raw(text: &str) -> Literal {
    // More marks than follow any quote in the text.
    let runs = text.split('"').skip(1);
    let runs = runs.map(|rest| rest.len() - rest.trim_start_matches('#').len());
    let count = runs.max().unwrap_or_default() + 1;
    if count > MAX_MARKS {
        return Literal::string(text);
    }
    let marks = "#".repeat(count);
    let literal = format!("r{marks}\"{text}\"{marks}");
    let literal = literal.parse();
    literal.expect("JSON has no carriage return, which raw strings exclude")
}

#[cfg(all(test, feature = "openapi"))]
mod tests;
