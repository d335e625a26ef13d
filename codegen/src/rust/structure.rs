//! A structure: the type, its constructor and setters, and the access of codecs to its members.

use drawplate_model::model::{Kind, Member, Presence, Shape, ShapeId, Structure};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Name, Prelude, ShapeNames};
use crate::rust::text;
use crate::rust::types::{self, Scope};

pub(crate) fn structure(
    cx: &Cx<'_>,
    id: ShapeId,
    shape: &Shape,
    structure: &Structure,
) -> TokenStream {
    let Shape {
        name,
        docs,
        kind: _,
        sensitive: _,
        constraints: _,
        traits: _,
        location: _,
    } = shape;
    let Structure {
        members,
        error,
        role: _,
        query_code: _,
        synthetic: _,
    } = structure;
    // No field of a member starts with an underscore.
    let origin = error.map(|_| quote!(_origin: rt::service_error::Origin,));
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let names = cx.names.shape(id);
    let ident = &names.ident;
    let scope = Scope::Types(names.module);
    let fields = members
        .iter()
        .zip(&names.members)
        .map(|(member, name)| field(cx, scope, member, name));
    let constructor = constructor(cx, names, members, error.is_some());
    let setters = members
        .iter()
        .zip(&names.members)
        .filter_map(|(member, name)| setter(cx, scope, member, name));
    let default = default(cx, ident, members);
    let codec = codec(names, members, error.is_some());
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields,)*
            #origin
        }
        impl #ident {
            #constructor
            #(#setters)*
        }
        #default
        #codec
    }
}

fn field(cx: &Cx<'_>, scope: Scope, member: &Member, name: &Name) -> TokenStream {
    let unit = match &cx.model.shapes[member.target].kind {
        Kind::List(_) => "elements",
        Kind::Map(_) => "entries",
        Kind::Simple(drawplate_model::model::Simple::Blob) => "bytes",
        _ => "characters",
    };
    let facts = [
        text::wire_name(cx, member),
        text::stream(cx.model, member),
        text::presence(&member.presence),
        text::constraints(&member.constraints, unit),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let facts = (!facts.is_empty()).then_some(facts);
    let docs = text::attributes(
        &member.docs,
        &format!("`{}`", member.name),
        facts.as_slice(),
    );
    let ty = types::field(cx, scope, member);
    quote! {
        #docs
        pub #name: #ty
    }
}

/// `new`, which takes the required members in order.
fn constructor(cx: &Cx<'_>, names: &ShapeNames, members: &[Member], is_error: bool) -> TokenStream {
    let ShapeNames {
        ident: _,
        schema,
        module,
        members: fields,
        words: _,
    } = names;
    let scope = Scope::Types(*module);
    let required = members
        .iter()
        .zip(fields)
        .filter(|(member, _)| member.presence == Presence::Required)
        .map(|(member, field)| (field, types::accepted(cx, scope, member)))
        .collect::<Vec<_>>();
    let parameters = required
        .iter()
        .map(|(field, accepted)| accepted.parameter(field));
    let values =
        members
            .iter()
            .zip(fields)
            .enumerate()
            .map(|(index, (member, field))| match &member.presence {
                Presence::Required => {
                    let accepted = types::accepted(cx, scope, member);
                    if accepted.is_generic() {
                        let value = accepted.value(&quote!(#field));
                        quote!(#field: #value)
                    } else {
                        quote!(#field)
                    }
                }
                Presence::Default(_) => {
                    let index = Literal::usize_unsuffixed(index);
                    quote!(#field: rt::default(&schema::#schema.members[#index]))
                }
                Presence::Optional(_) => quote!(#field: None),
            });
    let origin = is_error.then(|| quote!(_origin: ::std::default::Default::default()));
    let docs = text::doc(if required.is_empty() {
        "Creates a value with no members set."
    } else {
        "Creates a value from its required members."
    });
    let inline = inline(required.iter().any(|(_, accepted)| accepted.is_generic()));
    quote! {
        #docs
        #inline
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#values,)* #origin }
        }
    }
}

/// The setter of a member that `new` does not take.
fn setter(cx: &Cx<'_>, scope: Scope, member: &Member, name: &Name) -> Option<TokenStream> {
    let accepted = types::accepted(cx, scope, member);
    let value = accepted.value(&quote!(value));
    let value = match member.presence {
        Presence::Required => return None,
        Presence::Default(_) => value,
        Presence::Optional(_) => quote!(Some(#value)),
    };
    let inline = inline(accepted.is_generic());
    let docs = text::doc(
        &text::summary(&member.docs)
            .unwrap_or_else(|| format!("Sets [`{0}`](Self#structfield.{0}).", name.text())),
    );
    let ty = accepted.ty;
    Some(quote! {
        #docs
        #inline
        #[must_use]
        pub fn #name(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    })
}

/// `#[inline]` for a one-line function. A generic function does not need it.
fn inline(generic: bool) -> Option<TokenStream> {
    (!generic).then(|| quote!(#[inline]))
}

/// `Default`, if no member is required.
fn default(cx: &Cx<'_>, ident: &Name, members: &[Member]) -> Option<TokenStream> {
    let Prelude { default, .. } = &cx.names.prelude;
    if members
        .iter()
        .any(|member| member.presence == Presence::Required)
    {
        return None;
    }
    Some(quote! {
        impl #default for #ident {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }
    })
}

/// The table by which codecs access the members: index, field, and whether the field has a default.
fn codec(names: &ShapeNames, members: &[Member], is_error: bool) -> TokenStream {
    let ShapeNames {
        ident,
        schema,
        module: _,
        members: fields,
        words: _,
    } = names;
    let table = members
        .iter()
        .zip(fields)
        .enumerate()
        .map(|(index, (member, field))| {
            let index = Literal::usize_unsuffixed(index);
            let default =
                matches!(member.presence, Presence::Default(_)).then(|| quote!(= default));
            quote!(#index: #field #default)
        });
    let origin = is_error.then(|| quote!(with _origin));
    quote!(rt::structure!(#ident: schema::#schema { #(#table),* } #origin);)
}
