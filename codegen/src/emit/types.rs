//! The Rust type of a shape.

use drawplate_model::model::{DefaultValue, Kind, List, Map, Member, Presence, ShapeId, Simple};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::Cx;

/// The type of a shape's values.
pub(crate) fn shape(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    match &cx.model.shapes[id].kind {
        Kind::Simple(simple_kind) => simple(*simple_kind),
        Kind::List(List { member, sparse }) => {
            let element = element(cx, member.target, *sparse);
            quote!(::std::vec::Vec<#element>)
        }
        Kind::Map(Map { key, value, sparse }) => {
            let key = shape(cx, key.target);
            let value = element(cx, value.target, *sparse);
            quote!(::std::collections::BTreeMap<#key, #value>)
        }
        Kind::Enum(_) | Kind::IntEnum(_) | Kind::Structure(_) | Kind::Union(_) => path(cx, id),
    }
}

fn element(cx: &Cx<'_>, id: ShapeId, sparse: bool) -> TokenStream {
    let element = shape(cx, id);
    if sparse { quote!(::std::option::Option<#element>) } else { element }
}

/// The type of a member's value, boxed where it has to be.
pub(crate) fn member(cx: &Cx<'_>, member: &Member) -> TokenStream {
    let value = shape(cx, member.target);
    if member.boxed { quote!(::std::boxed::Box<#value>) } else { value }
}

/// The type of the field that holds a member.
pub(crate) fn field(cx: &Cx<'_>, field: &Member) -> TokenStream {
    let value = member(cx, field);
    match field.presence {
        Presence::Required | Presence::Default(_) => value,
        Presence::Optional(_) => quote!(::std::option::Option<#value>),
    }
}

/// The path of a type from another file of the service's module.
pub(crate) fn path(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let names = cx.names.shape(id);
    let home = Ident::new(names.home.module(), Span::call_site());
    let ident = &names.ident;
    quote!(super::#home::#ident)
}

/// The type of a function's parameter that becomes a member's value, and the expression that turns `name` into it.
///
/// Numbers, booleans, timestamps, enums, structures and unions are taken as they are; for the rest whatever converts.
pub(crate) fn parameter(cx: &Cx<'_>, taken: &Member, name: &Ident) -> (TokenStream, TokenStream) {
    let value = member(cx, taken);
    let converts = match &cx.model.shapes[taken.target].kind {
        Kind::Simple(simple) => matches!(
            simple,
            Simple::Blob | Simple::String | Simple::BigInteger | Simple::BigDecimal | Simple::Document
        ),
        Kind::List(_) | Kind::Map(_) => true,
        Kind::Enum(_) | Kind::IntEnum(_) | Kind::Structure(_) | Kind::Union(_) => taken.boxed,
    };
    if converts {
        (quote!(impl ::std::convert::Into<#value>), quote!(#name.into()))
    } else {
        (value, quote!(#name))
    }
}

/// The expression of a default value of the member's type.
pub(crate) fn default(cx: &Cx<'_>, member: &Member, value: &DefaultValue) -> TokenStream {
    let kind = &cx.model.shapes[member.target].kind;
    match value {
        DefaultValue::Boolean(value) => quote!(#value),
        DefaultValue::Integer(value) if matches!(kind, Kind::IntEnum(_)) => {
            let ty = path(cx, member.target);
            let value = Literal::i64_unsuffixed(*value);
            quote!(#ty::from(#value))
        }
        DefaultValue::Integer(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote!(#value)
        }
        DefaultValue::Float(value) => {
            let value = Literal::f64_unsuffixed(*value);
            quote!(#value)
        }
        DefaultValue::Number(digits) => {
            let ty = shape(cx, member.target);
            quote!(#ty::from_digits(#digits))
        }
        DefaultValue::String(value) if matches!(kind, Kind::Enum(_)) => {
            let ty = path(cx, member.target);
            quote!(#ty::from(#value))
        }
        DefaultValue::String(value) => quote!(::std::string::String::from(#value)),
        DefaultValue::Blob(bytes) => {
            let bytes = Literal::byte_string(bytes);
            quote!(rt::Blob::from_static(#bytes))
        }
        DefaultValue::Timestamp { seconds, nanoseconds } => {
            let (seconds, nanoseconds) = (Literal::i64_unsuffixed(*seconds), Literal::u32_unsuffixed(*nanoseconds));
            quote!(rt::timestamp(#seconds, #nanoseconds))
        }
        DefaultValue::EmptyList => quote!(::std::vec::Vec::new()),
        DefaultValue::EmptyMap => quote!(::std::collections::BTreeMap::new()),
        DefaultValue::Document(value) => {
            let json = value.to_string();
            quote!(rt::document(#json))
        }
    }
}

fn simple(kind: Simple) -> TokenStream {
    match kind {
        Simple::Blob => quote!(rt::Blob),
        Simple::Boolean => quote!(bool),
        Simple::String => quote!(::std::string::String),
        Simple::Byte => quote!(i8),
        Simple::Short => quote!(i16),
        Simple::Integer => quote!(i32),
        Simple::Long => quote!(i64),
        Simple::Float => quote!(f32),
        Simple::Double => quote!(f64),
        Simple::BigInteger => quote!(rt::BigInteger),
        Simple::BigDecimal => quote!(rt::BigDecimal),
        Simple::Timestamp => quote!(rt::Timestamp),
        Simple::Document => quote!(rt::Document),
    }
}
