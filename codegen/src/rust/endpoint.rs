//! `endpoint.rs`: the endpoint rules of a service.

use drawplate_model::model::{
    BuiltIn, Docs, EndpointRules, InputStep, Operation, RuleBinding, RuleCondition, RuleExpression,
    RuleNode, RuleParameter, RuleParameterKind, RuleProperty, RuleResult, RuleSource, RuleTarget,
    RuleValue,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::Cx;
use crate::customizations::customization;
use crate::names::{Name, settings};
use crate::rust::text;

/// Whether the service has a client with endpoint rules.
pub(crate) fn has_rules(cx: &Cx<'_>) -> bool {
    cx.parts().client && cx.service.endpoint_rules.is_some()
}

/// The short names of items of the runtime in the tables.
const ALIASES: [(&str, &str); 4] = [
    ("A", "Attribute"),
    ("E", "Expression"),
    ("F", "Function"),
    ("P", "Property"),
];

/// The table of the rules.
pub(crate) fn endpoint(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_doc("The endpoint rules of the service.");
    let Some(rules) = &cx.service.endpoint_rules else {
        return docs;
    };
    let EndpointRules {
        parameters,
        variables,
        conditions,
        results,
        nodes,
        root,
    } = rules;
    let variables = Literal::usize_unsuffixed(variables.len());
    let slots = Slots(parameters.len());
    let operations = operations(cx, rules);
    let parameters = parameters.iter().map(parameter);
    let conditions = conditions.iter().map(|it| condition(slots, it));
    let sets = property_sets(rules);
    let results = results.iter().map(|it| result(slots, &sets, it));
    let nodes = nodes.iter().map(node);
    let root = target(*root);
    let customization = customization(cx.service);
    let first_label = customization.is_some_and(|it| it.virtual_hosts.is_some());
    let properties = (!sets.is_empty()).then(|| {
        let count = Literal::usize_unsuffixed(sets.len());
        let sets = sets.iter().map(|set| entries(slots, set));
        quote! {
            /// The properties of endpoints.
            static PROPERTIES: [&[(&str, P)]; #count] = [#(#sets),*];
        }
    });
    let tables = quote! {
        /// How the endpoint of a request follows from the settings of the client and the input.
        pub(super) static RULES: rt::Rules = rt::Rules {
            parameters: &[#(#parameters),*],
            variables: #variables,
            conditions: &[#(#conditions),*],
            results: &[#(#results),*],
            nodes: &[#(#nodes),*],
            root: #root,
            operations: &[#(#operations),*],
            first_label: #first_label,
        };

        #properties
    };
    let aliases = ALIASES.into_iter();
    let aliases = aliases.filter(|(alias, _)| super::module::uses(&tables, alias));
    let aliases = aliases.map(|(alias, item)| {
        let [alias, item] = [alias, item].map(|name| Ident::new(name, Span::call_site()));
        quote! {
            use rt::#item as #alias;
        }
    });
    quote! {
        #docs
        use ::drawplate_runtime::endpoint as rt;
        #(#aliases)*

        #tables
    }
}

/// The settings of clients that are parameters: the index of each, its method, its type and its
/// documentation.
fn settings(rules: &EndpointRules) -> impl Iterator<Item = (usize, Name, &RuleParameter)> {
    let parameters = rules.parameters.iter().enumerate();
    let parameters = parameters.filter(|(_, parameter)| {
        let has_method = matches!(
            parameter.built_in,
            Some(BuiltIn::Region | BuiltIn::Endpoint)
        );
        let is_setting = parameter.client.is_some() || parameter.built_in.is_some();
        parameter.used && is_setting && !has_method
    });
    parameters.map(|(index, parameter)| {
        let method = settings::method(&parameter.name, parameter.built_in);
        (index, method, parameter)
    })
}

/// The trait with the settings of clients that are parameters of endpoint rules.
pub(crate) fn settings_trait(cx: &Cx<'_>) -> Option<TokenStream> {
    let rules = cx.service.endpoint_rules.as_ref()?;
    let mut declared = Vec::new();
    let mut implemented = Vec::new();
    for (index, method, parameter) in settings(rules) {
        let RuleParameter {
            name,
            kind,
            client,
            docs,
            ..
        } = parameter;
        let modeled = client
            .as_ref()
            .and_then(Option::as_deref)
            .or(docs.as_deref());
        let docs = text::attributes(
            &Docs {
                text: modeled.map(Into::into),
                ..Docs::default()
            },
            &format!("Sets {} of the endpoint rules.", text::code(name)),
            &[],
        );
        let index = Literal::usize_unsuffixed(index);
        let ty = match kind {
            RuleParameterKind::Boolean => quote!(bool),
            RuleParameterKind::String => quote!(impl ::core::convert::Into<::std::string::String>),
            RuleParameterKind::Strings => quote!(::std::vec::Vec<::std::string::String>),
        };
        let value = match kind {
            RuleParameterKind::String => quote!(value.into()),
            RuleParameterKind::Boolean | RuleParameterKind::Strings => quote!(value),
        };
        declared.push(quote! {
            #docs
            #[must_use]
            fn #method(self, value: #ty) -> Self;
        });
        implemented.push(quote! {
            fn #method(self, value: #ty) -> Self {
                self.endpoint_parameter(#index, #value)
            }
        });
    }
    if declared.is_empty() {
        return None;
    }
    Some(quote! {
        /// Settings of [`Builder`] that the endpoint depends on. Import the trait to call them.
        pub trait EndpointSettings: Sized {
            #(#declared)*
        }

        impl EndpointSettings for Builder<Client> {
            #(#implemented)*
        }
    })
}

fn parameter(parameter: &RuleParameter) -> TokenStream {
    let RuleParameter {
        name,
        kind: _,
        required,
        default,
        built_in,
        client: _,
        docs: _,
        used: _,
        location: _,
    } = parameter;
    let built_in = built_in.map(|built_in| {
        let name = built_in.name();
        quote!(.built_in(#name))
    });
    let required = required.then(|| quote!(.required()));
    let default = default.as_ref().map(|default| {
        let default = value(default);
        quote!(.default(#default))
    });
    quote!(rt::Parameter::new(#name)#built_in #required #default)
}

fn value(value: &RuleValue) -> TokenStream {
    match value {
        RuleValue::String(text) => quote!(rt::Literal::String(#text)),
        RuleValue::Boolean(value) => quote!(rt::Literal::Boolean(#value)),
        RuleValue::Strings(texts) => quote!(rt::Literal::Strings(&[#(#texts),*])),
    }
}

/// The slots of parameters and variables: those of variables follow this number of parameters.
#[derive(Clone, Copy)]
struct Slots(usize);

fn condition(slots: Slots, condition: &RuleCondition) -> TokenStream {
    let RuleCondition { value, assign } = condition;
    let value = expression(slots, value);
    match assign {
        None => quote!(rt::Condition::new(#value)),
        Some(variable) => {
            let slot = Literal::usize_unsuffixed(slots.0 + variable);
            quote!(rt::Condition::assign(#slot, #value))
        }
    }
}

fn expression(slots: Slots, expression: &RuleExpression) -> TokenStream {
    let each = |expressions: &[RuleExpression]| {
        let expressions = expressions.iter().map(|it| self::expression(slots, it));
        quote!(&[#(#expressions),*])
    };
    let slot = |index: usize| {
        let index = Literal::usize_unsuffixed(index);
        quote!(E::Slot(#index))
    };
    match expression {
        RuleExpression::String(text) => quote!(E::Text(#text)),
        RuleExpression::Template(parts) => {
            let parts = each(parts);
            quote!(E::Template(#parts))
        }
        RuleExpression::Boolean(value) => quote!(E::Boolean(#value)),
        RuleExpression::Integer(value) => {
            let value = Literal::i32_unsuffixed(*value);
            quote!(E::Integer(#value))
        }
        RuleExpression::Parameter(index) => slot(*index),
        RuleExpression::Variable(index) => slot(slots.0 + *index),
        RuleExpression::Attribute(of, attribute) => {
            let of = self::expression(slots, of);
            let attribute = Ident::new(attribute.variant(), Span::call_site());
            quote!(E::Attribute(&#of, A::#attribute))
        }
        RuleExpression::Element(of, index) => {
            let of = self::expression(slots, of);
            let index = Literal::i32_unsuffixed(*index);
            quote!(E::Element(&#of, #index))
        }
        RuleExpression::Call(function, arguments) => {
            let arguments = each(arguments);
            let function = Ident::new(function.variant(), Span::call_site());
            quote!(E::Call(F::#function, #arguments))
        }
    }
}

/// The properties of an endpoint.
type Properties = Vec<(Box<str>, RuleProperty)>;

/// The distinct properties of endpoints that have any.
fn property_sets(rules: &EndpointRules) -> Vec<&Properties> {
    let mut sets = Vec::new();
    for result in &rules.results {
        if let RuleResult::Endpoint { properties, .. } = result
            && !properties.is_empty()
            && !sets.contains(&properties)
        {
            sets.push(properties);
        }
    }
    sets
}

fn result(slots: Slots, sets: &[&Properties], result: &RuleResult) -> TokenStream {
    match result {
        RuleResult::Endpoint {
            url,
            headers,
            properties,
        } => {
            let url = expression(slots, url);
            let headers = headers.iter().map(|(name, values)| {
                let values = values.iter().map(|value| expression(slots, value));
                quote!((#name, &[#(#values),*]))
            });
            let properties = match sets.iter().position(|set| *set == properties) {
                Some(index) => {
                    let index = Literal::usize_unsuffixed(index);
                    quote!(PROPERTIES[#index])
                }
                None => quote!(&[]),
            };
            quote! {
                rt::Outcome::Endpoint {
                    url: #url,
                    headers: &[#(#headers),*],
                    properties: #properties,
                }
            }
        }
        RuleResult::Error(message) => {
            let message = expression(slots, message);
            quote!(rt::Outcome::Error(#message))
        }
        RuleResult::NoMatch => quote!(rt::Outcome::NoMatch),
    }
}

fn entries(slots: Slots, entries: &[(Box<str>, RuleProperty)]) -> TokenStream {
    let entries = entries.iter().map(|(name, value)| {
        let value = property(slots, value);
        quote!((#name, #value))
    });
    quote!(&[#(#entries),*])
}

fn property(slots: Slots, property: &RuleProperty) -> TokenStream {
    match property {
        RuleProperty::Value(value) => {
            let value = expression(slots, value);
            quote!(P::Value(#value))
        }
        RuleProperty::List(items) => {
            let items = items.iter().map(|item| self::property(slots, item));
            quote!(P::List(&[#(#items),*]))
        }
        RuleProperty::Map(entries) => {
            let entries = self::entries(slots, entries);
            quote!(P::Map(#entries))
        }
    }
}

fn node(node: &RuleNode) -> TokenStream {
    let RuleNode {
        condition,
        matched,
        otherwise,
    } = node;
    let condition = Literal::usize_unsuffixed(*condition);
    let (matched, otherwise) = (target(*matched), target(*otherwise));
    quote!([#condition, #matched, #otherwise])
}

/// The index of a node, or the complement of that of a result.
fn target(target: RuleTarget) -> Literal {
    let number = |index: usize| i32::try_from(index).unwrap_or(i32::MAX);
    Literal::i32_unsuffixed(match target {
        RuleTarget::Node(index) => number(index),
        RuleTarget::Result(index) => !number(index),
    })
}

/// What operations give to parameters that the rules depend on, sorted by the names of operations.
fn operations(cx: &Cx<'_>, rules: &EndpointRules) -> Vec<TokenStream> {
    let operations = cx.model.operations_of(cx.service);
    let mut operations = operations.collect::<Vec<&Operation>>();
    operations.sort_by_key(|operation| operation.name.name());
    let mut all = Vec::new();
    for operation in operations {
        // The most specific value is the last one, which replaces the others.
        let values = operation.rule_bindings.iter().rev();
        let values = values.filter_map(|binding| {
            let RuleBinding {
                parameter,
                source,
                location: _,
            } = binding;
            let mut parameters = rules.parameters.iter();
            let index = parameters.position(|it| it.used && it.name == *parameter)?;
            let index = Literal::usize_unsuffixed(index);
            let source = self::source(source);
            Some(quote!((#index, #source)))
        });
        let values = values.collect::<Vec<_>>();
        if !values.is_empty() {
            let name = operation.name.name();
            all.push(quote!(rt::OperationParameters::new(#name, &[#(#values),*])));
        }
    }
    all
}

fn source(source: &RuleSource) -> TokenStream {
    match source {
        RuleSource::Static(value) => {
            let value = self::value(value);
            quote!(rt::Source::Static(#value))
        }
        RuleSource::Input {
            path,
            kind,
            required,
        } => {
            let steps = steps(path);
            match (kind, required) {
                (RuleParameterKind::Strings, _) => quote!(rt::Source::Inputs(#steps)),
                (_, true) => quote!(rt::Source::Required(#steps)),
                (_, false) => quote!(rt::Source::Input(#steps)),
            }
        }
    }
}

fn steps(path: &[InputStep]) -> TokenStream {
    let steps = path.iter().map(|step| match step {
        InputStep::Member(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(rt::Step::Member(#index))
        }
        InputStep::Elements => quote!(rt::Step::Elements),
        InputStep::Values => quote!(rt::Step::Values),
        InputStep::Keys => quote!(rt::Step::Keys),
        InputStep::Select(ways) => {
            let ways = ways.iter().map(|way| steps(way));
            quote!(rt::Step::Select(&[#(#ways),*]))
        }
    });
    quote!(&[#(#steps),*])
}
