//! `server.rs`: the trait of the server, its router and its mock.
//!
//! The module imports no shape, so that it can name the types of the prelude without a path unless
//! the trait shadows one of them.

use drawplate_model::model::{Operation, OperationId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{OperationNames, ServerNames, StdPath};
use crate::rust::types::Scope;
use crate::rust::{auth, document, text, types};

pub(crate) fn server(cx: &Cx<'_>) -> TokenStream {
    let title = text::code(cx.service.name.name());
    let docs = text::inner_doc(&format!(
        "The server of {title}: a trait to implement, and a `tower::Service` that routes HTTP\n\
         requests to it."
    ));
    let server = &cx.names.server;
    let ServerNames {
        ident: name,
        parameter,
        ..
    } = server;
    let trait_docs = text::doc(&format!(
        "The operations of {title}. Implement this trait to serve them.\n\n\
         Inputs are validated against the model before a method is called. To return an error that\n\
         is not in the model, convert an `UnmodeledError` with `.into()`."
    ));
    let methods = cx.service.operations.iter().map(|id| method(cx, *id));
    let handlers = cx
        .service
        .operations
        .iter()
        .map(|id| &cx.names.operation(*id).method);
    let has_mock = cx.parts().mock;
    let mock = has_mock.then(|| mock(cx));
    let router = server.item("Router");
    let imports = imports(cx);
    let [send, sync] = ["Send", "Sync"].map(|name| server.std("marker", name));
    let Identity {
        bound: identity_bound,
        default: identity_default,
        argument: identity_argument,
    } = identity(cx);
    let verifiers = auth::is_used(cx).then(|| auth::verifiers(cx));
    let authentication = auth::is_used(cx).then(|| {
        let (into, authentication) = (server.std("convert", "Into"), server.item("Authentication"));
        let identity = &server.identity;
        quote!(authentication: impl #into<#authentication<#identity>>)
    });
    let argument = auth::is_used(cx).then(|| quote!(authentication));
    let authenticated = auth::is_used(cx).then(|| quote!(.authenticated(authentication.into())));
    let runtime = has_mock.then(|| {
        quote!(
            use ::drawplate_runtime::server as rt;
        )
    });
    let (service, table) = (&cx.names.schema, &cx.names.routes);
    let document = document::constant(cx);
    let router_expression = quote! {
        #router::new(
            &operation::#service,
            route::#table,
            implementation,
            ::drawplate_runtime::server_handlers!(#parameter: #(#handlers),*),
        )
        #authenticated
    };
    let described = document::described(cx, router_expression);
    quote! {
        #docs
        use super::{operation, route};
        #runtime

        #imports

        #trait_docs
        pub trait #name #identity_default: #send + #sync + 'static {
            #(#methods)*
        }

        #verifiers

        /// Turns an implementation into a `tower::Service` that accepts any type of body.
        pub fn router<#identity_bound #parameter: #name #identity_argument>(
            implementation: #parameter,
            #authentication
        ) -> #router {
            shared_router(::std::sync::Arc::new(implementation), #argument)
        }

        /// Like [`router`], for an implementation behind an `Arc`.
        pub fn shared_router<#identity_bound #parameter: #name #identity_argument>(
            implementation: ::std::sync::Arc<#parameter>,
            #authentication
        ) -> #router {
            #described
        }

        #document

        #mock
    }
}

