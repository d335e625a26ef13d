//! A union: the type, and how codecs reach the member that is set.

use drawplate_model::model::{Member, Shape, ShapeId, Union};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Name, ShapeNames};
use crate::rust::types::Scope;
use crate::rust::{text, types};

pub(crate) fn union(cx: &Cx<'_>, id: ShapeId, shape: &Shape, union: &Union) -> TokenStream {
    let Shape {
        name,
        docs,
        kind: _,
        sensitive: _,
        constraints: _,
        traits: _,
        location: _,
    } = shape;
    let Union {
        members,
        streaming: _,
    } = union;
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let names = cx.names.shape(id);
    let ShapeNames {
        ident,
        schema,
        module,
        members: variants,
    } = names;
    let items = members
        .iter()
        .zip(variants)
        .map(|(member, name)| variant(cx, Scope::Types(*module), member, name));
    let indexes = (0..variants.len()).map(Literal::usize_unsuffixed);
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#items,)*
            /// A member that is newer than the model.
            Unknown(rt::UnknownMember),
        }
        rt::union!(#ident: schema::#schema { #(#indexes: #variants),* });
    }
}

fn variant(cx: &Cx<'_>, scope: Scope, member: &Member, name: &Name) -> TokenStream {
    let docs = text::attributes(&member.docs, &format!("`{}`", member.name), &[]);
    let ty = types::member(cx, scope, member);
    quote! {
        #docs
        #name(#ty)
    }
}
