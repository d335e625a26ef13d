//! `client.rs`: a method per operation, over the runtime's client.

use drawplate_model::model::{
    Kind, Member, Operation, OperationId, Presence, ShapeId, Structure, Union,
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::names::{OperationNames, PageNames, Prelude};
use crate::rust::types::Scope;
use crate::rust::{text, types};

pub(crate) fn client(cx: &Cx<'_>) -> TokenStream {
    let title = text::code(cx.service.name.name());
    let docs = text::inner_doc(&format!("The client of {title}, and what it is set up by."));
    let methods = cx.service.operations.iter().map(|id| method(cx, *id));
    let pages = cx.service.operations.iter().filter_map(|id| pages(cx, *id));
    let doc = text::doc(&format!(
        "Calls {title}. Cheap to clone: the clones share their connections.\n\n\
         Each method makes a call that is sent when it is awaited."
    ));
    let unused = cx
        .service
        .operations
        .is_empty()
        .then(|| quote!(#[allow(dead_code, reason = "there are no operations to call")]));
    quote! {
        #docs
        use super::operation;
        use ::drawplate_runtime::client as rt;

        pub use ::drawplate_runtime::client::{
            Body, BuildError, Builder, Call, CallError, ConnectError, Error, FailedAttempt, Items, Metadata, Pages, RetryConfig,
            RetryPolicy, RetryVerdict, Transport, WithMetadata,
        };
        #[cfg(feature = "sigv4")]
        pub use ::drawplate_runtime::client::{Credentials, ProvideCredentials};

        #doc
        #[derive(Clone, Debug)]
        pub struct Client(#unused rt::Inner);
        ::drawplate_runtime::client!(Client: operation::SERVICE);
        impl Client {
            #(#methods)*
            #(#pages)*
        }
    }
}

fn method(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let Operation {
        name,
        docs,
        input,
        output,
        ..
    } = &cx.model.operations[id];
    let OperationNames {
        method,
        schema,
        error,
        pages: _,
    } = cx.names.operation(id);
    let docs = text::attributes(docs, &format!("Calls `{}`.", name.name()), &[]);
    let Input { parameter, value } = self::input(cx, *input);
    let output = types::path(cx, Scope::Other, *output);
    quote! {
        #docs
        pub fn #method(&self #parameter) -> rt::Call<#output, super::error::#error> {
            self.0.call(&operation::#schema, &#value)
        }
    }
}

/// The methods that list page by page and item by item.
fn pages(cx: &Cx<'_>, id: OperationId) -> Option<TokenStream> {
    let Operation {
        docs,
        input,
        output,
        paginated,
        ..
    } = &cx.model.operations[id];
    let OperationNames {
        method,
        schema,
        error,
        pages,
    } = cx.names.operation(id);
    let paginated = paginated.as_ref()?;
    let PageNames { pages, items } = pages.as_ref()?;
    let link = method.text();
    let attributes = |what: &str| {
        let docs = drawplate_model::model::Docs {
            deprecated: docs.deprecated.clone(),
            ..Default::default()
        };
        text::attributes(
            &docs,
            &format!("{what} of [`{link}`](Self::{link}), a call per page."),
            &[],
        )
    };
    let Input { parameter, value } = self::input(cx, *input);
    let page = types::path(cx, Scope::Other, *output);
    let items = paginated
        .items
        .as_ref()
        .and_then(|path| self::items(cx, *output, path))
        .map(|Listed { item, value }| {
            let docs = attributes("The items");
            let (taken, input) = if parameter.is_empty() {
                (None, quote!())
            } else {
                (Some(quote!(input)), parameter.clone())
            };
            quote! {
                #docs
                pub fn #items(&self #input) -> rt::Items<#page, super::error::#error, #item> {
                    self.#pages(#taken).items(|page| #value)
                }
            }
        });
    let docs = attributes("The pages");
    Some(quote! {
        #docs
        pub fn #pages(&self #parameter) -> rt::Pages<#page, super::error::#error> {
            self.0.pages(&operation::#schema, #value)
        }
        #items
    })
}

/// How a method gets its input.
struct Input {
    parameter: TokenStream,
    value: TokenStream,
}

/// An operation that the model gives no input has no parameter either.
pub(crate) fn has_parameter(cx: &Cx<'_>, input: ShapeId) -> bool {
    !matches!(&cx.model.shapes[input].kind, Kind::Structure(structure) if structure.synthetic)
}

fn input(cx: &Cx<'_>, id: ShapeId) -> Input {
    let ty = types::path(cx, Scope::Other, id);
    if has_parameter(cx, id) {
        Input {
            parameter: quote!(, input: #ty),
            value: quote!(input),
        }
    } else {
        Input {
            parameter: TokenStream::new(),
            value: quote!(#ty::new()),
        }
    }
}

/// What the items of a page are.
struct Listed {
    /// The type of one.
    item: TokenStream,
    /// The expression that takes them all out of `page`.
    value: TokenStream,
}

/// The items at the end of a path of members; `None` where they are neither a list nor a map.
fn items(cx: &Cx<'_>, output: ShapeId, path: &[usize]) -> Option<Listed> {
    let mut holder = output;
    let mut value = quote!(page);
    let mut optional = false;
    for index in path {
        let member = members(cx, holder).get(*index)?;
        let field = &cx.names.shape(holder).members[*index];
        let absent = matches!(member.presence, Presence::Optional(_));
        value = match (optional, absent) {
            (false, _) => quote!(#value.#field),
            (true, true) => quote!(#value.and_then(|it| it.#field)),
            (true, false) => quote!(#value.map(|it| it.#field)),
        };
        optional |= absent;
        holder = member.target;
    }
    if optional {
        value = quote!(#value.unwrap_or_default());
    }
    let Prelude { option, .. } = &cx.names.prelude;
    let sparse =
        |item: TokenStream, sparse: bool| if sparse { quote!(#option<#item>) } else { item };
    match &cx.model.shapes[holder].kind {
        Kind::List(list) => {
            let item = sparse(
                types::shape(cx, Scope::Other, list.member.target),
                list.sparse,
            );
            Some(Listed { item, value })
        }
        Kind::Map(map) => {
            let key = types::shape(cx, Scope::Other, map.key.target);
            let entry = sparse(types::shape(cx, Scope::Other, map.value.target), map.sparse);
            Some(Listed {
                item: quote!((#key, #entry)),
                value: quote!(#value.into_iter().collect()),
            })
        }
        _ => None,
    }
}

fn members<'a>(cx: &Cx<'a>, id: ShapeId) -> &'a [Member] {
    match &cx.model.shapes[id].kind {
        Kind::Structure(Structure { members, .. }) | Kind::Union(Union { members, .. }) => members,
        _ => &[],
    }
}
