//! Decision graphs: from a rule set, and from a binary decision diagram.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::part::ValuePart;
use super::Reader;
use super::expression::{Scope, Type};
use crate::model::{
    RuleCondition, RuleExpression, RuleFunction, RuleNode, RuleProperty, RuleResult, RuleTarget,
};
use crate::node::Value;
use crate::syntax::is_token;

/// A rule of a rule set.
struct Rule {
    conditions: Vec<Test>,
    body: Body,
}

/// A condition as a rule uses it.
#[derive(Clone, Copy)]
struct Test {
    /// The index of the condition.
    condition: usize,
    /// Whether the rule applies if the condition does not match.
    negated: bool,
}

/// The expression that a condition tests, and whether it must be false. Rule sets compare values
/// with `true` and `false` in several ways.
fn tested(value: RuleExpression) -> (RuleExpression, bool) {
    match value {
        RuleExpression::Call(RuleFunction::BooleanEquals, mut arguments) => {
            let is_constant = |it: &RuleExpression| matches!(it, RuleExpression::Boolean(_));
            match arguments.iter().position(is_constant) {
                Some(index) => {
                    let wanted = arguments.remove(index) == RuleExpression::Boolean(true);
                    let (value, negated) = tested(arguments.remove(0));
                    (value, negated == wanted)
                }
                None => {
                    let function = RuleFunction::BooleanEquals;
                    (RuleExpression::Call(function, arguments), false)
                }
            }
        }
        RuleExpression::Call(RuleFunction::Not, mut arguments) => {
            let (value, negated) = tested(arguments.remove(0));
            (value, !negated)
        }
        value => (value, false),
    }
}

enum Body {
    Result(usize),
    /// No rule after a tree is tried if its conditions match.
    Tree(Vec<Rule>),
}

