//! The Rust type of a shape.

use drawplate_model::model::{Kind, List, Map, Member, Presence, ShapeId, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Prelude, TypeModule};

/// The module that code is generated for. Types of the same module are named without a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A module of types.
    Types(TypeModule),
    /// Another module of the service.
    Other,
}

/// The type of a shape's values.
pub(crate) fn shape(cx: &Cx<'_>, scope: Scope, id: ShapeId) -> TokenStream {
    let Prelude { vec, .. } = &cx.names.prelude;
    match &cx.model.shapes[id].kind {
        Kind::Simple(simple_kind) => simple(cx, *simple_kind),
        Kind::List(List { member, sparse }) => {
            let element = element(cx, scope, member.target, *sparse);
            quote!(#vec<#element>)
        }
        Kind::Map(Map { key, value, sparse }) => {
            let key = shape(cx, scope, key.target);
            let value = element(cx, scope, value.target, *sparse);
            quote!(::std::collections::BTreeMap<#key, #value>)
        }
        Kind::Enum(_) | Kind::IntEnum(_) | Kind::Structure(_) | Kind::Union(_) => {
            path(cx, scope, id)
        }
    }
}

fn element(cx: &Cx<'_>, scope: Scope, id: ShapeId, sparse: bool) -> TokenStream {
    let Prelude { option, .. } = &cx.names.prelude;
    let element = shape(cx, scope, id);
    if sparse {
        quote!(#option<#element>)
    } else {
        element
    }
}

/// The type of a member's value, boxed where it has to be.
pub(crate) fn member(cx: &Cx<'_>, scope: Scope, member: &Member) -> TokenStream {
    let Prelude { r#box, .. } = &cx.names.prelude;
    if member.streams_bytes(cx.model) {
        return quote!(rt::ByteStream);
    }
    let value = shape(cx, scope, member.target);
    if member.streams_events(cx.model) {
        return quote!(rt::event::EventStream<#value>);
    }
    if member.boxed {
        quote!(#r#box<#value>)
    } else {
        value
    }
}

/// The type of the field that holds a member.
pub(crate) fn field(cx: &Cx<'_>, scope: Scope, field: &Member) -> TokenStream {
    let value = member(cx, scope, field);
    match field.presence {
        Presence::Required | Presence::Default(_) => value,
        Presence::Optional(_) => {
            let Prelude { option, .. } = &cx.names.prelude;
            quote!(#option<#value>)
        }
    }
}

/// The path of a type.
pub(crate) fn path(cx: &Cx<'_>, scope: Scope, id: ShapeId) -> TokenStream {
    let names = cx.names.shape(id);
    let ident = &names.ident;
    if scope == Scope::Types(names.module) {
        return quote!(#ident);
    }
    let module = Ident::new(names.module.name(), Span::call_site());
    quote!(super::#module::#ident)
}

/// A function's parameter that becomes a member's value.
pub(crate) struct Parameter {
    /// Its type.
    pub(crate) ty: TokenStream,
    /// It becomes the value by `into`.
    pub(crate) converts: bool,
}

/// Numbers, booleans, timestamps, enums, structures and unions are taken as they are; for the rest whatever converts.
pub(crate) fn parameter(cx: &Cx<'_>, scope: Scope, taken: &Member) -> Parameter {
    let value = member(cx, scope, taken);
    let converts = match &cx.model.shapes[taken.target].kind {
        Kind::Simple(simple) => matches!(
            simple,
            Simple::Blob
                | Simple::String
                | Simple::BigInteger
                | Simple::BigDecimal
                | Simple::Document
        ),
        Kind::List(_) | Kind::Map(_) => true,
        Kind::Enum(_) | Kind::IntEnum(_) | Kind::Structure(_) | Kind::Union(_) => {
            taken.boxed || taken.streams_events(cx.model)
        }
    };
    let Prelude { into, .. } = &cx.names.prelude;
    let ty = if converts {
        quote!(impl #into<#value>)
    } else {
        value
    };
    Parameter { ty, converts }
}

fn simple(cx: &Cx<'_>, kind: Simple) -> TokenStream {
    let Prelude { string, .. } = &cx.names.prelude;
    match kind {
        Simple::Blob => quote!(rt::Blob),
        Simple::Boolean => quote!(bool),
        Simple::String => quote!(#string),
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
