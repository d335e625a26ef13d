//! `operation.rs`: static descriptions of the service and its operations.

use drawplate_model::model::{
    ApiKeyPosition, AuthScheme, Cors, HostPart, HttpVersion, HttpVersions, Operation, OperationId,
    Paginated, Protocol, RequestChecksum, ResponseChecksum, Service, ShapeId,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::customizations::{
    Customization, RegionRedirects, SigningRules, VirtualHosts, customization,
};
use crate::rust::text;

pub(crate) fn operations(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_doc("Static descriptions of the service and its operations.");
    let service = service(cx);
    let items = cx.service.operations.iter().map(|id| operation(cx, *id));
    let mut operations = cx.model.operations_of(cx.service);
    let routed = operations.any(|operation| operation.http.is_some());
    let route = routed.then(|| {
        quote!(
            use super::route;
        )
    });
    let schema = (!cx.service.operations.is_empty()).then(|| {
        quote!(
            use super::schema;
        )
    });
    quote! {
        #docs
        #route
        #schema
        use ::drawplate_runtime::service as rt;

        #service
        #(#items)*
    }
}

fn service(cx: &Cx<'_>) -> TokenStream {
    let Service {
        name,
        docs: _,
        title: _,
        version,
        protocols,
        http_versions,
        query_compatible,
        unwrapped_errors,
        xml_namespace: _,
        operations,
        shapes: _,
        whole: _,
        renames: _,
        auth_schemes: _,
        auth: _,
        signing_name,
        sdk_id,
        endpoint_prefix,
        endpoint_rules: _,
        endpoint_cases: _,
        cors,
        base_path,
        validation_error,
        traits: _,
        location: _,
    } = cx.service;
    let id = name.as_str();
    let ident = &cx.names.schema;
    let protocols = protocols.iter().map(|protocol| match protocol {
        Protocol::RpcV2Cbor => quote!(RPC_V2_CBOR),
        Protocol::RpcV2Json => quote!(RPC_V2_JSON),
        Protocol::RestJson1 => quote!(REST_JSON_1),
        Protocol::SimpleRestJson => quote!(SIMPLE_REST_JSON),
        Protocol::AwsJson1_0 => quote!(AWS_JSON_1_0),
        Protocol::AwsJson1_1 => quote!(AWS_JSON_1_1),
        Protocol::RestXml if *unwrapped_errors => quote!(REST_XML_UNWRAPPED_ERRORS),
        Protocol::RestXml => quote!(REST_XML),
        Protocol::AwsQuery => quote!(AWS_QUERY),
        Protocol::Ec2Query => quote!(EC2_QUERY),
    });
    let http_versions = http_versions.iter().map(self::http_versions);
    let operations = operations.iter().map(|id| &cx.names.operation(*id).schema);
    let customization = customization(cx.service);
    let auth = auth(&cx.service.default_auth());
    let signing = signing_name.as_deref();
    let signing = option(signing.map(|name| self::signing(customization, name)));
    let customizations = customizations(customization);
    let repeats_any = sdk_id.is_some() && !marks_read_only(cx);
    let sdk_id = option(sdk_id.as_ref().map(|id| quote!(#id)));
    let endpoint_prefix = option(endpoint_prefix.as_ref().map(|prefix| quote!(#prefix)));
    let base_path = base_path.as_deref().unwrap_or_default();
    let cors = option(cors.as_ref().map(self::cors));
    let validation_error = option(validation_error.map(|id| schema(cx, id)));
    quote! {
        /// The service.
        pub static #ident: rt::Service = rt::Service {
            id: #id,
            version: #version,
            sdk_id: #sdk_id,
            repeats_any: #repeats_any,
            protocols: &[#(&::drawplate_runtime::protocol::#protocols),*],
            http_versions: &[#(#http_versions),*],
            query_compatible: #query_compatible,
            auth: #auth,
            signing: #signing,
            endpoint_prefix: #endpoint_prefix,
            base_path: #base_path,
            cors: #cors,
            validation_error: #validation_error,
            customizations: #customizations,
            operations: &[#(&#operations),*],
        };
    }
}

/// Whether an operation of the service is read-only, be it selected or not: a selection does not
/// change how calls are repeated.
fn marks_read_only(cx: &Cx<'_>) -> bool {
    let mut operations = cx.service.all_operations().iter();
    operations.any(|id| cx.model.operations[*id].readonly)
}

fn http_versions(versions: &HttpVersions) -> TokenStream {
    let HttpVersions {
        protocol,
        any,
        events,
    } = versions;
    let protocol = protocol.id();
    let any = any.iter().copied().map(http_version);
    let events = events.iter().copied().map(http_version);
    quote! {
        rt::HttpVersions {
            protocol: #protocol,
            any: &[#(#any),*],
            events: &[#(#events),*],
        }
    }
}

fn http_version(version: HttpVersion) -> TokenStream {
    match version {
        HttpVersion::Http1 => quote!(rt::HttpVersion::Http1),
        HttpVersion::Http2 => quote!(rt::HttpVersion::Http2),
    }
}

/// The supported ones of some authentication schemes.
fn auth(schemes: &[&AuthScheme]) -> TokenStream {
    let schemes = schemes.iter().filter_map(|scheme| match scheme {
        AuthScheme::SigV4 => Some(quote!(rt::AuthScheme::SigV4)),
        AuthScheme::ApiKey(ApiKeyPosition::Header { name, scheme }) => {
            let scheme = option(scheme.as_ref().map(|scheme| quote!(#scheme)));
            let position = quote!(rt::ApiKeyPosition::Header { name: #name, scheme: #scheme });
            Some(quote!(rt::AuthScheme::ApiKey(#position)))
        }
        AuthScheme::ApiKey(ApiKeyPosition::Query(name)) => {
            Some(quote!(rt::AuthScheme::ApiKey(rt::ApiKeyPosition::Query(#name))))
        }
        AuthScheme::Basic => Some(quote!(rt::AuthScheme::Basic)),
        AuthScheme::Bearer => Some(quote!(rt::AuthScheme::Bearer)),
        AuthScheme::Unsupported(_) => None,
    });
    quote!(&[#(#schemes),*])
}

fn signing(customization: Option<&Customization>, name: &str) -> TokenStream {
    let Some(SigningRules {
        raw_path,
        payload_header,
        unsigned_presigned,
    }) = customization.and_then(|customization| customization.signing)
    else {
        return quote!(rt::Signing::new(#name));
    };
    quote! {
        rt::Signing {
            name: #name,
            raw_path: #raw_path,
            payload_header: #payload_header,
            unsigned_presigned: #unsigned_presigned,
        }
    }
}

fn customizations(customization: Option<&Customization>) -> TokenStream {
    let Some(Customization {
        sdk_id: _,
        signing: _,
        virtual_hosts,
        errors_in_success,
        error_statuses: _,
        prefixed_ids: _,
        headers,
        default_label: _,
        tree_hash: _,
        region_redirects,
        public_operations: _,
        endpoint_member: _,
    }) = customization
    else {
        return quote!(rt::Customizations::NONE);
    };
    let virtual_hosts = virtual_hosts.map(|hosts| {
        let VirtualHosts {
            member: _,
            dual_stack,
            accelerated,
            accelerated_dual_stack,
        } = hosts;
        quote! {
            .virtual_hosts(rt::VirtualHosts {
                dual_stack: #dual_stack,
                accelerated: #accelerated,
                accelerated_dual_stack: #accelerated_dual_stack,
            })
        }
    });
    let errors_in_success = errors_in_success.then(|| quote!(.errors_in_success()));
    let headers = (!headers.is_empty()).then(|| {
        let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
        quote!(.headers(&[#(#headers),*]))
    });
    let region_redirects = region_redirects.map(|redirects| {
        let RegionRedirects {
            parameter,
            header,
            codes,
            creation,
        } = redirects;
        quote! {
            .region_redirects(rt::RegionRedirects {
                parameter: #parameter,
                header: #header,
                codes: &[#(#codes),*],
                creation: #creation,
            })
        }
    });
    quote! {
        rt::Customizations::NONE #virtual_hosts #errors_in_success #headers #region_redirects
    }
}

fn cors(cors: &Cors) -> TokenStream {
    let Cors {
        origins,
        max_age,
        exposed_headers,
        allowed_headers,
    } = cors;
    let max_age = Literal::i32_unsuffixed(*max_age);
    quote! {
        rt::Cors {
            origins: &[#(#origins),*],
            max_age: #max_age,
            exposed_headers: &[#(#exposed_headers),*],
            allowed_headers: &[#(#allowed_headers),*],
        }
    }
}

fn operation(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let operation = &cx.model.operations[id];
    let Operation {
        name,
        docs,
        input,
        output,
        errors,
        http,
        ..
    } = operation;
    let ident = &cx.names.operation(id).schema;
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let name = name.name();
    let (input, output) = (schema(cx, *input), schema(cx, *output));
    let errors = errors.iter().map(|id| schema(cx, *id));
    let route = option(http.as_ref().map(|_| quote!(&route::#ident)));
    let traits = traits(cx, operation);
    quote! {
        #docs
        pub static #ident: rt::Operation = rt::Operation {
            name: #name,
            input: #input,
            output: #output,
            errors: &[#(#errors),*],
            route: #route,
            traits: #traits,
        };
    }
}

/// The traits of an operation: the fields that differ from `OperationTraits::NONE`.
fn traits(cx: &Cx<'_>, operation: &Operation) -> TokenStream {
    let Operation {
        name: _,
        docs: _,
        input,
        output,
        errors: _,
        http: _,
        readonly,
        idempotent,
        paginated,
        host_prefix,
        checksum_required,
        checksum,
        response_checksum,
        request_compression,
        auth,
        optional_auth,
        unsigned_payload,
        unwrapped_output: _,
        waiters: _,
        rule_bindings: _,
        traits: _,
        location: _,
    } = operation;
    let synthetic = |id: ShapeId| cx.model.shapes[id].kind.is_synthetic();
    let customization = customization(cx.service);
    let virtual_host = customization
        .is_some_and(|customization| customization.has_virtual_host(cx.model, operation));
    let flags = [
        ("no_input", synthetic(*input)),
        ("no_output", synthetic(*output)),
        ("readonly", *readonly),
        ("idempotent", *idempotent),
        ("checksum_required", *checksum_required),
        ("optional_auth", *optional_auth),
        ("unsigned_payload", *unsigned_payload),
        ("virtual_host", virtual_host),
    ];
    let flags = flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| {
        let name = Ident::new(name, Span::call_site());
        quote!(#name: true)
    });
    let paginated = paginated.as_ref().map(|paginated| {
        let paginated = self::paginated(paginated);
        quote!(paginated: Some(#paginated))
    });
    let checksum = checksum.as_ref().map(|RequestChecksum { algorithm, required }| {
        let algorithm = algorithm.as_ref().map(|header| header.to_ascii_lowercase());
        let algorithm = option(algorithm.map(|header| quote!(#header)));
        quote!(checksum: Some(rt::RequestChecksum { algorithm: #algorithm, required: #required }))
    });
    let response_checksum = response_checksum.as_ref().map(|checksum| {
        let ResponseChecksum { mode, algorithms } = checksum;
        let mode = mode.to_ascii_lowercase();
        quote! {
            response_checksum: Some(rt::ResponseChecksum {
                mode: #mode,
                algorithms: &[#(#algorithms),*],
            })
        }
    });
    let host_prefix = host_prefix.as_ref().map(|prefix| {
        let parts = prefix.parts.iter().map(|part| match part {
            HostPart::Literal(text) => quote!(rt::HostPart::Literal(#text)),
            HostPart::Label(index) => {
                let index = Literal::usize_unsuffixed(*index);
                quote!(rt::HostPart::Label(#index))
            }
        });
        quote!(host_prefix: &[#(#parts),*])
    });
    let compression = (!request_compression.is_empty())
        .then(|| quote!(request_compression: &[#(#request_compression),*]));
    let auth = auth.as_ref().map(|_| {
        let schemes = self::auth(&cx.service.auth_of(operation));
        quote!(auth: Some(#schemes))
    });
    let fields = flags
        .chain(auth)
        .chain(paginated)
        .chain(host_prefix)
        .chain(checksum)
        .chain(response_checksum)
        .chain(compression)
        .chain(customized_traits(cx, operation))
        .collect::<Vec<_>>();
    match fields.as_slice() {
        [] => quote!(rt::OperationTraits::NONE),
        fields => quote!(rt::OperationTraits { #(#fields,)* ..rt::OperationTraits::NONE }),
    }
}

/// What AWS adds to an operation outside its model, besides the flags.
fn customized_traits(cx: &Cx<'_>, operation: &Operation) -> Vec<TokenStream> {
    let Some(customization) = customization(cx.service) else {
        return Vec::new();
    };
    let ids = customization.prefixed_ids(cx.model, operation);
    let ids = (!ids.is_empty()).then(|| {
        let ids = ids.into_iter().map(Literal::usize_unsuffixed);
        quote!(prefixed_ids: &[#(#ids),*])
    });
    let default_label = customization.default_label(cx.model, operation);
    let default_label = default_label.map(|(index, text)| {
        let index = Literal::usize_unsuffixed(index);
        quote!(default_label: Some((#index, #text)))
    });
    let tree_hash = customization.tree_hash(cx.model, operation);
    let tree_hash = tree_hash.map(|header| quote!(tree_hash: Some(#header)));
    let endpoint_member = customization.endpoint_member(cx.model, operation);
    let endpoint_member = endpoint_member.map(|index| {
        let index = Literal::usize_unsuffixed(index);
        quote!(endpoint_member: Some(#index))
    });
    ids.into_iter()
        .chain(default_label)
        .chain(tree_hash)
        .chain(endpoint_member)
        .collect()
}

fn paginated(paginated: &Paginated) -> TokenStream {
    let Paginated {
        input_token,
        output_token,
        items,
        page_size,
    } = paginated;
    let path = |path: &[usize]| {
        let indexes = path.iter().copied().map(Literal::usize_unsuffixed);
        quote!(&[#(#indexes),*])
    };
    let input_token = Literal::usize_unsuffixed(*input_token);
    let output_token = path(output_token);
    let items = option(items.as_deref().map(path));
    let page_size = option(page_size.map(|index| {
        let index = Literal::usize_unsuffixed(index);
        quote!(#index)
    }));
    quote! {
        rt::Paginated {
            input_token: #input_token,
            output_token: #output_token,
            items: #items,
            page_size: #page_size,
        }
    }
}

fn schema(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let schema = &cx.names.shape(id).schema;
    quote!(&schema::#schema)
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
