//! A union: the type, and how codecs reach the member that is set.

use drawplate_model::model::{Member, Shape, ShapeId, Union};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::emit::{text, types};
use crate::names::ShapeNames;

pub(crate) fn union(cx: &Cx<'_>, id: ShapeId, shape: &Shape, union: &Union) -> TokenStream {
    let Shape { name, docs, kind: _, sensitive: _, at: _ } = shape;
    let Union { members, streaming: _ } = union;
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let names = cx.names.shape(id);
    let ShapeNames { ident, schema, home: _, members: variants } = names;
    let items = members.iter().zip(variants).map(|(member, name)| variant(cx, member, name));
    let codec = codec(names);
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#items,)*
            /// A member that is newer than the model.
            Unknown(rt::UnknownMember),
        }
        rt::union!(#ident: schema::#schema);
        #codec
    }
}

fn variant(cx: &Cx<'_>, member: &Member, name: &Ident) -> TokenStream {
    let docs = text::attributes(&member.docs, &format!("`{}`", member.name), &[]);
    let ty = types::member(cx, member);
    quote! {
        #docs
        #name(#ty)
    }
}

fn codec(names: &ShapeNames) -> TokenStream {
    let ShapeNames { ident, schema, home: _, members: variants } = names;
    let indexes = (0..variants.len()).map(Literal::usize_unsuffixed).collect::<Vec<_>>();
    quote! {
        impl rt::Structure for #ident {
            fn schema(&self) -> &'static rt::Schema {
                &schema::#schema
            }
            fn empty() -> Self {
                Self::Unknown(rt::UnknownMember::default())
            }
            fn encode_members(&self, encoder: &mut dyn rt::Encoder) -> ::std::result::Result<(), rt::EncodeError> {
                let member = schema::#schema.members;
                match self {
                    #(Self::#variants(value) => rt::Encode::encode(value, &member[#indexes], encoder),)*
                    Self::Unknown(unknown) => unknown.encode(encoder),
                }
            }
            fn decode_member(
                &mut self,
                index: usize,
                decoder: &mut dyn rt::Decoder,
            ) -> ::std::result::Result<(), rt::DecodeError> {
                let member = &schema::#schema.members[index];
                match index {
                    #(#indexes => *self = Self::#variants(rt::Decode::decode(member, decoder)?),)*
                    _ => {}
                }
                ::std::result::Result::Ok(())
            }
            fn decode_unknown(&mut self, name: &str, value: rt::Document) {
                *self = Self::Unknown(rt::UnknownMember::new(name, value));
            }
        }
    }
}
