//! Enums of strings and of integers.

use drawplate_model::model::{EnumValue, Shape, ShapeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Name, ShapeNames};
use crate::rust::text;

pub(crate) fn string(
    cx: &Cx<'_>,
    id: ShapeId,
    shape: &Shape,
    values: &[EnumValue<Box<str>>],
) -> TokenStream {
    let Enumeration {
        docs,
        attributes,
        debug: Debug { derived, redacted },
        ident,
        schema,
        variants,
        unknown,
        otherwise,
        items,
    } = Enumeration::new(cx, id, shape, values);
    let texts = values.iter().map(|value| &value.value);
    quote! {
        #docs
        #[derive(Clone, #derived PartialEq, Eq, PartialOrd, Ord, Hash)]
        #attributes
        #[non_exhaustive]
        pub enum #ident {
            #(#items,)*
            /// A value that is not in the model.
            #unknown(rt::UnknownValue),
        }
        rt::string_enum!(#ident: schema::#schema { #(#variants = #texts),* } #otherwise);
        #redacted
    }
}

pub(crate) fn integer(
    cx: &Cx<'_>,
    id: ShapeId,
    shape: &Shape,
    values: &[EnumValue<i32>],
) -> TokenStream {
    let Enumeration {
        docs,
        attributes,
        debug: Debug { derived, redacted },
        ident,
        schema,
        variants,
        unknown,
        otherwise,
        items,
    } = Enumeration::new(cx, id, shape, values);
    let numbers = values
        .iter()
        .map(|value| Literal::i32_unsuffixed(value.value));
    quote! {
        #docs
        #[derive(Clone, Copy, #derived PartialEq, Eq, PartialOrd, Ord, Hash)]
        #attributes
        #[non_exhaustive]
        pub enum #ident {
            #(#items,)*
            /// A value that is not in the model.
            #unknown(i32),
        }
        rt::int_enum!(#ident: schema::#schema { #(#variants = #numbers),* } #otherwise);
        #redacted
    }
}

/// The `Debug` of an enum: derived, or redacted if the shape is sensitive.
struct Debug {
    derived: Option<TokenStream>,
    redacted: Option<TokenStream>,
}

/// The parts of an enum that do not depend on the type of its values.
struct Enumeration<'c> {
    docs: TokenStream,
    attributes: Option<TokenStream>,
    debug: Debug,
    ident: &'c Name,
    schema: &'c Name,
    variants: &'c [Name],
    unknown: Option<&'c Name>,
    otherwise: Option<TokenStream>,
    items: Vec<TokenStream>,
}

impl<'c> Enumeration<'c> {
    fn new<T: std::fmt::Display>(
        cx: &Cx<'c>,
        id: ShapeId,
        shape: &Shape,
        values: &[EnumValue<T>],
    ) -> Self {
        let Shape {
            name,
            docs,
            kind: _,
            sensitive,
            constraints: _,
            xml: _,
            traits: _,
            location: _,
        } = shape;
        let names @ ShapeNames {
            ident,
            schema,
            module: _,
            members: variants,
            setters: _,
            accessors: _,
            unknown,
            required: _,
        } = cx.names.shape(id);
        Self {
            docs: text::attributes(docs, &format!("`{}`", name.name()), &[]),
            attributes: cx.types.attributes(id),
            debug: Debug {
                derived: (!sensitive).then(|| quote!(Debug,)),
                redacted: sensitive.then(|| quote!(rt::redacted_debug!(#ident);)),
            },
            ident,
            schema,
            variants,
            unknown: unknown.as_ref(),
            otherwise: names.otherwise(),
            items: values
                .iter()
                .zip(variants)
                .enumerate()
                .map(|(index, (value, name))| {
                    let attributes = cx.types.member_attributes(id, index);
                    variant(value, name, attributes.as_ref())
                })
                .collect(),
        }
    }
}

fn variant<T: std::fmt::Display>(
    value: &EnumValue<T>,
    name: &Name,
    attributes: Option<&TokenStream>,
) -> TokenStream {
    let EnumValue {
        name: _,
        value,
        docs,
        location: _,
    } = value;
    let docs = text::attributes(
        docs,
        &format!("Wire value: {}.", text::code(&value.to_string())),
        &[],
    );
    quote! {
        #docs
        #attributes
        #name
    }
}
