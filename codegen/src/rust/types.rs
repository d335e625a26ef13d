//! The Rust type of a shape.

use drawplate_model::model::{Kind, List, Map, Member, Presence, ShapeId, Simple};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Name, Prelude, TypeModule};

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
    if let Some(replacement) = cx.types.replacement(id) {
        return replacement;
    }
    let Prelude { vec, .. } = &cx.names.prelude;
    match &cx.model.shapes[id].kind {
        Kind::Simple(simple_kind) => simple(cx, scope, *simple_kind),
        Kind::List(List { member, sparse }) => {
            let element = element(cx, scope, member.target, *sparse);
            quote!(#vec<#element>)
        }
        Kind::Map(Map { key, value, sparse }) => {
            let key = shape(cx, scope, key.target);
            let value = element(cx, scope, value.target, *sparse);
            let map = cx.types.map();
            quote!(#map<#key, #value>)
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

/// The type of a member's value, boxed if the type is recursive.
pub(crate) fn member(cx: &Cx<'_>, scope: Scope, member: &Member) -> TokenStream {
    let Prelude { r#box, .. } = &cx.names.prelude;
    if member.streams_bytes(cx.model) {
        return quote!(rt::ByteStream);
    }
    if keeps_unknown(cx, member) {
        return quote!(rt::DocumentMap);
    }
    let value = shape(cx, scope, member.target);
    if member.streams_events(cx.model) {
        return quote!(rt::event::EventStream<#value>);
    }
    let value = if member.boxed {
        quote!(#r#box<#value>)
    } else {
        value
    };
    if member.nullable {
        quote!(rt::Nullable<#value>)
    } else {
        value
    }
}

/// Whether a member of a structure keeps the members that the model does not have. They are in the
/// order of the document, whatever the type of maps.
fn keeps_unknown(cx: &Cx<'_>, member: &Member) -> bool {
    member.json_unknown && matches!(cx.model.shapes[member.target].kind, Kind::Map(_))
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

/// The type that a reference to a member's value points to.
pub(crate) fn borrowed(cx: &Cx<'_>, scope: Scope, field: &Member) -> TokenStream {
    let own = field.streams_bytes(cx.model) || field.streams_events(cx.model);
    if own || field.nullable || keeps_unknown(cx, field) {
        return member(cx, scope, field);
    }
    if let Some(replacement) = cx.types.replacement(field.target) {
        return replacement;
    }
    match &cx.model.shapes[field.target].kind {
        Kind::Simple(Simple::String) => quote!(str),
        Kind::List(List { member, sparse }) => {
            let element = element(cx, scope, member.target, *sparse);
            quote!([#element])
        }
        _ => shape(cx, scope, field.target),
    }
}

/// The type that a function accepts for a value, and its conversion into the value.
pub(crate) struct Accepted {
    /// The type of the parameter: that of the value, or an `impl Trait`.
    pub(crate) ty: TokenStream,
    conversion: Conversion,
}

enum Conversion {
    /// The parameter is the value.
    None,
    /// `into`.
    Into,
    /// `collect`, after a closure has converted each element.
    Collect(Option<TokenStream>),
}

impl Accepted {
    /// A parameter.
    pub(crate) fn parameter(&self, name: &Name) -> TokenStream {
        let ty = &self.ty;
        quote!(#name: #ty)
    }

    /// Whether the parameter is an `impl Trait`.
    pub(crate) fn is_generic(&self) -> bool {
        !matches!(self.conversion, Conversion::None)
    }

    /// The expression that converts `given` into the value.
    pub(crate) fn value(&self, given: &TokenStream) -> TokenStream {
        match &self.conversion {
            Conversion::None => given.clone(),
            Conversion::Into => quote!(#given.into()),
            Conversion::Collect(None) => quote!(#given.into_iter().collect()),
            Conversion::Collect(Some(convert)) => {
                quote!(#given.into_iter().map(#convert).collect())
            }
        }
    }
}

/// The values that a function accepts. For numbers, booleans, timestamps, enums, structures and
/// unions: the type itself. For strings, blobs, big numbers and documents: any type that converts.
/// For lists and maps: any iterator of accepted elements or pairs.
pub(crate) fn accepted(cx: &Cx<'_>, scope: Scope, field: &Member) -> Accepted {
    if keeps_unknown(cx, field) {
        let Prelude {
            into_iterator,
            string,
            ..
        } = &cx.names.prelude;
        return Accepted {
            ty: quote!(impl #into_iterator<Item = (#string, rt::Document)>),
            conversion: Conversion::Collect(None),
        };
    }
    let stream = field.streams_bytes(cx.model) || field.streams_events(cx.model);
    if stream || field.boxed || field.nullable {
        return into(cx, &member(cx, scope, field));
    }
    accepted_shape(cx, scope, field.target)
}

fn accepted_shape(cx: &Cx<'_>, scope: Scope, id: ShapeId) -> Accepted {
    if let Some(replacement) = cx.types.replacement(id) {
        return Accepted {
            ty: replacement,
            conversion: Conversion::None,
        };
    }
    let Prelude { into_iterator, .. } = &cx.names.prelude;
    match &cx.model.shapes[id].kind {
        Kind::Simple(
            Simple::Blob
            | Simple::String
            | Simple::BigInteger
            | Simple::BigDecimal
            | Simple::Document,
        ) => into(cx, &shape(cx, scope, id)),
        Kind::List(List { member, sparse }) => {
            let element = accepted_element(cx, scope, member.target, *sparse);
            let convert = element.is_generic().then(|| {
                let value = element.value(&quote!(element));
                quote!(|element| #value)
            });
            let ty = element.ty;
            Accepted {
                ty: quote!(impl #into_iterator<Item = #ty>),
                conversion: Conversion::Collect(convert),
            }
        }
        Kind::Map(Map { key, value, sparse }) => {
            let key = accepted_shape(cx, scope, key.target);
            let value = accepted_element(cx, scope, value.target, *sparse);
            let convert = (key.is_generic() || value.is_generic()).then(|| {
                let (key, value) = (key.value(&quote!(key)), value.value(&quote!(value)));
                quote!(|(key, value)| (#key, #value))
            });
            let (key, value) = (key.ty, value.ty);
            Accepted {
                ty: quote!(impl #into_iterator<Item = (#key, #value)>),
                conversion: Conversion::Collect(convert),
            }
        }
        Kind::Simple(_)
        | Kind::Enum(_)
        | Kind::IntEnum(_)
        | Kind::Structure(_)
        | Kind::Union(_) => Accepted {
            ty: shape(cx, scope, id),
            conversion: Conversion::None,
        },
    }
}

/// The elements of a sparse collection are `Option`s of values.
fn accepted_element(cx: &Cx<'_>, scope: Scope, id: ShapeId, sparse: bool) -> Accepted {
    if sparse {
        Accepted {
            ty: element(cx, scope, id, sparse),
            conversion: Conversion::None,
        }
    } else {
        accepted_shape(cx, scope, id)
    }
}

fn into(cx: &Cx<'_>, value: &TokenStream) -> Accepted {
    let Prelude { into, .. } = &cx.names.prelude;
    Accepted {
        ty: quote!(impl #into<#value>),
        conversion: Conversion::Into,
    }
}

fn simple(cx: &Cx<'_>, scope: Scope, kind: Simple) -> TokenStream {
    let Prelude { string, .. } = &cx.names.prelude;
    // Only modules of types call the root of the runtime `rt`.
    let rt = match scope {
        Scope::Types(_) => quote!(rt),
        Scope::Other => quote!(::drawplate_runtime),
    };
    match kind {
        Simple::Blob => quote!(#rt::Blob),
        Simple::Boolean => quote!(bool),
        Simple::String => quote!(#string),
        Simple::Byte => quote!(i8),
        Simple::Short => quote!(i16),
        Simple::Integer => quote!(i32),
        Simple::Long => quote!(i64),
        Simple::Float => quote!(f32),
        Simple::Double => quote!(f64),
        Simple::BigInteger => quote!(#rt::BigInteger),
        Simple::BigDecimal => quote!(#rt::BigDecimal),
        Simple::Timestamp => quote!(#rt::Timestamp),
        Simple::Document => quote!(#rt::Document),
    }
}
