//! `mod.rs` of a service, and the files that hold its types.

use drawplate_model::model::{Kind, ShapeId, Structure};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::Cx;
use crate::names::TypeModule;
use crate::rust::{endpoint, enums, error, example, root, structure, text, union, waiter};

pub(crate) fn module(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_attributes(&cx.service.docs, &root::summary(cx.service));
    let parts = cx.parts();
    let client = parts.client.then(|| {
        let cfg = cx.options.cfg("client");
        quote! {
            #cfg
            pub mod client;
        }
    });
    let endpoint = endpoint::has_rules(cx).then(|| {
        let cfg = cx.options.cfg("client");
        quote! {
            #cfg
            mod endpoint;
        }
    });
    let waiter = waiter::has_waiters(parts, cx.model, cx.service).then(|| {
        let cfg = cx.options.cfg("client");
        quote! {
            #cfg
            mod waiter;
        }
    });
    let server = parts.has_server().then(|| {
        let cfg = cx.options.cfg("server");
        quote! {
            #cfg
            pub mod server;
        }
    });
    let reexports = reexports(cx);
    let examples = example::examples(cx, "");
    quote! {
        #docs
        #examples

        #client
        #endpoint
        pub mod error;
        pub mod input;
        pub mod operation;
        pub mod output;
        pub mod route;
        mod schema;
        #server
        pub mod types;
        #waiter

        #reexports
    }
}

/// The same for a module whose modules follow in the same file.
pub(crate) fn inline(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_attributes(&cx.service.docs, &root::summary(cx.service));
    let runtime = root::runtime(&[(cx.model, cx.service)]);
    let reexports = reexports(cx);
    quote! {
        #docs

        #runtime
        #reexports
    }
}

fn reexports(cx: &Cx<'_>) -> Option<TokenStream> {
    let cfg = cx.options.cfg("client");
    cx.parts().client.then(|| {
        quote! {
            #cfg
            pub use self::client::{Client, Error};
        }
    })
}

/// The types of one module.
pub(crate) fn shapes(cx: &Cx<'_>, module: TypeModule) -> TokenStream {
    let docs = text::inner_doc(match module {
        TypeModule::Input => "The inputs of the operations.",
        TypeModule::Output => "The outputs of the operations.",
        TypeModule::Error => "The modelled errors, and the error enum of each operation.",
        TypeModule::Types => "Types that inputs and outputs contain.",
    });
    let own = |id: ShapeId| {
        matches!(
            cx.model.shapes[id].kind,
            Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_) | Kind::IntEnum(_)
        )
    };
    let ids = cx
        .service
        .shapes
        .iter()
        .copied()
        .filter(|id| own(*id) && cx.names.shape(*id).module == module);
    let items = ids.map(|id| {
        let shape = &cx.model.shapes[id];
        match &shape.kind {
            Kind::Structure(shape_kind @ Structure { error, .. }) => {
                let structure = structure::structure(cx, id, shape, shape_kind);
                let error = error.map(|error| error::modeled(cx, id, error));
                quote!(#structure #error)
            }
            Kind::Union(shape_kind) => union::union(cx, id, shape, shape_kind),
            Kind::Enum(values) => enums::string(cx, id, shape, values),
            Kind::IntEnum(values) => enums::integer(cx, id, shape, values),
            Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => TokenStream::new(),
        }
    });
    let enums = (module == TypeModule::Error).then(|| error::enums(cx));
    let items = quote!(#(#items)* #enums);
    let schema = uses(&items, "schema").then(|| {
        quote!(
            use super::schema;
        )
    });
    let runtime = uses(&items, "rt").then(|| {
        quote!(
            use ::drawplate_runtime as rt;
        )
    });
    quote! {
        #docs
        #schema
        #runtime
        #items
    }
}

/// Whether `items` contain the identifier `name`. An unused import would be a warning in the user's
/// build.
pub(crate) fn uses(items: &TokenStream, name: &str) -> bool {
    items.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => uses(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
