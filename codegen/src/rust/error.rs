//! `error.rs`: the modelled errors, and the errors of each operation and of the service.

use std::collections::BTreeSet;

use drawplate_model::model::{ErrorTrait, OperationId, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::names::Name;
use crate::rust::text;

/// `Display`, `Error` and the message of a modelled error.
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

/// The enums of errors: one for the service, and one for each operation.
pub(crate) fn enums(cx: &Cx<'_>) -> TokenStream {
    let operations = &cx.service.operations;
    let service = (!operations.is_empty()).then(|| service(cx));
    let operations = operations.iter().map(|id| operation(cx, *id));
    quote!(#service #(#operations)*)
}

fn operation(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let operation = &cx.model.operations[id];
    let docs = text::doc(&format!("The errors of `{}`.", operation.name.name()));
    let ident = &cx.names.operation(id).error;
    let service = &cx.names.error;
    let unmodeled = &cx.names.unmodeled;
    let variants = idents(cx, &operation.errors);
    let item = item(cx, &docs, ident, &operation.errors);
    quote! {
        #item
        rt::operation_error!(#ident: #service { #(#variants,)* } else #unmodeled);
    }
}

/// The errors of all operations, in the order of the service's shapes.
fn service(cx: &Cx<'_>) -> TokenStream {
    let operations = cx.service.operations.iter();
    let errors = operations.flat_map(|id| &cx.model.operations[*id].errors);
    let errors = errors.collect::<BTreeSet<_>>();
    let shapes = cx.service.shapes.iter().copied();
    let errors = shapes.filter(|id| errors.contains(id)).collect::<Vec<_>>();
    let ident = &cx.names.error;
    let docs = text::doc(&format!(
        "An error of any operation of {}. The error enum of each operation converts into it.",
        text::code(cx.service.name.name())
    ));
    let unmodeled = &cx.names.unmodeled;
    let variants = idents(cx, &errors);
    let item = item(cx, &docs, ident, &errors);
    quote! {
        #item
        rt::service_error!(#ident { #(#variants,)* } else #unmodeled);
    }
}

fn item(cx: &Cx<'_>, docs: &TokenStream, ident: &Name, errors: &[ShapeId]) -> TokenStream {
    let variants = errors.iter().map(|id| variant(cx, *id));
    let unmodeled = &cx.names.unmodeled;
    quote! {
        #docs
        #[non_exhaustive]
        pub enum #ident {
            #(#variants,)*
            /// An error that is not in the model.
            #unmodeled(rt::UnmodeledError),
        }
    }
}

fn variant(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let ident = &cx.names.shape(id).ident;
    let error = cx.service.error(&cx.model.shapes[id]);
    let status = error.map_or(0, |error| error.status);
    let docs = text::doc(&format!("HTTP status {status}."));
    quote! {
        #docs
        #ident(#ident)
    }
}

fn idents<'c>(cx: &'c Cx<'_>, errors: &'c [ShapeId]) -> impl Iterator<Item = &'c Name> {
    errors.iter().map(|id| &cx.names.shape(*id).ident)
}