/// The types of the runtime that the module exports.
fn imports(cx: &Cx<'_>) -> TokenStream {
    let server = &cx.names.server;
    let import = |name| import(server, name);
    let always = ["Body", "Peer", "RecordedCall", "RequestContext", "Router"].into_iter();
    let always = always.filter(|item| cx.parts().mock || *item != "RecordedCall");
    let mut always = always.chain(auth::server_items(cx)).collect::<Vec<_>>();
    always.sort_unstable();
    let always = always.into_iter().map(import);
    // A crate of the user's may lack these features of the runtime, and cannot be asked for them.
    let listening = cx.options.cfg("serve").map(|cfg| {
        let items = ["Listener", "Serve"].map(import);
        quote! {
            #cfg
            pub use ::drawplate_runtime::server::{#(#items,)* serve};
        }
    });
    let tls = cx.options.cfg("tls").map(|cfg| {
        let items = ["TlsIdentity", "TlsIdentityError", "TlsListener"].map(import);
        quote! {
            #cfg
            pub use ::drawplate_runtime::server::{#(#items),*};
        }
    });
    let keys = cx
        .options
        .cfg("sigv4")
        .filter(|_| auth::is_signed(cx))
        .map(|cfg| {
            let items = ["AccessKey", "AccessKeyId"].map(import);
            quote! {
                #cfg
                pub use ::drawplate_runtime::server::{#(#items),*};
            }
        });
    quote! {
        pub use ::drawplate_runtime::server::{#(#always),*};
        #keys
        #listening
        #tls
    }
}

/// The type parameter for the identity of a caller; empty if no operation is authenticated.
struct Identity {
    /// In front of the other parameters of a function.
    bound: TokenStream,
    /// In the definition of the trait.
    default: TokenStream,
    /// Behind the name of the trait.
    argument: TokenStream,
}

fn identity(cx: &Cx<'_>) -> Identity {
    if !auth::is_used(cx) {
        return Identity {
            bound: TokenStream::new(),
            default: TokenStream::new(),
            argument: TokenStream::new(),
        };
    }
    let server = &cx.names.server;
    let identity = &server.identity;
    let [send, sync] = ["Send", "Sync"].map(|name| server.std("marker", name));
    Identity {
        bound: quote!(#identity: #send + #sync + 'static,),
        default: quote!(<#identity: #send + #sync + 'static = ()>),
        argument: quote!(<#identity>),
    }
}

/// An item of the runtime's server in a list of imports.
fn import(server: &ServerNames, item: &str) -> TokenStream {
    let (item, name) = (Ident::new(item, Span::call_site()), server.item(item));
    if *name.text() == *item.to_string() {
        quote!(#item)
    } else {
        quote!(#item as #name)
    }
}

/// The parameter and result of a method.
pub(crate) struct Signature {
    pub(crate) input: TokenStream,
    /// The output of the future.
    pub(crate) result: TokenStream,
}

pub(crate) fn signature(cx: &Cx<'_>, id: OperationId) -> Signature {
    let Operation { input, output, .. } = &cx.model.operations[id];
    let error = &cx.names.operation(id).error;
    let output = types::path(cx, Scope::Other, *output);
    let result = cx.names.server.std("result", "Result");
    Signature {
        input: types::path(cx, Scope::Other, *input),
        result: quote!(#result<#output, super::error::#error>),
    }
}

fn method(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let operation @ Operation { name, docs, .. } = &cx.model.operations[id];
    let OperationNames { method, .. } = cx.names.operation(id);
    let docs = text::attributes(
        docs,
        &format!("Handles `{}` requests.", name.name()),
        text::operation(cx, operation).as_slice(),
    );
    let Signature { input, result } = signature(cx, id);
    let server = &cx.names.server;
    let context = server.item("RequestContext");
    let identity = auth::context_argument(cx, id);
    let (future, send) = (future(cx), server.std("marker", "Send"));
    quote! {
        #docs
        fn #method(
            &self,
            input: #input,
            cx: &#context #identity,
        ) -> impl #future<Output = #result> + #send;
    }
}

/// The path of `Future`, which the prelude of edition 2021 lacks. Only a crate of the user's has
/// that edition.
fn future(cx: &Cx<'_>) -> StdPath {
    let future = cx.names.server.std("future", "Future");
    if cx.options.is_crate {
        future
    } else {
        future.absolute()
    }
}

fn mock(cx: &Cx<'_>) -> TokenStream {
    let server = &cx.names.server;
    let name = &server.ident;
    let docs = text::doc(&format!(
        "A mock of [`{name}`] for tests. Clones share the recorded calls.\n\n\
         An operation without a closure responds with status 501 and its name."
    ));
    let [mock, context, call] =
        ["Mock", "RequestContext", "RecordedCall"].map(|name| server.item(name));
    let (future, send) = (future(cx), server.std("marker", "Send"));
    let (default, vec) = (server.std("default", "Default"), server.std("vec", "Vec"));
    let Identity {
        bound, argument, ..
    } = identity(cx);
    let parameters = (!bound.is_empty()).then(|| quote!(<#bound>));
    let setters = cx.service.operations.iter().map(|id| setter(cx, *id));
    let methods = cx.service.operations.iter().map(|id| {
        let OperationNames { method, schema, .. } = cx.names.operation(*id);
        let Signature { input, result } = signature(cx, *id);
        let identity = auth::context_argument(cx, *id);
        quote! {
            #[inline]
            fn #method(
                &self,
                input: #input,
                _: &#context #identity,
            ) -> impl #future<Output = #result> + #send {
                self.0.call(&operation::#schema, input)
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, Default)]
        pub struct #mock(rt::Mock);

        impl #mock {
            /// Creates a mock without closures.
            pub fn new() -> Self {
                #default::default()
            }

            /// Returns the recorded calls, in order.
            pub fn calls(&self) -> #vec<#call> {
                self.0.calls()
            }

            #(#setters)*
        }

        impl #parameters #name #argument for #mock {
            #(#methods)*
        }
    }
}

fn setter(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let names @ OperationNames { schema, .. } = cx.names.operation(id);
    let setter = names.mock_setter();
    let name = cx.model.operations[id].name.name();
    let docs = text::doc(&format!(
        "Sets the closure that responds to later calls of `{name}`."
    ));
    let Signature { input, result } = signature(cx, id);
    let server = &cx.names.server;
    let function = server.std("ops", "Fn");
    let [send, sync] = ["Send", "Sync"].map(|name| server.std("marker", name));
    quote! {
        #docs
        #[must_use]
        pub fn #setter(
            self,
            response: impl #function(#input) -> #result + #send + #sync + 'static,
        ) -> Self {
            Self(self.0.on(&operation::#schema, response))
        }
    }
}