impl Reader<'_> {
    /// `rules` of `endpointRuleSet`.
    pub(super) fn rule_set(&mut self, part: &ValuePart<'_, '_>) {
        let Some(rules) = self.rules(part, &Scope::default()) else {
            return;
        };
        self.rules.root = self.target(&rules);
    }

    /// `rules` of a rule set or tree; `None` if something in them was reported.
    fn rules(&mut self, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Vec<Rule>> {
        let Some(rules) = part.get("rules") else {
            part.missing("rules", "a list of rules", self.report);
            return None;
        };
        let mut all = Some(Vec::new());
        for rule in rules.items(self.report)? {
            let rule = self.rule(&rule, scope);
            match (&mut all, rule) {
                (Some(all), Some(rule)) => all.push(rule),
                (all, _) => *all = None,
            }
        }
        all
    }

    fn rule(&mut self, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Rule> {
        let mut scope = scope.clone();
        let mut conditions = Vec::new();
        if let Some(written) = part.get("conditions") {
            for condition in written.items(self.report)? {
                conditions.push(self.condition(&condition, &mut scope)?);
            }
        }
        let ty = part.required_string("type", self.report)?;
        let body = match &*ty {
            "tree" => Body::Tree(self.rules(part, &scope)?),
            _ => Body::Result(self.result(part, &ty, &scope)?),
        };
        Some(Rule { conditions, body })
    }

    /// A condition. What follows from it is added to the scope.
    fn condition(&mut self, part: &ValuePart<'_, '_>, scope: &mut Scope) -> Option<Test> {
        let typed = self.call(part, scope)?;
        if let RuleExpression::Call(RuleFunction::IsSet, arguments) = &typed.expression
            && let [RuleExpression::Parameter(index)] = arguments[..]
        {
            scope.present.push(index);
        }
        let assign = match part.string("assign", self.report) {
            None => None,
            Some(name) => {
                let is_taken = self.parameter(&name).is_some()
                    || scope
                        .variables
                        .iter()
                        .any(|(index, _)| self.rules.variables[*index] == name);
                if is_taken && !scope.unordered {
                    let message = format!("`{name}` is already a parameter or variable");
                    let help = "choose another name for the variable";
                    self.invalid(message, part, Some(help.to_owned()));
                    return None;
                }
                let variable = self.variable(name);
                scope.variables.push((variable, typed.ty));
                Some(variable)
            }
        };
        // In a decision diagram, a value may be missing, which is neither true nor false.
        let (value, negated) = match assign {
            None if !scope.unordered => tested(typed.expression),
            _ => (typed.expression, false),
        };
        let condition = RuleCondition { value, assign };
        let conditions = &mut self.rules.conditions;
        let condition = self.conditions.add(condition, conditions);
        Some(Test { condition, negated })
    }

    /// The index of a variable. Variables of one name are never needed at the same time.
    fn variable(&mut self, name: Box<str>) -> usize {
        let variables = &mut self.rules.variables;
        let known = variables.iter().position(|known| *known == name);
        known.unwrap_or_else(|| {
            variables.push(name);
            variables.len() - 1
        })
    }

    /// A rule of the type `endpoint` or `error` without its conditions.
    fn result(&mut self, part: &ValuePart<'_, '_>, ty: &str, scope: &Scope) -> Option<usize> {
        let result = match ty {
            "endpoint" => {
                let endpoint = part.required_object("endpoint", self.report)?;
                let Some(url) = endpoint.get("url") else {
                    endpoint.missing("url", "a URL", self.report);
                    return None;
                };
                RuleResult::Endpoint {
                    url: self.expect(&url, scope, Type::String)?,
                    headers: self.headers(&endpoint, scope)?,
                    properties: match endpoint.get("properties") {
                        Some(properties) => self.entries(&properties, scope)?,
                        None => Vec::new(),
                    },
                }
            }
            "error" => {
                let Some(error) = part.get("error") else {
                    part.missing("error", "a message", self.report);
                    return None;
                };
                RuleResult::Error(self.expect(&error, scope, Type::String)?)
            }
            _ => {
                let ty = part.get("type")?;
                let expected = if scope.unordered {
                    "`endpoint` or `error`"
                } else {
                    "`endpoint`, `error` or `tree`"
                };
                ty.malformed(expected, self.report);
                return None;
            }
        };
        Some(self.results.add(result, &mut self.rules.results))
    }

    fn headers(
        &mut self,
        endpoint: &ValuePart<'_, '_>,
        scope: &Scope,
    ) -> Option<Vec<(Box<str>, Vec<RuleExpression>)>> {
        let mut headers = Vec::new();
        let Some(written) = endpoint.get("headers") else {
            return Some(headers);
        };
        for (name, part) in written.entries(self.report)? {
            if !is_token(name) {
                self.invalid(format!("`{name}` is not the name of a header"), &part, None);
                return None;
            }
            let mut values = Vec::new();
            for value in part.items(self.report)? {
                values.push(self.expect(&value, scope, Type::String)?);
            }
            headers.push((name.into(), values));
        }
        Some(headers)
    }

    fn entries(
        &mut self,
        part: &ValuePart<'_, '_>,
        scope: &Scope,
    ) -> Option<Vec<(Box<str>, RuleProperty)>> {
        let mut entries = Vec::new();
        for (name, value) in part.entries(self.report)? {
            entries.push((name.into(), self.property(&value, scope)?));
        }
        Some(entries)
    }

    fn property(&mut self, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<RuleProperty> {
        Some(match &part.value().value {
            Value::Array(_) => {
                let mut items = Vec::new();
                for item in part.items(self.report)? {
                    items.push(self.property(&item, scope)?);
                }
                RuleProperty::List(items)
            }
            Value::Object(_) => RuleProperty::Map(self.entries(part, scope)?),
            _ => RuleProperty::Value(self.expression(part, scope)?.expression),
        })
    }

    /// Where the evaluation of rules starts that are tried in their order.
    fn target(&mut self, rules: &[Rule]) -> RuleTarget {
        let mut next = self.no_match();
        for Rule { conditions, body } in rules.iter().rev() {
            let body = match body {
                Body::Result(result) => RuleTarget::Result(*result),
                Body::Tree(rules) => self.target(rules),
            };
            next = conditions.iter().rev().fold(body, |matched, test| {
                if test.negated {
                    self.node(test.condition, next, matched)
                } else {
                    self.node(test.condition, matched, next)
                }
            });
        }
        next
    }

    fn no_match(&mut self) -> RuleTarget {
        let results = &mut self.rules.results;
        RuleTarget::Result(self.results.add(RuleResult::NoMatch, results))
    }

    fn node(&mut self, condition: usize, matched: RuleTarget, otherwise: RuleTarget) -> RuleTarget {
        if matched == otherwise {
            return matched;
        }
        let node = RuleNode {
            condition,
            matched,
            otherwise,
        };
        RuleTarget::Node(self.nodes.add(node, &mut self.rules.nodes))
    }

    /// `conditions`, `results` and the nodes of `endpointBdd`.
    pub(super) fn diagram(&mut self, part: &ValuePart<'_, '_>) -> Option<()> {
        let mut list = |key: &str| {
            let list = part.get(key);
            if list.is_none() {
                part.missing(key, "a list", self.report);
            }
            list?.items(self.report)
        };
        let (written_conditions, written_results) = (list("conditions")?, list("results")?);
        let mut scope = Scope {
            unordered: true,
            ..Scope::default()
        };
        let mut conditions = Vec::new();
        for condition in &written_conditions {
            conditions.push(self.condition(condition, &mut scope)?.condition);
        }
        let mut results = vec![self.no_match()];
        for result in &written_results {
            let ty = result.required_string("type", self.report)?;
            let has_conditions = result.get("conditions").is_some_and(
                |it| !matches!(&it.value().value, Value::Array(items) if items.is_empty()),
            );
            if has_conditions {
                let message = "a result of a decision diagram has conditions";
                self.invalid(message, result, None);
                return None;
            }
            results.push(RuleTarget::Result(self.result(result, &ty, &scope)?));
        }
        let nodes = self.encoded_nodes(part)?;
        let Some(root) = part.get("root") else {
            part.missing("root", "the reference of the first node", self.report);
            return None;
        };
        let reference = root.value().as_integer();
        let reference = reference.and_then(|reference| i32::try_from(reference).ok());
        let Some(reference) = reference.filter(|it| *it > 0 || *it == -1) else {
            root.malformed("the reference of a node or result", self.report);
            return None;
        };
        let diagram = Diagram {
            conditions,
            results,
            nodes,
        };
        match self.follow(&diagram, reference) {
            Ok(target) => self.rules.root = target,
            Err(message) => {
                // A root that leads nowhere is wrong itself. Otherwise a node is.
                let leads = diagram.node(reference);
                let leads = leads.and_then(|node| match node {
                    Some(_) => Ok(()),
                    None => diagram.result(reference).map(|_| ()),
                });
                let nodes = part.get("nodes").filter(|_| leads.is_ok());
                self.invalid(message, nodes.as_ref().unwrap_or(&root), None);
            }
        }
        Some(())
    }

    /// The nodes: three numbers of four bytes each, in base64.
    fn encoded_nodes(&mut self, part: &ValuePart<'_, '_>) -> Option<Vec<[i32; 3]>> {
        let text = part.required_string("nodes", self.report)?;
        let bytes = STANDARD.decode(&*text).ok();
        let bytes = bytes.filter(|bytes| bytes.len() % 12 == 0);
        let Some(bytes) = bytes else {
            let nodes = part.get("nodes")?;
            nodes.malformed("nodes of twelve bytes each, in base64", self.report);
            return None;
        };
        let number = |bytes: &[u8]| {
            let bytes = bytes.try_into().expect("a chunk has four bytes");
            i32::from_be_bytes(bytes)
        };
        let nodes: Vec<[i32; 3]> = bytes
            .chunks_exact(12)
            .map(|node| [0, 4, 8].map(|start| number(&node[start..start + 4])))
            .collect();
        let count = part.get("nodeCount");
        if let Some(count) = count.filter(|it| it.value().as_unsigned() != Some(nodes.len() as u64))
        {
            count.malformed(
                &format!("the number of nodes, {}", nodes.len()),
                self.report,
            );
            return None;
        }
        Some(nodes)
    }

    /// The target of a reference. Complements are resolved: a node that is used both ways becomes
    /// two. Without recursion, since a diagram may be deep.
    fn follow(&mut self, diagram: &Diagram, root: i32) -> Result<RuleTarget, String> {
        let mut done: HashMap<i32, RuleTarget> = HashMap::new();
        let mut open = HashSet::new();
        let mut todo = vec![root];
        while let Some(&reference) = todo.last() {
            if done.contains_key(&reference) {
                todo.pop();
                continue;
            }
            let Some((condition, high, low)) = diagram.node(reference)? else {
                done.insert(reference, diagram.result(reference)?);
                todo.pop();
                continue;
            };
            if let (Some(high), Some(low)) = (done.get(&high), done.get(&low)) {
                let target = self.node(condition, *high, *low);
                done.insert(reference, target);
                todo.pop();
            } else if !open.insert(reference) {
                return Err("the nodes of a decision diagram lead back to themselves".to_owned());
            } else {
                let missing = [low, high].into_iter().filter(|it| !done.contains_key(it));
                todo.extend(missing);
            }
        }
        Ok(done[&root])
    }
}

/// A binary decision diagram (Smithy 2.0, "endpointBdd trait").
struct Diagram {
    /// The indexes of the conditions.
    conditions: Vec<usize>,
    /// The first one is that no rule matches.
    results: Vec<RuleTarget>,
    /// Condition, and what follows if it matches and if it does not.
    nodes: Vec<[i32; 3]>,
}

/// The reference of the first result.
const RESULTS: i32 = 100_000_000;

impl Diagram {
    /// The condition of a node, and the references that it leads to; `None` if the reference is
    /// that of a result.
    fn node(&self, reference: i32) -> Result<Option<(usize, i32, i32)>, String> {
        if matches!(reference, -1 | 1) || reference >= RESULTS {
            return Ok(None);
        }
        let unknown = || format!("a decision diagram has no node {reference}");
        let index = reference.unsigned_abs() as usize;
        let node = index.checked_sub(1).and_then(|index| self.nodes.get(index));
        let [condition, high, low] = *node.ok_or_else(unknown)?;
        let index = usize::try_from(condition).ok();
        let condition = index.and_then(|index| self.conditions.get(index));
        let condition = condition
            .ok_or_else(|| format!("node {reference} of a decision diagram has no condition"))?;
        Ok(Some(if reference > 0 {
            (*condition, high, low)
        } else {
            (*condition, low, high)
        }))
    }

    fn result(&self, reference: i32) -> Result<RuleTarget, String> {
        let index = usize::try_from(reference - RESULTS).unwrap_or_default();
        let result = self.results.get(index).copied();
        result.ok_or_else(|| format!("a decision diagram has no result {index}"))
    }
}
