//! `client.rs`: the client, which has a method for each operation.

use drawplate_model::model::{
    Kind, Member, Operation, OperationId, Presence, ShapeId, Structure, Union,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{OperationNames, PageNames, Prelude, ServiceNames, WaiterNames};
use crate::rust::auth::CredentialItems;
use crate::rust::types::Scope;
use crate::rust::{auth, endpoint, text, types};

pub(crate) fn client(cx: &Cx<'_>) -> TokenStream {
    let title = text::code(cx.service.name.name());
    let docs = text::inner_doc(&format!("The client of {title} and its configuration."));
    let methods = cx.service.operations.iter().map(|id| method(cx, *id));
    let pages = cx.service.operations.iter().filter_map(|id| pages(cx, *id));
    let waiters = cx.service.operations.iter().flat_map(|id| waiters(cx, *id));
    let waiters = waiters.collect::<Vec<_>>();
    let waiter_types = (!waiters.is_empty()).then(|| {
        quote! {
            pub use ::drawplate_runtime::client::{FinalResponse, Wait, WaitError, Waiter};
        }
    });
    let doc = text::doc(&format!(
        "A client of {title}. Cloning is cheap: clones share their connections.\n\n\
         Each method returns a call. Await it to send the request."
    ));
    let ServiceNames {
        schema: service,
        builder,
        in_process,
        ..
    } = cx.names;
    let usual = builder.text() == "builder" && in_process.text() == "in_process";
    let constructors = match (cx.service.has_server(), usual) {
        (true, true) => None,
        (true, false) => Some(quote!({ #builder, #in_process })),
        // There is no server in the same process.
        (false, _) => Some(quote!({ #builder })),
    };
    let unused = cx
        .service
        .operations
        .is_empty()
        .then(|| quote!(#[allow(dead_code, reason = "there are no operations to call")]));
    // A crate of the user's may lack this feature of the runtime, and cannot be asked for it.
    let credentials = auth::credentials(cx);
    let has_http_auth = !credentials.is_empty();
    let box_error = (!has_http_auth).then(|| quote!(BoxError,));
    let sigv4 = cx.options.cfg("sigv4").map(|cfg| {
        quote! {
            #cfg
            pub use ::drawplate_runtime::client::{
                #box_error Credentials, EnvironmentCredentials, PresignedRequest,
                ProvideCredentials,
            };
        }
    });
    let rules = endpoint::has_rules(cx).then(|| quote!(, super::endpoint::RULES));
    let settings = endpoint::settings_trait(cx);
    let identities = has_http_auth.then(|| {
        let identities = credentials.iter().map(CredentialItems::ty);
        let others = ["BoxError", "ProvideIdentity"];
        let others = others.map(|name| Ident::new(name, Span::call_site()));
        let mut items = identities.chain(others).collect::<Vec<_>>();
        items.sort_unstable();
        quote! {
            pub use ::drawplate_runtime::client::{#(#items),*};
        }
    });
    let markers = credentials.iter().map(CredentialItems::marker);
    quote! {
        #docs
        use super::operation;
        use ::drawplate_runtime::client as rt;

        pub use ::drawplate_runtime::client::{
            Body, BuildError, Builder, Call, CallError, ConnectError, Error, FailedAttempt, Items, Metadata, Pages, RetryConfig,
            RetryPolicy, RetryVerdict, Transport, WithMetadata,
        };
        #sigv4
        #identities
        #waiter_types

        #settings

        #doc
        #[derive(Clone, Debug)]
        pub struct Client(#unused rt::Inner);
        ::drawplate_runtime::client!(Client: operation::#service #constructors #rules);
        #(impl rt::#markers for Client {})*
        impl Client {
            #(#methods)*
            #(#pages)*
            #(#waiters)*
        }
    }
}

fn method(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let operation @ Operation {
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
        waiters: _,
    } = cx.names.operation(id);
    let docs = text::attributes(
        docs,
        &format!("Sends a request to `{}`.", name.name()),
        text::operation(cx, operation).as_slice(),
    );
    let Input { parameter, value } = self::input(cx, *input);
    let output = types::path(cx, Scope::Other, *output);
    quote! {
        #docs
        #[inline]
        pub fn #method(&self #parameter) -> rt::Call<#output, super::error::#error> {
            self.0.call(&operation::#schema, &#value)
        }
    }
}

/// The methods that return the pages and the items of a paginated operation.
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
        waiters: _,
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
            &format!(
                "Returns the {what} of [`{link}`](Self::{link}). Each page is requested when it is needed."
            ),
            &[],
        )
    };
    let Input { parameter, value } = self::input(cx, *input);
    let page = types::path(cx, Scope::Other, *output);
    let items = paginated
        .items
        .as_ref()
        .and_then(|path| Some((items.as_ref()?, self::items(cx, *output, path)?)))
        .map(|(items, Listed { item, value })| {
            let docs = attributes("items");
            let (taken, input) = if parameter.is_empty() {
                (None, quote!())
            } else {
                (Some(quote!(input)), parameter.clone())
            };
            quote! {
                #docs
                #[inline]
                pub fn #items(&self #input) -> rt::Items<#page, super::error::#error, #item> {
                    self.#pages(#taken).items(|page| #value)
                }
            }
        });
    let docs = attributes("pages");
    Some(quote! {
        #docs
        #[inline]
        pub fn #pages(&self #parameter) -> rt::Pages<#page, super::error::#error> {
            self.0.pages(&operation::#schema, #value)
        }
        #items
    })
}

/// The methods of the waiters of an operation.
fn waiters(cx: &Cx<'_>, id: OperationId) -> Vec<TokenStream> {
    let Operation {
        input,
        output,
        waiters,
        ..
    } = &cx.model.operations[id];
    let names = cx.names.operation(id);
    let (link, error) = (names.method.text(), &names.error);
    let methods = waiters.iter().zip(&names.waiters);
    let methods = methods.map(|(waiter, WaiterNames { method, schema })| {
        let docs = text::attributes(
            &waiter.docs,
            &format!("Waits for the state `{}`.", waiter.name),
            &[format!(
                "Calls [`{link}`](Self::{link}) until the response shows that state, for as long \
                 as [`max_wait`](rt::Waiter::max_wait) says."
            )],
        );
        let Input { parameter, value } = self::input(cx, *input);
        let output = types::path(cx, Scope::Other, *output);
        quote! {
            #docs
            #[inline]
            pub fn #method(&self #parameter) -> rt::Waiter<#output, super::error::#error> {
                self.0.wait(&super::waiter::#schema, #value)
            }
        }
    });
    methods.collect()
}

/// The input of a method.
struct Input {
    parameter: TokenStream,
    value: TokenStream,
}

/// Whether the method of an operation has a parameter: not if the operation has no input.
pub(crate) fn has_parameter(cx: &Cx<'_>, input: ShapeId) -> bool {
    !cx.model.shapes[input].kind.is_synthetic()
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

/// The items of a page.
struct Listed {
    /// The type of one item.
    item: TokenStream,
    /// The expression that moves them out of `page`.
    value: TokenStream,
}

/// The items at the end of a path of members; `None` if that is neither a list nor a map.
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
