//! `route.rs`: the route of each operation, and a table of all routes.

use drawplate_model::model::{Http, Operation, Segment, UriPattern};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::rust::text;

pub(crate) fn routes(cx: &Cx<'_>) -> TokenStream {
    let bound = cx.service.operations.iter().filter_map(|&id| {
        let operation = &cx.model.operations[id];
        operation.http.as_ref().map(|http| (id, operation, http))
    });
    let bound = bound.collect::<Vec<_>>();
    let items = bound.iter().map(|(id, operation, http)| {
        let ident = &cx.names.operation(*id).schema;
        let route = route(operation, http);
        let docs = text::doc(&text::code(&format!("{} {}", http.method, http.uri)));
        quote!(#docs pub static #ident: Route = #route;)
    });
    let mut sorted = bound.clone();
    sorted.sort_by(|(_, _, a), (_, _, b)| precedence(a).cmp(&precedence(b)));
    let table = sorted
        .iter()
        .map(|(id, ..)| &cx.names.operation(*id).schema);
    let docs = text::inner_doc(
        "The routes of the operations. Paths are relative to the base path of the service.",
    );
    let routes = &cx.names.routes;
    let segment = bound
        .iter()
        .any(|(_, _, http)| !http.uri.segments.is_empty())
        .then(|| quote!(, Segment));
    quote! {
        #docs
        use ::drawplate_runtime::service::{Route #segment};

        /// All routes, in order of precedence.
        pub static #routes: &[&Route] = &[#(&#table),*];
        #(#items)*
    }
}

fn route(operation: &Operation, http: &Http) -> TokenStream {
    let Http {
        method,
        uri: UriPattern { segments, query },
        code,
    } = http;
    let name = operation.name.name();
    let segments = segments.iter().map(|segment| match segment {
        Segment::Literal(text) => quote!(Segment::Literal(#text)),
        Segment::Label(index, _) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(Segment::Label(#index))
        }
        Segment::Greedy(index, _) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(Segment::Greedy(#index))
        }
    });
    let query = query.iter().map(|(name, value)| quote!((#name, #value)));
    let status = Literal::u16_unsuffixed(*code);
    quote! {
        Route {
            operation: #name,
            method: #method,
            path: &[#(#segments),*],
            query: &[#(#query),*],
            status: #status,
        }
    }
}

/// The order of routes (Smithy 2.0, "Specificity routing"): literals before labels before greedy
/// labels, segment by segment; then more segments before fewer, more query literals before fewer;
/// then by text.
fn precedence(http: &Http) -> impl Ord {
    let rank = |segment: &Segment| match segment {
        Segment::Literal(text) => (0, text.clone()),
        Segment::Label(..) => (1, Box::default()),
        Segment::Greedy(..) => (2, Box::default()),
    };
    // A pattern comes after all longer patterns that start with it.
    let mut path = http.uri.segments.iter().map(rank).collect::<Vec<_>>();
    path.push((3, Box::default()));
    (
        path,
        std::cmp::Reverse(http.uri.query.len()),
        http.uri.query.clone(),
        http.method.clone(),
    )
}
