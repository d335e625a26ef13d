//! Authentication: what the client and the server of a service have for each scheme.

pub(crate) mod unsupported;

use drawplate_model::model::{AuthScheme, OperationId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::rust::text;

/// Whether an operation of the service is authenticated.
pub(crate) fn is_used(cx: &Cx<'_>) -> bool {
    !cx.model.used_auth(cx.service).is_empty()
}

/// Whether an operation of the service is signed.
pub(crate) fn is_signed(cx: &Cx<'_>) -> bool {
    cx.model.used_auth(cx.service).contains(&&AuthScheme::SigV4)
}

/// The items of clients and servers for a scheme.
struct SchemeItems {
    /// The items of a scheme whose credentials are in requests; `None` if it signs them.
    credentials: Option<CredentialItems>,
    /// The field of the verifier.
    field: &'static str,
    /// The documentation of the field.
    docs: &'static str,
}

/// The items for credentials that are in requests.
pub(crate) struct CredentialItems {
    /// The type.
    ty: &'static str,
    /// The trait of clients whose builder takes such credentials.
    marker: &'static str,
    /// The call of the builder in examples.
    pub(crate) call: &'static str,
}

impl CredentialItems {
    /// The type.
    pub(crate) fn ty(&self) -> Ident {
        Ident::new(self.ty, Span::call_site())
    }

    /// The trait of clients whose builder takes such credentials.
    pub(crate) fn marker(&self) -> Ident {
        Ident::new(self.marker, Span::call_site())
    }
}

/// The items for a scheme, if it is supported.
fn scheme_items(scheme: &AuthScheme) -> Option<SchemeItems> {
    Some(match scheme {
        AuthScheme::SigV4 => SchemeItems {
            credentials: None,
            field: "sigv4",
            docs: "Verifies signatures (`aws.auth#sigv4`). The feature `sigv4` has its constructor.",
        },
        AuthScheme::ApiKey(_) => SchemeItems {
            credentials: Some(CredentialItems {
                ty: "ApiKey",
                marker: "HasApiKeyAuth",
                call: r#".api_key("key")"#,
            }),
            field: "api_key",
            docs: "Verifies API keys (`smithy.api#httpApiKeyAuth`).",
        },
        AuthScheme::Basic => SchemeItems {
            credentials: Some(CredentialItems {
                ty: "BasicCredentials",
                marker: "HasBasicAuth",
                call: r#".basic_auth(client::BasicCredentials::new("user", "password"))"#,
            }),
            field: "basic",
            docs: "Verifies user names and passwords (`smithy.api#httpBasicAuth`).",
        },
        AuthScheme::Bearer => SchemeItems {
            credentials: Some(CredentialItems {
                ty: "BearerToken",
                marker: "HasBearerAuth",
                call: r#".bearer_token("token")"#,
            }),
            field: "bearer",
            docs: "Verifies bearer tokens (`smithy.api#httpBearerAuth`).",
        },
        AuthScheme::Unsupported(_) => return None,
    })
}

/// The items for the schemes of the service, sorted by the ids of the schemes.
fn items(cx: &Cx<'_>) -> Vec<SchemeItems> {
    let schemes = cx.model.used_auth(cx.service);
    schemes.into_iter().filter_map(scheme_items).collect()
}

/// The items for credentials in the requests of the service, in the same order.
pub(crate) fn credentials(cx: &Cx<'_>) -> Vec<CredentialItems> {
    let items = items(cx).into_iter();
    items.filter_map(|items| items.credentials).collect()
}

/// The items of the runtime that the module `server` exports for authentication.
pub(crate) fn server_items(cx: &Cx<'_>) -> Vec<&'static str> {
    let schemes = items(cx);
    if schemes.is_empty() {
        return Vec::new();
    }
    let own = schemes.iter().flat_map(|scheme| match &scheme.credentials {
        Some(credentials) => vec![credentials.ty, "Verifier"],
        None => vec!["SigV4Verifier"],
    });
    let always = [
        "Authentication",
        "TrustedIdentity",
        "Unauthenticated",
        "Verify",
        "VerifyError",
    ];
    let mut items = own.chain(always).collect::<Vec<_>>();
    items.sort_unstable();
    items.dedup();
    items
}

/// The argument of `RequestContext` in the method of an operation: the identity of the caller.
pub(crate) fn context_argument(cx: &Cx<'_>, id: OperationId) -> Option<TokenStream> {
    let operation = &cx.model.operations[id];
    let schemes = cx.service.auth_of(operation);
    if !schemes.iter().any(|scheme| scheme.is_supported()) {
        return None;
    }
    let server = &cx.names.server;
    let identity = &server.identity;
    Some(if operation.optional_auth {
        let option = server.std("option", "Option");
        quote!(<#option<#identity>>)
    } else {
        quote!(<#identity>)
    })
}

/// The structure with a verifier for each scheme, and its conversion.
pub(crate) fn verifiers(cx: &Cx<'_>) -> TokenStream {
    let server = &cx.names.server;
    let identity = &server.identity;
    let name = server.item("Verifiers");
    let docs = text::doc(&format!(
        "Authenticates requests: a verifier for each authentication scheme of {}. `{identity}` is\n\
         the identity of a caller, which methods get from the context.",
        text::code(cx.service.name.name())
    ));
    let schemes = items(cx);
    let names = schemes
        .iter()
        .map(|scheme| Ident::new(scheme.field, Span::call_site()));
    let names = names.collect::<Vec<_>>();
    let definitions = schemes.iter().zip(&names).map(|(scheme, name)| {
        let docs = text::doc(scheme.docs);
        let ty = match &scheme.credentials {
            Some(credentials) => {
                let verifier = server.item("Verifier");
                let credentials = server.item(credentials.ty);
                quote!(#verifier<#credentials, #identity>)
            }
            None => {
                let verifier = server.item("SigV4Verifier");
                quote!(#verifier<#identity>)
            }
        };
        quote!(#docs pub #name: #ty)
    });
    let authentication = server.item("Authentication");
    let [send, sync] = ["Send", "Sync"].map(|name| server.std("marker", name));
    let from = server.std("convert", "From");
    quote! {
        #docs
        #[derive(Debug)]
        pub struct #name<#identity> {
            #(#definitions,)*
        }

        impl<#identity: #send + #sync + 'static> #from<#name<#identity>> for #authentication<#identity> {
            fn from(verifiers: #name<#identity>) -> Self {
                let #name { #(#names),* } = verifiers;
                Self::new(::std::vec![#(::std::boxed::Box::new(#names)),*])
            }
        }
    }
}
