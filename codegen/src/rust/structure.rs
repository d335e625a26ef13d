//! A structure: the type, its constructor and setters, and the access of codecs to its members.

use drawplate_model::model::{Kind, Member, Presence, Shape, ShapeId, Structure};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::names::{Name, Prelude, RequiredNames, ShapeNames};
use crate::rust::text::{self, Converted};
use crate::rust::types::{self, Accepted, Scope};

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
        xml: _,
        traits: _,
        location: _,
    } = shape;
    let Structure {
        members,
        error,
        role: _,
        query_code: _,
        query_status: _,
        synthetic: _,
    } = structure;
    // No field of a member starts with an underscore.
    let origin = error.map(|_| quote!(_origin: rt::service_error::Origin,));
    let docs = text::attributes(docs, &format!("`{}`", name.name()), &[]);
    let attributes = cx.types.attributes(id);
    let names = cx.names.shape(id);
    let ident = &names.ident;
    let scope = Scope::Types(names.module);
    let texts = members.iter().map(|member| Converted::new(&member.docs));
    let texts = texts.collect::<Vec<_>>();
    let fields = members
        .iter()
        .zip(&names.members)
        .zip(&texts)
        .enumerate()
        .map(|(index, ((member, name), text))| {
            let attributes = cx.types.member_attributes(id, index);
            field(cx, scope, member, name, text, attributes.as_ref())
        });
    let constructor = constructor(cx, names, members, error.is_some());
    let setters = members
        .iter()
        .zip(names.members.iter().zip(&names.setters))
        .zip(&texts)
        .filter_map(|((member, (field, name)), text)| {
            let summary = text.summary();
            setter(cx, scope, member, field, name, summary)
        });
    let holder = holder(cx, names, members, &texts);
    // `Default` of a type whose members are all optional is what `new` returns.
    let is_optional = |member: &Member| matches!(member.presence, Presence::Optional(_));
    let (derived, default) = if members.iter().all(is_optional) {
        (Some(quote!(Default,)), None)
    } else {
        (None, default(cx, ident, members))
    };
    let codec = codec(names, members, error.is_some());
    quote! {
        #docs
        #[derive(Clone, #derived PartialEq)]
        #attributes
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
        #holder
    }
}

fn field(
    cx: &Cx<'_>,
    scope: Scope,
    member: &Member,
    name: &Name,
    text: &Converted<'_>,
    attributes: Option<&TokenStream>,
) -> TokenStream {
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
        text::null(member),
        text::constraints(&member.constraints, unit),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let docs = text.field(&format!("`{}`", member.name), facts);
    let ty = types::field(cx, scope, member);
    quote! {
        #docs
        #attributes
        pub #name: #ty
    }
}

/// A required member, with its field and what a constructor accepts for it.
struct Required<'a> {
    member: &'a Member,
    field: &'a Name,
    accepted: Accepted,
}

fn required<'a>(cx: &Cx<'_>, names: &'a ShapeNames, members: &'a [Member]) -> Vec<Required<'a>> {
    members
        .iter()
        .zip(&names.members)
        .filter(|(member, _)| member.presence == Presence::Required)
        .map(|(member, field)| Required {
            member,
            field,
            accepted: types::accepted(cx, Scope::Types(names.module), member),
        })
        .collect()
}

