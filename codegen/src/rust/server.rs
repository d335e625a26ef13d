//! `server.rs`: the trait of the server, its router and its mock.
//!
//! The module imports no shape, so that it can name the types of the prelude without a path. The
//! trait is renamed if it would shadow one of them.

use drawplate_model::model::{Operation, OperationId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::names::OperationNames;
use crate::rust::types::Scope;
use crate::rust::{text, types};

pub(crate) fn server(cx: &Cx<'_>) -> TokenStream {
    let title = text::code(cx.service.name.name());
    let docs = text::inner_doc(&format!(
        "The server of {title}: a trait to implement, and a `tower::Service` that routes HTTP\n\
         requests to it."
    ));
    let name = &cx.names.server;
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
    let mock = mock(cx);
    quote! {
        #docs
        use super::{operation, route};
        use ::drawplate_runtime::server as rt;

        pub use ::drawplate_runtime::server::{Body, Peer, RecordedCall, RequestContext, Router};
        #[cfg(feature = "serve")]
        pub use ::drawplate_runtime::server::{Listener, Serve, serve};
        #[cfg(feature = "tls")]
        pub use ::drawplate_runtime::server::{TlsIdentity, TlsIdentityError, TlsListener};

        #trait_docs
        pub trait #name: Send + Sync + 'static {
            #(#methods)*
        }

        /// Turns an implementation into a `tower::Service` that accepts any type of body.
        pub fn router<S: #name>(implementation: S) -> Router {
            shared_router(::std::sync::Arc::new(implementation))
        }

        /// Like [`router`], for an implementation behind an `Arc`.
        pub fn shared_router<S: #name>(implementation: ::std::sync::Arc<S>) -> Router {
            Router::new(
                &operation::SERVICE,
                route::ROUTES,
                implementation,
                ::drawplate_runtime::server_handlers!(S: #(#handlers),*),
            )
        }

        #mock
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
    Signature {
        input: types::path(cx, Scope::Other, *input),
        result: quote!(Result<#output, super::error::#error>),
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
    quote! {
        #docs
        fn #method(
            &self,
            input: #input,
            cx: &RequestContext,
        ) -> impl Future<Output = #result> + Send;
    }
}

fn mock(cx: &Cx<'_>) -> TokenStream {
    let name = &cx.names.server;
    let docs = text::doc(&format!(
        "A mock of [`{name}`] for tests. Clones share the recorded calls.\n\n\
         An operation without a closure responds with status 501 and its name."
    ));
    let setters = cx.service.operations.iter().map(|id| setter(cx, *id));
    let methods = cx.service.operations.iter().map(|id| {
        let OperationNames { method, schema, .. } = cx.names.operation(*id);
        let Signature { input, result } = signature(cx, *id);
        quote! {
            fn #method(
                &self,
                input: #input,
                _: &RequestContext,
            ) -> impl Future<Output = #result> + Send {
                self.0.call(&operation::#schema, input)
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, Default)]
        pub struct Mock(rt::Mock);

        impl Mock {
            /// Creates a mock without closures.
            pub fn new() -> Self {
                Default::default()
            }

            /// Returns the recorded calls, in order.
            pub fn calls(&self) -> Vec<RecordedCall> {
                self.0.calls()
            }

            #(#setters)*
        }

        impl #name for Mock {
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
    quote! {
        #docs
        #[must_use]
        pub fn #setter(
            self,
            response: impl Fn(#input) -> #result + Send + Sync + 'static,
        ) -> Self {
            Self(self.0.on(&operation::#schema, response))
        }
    }
}
