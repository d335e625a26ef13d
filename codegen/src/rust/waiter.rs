//! `waiter.rs`: static descriptions of the waiters.

use drawplate_model::jmespath::{Comparator, Expression, ExpressionKind, Projection, Slice};
use drawplate_model::model::{
    Acceptor, AcceptorState, Matcher, Model, OperationId, PathComparator, PathMatcher, Service,
    Waiter,
};
use drawplate_model::node::{Node, Value};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::names::Name;
use crate::rust::text;
use crate::{Cx, Parts};

/// Whether a service has a client with waiters.
pub(crate) fn has_waiters(parts: Parts, model: &Model, service: &Service) -> bool {
    let mut operations = model.operations_of(service);
    parts.client && operations.any(|operation| !operation.waiters.is_empty())
}

pub(crate) fn waiters(cx: &Cx<'_>) -> TokenStream {
    let docs = text::inner_doc("Static descriptions of the waiters.");
    let operations = cx.service.operations.iter();
    let waiters = operations.flat_map(|id| {
        let waiters = cx.model.operations[*id].waiters.iter();
        let waiters = waiters.zip(&cx.names.operation(*id).waiters);
        waiters.map(|(waiter, names)| self::waiter(cx, *id, waiter, &names.schema))
    });
    let waiters = quote!(#(#waiters)*);
    let uses = |name| super::module::uses(&waiters, name);
    let jmespath = uses("jmespath").then(|| {
        quote!(
            use ::drawplate_runtime::jmespath;
        )
    });
    let expression = uses("Expression").then(|| {
        quote!(
            use ::drawplate_runtime::jmespath::Expression;
        )
    });
    quote! {
        #docs
        use super::operation;
        use ::drawplate_runtime::client::waiter as rt;
        #jmespath
        #expression

        #waiters
    }
}

fn waiter(cx: &Cx<'_>, operation: OperationId, waiter: &Waiter, ident: &Name) -> TokenStream {
    let Waiter {
        name,
        docs: _,
        acceptors,
        min_delay,
        max_delay,
        location: _,
    } = waiter;
    let docs = text::doc(&format!("`{name}`"));
    let operation = &cx.names.operation(operation).schema;
    let [min_delay, max_delay] = [min_delay, max_delay].map(|it| Literal::u32_unsuffixed(*it));
    let acceptors = acceptors.iter().map(acceptor);
    quote! {
        #docs
        pub(super) static #ident: rt::WaiterSchema = rt::WaiterSchema {
            name: #name,
            operation: &operation::#operation,
            min_delay: #min_delay,
            max_delay: #max_delay,
            acceptors: &[#(#acceptors,)*],
        };
    }
}

fn acceptor(acceptor: &Acceptor) -> TokenStream {
    let Acceptor {
        state,
        matcher,
        message,
        location: _,
    } = acceptor;
    let matcher = match matcher {
        Matcher::Success(success) => quote!(Success(#success)),
        Matcher::ErrorType(name) => quote!(ErrorType(#name)),
        Matcher::Output(matcher) => path_matcher(&quote!(Output), matcher),
        Matcher::InputOutput(matcher) => path_matcher(&quote!(InputOutput), matcher),
    };
    let state = match state {
        AcceptorState::Success => quote!(success),
        AcceptorState::Failure => quote!(failure),
        AcceptorState::Retry => quote!(retry),
    };
    let message = message.as_ref().map(|query| {
        let message = expression(&query.expression);
        quote!(.message(#message))
    });
    quote!(rt::Acceptor::#state(rt::Matcher::#matcher) #message)
}

fn path_matcher(matcher: &TokenStream, path: &PathMatcher) -> TokenStream {
    let PathMatcher {
        path,
        comparator,
        expected,
        expected_location: _,
    } = path;
    let path = expression(&path.expression);
    let comparison = match comparator {
        PathComparator::StringEquals => quote!(String(#expected)),
        PathComparator::BooleanEquals => {
            let expected = &**expected == "true";
            quote!(Boolean(#expected))
        }
        PathComparator::AllStringEquals => quote!(All(#expected)),
        PathComparator::AnyStringEquals => quote!(Any(#expected)),
    };
    quote!(#matcher(#path, rt::Comparison::#comparison))
}

fn expression(expression: &Expression) -> TokenStream {
    let inner = self::expression;
    let kind = match &expression.kind {
        ExpressionKind::Current => quote!(Current),
        ExpressionKind::Field(name) => quote!(Field(#name)),
        ExpressionKind::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(Index(#index))
        }
        ExpressionKind::Slice(Slice { start, end, step }) => {
            let [start, end] = [start, end].map(|bound| match bound {
                Some(bound) => {
                    let bound = Literal::i64_unsuffixed(*bound);
                    quote!(Some(#bound))
                }
                None => quote!(None),
            });
            let step = Literal::i64_unsuffixed(*step);
            quote!(Slice { start: #start, end: #end, step: #step })
        }
        ExpressionKind::Literal(node) => literal(node),
        ExpressionKind::Chain(left, right) => {
            let (left, right) = (inner(left), inner(right));
            quote!(Chain(&#left, &#right))
        }
        ExpressionKind::Flatten(array) => {
            let array = inner(array);
            quote!(Flatten(&#array))
        }
        ExpressionKind::Project(projection, left, right) => {
            let (left, right) = (inner(left), inner(right));
            match projection {
                Projection::Elements => quote!(Elements(&#left, &#right)),
                Projection::Values => quote!(Values(&#left, &#right)),
                Projection::Filter(condition) => {
                    let condition = inner(condition);
                    quote!(Filter(&#left, &#condition, &#right))
                }
            }
        }
        ExpressionKind::And(left, right) => {
            let (left, right) = (inner(left), inner(right));
            quote!(And(&#left, &#right))
        }
        ExpressionKind::Or(left, right) => {
            let (left, right) = (inner(left), inner(right));
            quote!(Or(&#left, &#right))
        }
        ExpressionKind::Not(operand) => {
            let operand = inner(operand);
            quote!(Not(&#operand))
        }
        ExpressionKind::Compare(comparator, left, right) => {
            let comparator = self::comparator(*comparator);
            let (left, right) = (inner(left), inner(right));
            quote!(Compare(jmespath::Comparator::#comparator, &#left, &#right))
        }
        ExpressionKind::List(elements) => {
            let elements = elements.iter().map(inner);
            quote!(List(&[#(#elements),*]))
        }
        ExpressionKind::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = inner(value);
                quote!((#key, #value))
            });
            quote!(Object(&[#(#entries),*]))
        }
        ExpressionKind::Call(function, arguments) => {
            let function = Ident::new(function.variant(), Span::call_site());
            let arguments = arguments.iter().map(inner);
            quote!(Call(jmespath::Function::#function, &[#(#arguments),*]))
        }
        ExpressionKind::Reference(argument) => {
            let argument = inner(argument);
            quote!(Reference(&#argument))
        }
    };
    quote!(Expression::#kind)
}

/// A literal: a static value where the runtime has one, so that it need not be parsed.
fn literal(node: &Node<'_>) -> TokenStream {
    match &node.value {
        Value::Null => return quote!(Null),
        Value::Boolean(value) => return quote!(Boolean(#value)),
        Value::String(text) => return quote!(Text(#text)),
        Value::Number(number) => {
            let value = number.as_i64();
            // Functions show a number as it is written.
            if let Some(value) = value.filter(|it| it.to_string() == number.as_str()) {
                let value = Literal::i64_unsuffixed(value);
                return quote!(Integer(#value));
            }
        }
        Value::Array(_) | Value::Object(_) => {}
    }
    let json = node.to_string();
    quote!(Literal(#json))
}

fn comparator(comparator: Comparator) -> TokenStream {
    match comparator {
        Comparator::Equal => quote!(Equal),
        Comparator::NotEqual => quote!(NotEqual),
        Comparator::Less => quote!(Less),
        Comparator::LessOrEqual => quote!(LessOrEqual),
        Comparator::Greater => quote!(Greater),
        Comparator::GreaterOrEqual => quote!(GreaterOrEqual),
    }
}
