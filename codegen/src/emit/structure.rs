//! A structure: the type, how it is made, and how codecs reach its members.

use drawplate_model::model::{Kind, Member, Presence, Shape, ShapeId, Structure};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::Cx;
use crate::emit::{text, types};
use crate::names::ShapeNames;

pub(crate) fn structure(cx: &Cx<'_>, id: ShapeId, shape: &Shape, structure: &Structure) -> TokenStream {
    let Shape { name, docs, kind: _, sensitive: _, at: _ } = shape;
    let Structure { members, error: _, role: _, synthetic: _ } = structure;
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let names = cx.names.shape(id);
    let ident = &names.ident;
    let schema = &names.schema;
    let fields = members.iter().zip(&names.members).map(|(member, name)| field(cx, member, name));
    let constructor = constructor(cx, ident, members, &names.members);
    let setters = members.iter().zip(&names.members).filter_map(|(member, name)| setter(cx, member, name));
    let default = default(ident, members);
    let codec = codec(cx, names, members);
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields,)*
        }
        impl #ident {
            #constructor
            #(#setters)*
        }
        #default
        rt::structure!(#ident: schema::#schema);
        #codec
    }
}

fn field(cx: &Cx<'_>, member: &Member, name: &Ident) -> TokenStream {
    let unit = match &cx.model.shapes[member.target].kind {
        Kind::List(_) => "elements",
        Kind::Map(_) => "entries",
        Kind::Simple(drawplate_model::model::Simple::Blob) => "bytes",
        _ => "characters",
    };
    let notes = [text::presence(&member.presence), text::constraints(&member.constraints, unit)].concat();
    let docs = text::attributes(&member.docs, &format!("`{}`", member.name), &notes);
    let ty = types::field(cx, member);
    quote! {
        #docs
        pub #name: #ty
    }
}

/// `new`, which takes the required members in their order.
fn constructor(cx: &Cx<'_>, ident: &Ident, members: &[Member], names: &[Ident]) -> TokenStream {
    let required = || members.iter().zip(names).filter(|(member, _)| member.presence == Presence::Required);
    let parameters = required().map(|(member, name)| {
        let (ty, _) = types::parameter(cx, member, name);
        quote!(#name: #ty)
    });
    let values = members.iter().zip(names).map(|(member, name)| match &member.presence {
        Presence::Required => types::parameter(cx, member, name).1,
        Presence::Default(value) => types::default(cx, member, value),
        Presence::Optional(_) => quote!(::std::option::Option::None),
    });
    let doc = match required().count() {
        0 => format!("A `{ident}` without any member set."),
        _ => format!("A `{ident}` of its required members."),
    };
    let doc = text::doc(&doc);
    quote! {
        #doc
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#names: #values,)* }
        }
    }
}

/// A function that sets a member which `new` does not take, and gives the structure back.
fn setter(cx: &Cx<'_>, member: &Member, name: &Ident) -> Option<TokenStream> {
    let value = format_ident!("value");
    let (ty, converted) = types::parameter(cx, member, &value);
    let converted = match member.presence {
        Presence::Required => return None,
        Presence::Default(_) => converted,
        Presence::Optional(_) => quote!(::std::option::Option::Some(#converted)),
    };
    let docs = text::doc(&format!("Sets [`{0}`](Self#structfield.{0}).", name.to_string().trim_start_matches("r#")));
    Some(quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, #value: #ty) -> Self {
            self.#name = #converted;
            self
        }
    })
}

/// `Default`, where nothing is required.
fn default(ident: &Ident, members: &[Member]) -> Option<TokenStream> {
    if members.iter().any(|member| member.presence == Presence::Required) {
        return None;
    }
    Some(quote! {
        impl ::std::default::Default for #ident {
            fn default() -> Self {
                Self::new()
            }
        }
    })
}

/// How codecs reach the members.
fn codec(cx: &Cx<'_>, names: &ShapeNames, members: &[Member]) -> TokenStream {
    let ShapeNames { ident, schema, home: _, members: fields } = names;
    let empty = members.iter().map(|member| match &member.presence {
        Presence::Required => quote!(rt::empty()),
        Presence::Default(value) => types::default(cx, member, value),
        Presence::Optional(_) => quote!(::std::option::Option::None),
    });
    let indexes = (0..members.len()).map(Literal::usize_unsuffixed).collect::<Vec<_>>();
    let encode = quote! {
        let member = schema::#schema.members;
        #(rt::Encode::encode(&self.#fields, &member[#indexes], encoder)?;)*
    };
    let decode = quote! {
        let member = &schema::#schema.members[index];
        match index {
            #(#indexes => self.#fields = rt::Decode::decode(member, decoder)?,)*
            _ => {}
        }
    };
    // Without members the arguments have no use.
    let (encode, decode) = match members {
        [] => (quote!(let _ = encoder;), quote!(let _ = (index, decoder);)),
        _ => (encode, decode),
    };
    quote! {
        impl rt::Structure for #ident {
            fn schema(&self) -> &'static rt::Schema {
                &schema::#schema
            }
            fn empty() -> Self {
                Self { #(#fields: #empty,)* }
            }
            fn encode_members(&self, encoder: &mut dyn rt::Encoder) -> ::std::result::Result<(), rt::EncodeError> {
                #encode
                ::std::result::Result::Ok(())
            }
            fn decode_member(
                &mut self,
                index: usize,
                decoder: &mut dyn rt::Decoder,
            ) -> ::std::result::Result<(), rt::DecodeError> {
                #decode
                ::std::result::Result::Ok(())
            }
        }
    }
}
