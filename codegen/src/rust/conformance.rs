//! A program that runs the test cases of a model against its client and server: the cases as
//! statics, and a call and an implementation of each operation.

use drawplate_model::model::{
    CaseAssertion, CaseHead, CaseRequest, CaseSide, CaseSubject, EventStreamCase, HeaderPresence,
    MalformedCase, Model, Operation, OperationId, RequestCase, ResponseCase, Service, ShapeId,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::names::{Name, OperationNames};
use crate::rust::Plan;
use crate::rust::types::Scope;
use crate::rust::{auth, client, server, text, types};
use crate::{CheckedModel, Cx};

/// `main.rs` of the suite `suite`, which uses the crate `library` of the same model.
pub(crate) fn program(
    models: &[CheckedModel],
    plan: &Plan,
    suite: &str,
    library: &str,
) -> TokenStream {
    let docs = text::inner_doc(&format!(
        "Runs the test cases of the suite {}.",
        text::code(suite)
    ));
    let library = Ident::new(library, Span::call_site());
    let services = plan.services(models).map(|cx| &cx.names.module);
    let modules = plan.services(models).map(|cx| {
        let module = &cx.names.module;
        let service = service(&cx);
        quote! {
            mod #module {
                pub use ::#library::#module::*;

                pub mod suite {
                    #service
                }
            }
        }
    });
    quote! {
        #docs
        #![allow(deprecated)]

        fn main() -> ::std::process::ExitCode {
            ::drawplate_conformance::main(#suite, &[#(&#services::suite::SERVICE),*])
        }

        #(#modules)*
    }
}

fn service(cx: &Cx<'_>) -> TokenStream {
    let has_server = cx.parts().has_server();
    let implementation = has_server.then(|| implementation(cx));
    let router = if has_server {
        let unauthenticated = auth::is_used(cx).then(|| {
            let unauthenticated = cx.names.server.item("Unauthenticated");
            quote!(super::server::#unauthenticated)
        });
        quote!(Some(|probe| super::server::router(Implementation(probe), #unauthenticated)))
    } else {
        quote!(None)
    };
    let probe = has_server.then(|| {
        quote!(
            use ::drawplate_conformance::Probe;
        )
    });
    let calls = cx.service.operations.iter().map(|id| {
        let OperationNames { method, .. } = cx.names.operation(*id);
        let input =
            client::has_parameter(cx, cx.model.operations[*id].input).then(|| quote!((input)));
        let operation = &cx.model.operations[*id];
        let places = streams(cx, operation).then(|| {
            let (sent, received) = (place(cx, operation.input), place(cx, operation.output));
            quote!([#sent, #received])
        });
        quote!(#method #input #places)
    });
    let cases = cases(cx);
    let (schema, builder) = (&cx.names.schema, &cx.names.builder);
    quote! {
        use ::drawplate_conformance::case as rt;
        #probe

        pub static SERVICE: ::drawplate_conformance::Service = ::drawplate_conformance::Service {
            schema: &super::operation::#schema,
            cases: CASES,
            call: ::drawplate_conformance::calls!(super::client::Client: #(#calls),*),
            router: #router,
            rules: || super::client::Client::#builder().rules(),
        };

        #implementation

        #cases
    }
}

/// Whether an operation has a stream of events.
fn streams(cx: &Cx<'_>, operation: &Operation) -> bool {
    stream(cx, operation.input).is_some() || stream(cx, operation.output).is_some()
}

/// The field of a structure that is a stream of events.
fn stream<'a>(cx: &Cx<'a>, id: ShapeId) -> Option<&'a Name> {
    let mut members = cx.model.shapes[id].kind.members();
    let index = members.position(|member| member.streams_events(cx.model))?;
    Some(&cx.names.shape(id).members[index])
}

/// The position of the stream of events in an input or output.
fn place(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    match stream(cx, id) {
        Some(field) => {
            let ty = types::path(cx, Scope::Other, id);
            quote!(|message: &mut #ty| Some(&mut message.#field))
        }
        None => quote!(|_| None),
    }
}

fn implementation(cx: &Cx<'_>) -> TokenStream {
    let name = &cx.names.server.ident;
    let context = cx.names.server.item("RequestContext");
    let methods = cx.service.operations.iter().map(|id| {
        let OperationNames { method, .. } = cx.names.operation(*id);
        let server::Signature { input, result } = server::signature(cx, *id);
        let operation = &cx.model.operations[*id];
        // Without authentication, nothing is known about callers.
        let identity = auth::context_argument(cx, *id).map(|_| {
            if operation.optional_auth {
                quote!(<::std::option::Option<()>>)
            } else {
                quote!(<()>)
            }
        });
        let response = if streams(cx, operation) {
            let (read, sent) = (place(cx, operation.input), place(cx, operation.output));
            quote!(respond_with(input, #read, #sent))
        } else {
            quote!(respond(input))
        };
        quote! {
            async fn #method(
                &self,
                input: #input,
                _: &super::server::#context #identity,
            ) -> #result {
                self.0.#response.await
            }
        }
    });
    quote! {
        struct Implementation(Probe);

        impl super::server::#name for Implementation {
            #(#methods)*
        }
    }
}

/// The cases of the service's protocol and operations.
fn cases(cx: &Cx<'_>) -> TokenStream {
    let cases = &cx.model.cases;
    let requests = cases
        .requests
        .iter()
        .filter_map(|case| request_case(cx, case));
    let responses = cases
        .responses
        .iter()
        .filter_map(|case| response_case(cx, case));
    let malformed = cases
        .malformed
        .iter()
        .filter_map(|case| malformed_case(cx, case));
    let streams = cases
        .event_streams
        .iter()
        .filter_map(|case| event_stream_case(cx, case));
    let endpoints = cx.service.endpoint_cases.iter();
    let endpoints = endpoints.map(|case| case.value.to_string());
    quote! {
        const CASES: rt::Cases = rt::Cases {
            requests: &[#(#requests),*],
            responses: &[#(#responses),*],
            malformed: &[#(#malformed),*],
            event_streams: &[#(#streams),*],
            endpoints: &[#(#endpoints),*],
        };
    }
}

/// The fields that all cases have; `None` if the case is for another service or protocol.
fn head(cx: &Cx<'_>, head: &CaseHead, operation: OperationId) -> Option<TokenStream> {
    let CaseHead {
        id,
        protocol,
        applies_to,
        unread,
        location: _,
    } = head;
    let place = cx
        .service
        .operations
        .iter()
        .position(|id| *id == operation)?;
    if **protocol != *cx.service.protocol().id() {
        return None;
    }
    let place = Literal::usize_unsuffixed(place);
    let side = match applies_to {
        None => quote!(None),
        Some(CaseSide::Client) => quote!(Some(rt::Side::Client)),
        Some(CaseSide::Server) => quote!(Some(rt::Side::Server)),
    };
    Some(quote! {
        rt::Head { id: #id, applies_to: #side, operation: #place, unread: &[#(#unread),*] }
    })
}

fn request_case(cx: &Cx<'_>, case: &RequestCase) -> Option<TokenStream> {
    let RequestCase {
        head,
        operation,
        request,
        host,
        resolved_host,
        forbid_query,
        require_query,
        presence,
        params,
        config,
    } = case;
    let head = self::head(cx, head, *operation)?;
    let request = self::request(cx, request);
    let config = config.as_ref().map(ToString::to_string);
    let config = option(config.as_deref());
    let host = option(host.as_deref());
    let resolved_host = option(resolved_host.as_deref());
    let presence = self::presence(presence);
    let params = params.to_string();
    Some(quote! {
        rt::RequestCase {
            head: #head,
            request: #request,
            host: #host,
            resolved_host: #resolved_host,
            forbid_query: &[#(#forbid_query),*],
            require_query: &[#(#require_query),*],
            presence: #presence,
            params: #params,
            config: #config,
        }
    })
}

/// How the bodies of a case are compared: as the case says, or by the only media type of bodies.
fn media_type(cx: &Cx<'_>, stated: Option<&str>) -> TokenStream {
    option(stated.or_else(|| cx.service.protocol().media_type()))
}

fn request(cx: &Cx<'_>, request: &CaseRequest) -> TokenStream {
    let CaseRequest {
        method,
        uri,
        query,
        headers,
        body,
        body_media_type,
    } = request;
    let headers = pairs(headers);
    let body = option(body.as_deref());
    let body_media_type = media_type(cx, body_media_type.as_deref());
    quote! {
        rt::Request {
            method: #method,
            uri: #uri,
            query: &[#(#query),*],
            headers: #headers,
            body: #body,
            body_media_type: #body_media_type,
        }
    }
}

fn presence(presence: &HeaderPresence) -> TokenStream {
    let HeaderPresence {
        forbidden,
        required,
    } = presence;
    if forbidden.is_empty() && required.is_empty() {
        return quote!(rt::Presence::ANY);
    }
    quote!(rt::Presence { forbidden: &[#(#forbidden),*], required: &[#(#required),*] })
}

fn response_case(cx: &Cx<'_>, case: &ResponseCase) -> Option<TokenStream> {
    let ResponseCase {
        head,
        subject,
        status,
        headers,
        presence,
        body,
        body_media_type,
        error_code,
        error_type,
        params,
    } = case;
    let (operation, error) = match *subject {
        CaseSubject::Output(operation) => (operation, None),
        CaseSubject::Error(error) => (fails_with(cx.model, cx.service, error)?, Some(error)),
    };
    let head = self::head(cx, head, operation)?;
    let error = option(error.map(|error| cx.model.shapes[error].name.as_str()));
    let headers = pairs(headers);
    let presence = self::presence(presence);
    let body = option(body.as_deref());
    let body_media_type = media_type(cx, body_media_type.as_deref());
    let error_code = option(error_code.as_deref());
    let error_type = option(error_type.as_deref());
    let params = params.to_string();
    Some(quote! {
        rt::ResponseCase {
            head: #head,
            error: #error,
            status: #status,
            headers: #headers,
            presence: #presence,
            body: #body,
            body_media_type: #body_media_type,
            error_code: #error_code,
            error_type: #error_type,
            params: #params,
        }
    })
}

/// The first operation of a service that has an error.
fn fails_with(model: &Model, service: &Service, error: ShapeId) -> Option<OperationId> {
    let has = |id: &&OperationId| {
        let Operation { errors, .. } = &model.operations[**id];
        errors.contains(&error)
    };
    service.operations.iter().find(has).copied()
}

fn malformed_case(cx: &Cx<'_>, case: &MalformedCase) -> Option<TokenStream> {
    let MalformedCase {
        head,
        operation,
        request,
        status,
        headers,
        body,
    } = case;
    let head = self::head(cx, head, *operation)?;
    let request = self::request(cx, request);
    let headers = pairs(headers);
    let body = match body {
        None => quote!(None),
        Some(CaseAssertion::Contents { text, media_type }) => {
            quote!(Some(rt::Assertion::Contents(#text, #media_type)))
        }
        Some(CaseAssertion::MessageRegex(regex)) => {
            quote!(Some(rt::Assertion::MessageRegex(#regex)))
        }
    };
    Some(quote! {
        rt::MalformedCase {
            head: #head,
            request: #request,
            status: #status,
            headers: #headers,
            body: #body,
        }
    })
}

fn event_stream_case(cx: &Cx<'_>, case: &EventStreamCase) -> Option<TokenStream> {
    let EventStreamCase {
        head,
        operation,
        value,
    } = case;
    let head = self::head(cx, head, *operation)?;
    let value = value.to_string();
    Some(quote!(rt::EventStreamCase { head: #head, value: #value }))
}

fn pairs(pairs: &[(Box<str>, Box<str>)]) -> TokenStream {
    let pairs = pairs.iter().map(|(name, value)| quote!((#name, #value)));
    quote!(&[#(#pairs),*])
}

fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
