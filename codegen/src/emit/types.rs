//! The Rust type of a shape.

use drawplate_model::model::{Kind, List, Map, Member, Presence, ShapeId, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::Prelude;

/// The type of a shape's values.
pub(crate) fn shape(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let Prelude { vec, .. } = &cx.names.prelude;
    match &cx.model.shapes[id].kind {
        Kind::Simple(simple_kind) => simple(cx, *simple_kind),
        Kind::List(List { member, sparse }) => {
            let element = element(cx, member.target, *sparse);
            quote!(#vec<#element>)
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
    let Prelude { option, .. } = &cx.names.prelude;
    let element = shape(cx, id);
    if sparse { quote!(#option<#element>) } else { element }
}

/// The type of a member's value, boxed where it has to be.
pub(crate) fn member(cx: &Cx<'_>, member: &Member) -> TokenStream {
    let Prelude { r#box, .. } = &cx.names.prelude;
    let value = shape(cx, member.target);
    if member.boxed { quote!(#r#box<#value>) } else { value }
}

/// The type of the field that holds a member.
pub(crate) fn field(cx: &Cx<'_>, field: &Member) -> TokenStream {
    let value = member(cx, field);
    match field.presence {
        Presence::Required | Presence::Default(_) => value,
        Presence::Optional(_) => {
            let Prelude { option, .. } = &cx.names.prelude;
            quote!(#option<#value>)
        },
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
        let Prelude { into, .. } = &cx.names.prelude;
        (quote!(impl #into<#value>), quote!(#name.into()))
    } else {
        (value, quote!(#name))
    }
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