/// `new`, which takes the required members: in their order, or in a structure.
fn constructor(cx: &Cx<'_>, names: &ShapeNames, members: &[Member], is_error: bool) -> TokenStream {
    let ShapeNames {
        ident: _,
        schema,
        module: _,
        members: fields,
        setters: _,
        accessors: _,
        unknown: _,
        required: holder,
    } = names;
    let required = required(cx, names, members);
    let parameters = parameters(holder.as_ref(), &required);
    let any_generic = required
        .iter()
        .any(|required| required.accepted.is_generic());
    let docs = text::doc(if required.is_empty() {
        "Creates a value with no members set."
    } else {
        "Creates a value from its required members."
    });
    let mut given = required.iter();
    let values =
        members
            .iter()
            .zip(fields)
            .enumerate()
            .map(|(index, (member, field))| match &member.presence {
                Presence::Required => {
                    let Required { accepted, .. } = given.next().expect("the member is required");
                    if holder.is_some() {
                        let value = accepted.value(&quote!(required.#field));
                        quote!(#field: #value)
                    } else if accepted.is_generic() {
                        let value = accepted.value(&quote!(#field));
                        quote!(#field: #value)
                    } else {
                        quote!(#field)
                    }
                }
                Presence::Default(_) if member.json_unknown => {
                    quote!(#field: ::std::default::Default::default())
                }
                Presence::Default(_) => {
                    let index = Literal::usize_unsuffixed(index);
                    quote!(#field: rt::default(&schema::#schema.members[#index]))
                }
                Presence::Optional(_) => quote!(#field: None),
            });
    let origin = is_error.then(|| quote!(_origin: ::std::default::Default::default()));
    let inline = inline(any_generic);
    quote! {
        #docs
        #inline
        pub fn new(#parameters) -> Self {
            Self { #(#values,)* #origin }
        }
    }
}

/// The parameters of `new`.
fn parameters(holder: Option<&RequiredNames>, required: &[Required<'_>]) -> TokenStream {
    let Some(holder) = holder else {
        let parameters = required
            .iter()
            .map(|required| required.accepted.parameter(required.field));
        return quote!(#(#parameters),*);
    };
    let holder = &holder.ident;
    let arguments = required
        .iter()
        .filter(|required| required.accepted.is_generic())
        .map(|required| &required.accepted.ty)
        .collect::<Vec<_>>();
    let arguments = (!arguments.is_empty()).then(|| quote!(<#(#arguments),*>));
    quote!(required: #holder #arguments)
}

/// The structure that `new` takes, if the required members are passed by name. A field that other
/// types convert into has a type parameter.
fn holder(
    cx: &Cx<'_>,
    names: &ShapeNames,
    members: &[Member],
    texts: &[Converted<'_>],
) -> Option<TokenStream> {
    let required = required(cx, names, members);
    let RequiredNames {
        ident: holder,
        parameters,
    } = names.required.as_ref()?;
    let ident = &names.ident;
    let docs = text::doc(&format!("The required members for [`{ident}::new`]."));
    let generics = required
        .iter()
        .zip(parameters)
        .filter(|(required, _)| required.accepted.is_generic())
        .map(|(required, parameter)| {
            let ty = types::member(cx, Scope::Types(names.module), required.member);
            quote!(#parameter = #ty)
        })
        .collect::<Vec<_>>();
    let generics = (!generics.is_empty()).then(|| quote!(<#(#generics),*>));
    let summaries = members
        .iter()
        .zip(texts)
        .filter(|(member, _)| member.presence == Presence::Required)
        .map(|(_, text)| text.summary());
    let fields =
        required
            .iter()
            .zip(parameters)
            .zip(summaries)
            .map(|((required, parameter), summary)| {
                let Required {
                    member,
                    field,
                    accepted,
                } = required;
                let docs =
                    summary.map_or_else(|| text::doc(&format!("`{}`", member.name)), text::doc);
                let ty = if accepted.is_generic() {
                    quote!(#parameter)
                } else {
                    accepted.ty.clone()
                };
                quote! {
                    #docs
                    pub #field: #ty
                }
            });
    Some(quote! {
        #docs
        pub struct #holder #generics {
            #(#fields,)*
        }
    })
}

/// The setter of a member that `new` does not take.
fn setter(
    cx: &Cx<'_>,
    scope: Scope,
    member: &Member,
    field: &Name,
    name: &Name,
    summary: Option<&str>,
) -> Option<TokenStream> {
    let accepted = types::accepted(cx, scope, member);
    let value = accepted.value(&quote!(value));
    let value = match member.presence {
        Presence::Required => return None,
        Presence::Default(_) => value,
        Presence::Optional(_) => quote!(Some(#value)),
    };
    let inline = inline(accepted.is_generic());
    let docs = summary.map_or_else(
        || {
            text::doc(&format!(
                "Sets [`{0}`](Self#structfield.{0}).",
                field.text()
            ))
        },
        text::doc,
    );
    let ty = accepted.ty;
    Some(quote! {
        #docs
        #inline
        #[must_use]
        pub fn #name(mut self, value: #ty) -> Self {
            self.#field = #value;
            self
        }
    })
}

/// `#[inline]` for a one-line function. A generic function does not need it.
fn inline(generic: bool) -> Option<TokenStream> {
    (!generic).then(|| quote!(#[inline]))
}

/// `Default` by means of `new`, if no member is required.
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
        setters: _,
        accessors: _,
        unknown: _,
        required: _,
    } = names;
    let entries = members.iter().zip(fields).enumerate();
    let entries = entries.map(|(index, (member, field))| {
        let index = Literal::usize_unsuffixed(index);
        let is_default = matches!(member.presence, Presence::Default(_)) && !member.json_unknown;
        let default = is_default.then(|| quote!(= default));
        (member.json_unknown, quote!(#index: #field #default))
    });
    let (unknown, known) = entries.partition::<Vec<_>, _>(|(unknown, _)| *unknown);
    let known = known.into_iter().map(|(_, entry)| entry);
    let unknown = unknown.into_iter().map(|(_, entry)| entry).next();
    let unknown = unknown.map(|entry| quote!(unknown #entry));
    let origin = is_error.then(|| quote!(with _origin));
    quote!(rt::structure!(#ident: schema::#schema { #(#known),* } #origin #unknown);)
}
