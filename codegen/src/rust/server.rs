//! `server.rs`: the trait that an implementation implements, the service that it becomes, and its mock.
//!
//! No shape has a name in this file, so that it may call the language's own types by theirs; the trait's name evades them.

use drawplate_model::model::{Operation, OperationId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::OperationNames;
use crate::rust::types::Scope;
use crate::rust::{text, types};

pub(crate) fn server(cx: &Cx<'_>) -> TokenStream {
    let title = text::code(cx.service.name.name());
    let docs = text::inner_doc(&format!(
        "The server of {title}: a trait to implement, and the service of HTTP requests that an implementation becomes."
    ));
    let name = &cx.names.server;
    let trait_docs = text::doc(&format!(
        "What answers for {title}: a method per operation.\n\n\
         The input is valid when a method gets it: whatever the model says of it holds. An error that the model does not know is answered by \
         `UnmodeledError`, of which each operation's error is made by `into`."
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

        /// The service of HTTP requests over an implementation: a `tower::Service` for requests with any body.
        pub fn router<S: #name>(implementation: S) -> Router {
            shared_router(::std::sync::Arc::new(implementation))
        }

        /// The same over an implementation that others hold too.
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

/// What a method takes and returns.
pub(crate) struct Signature {
    pub(crate) input: TokenStream,
    /// What is awaited.
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
    let Operation { name, docs, .. } = &cx.model.operations[id];
    let OperationNames { method, .. } = cx.names.operation(id);
    let docs = text::attributes(docs, &format!("Answers `{}`.", name.name()), &[]);
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
        "A mock of [`{name}`] for tests. A test sets the responses of the operations it needs; the others respond with status 501 and their name. \
         Clones share the recorded calls."
    ));
    let setters = cx.service.operations.iter().map(|id| setter(cx, *id));
    let answers = cx.service.operations.iter().map(|id| {
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
            /// A mock without responses.
            pub fn new() -> Self {
                Default::default()
            }

            /// The calls so far, in their order.
            pub fn calls(&self) -> Vec<RecordedCall> {
                self.0.calls()
            }

            #(#setters)*
        }

        impl #name for Mock {
            #(#answers)*
        }
    }
}

fn setter(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let OperationNames { method, schema, .. } = cx.names.operation(id);
    let name = cx.model.operations[id].name.name();
    let docs = text::doc(&format!("Answers `{name}` from now on."));
    let ident = Ident::new(
        &format!("on_{}", method.to_string().trim_start_matches("r#")),
        Span::call_site(),
    );
    let Signature { input, result } = signature(cx, id);
    quote! {
        #docs
        #[must_use]
        pub fn #ident(
            self,
            answer: impl Fn(#input) -> #result + Send + Sync + 'static,
        ) -> Self {
            Self(self.0.on(&operation::#schema, answer))
        }
    }
}
