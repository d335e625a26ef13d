//! `error.rs`: the modelled errors, and what each operation can fail with.

use drawplate_model::model::{ErrorTrait, Kind, OperationId, ShapeId};
use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::rust::text;

/// What the operations can fail with, one enum per distinct set.
pub(crate) fn sets(cx: &Cx<'_>) -> TokenStream {
    let mut sets = IndexMap::<&[ShapeId], Vec<OperationId>>::new();
    for &id in &cx.service.operations {
        sets.entry(&cx.model.operations[id].errors)
            .or_default()
            .push(id);
    }
    let sets = sets
        .iter()
        .map(|(errors, operations)| set(cx, errors, operations));
    quote!(#(#sets)*)
}

/// What makes a structure an error in Rust: `Display`, `Error` and its message.
pub(crate) fn modeled(cx: &Cx<'_>, id: ShapeId, error: ErrorTrait) -> TokenStream {
    let ErrorTrait {
        fault: _,
        status: _,
        retryable: _,
        message,
    } = error;
    let names = cx.names.shape(id);
    let ident = &names.ident;
    let message = message.map(|index| {
        let field = &names.members[index];
        quote!(, message: #field)
    });
    quote!(rt::modeled_error!(#ident #message, origin: _origin);)
}

/// One enum for the operations that can fail with the same errors, named for the first; the others get an alias.
fn set(cx: &Cx<'_>, errors: &[ShapeId], operations: &[OperationId]) -> TokenStream {
    let names = operations
        .iter()
        .map(|id| &cx.names.operation(*id).error)
        .collect::<Vec<_>>();
    let (ident, aliases) = names
        .split_first()
        .expect("a set stands for the operations that have it");
    let variants = errors
        .iter()
        .map(|id| &cx.names.shape(*id).ident)
        .collect::<Vec<_>>();
    let titles = operations
        .iter()
        .map(|id| cx.model.operations[*id].name.name())
        .collect::<Vec<_>>();
    let docs = text::doc(&match titles.as_slice() {
        [one] => format!("What `{one}` can fail with."),
        [first, ..] => {
            format!("What `{first}` can fail with. Other operations have an alias of it.")
        }
        [] => String::new(),
    });
    let paths = errors.iter().map(|id| &cx.names.shape(*id).ident);
    let docs_of_variants = errors.iter().map(|id| {
        let status = match &cx.model.shapes[*id].kind {
            Kind::Structure(structure) => structure.error.map_or(0, |error| error.status),
            _ => 0,
        };
        text::doc(&format!("Status {status}."))
    });
    let alias_docs = titles
        .iter()
        .skip(1)
        .map(|title| text::doc(&format!("What `{title}` can fail with.")));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#docs_of_variants #variants(#paths),)*
            /// An error that the model does not know.
            Unmodeled(rt::UnmodeledError),
        }
        rt::operation_error!(#ident { #(#variants(#variants)),* });
        #(#alias_docs pub type #aliases = #ident;)*
    }
}
