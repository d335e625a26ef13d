//! A union: the type, its accessors, and the access of codecs to its member.

use drawplate_model::model::{Member, Shape, ShapeId, Union, UnionForm};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{AccessorNames, Name, Prelude, ShapeNames};
use crate::rust::types::Scope;
use crate::rust::{text, types};

pub(crate) fn union(cx: &Cx<'_>, id: ShapeId, shape: &Shape, union: &Union) -> TokenStream {
    let Shape {
        name,
        docs,
        kind: _,
        sensitive: _,
        constraints: _,
        xml: _,
        traits: _,
        location: _,
    } = shape;
    let Union {
        members,
        streaming: _,
        form,
    } = union;
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let attributes = cx.types.attributes(id);
    let names = cx.names.shape(id);
    let ShapeNames {
        ident,
        schema,
        module,
        members: variants,
        setters: _,
        accessors: functions,
        unknown,
        required: _,
    } = names;
    let items = members
        .iter()
        .zip(variants)
        .enumerate()
        .map(|(index, (member, name))| {
            let attributes = cx.types.member_attributes(id, index);
            variant(cx, Scope::Types(*module), member, name, attributes.as_ref())
        });
    let accessors =
        members
            .iter()
            .zip(variants)
            .zip(functions)
            .map(|((member, variant), names)| {
                accessors(cx, Scope::Types(*module), member, variant, names)
            });
    let accessors = (!members.is_empty()).then(|| quote!(impl #ident { #(#accessors)* }));
    let table = codec(names, members, form);
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #attributes
        #[non_exhaustive]
        pub enum #ident {
            #(#items,)*
            /// A member that is not in the model.
            #unknown(rt::UnknownMember),
        }
        #accessors
        rt::union!(#ident: schema::#schema #table);
    }
}

/// The table by which codecs access the members: index and variant. The variant for members that
/// the model does not have is outside of it.
fn codec(names: &ShapeNames, members: &[Member], form: &UnionForm) -> TokenStream {
    let entries = members.iter().zip(&names.members).enumerate();
    let entries = entries.map(|(index, (member, variant))| {
        let index = Literal::usize_unsuffixed(index);
        (member.json_unknown, quote!(#index: #variant))
    });
    let (unknown, known) = entries.partition::<Vec<_>, _>(|(unknown, _)| *unknown);
    let known = known.into_iter().map(|(_, entry)| entry);
    let open = unknown.into_iter().map(|(_, entry)| entry).next();
    if *form == UnionForm::Tagged && open.is_none() {
        let otherwise = names.otherwise();
        return quote!({ #(#known),* } #otherwise);
    }
    let open = open.map(|entry| quote!(unknown #entry));
    let method = if *form == UnionForm::Tagged {
        quote!(structure)
    } else {
        quote!(union)
    };
    let other = &names.unknown;
    quote!({ #(#known),* } else #other #open as #method)
}

fn variant(
    cx: &Cx<'_>,
    scope: Scope,
    member: &Member,
    name: &Name,
    attributes: Option<&TokenStream>,
) -> TokenStream {
    let docs = text::attributes(&member.docs, &format!("`{}`", member.name), &[]);
    let ty = types::member(cx, scope, member);
    quote! {
        #docs
        #attributes
        #name(#ty)
    }
}

/// The functions `is_x` and `as_x` of a variant.
fn accessors(
    cx: &Cx<'_>,
    scope: Scope,
    member: &Member,
    variant: &Name,
    names: &AccessorNames,
) -> TokenStream {
    let Prelude { option, .. } = &cx.names.prelude;
    let AccessorNames { is, r#as } = names;
    let is_docs = text::doc(&format!(
        "Whether the member is [`{variant}`](Self::{variant})."
    ));
    let as_docs = text::doc(&format!(
        "The value, if the member is [`{variant}`](Self::{variant})."
    ));
    let ty = types::borrowed(cx, scope, member);
    quote! {
        #is_docs
        #[inline]
        pub fn #is(&self) -> bool {
            matches!(self, Self::#variant(_))
        }
        #as_docs
        #[inline]
        pub fn #r#as(&self) -> #option<&#ty> {
            match self {
                Self::#variant(value) => Some(value),
                _ => None,
            }
        }
    }
}
