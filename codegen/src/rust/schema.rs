//! `schema.rs`: the static schema of every shape that is not simple.

mod xml;

use drawplate_model::model::{
    Binding, Constraints, DefaultValue, ErrorTrait, EventBinding, Fault, Format, Kind, Length,
    List, Map, Member, Number, Presence, Protocol, Range, Shape, ShapeId, Simple, TimestampFormat,
    UnionForm,
};
use drawplate_model::protocol::MemberNames;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};

use crate::Cx;
use crate::rust::{module, text};

pub(crate) fn schemas(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_doc("The schemas of the types.");
    let items = cx.service.shapes.iter().filter_map(|id| schema(cx, *id));
    let items = quote!(#(#items)*);
    let imports = [
        ("s", quote!(self as s)),
        ("Member", quote!(Member)),
        ("Schema", quote!(Schema)),
    ];
    let imports = imports
        .into_iter()
        .filter(|(name, _)| module::uses(&items, name))
        .map(|(_, import)| import);
    let imports = imports.collect::<Vec<_>>();
    let imports =
        (!imports.is_empty()).then(|| quote!(use ::drawplate_runtime::schema::{#(#imports),*};));
    quote! {
        #docs
        #imports

        #items
    }
}

fn schema(cx: &Cx<'_>, id: ShapeId) -> Option<TokenStream> {
    let shape = &cx.model.shapes[id];
    let Shape {
        name,
        docs: _,
        kind,
        sensitive,
        constraints: _,
        xml: _,
        traits: _,
        location: _,
    } = shape;
    let name = name.as_str();
    let member = |member: &Member| self::member(cx, member);
    let value = match kind {
        Kind::Simple(_) => return None,
        Kind::Enum(values) => {
            let public = values.iter().filter(|value| !value.docs.internal);
            let public = public.map(|value| &value.value).collect::<Vec<_>>();
            let public =
                (public.len() < values.len()).then(|| quote!(.public_values(&[#(#public),*])));
            let values = values.iter().map(|value| &value.value);
            quote!(Schema::string_enum(#name, &[#(#values),*]) #public)
        }
        Kind::IntEnum(values) => {
            let values = values
                .iter()
                .map(|value| Literal::i32_unsuffixed(value.value));
            quote!(Schema::int_enum(#name, &[#(#values),*]))
        }
        Kind::List(List {
            member: element,
            sparse,
        }) => {
            let function = if *sparse {
                quote!(sparse_list)
            } else {
                quote!(list)
            };
            let element = member(element);
            quote!(Schema::#function(#name, &[#element]))
        }
        Kind::Map(Map { key, value, sparse }) => {
            let function = if *sparse {
                quote!(sparse_map)
            } else {
                quote!(map)
            };
            let (key, value) = (member(key), member(value));
            quote!(Schema::#function(#name, &[#key, #value]))
        }
        Kind::Structure(structure) => {
            let members = structure.members.iter().map(member);
            match cx.service.error(shape) {
                Some(error) => {
                    let error = self::error(error);
                    quote!(Schema::error(#name, #error, &[#(#members),*]))
                }
                None => quote!(Schema::structure(#name, &[#(#members),*])),
            }
        }
        Kind::Union(union) => {
            let members = union.members.iter().map(member);
            let form = match &union.form {
                UnionForm::Tagged => None,
                UnionForm::Discriminated(key) => {
                    Some(quote!(.form(s::UnionForm::Discriminated(#key))))
                }
                UnionForm::Untagged => Some(quote!(.form(s::UnionForm::Untagged))),
            };
            quote!(Schema::union(#name, &[#(#members),*]) #form)
        }
    };
    let sensitive = sensitive.then(|| quote!(.sensitive()));
    let is_enum = matches!(kind, Kind::Enum(_) | Kind::IntEnum(_));
    let open = (is_enum && shape.is_open_enum()).then(|| quote!(.open()));
    let query_code = match kind {
        Kind::Structure(structure) => structure.query_code.as_deref(),
        _ => None,
    };
    // Responses contain query error codes in awsQuery, and if the service is compatible with it.
    let has_codes =
        cx.service.query_compatible || cx.service.protocols.contains(&Protocol::AwsQuery);
    let query_code = query_code.filter(|_| has_codes);
    let query_code = query_code.map(|code| quote!(.query_code(#code)));
    let xml = xml::shape(cx, id);
    let ident = &cx.names.shape(id).schema;
    Some(quote!(pub(super) static #ident: Schema = #value #sensitive #open #query_code #xml;))
}

fn error(error: ErrorTrait) -> TokenStream {
    let ErrorTrait {
        fault,
        status,
        retryable,
        message: _,
    } = error;
    let fault = match fault {
        Fault::Client => quote!(s::Fault::Client),
        Fault::Server => quote!(s::Fault::Server),
    };
    let status = Literal::u16_unsuffixed(status);
    let throttling = retryable.is_some_and(|retryable| retryable.throttling);
    let retryable = retryable.is_some();
    quote! {
        s::ErrorSchema { fault: #fault, status: #status, retryable: #retryable, throttling: #throttling }
    }
}

/// `Member::new(..)` with a call for each of its traits.
fn member(cx: &Cx<'_>, member: &Member) -> TokenStream {
    let Member {
        name,
        json_name,
        target,
        docs: _,
        required,
        presence,
        boxed: _,
        sensitive,
        constraints,
        timestamp_format,
        media_type,
        binding,
        idempotency_token,
        host_label,
        streaming,
        requires_length,
        event,
        nullable,
        json_unknown,
        xml,
        ec2_query_name,
        traits: _,
        location: _,
    } = member;
    let target = self::target(cx, *target);
    let json_name =
        (has_json_names(cx) && json_name != name).then(|| quote!(.json_name(#json_name)));
    let flags = [
        // Unknown members are never missing.
        ("required", *required && !json_unknown),
        ("sensitive", *sensitive),
        ("idempotency_token", *idempotency_token),
        ("host_label", *host_label),
        ("streaming", *streaming),
        ("requires_length", *requires_length),
        ("nullable", *nullable),
        ("unknown", *json_unknown),
    ];
    let flags = flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| {
        let name = Ident::new(name, Span::call_site());
        quote!(.#name())
    });
    let default = match presence {
        Presence::Default(value) | Presence::Optional(Some(value)) => {
            let value = literal(value);
            Some(quote!(.default(#value)))
        }
        Presence::Required | Presence::Optional(None) => None,
    };
    let binding = self::binding(binding);
    let format = timestamp_format.map(|format| {
        let format = match format {
            TimestampFormat::DateTime => quote!(DateTime),
            TimestampFormat::HttpDate => quote!(HttpDate),
            TimestampFormat::EpochSeconds => quote!(EpochSeconds),
        };
        quote!(.timestamp_format(s::TimestampFormat::#format))
    });
    let media_type = media_type
        .as_ref()
        .map(|media_type| quote!(.media_type(#media_type)));
    let constraints = self::constraints(cx, constraints);
    let event = event.map(|event| match event {
        EventBinding::Header => quote!(.event_header()),
        EventBinding::Payload => quote!(.event_payload()),
    });
    let xml = xml::member(cx, xml);
    let ec2_query_name = ec2_query_name
        .as_ref()
        .filter(|_| cx.service.protocols.contains(&Protocol::Ec2Query))
        .map(|name| quote!(.ec2_query_name(#name)));
    quote! {
        Member::new(#name, #target) #json_name #(#flags)* #default #binding #format #media_type #constraints #event #xml #ec2_query_name
    }
}

/// Whether a protocol of the service applies `jsonName`. The awsJson protocols ignore it (Smithy,
/// "AWS JSON protocols").
pub(crate) fn has_json_names(cx: &Cx<'_>) -> bool {
    let mut protocols = cx.service.protocols.iter();
    protocols.any(|protocol| matches!(protocol.spec().member_names, MemberNames::JsonName))
}

fn target(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let prelude = match &cx.model.shapes[id].kind {
        Kind::Simple(Simple::Blob) => quote!(BLOB),
        Kind::Simple(Simple::Boolean) => quote!(BOOLEAN),
        Kind::Simple(Simple::String) => quote!(STRING),
        Kind::Simple(Simple::Byte) => quote!(BYTE),
        Kind::Simple(Simple::Short) => quote!(SHORT),
        Kind::Simple(Simple::Integer) => quote!(INTEGER),
        Kind::Simple(Simple::Long) => quote!(LONG),
        Kind::Simple(Simple::Float) => quote!(FLOAT),
        Kind::Simple(Simple::Double) => quote!(DOUBLE),
        Kind::Simple(Simple::BigInteger) => quote!(BIG_INTEGER),
        Kind::Simple(Simple::BigDecimal) => quote!(BIG_DECIMAL),
        Kind::Simple(Simple::Timestamp) => quote!(TIMESTAMP),
        Kind::Simple(Simple::Document) => quote!(DOCUMENT),
        _ => {
            let schema = &cx.names.shape(id).schema;
            return quote!(&#schema);
        }
    };
    quote!(&s::#prelude)
}

fn binding(binding: &Binding) -> TokenStream {
    match binding {
        Binding::Document => TokenStream::new(),
        Binding::Label => quote!(.label()),
        Binding::Query(name) => quote!(.query(#name)),
        Binding::QueryParams => quote!(.query_params()),
        Binding::Header(name) => quote!(.header(#name)),
        Binding::PrefixHeaders(prefix) => quote!(.prefix_headers(#prefix)),
        Binding::Payload => quote!(.payload()),
        Binding::StatusCode => quote!(.status_code()),
    }
}

fn constraints(cx: &Cx<'_>, constraints: &Constraints) -> TokenStream {
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
        format,
    } = constraints;
    let length = length.map(|Length { min, max }| {
        let (min, max) = (
            option(min.map(Literal::u64_unsuffixed)),
            option(max.map(Literal::u64_unsuffixed)),
        );
        quote!(.length(#min, #max))
    });
    let range = range.as_ref().map(|Range { min, max }| {
        let bound = |bound: &Option<Number>| option(bound.as_ref().map(number));
        let (min, max) = (bound(min), bound(max));
        quote!(.range(#min, #max))
    });
    // A pattern that `regex` cannot express is documented but not enforced. The check of the model
    // warns about it.
    let pattern = pattern.as_deref().and_then(|written| {
        let pattern = cx.model.regex(written)?;
        let written = (pattern != written).then(|| quote!(.pattern_as_written(#written)));
        Some(quote!(.pattern(#pattern) #written))
    });
    let unique_items = unique_items.then(|| quote!(.unique_items()));
    let format = format.map(|format| {
        let format = match format {
            Format::Uuid => quote!(Uuid),
            Format::Date => quote!(Date),
            Format::LocalTime => quote!(LocalTime),
            Format::LocalDateTime => quote!(LocalDateTime),
            Format::OffsetTime => quote!(OffsetTime),
            Format::ZoneOffset => quote!(ZoneOffset),
            Format::YearMonth => quote!(YearMonth),
            Format::MonthDay => quote!(MonthDay),
            Format::Duration => quote!(Duration),
            Format::OffsetDateTime => quote!(OffsetDateTime),
        };
        quote!(.format(s::Format::#format))
    });
    quote!(#length #range #pattern #unique_items #format)
}

fn number(number: &Number) -> TokenStream {
    if let Some(value) = number.as_i64() {
        let value = Literal::i64_unsuffixed(value);
        quote!(s::Number::Integer(#value))
    } else {
        let digits = number.as_str();
        quote!(s::Number::Digits(#digits))
    }
}

fn float(value: f64) -> TokenStream {
    if value.is_nan() {
        quote!(f64::NAN)
    } else if value == f64::INFINITY {
        quote!(f64::INFINITY)
    } else if value == f64::NEG_INFINITY {
        quote!(f64::NEG_INFINITY)
    } else {
        Literal::f64_unsuffixed(value).into_token_stream()
    }
}

fn literal(value: &DefaultValue) -> TokenStream {
    match value {
        DefaultValue::Boolean(value) => quote!(s::Literal::Boolean(#value)),
        DefaultValue::Integer(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote!(s::Literal::Integer(#value))
        }
        DefaultValue::Float(value) => {
            let value = float(*value);
            quote!(s::Literal::Float(#value))
        }
        DefaultValue::Number(digits) => quote!(s::Literal::Number(#digits)),
        DefaultValue::String(value) => quote!(s::Literal::String(#value)),
        DefaultValue::Blob(bytes) => {
            let bytes = Literal::byte_string(bytes);
            quote!(s::Literal::Blob(#bytes))
        }
        DefaultValue::Timestamp {
            seconds,
            nanoseconds,
        } => {
            let (seconds, nanoseconds) = (
                Literal::i64_unsuffixed(*seconds),
                Literal::u32_unsuffixed(*nanoseconds),
            );
            quote!(s::Literal::Timestamp(#seconds, #nanoseconds))
        }
        DefaultValue::EmptyList | DefaultValue::EmptyMap => quote!(s::Literal::Empty),
        DefaultValue::Document(value) => {
            let json = value.to_string();
            quote!(s::Literal::Document(#json))
        }
    }
}

/// No shape can shadow `Some` or `None` here, because the module contains only statics.
fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
