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

/// The type of the identities of a scheme, if requests contain them.
pub(crate) fn identity(scheme: &AuthScheme) -> Option<Ident> {
    let name = match scheme {
        AuthScheme::ApiKey(_) => "ApiKey",
        AuthScheme::Basic => "BasicCredentials",
        AuthScheme::Bearer => "BearerToken",
        AuthScheme::SigV4 | AuthScheme::Unsupported(_) => return None,
    };
    Some(Ident::new(name, Span::call_site()))
}

/// The trait of clients whose builder takes an identity for a scheme.
pub(crate) fn marker(scheme: &AuthScheme) -> Option<Ident> {
    let name = match scheme {
        AuthScheme::ApiKey(_) => "HasApiKeyAuth",
        AuthScheme::Basic => "HasBasicAuth",
        AuthScheme::Bearer => "HasBearerAuth",
        AuthScheme::SigV4 | AuthScheme::Unsupported(_) => return None,
    };
    Some(Ident::new(name, Span::call_site()))
}

/// The items of the runtime that the module `server` exports for authentication.
pub(crate) fn server_items(cx: &Cx<'_>) -> Vec<&'static str> {
    let schemes = cx.model.used_auth(cx.service);
    if schemes.is_empty() {
        return Vec::new();
    }
    let own = schemes.iter().flat_map(|scheme| match scheme {
        AuthScheme::ApiKey(_) => ["ApiKey", "Verifier"].as_slice(),
        AuthScheme::Basic => &["BasicCredentials", "Verifier"],
        AuthScheme::Bearer => &["BearerToken", "Verifier"],
        AuthScheme::SigV4 => &["SigV4Verifier"],
        AuthScheme::Unsupported(_) => &[],
    });
    let always = [
        "Authentication",
        "TrustedIdentity",
        "Unauthenticated",
        "Verify",
        "VerifyError",
    ];
    let mut items = own.copied().chain(always).collect::<Vec<_>>();
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
    let schemes = cx.model.used_auth(cx.service);
    let fields = schemes.iter().filter_map(|scheme| field(scheme));
    let fields = fields.collect::<Vec<_>>();
    let names = fields
        .iter()
        .map(|field| Ident::new(field.name, Span::call_site()));
    let names = names.collect::<Vec<_>>();
    let definitions = fields.iter().zip(&names).map(|(field, name)| {
        let docs = text::doc(field.docs);
        let ty = match field.credentials {
            Some(credentials) => {
                let (verifier, credentials) = (server.item("Verifier"), server.item(credentials));
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

/// A verifier in the structure.
struct Field {
    name: &'static str,
    docs: &'static str,
    /// The type of the credentials that it verifies; `None` of signatures.
    credentials: Option<&'static str>,
}

fn field(scheme: &AuthScheme) -> Option<Field> {
    let (name, docs, credentials) = match scheme {
        AuthScheme::SigV4 => (
            "sigv4",
            "Verifies signatures (`aws.auth#sigv4`). The feature `sigv4` has its constructor.",
            None,
        ),
        AuthScheme::ApiKey(_) => (
            "api_key",
            "Verifies API keys (`smithy.api#httpApiKeyAuth`).",
            Some("ApiKey"),
        ),
        AuthScheme::Basic => (
            "basic",
            "Verifies user names and passwords (`smithy.api#httpBasicAuth`).",
            Some("BasicCredentials"),
        ),
        AuthScheme::Bearer => (
            "bearer",
            "Verifies bearer tokens (`smithy.api#httpBearerAuth`).",
            Some("BearerToken"),
        ),
        AuthScheme::Unsupported(_) => return None,
    };
    Some(Field {
        name,
        docs,
        credentials,
    })
}
