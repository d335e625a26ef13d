//! Endpoint rules of services, and what operations bind to their parameters (Smithy 2.0, "Rules
//! engine specification", "Rules engine parameters").

mod expression;
mod graph;
mod path;

use std::collections::HashMap;
use std::hash::Hash;

use self::path::PathError;
use super::index::position;
use super::links::{Links, OperationLinks};
use super::mixins::FlatShape;
use super::part::ValuePart;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{
    BuiltIn, EndpointCase, EndpointRules, InputStep, RuleBinding, RuleCondition, RuleNode,
    RuleParameter, RuleParameterKind, RuleResult, RuleSource, RuleValue, ShapeId, Simple,
};
use crate::node::Value;
use crate::traits::TraitId;
use crate::words::with_article;

/// Reads the rules of a service.
struct Reader<'r> {
    rules: EndpointRules,
    conditions: Numbers<RuleCondition>,
    results: Numbers<RuleResult>,
    nodes: Numbers<RuleNode>,
    report: &'r mut Report,
}

/// The indexes of distinct items.
struct Numbers<T>(HashMap<T, usize>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone + Eq + Hash> Numbers<T> {
    /// The index of an item, which is added to `items` if it is new.
    fn add(&mut self, item: T, items: &mut Vec<T>) -> usize {
        if let Some(index) = self.0.get(&item) {
            return *index;
        }
        let index = items.len();
        items.push(item.clone());
        self.0.insert(item, index);
        index
    }
}

/// The rules of a service. The decision diagram is preferred, since it is made from the rule set.
pub(super) fn rules(flat: &FlatShape<'_>, report: &mut Report) -> Option<EndpointRules> {
    let diagram = flat.traits.get(TraitId::EndpointBdd);
    let applied = diagram.or_else(|| flat.traits.get(TraitId::EndpointRuleSet))?;
    let part = ValuePart::new(applied);
    part.entries(report)?;
    part.required_string("version", report);
    let mut reader = Reader {
        rules: EndpointRules::default(),
        conditions: Numbers::default(),
        results: Numbers::default(),
        nodes: Numbers::default(),
        report,
    };
    reader.parameters(&part);
    reader.client_parameters(flat);
    if diagram.is_some() {
        reader.diagram(&part);
    } else {
        reader.rule_set(&part);
    }
    Some(reader.rules)
}

impl Reader<'_> {
    fn invalid(
        &mut self,
        message: impl Into<String>,
        part: &ValuePart<'_, '_>,
        help: Option<String>,
    ) {
        let mut diagnostic = Diagnostic::new(Code::EndpointRules, message, part.location());
        diagnostic.help = help;
        self.report.push(diagnostic.shape(part.shape()));
    }

    /// The index of a parameter.
    fn parameter(&self, name: &str) -> Option<usize> {
        let mut parameters = self.rules.parameters.iter();
        parameters.position(|parameter| *parameter.name == *name)
    }

    fn parameters(&mut self, part: &ValuePart<'_, '_>) {
        let Some(parameters) = part.required_object("parameters", self.report) else {
            return;
        };
        for (name, part) in parameters.entries(self.report).unwrap_or_default() {
            let Some(parameter) = self.read_parameter(name, &part) else {
                continue;
            };
            let same = |other: &RuleParameter| other.name.eq_ignore_ascii_case(name);
            if self.rules.parameters.iter().any(same) {
                let message = format!(
                    "the name of the parameter `{name}` differs from another one only in case"
                );
                self.invalid(message, &part, Some("rename one of them".to_owned()));
            }
            self.rules.parameters.push(parameter);
        }
    }

    fn read_parameter(&mut self, name: &str, part: &ValuePart<'_, '_>) -> Option<RuleParameter> {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
        let is_name = name.as_bytes().first().is_some_and(is_letter)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name {
            let message = format!("`{name}` is not the name of a parameter");
            let help = "a name is a letter, and then letters and digits";
            self.invalid(message, part, Some(help.to_owned()));
        }
        let kind = self.kind(part)?;
        let required = part.boolean("required", self.report).unwrap_or_default();
        let default = part.get("default");
        let default = default.and_then(|default| self.value(&default, Some(kind)));
        if default.is_some() && !required {
            let message = format!("the parameter `{name}` has a default, but is not required");
            let help = "add `\"required\": true`, or remove the default";
            self.invalid(message, part, Some(help.to_owned()));
        }
        let built_in = part.string("builtIn", self.report);
        let built_in = built_in.and_then(|built_in| {
            let found = BuiltIn::find(&built_in);
            let (message, help) = match found {
                Some(found) if found.kind() == kind => return Some(found),
                Some(found) => (
                    format!(
                        "the parameter `{name}` is {}, but the built-in `{built_in}` is {}",
                        kind.phrase(),
                        found.kind().phrase()
                    ),
                    None,
                ),
                None => {
                    let known = BuiltIn::ALL.iter().map(|known| known.name());
                    (
                        format!("there is no built-in `{built_in}`"),
                        crate::did_you_mean(&built_in, known),
                    )
                }
            };
            let at = part.get("builtIn");
            self.invalid(message, at.as_ref().unwrap_or(part), help);
            None
        });
        Some(RuleParameter {
            name: name.into(),
            kind,
            required,
            default,
            built_in,
            docs: part.string("documentation", self.report),
            client: None,
            used: false,
            location: part.location(),
        })
    }

    /// The type of a parameter.
    fn kind(&mut self, part: &ValuePart<'_, '_>) -> Option<RuleParameterKind> {
        let ty = part.required_string("type", self.report)?;
        let kind = match ty.to_ascii_lowercase().as_str() {
            "string" => Some(RuleParameterKind::String),
            "boolean" => Some(RuleParameterKind::Boolean),
            "stringarray" => Some(RuleParameterKind::Strings),
            _ => None,
        };
        if kind.is_none()
            && let Some(ty) = part.get("type")
        {
            ty.malformed("`string`, `boolean` or `stringArray`", self.report);
        }
        kind
    }

    fn value(
        &mut self,
        part: &ValuePart<'_, '_>,
        kind: Option<RuleParameterKind>,
    ) -> Option<RuleValue> {
        value(part, kind, self.report)
    }

    /// `smithy.rules#clientContextParams`.
    fn client_parameters(&mut self, flat: &FlatShape<'_>) {
        let Some(applied) = flat.traits.get(TraitId::ClientContextParams) else {
            return;
        };
        let entries = ValuePart::new(applied).entries(self.report);
        for (name, part) in entries.unwrap_or_default() {
            let docs = part.string("documentation", self.report);
            let Some(kind) = self.kind(&part) else {
                continue;
            };
            let Some(index) = self.parameter(name) else {
                let message = format!("the endpoint rules have no parameter `{name}`");
                let known = self.rules.parameters.iter().map(|it| &*it.name);
                let help = crate::did_you_mean(name, known);
                self.invalid(message, &part, help);
                continue;
            };
            let parameter = &mut self.rules.parameters[index];
            if parameter.kind == kind {
                parameter.client = Some(docs);
            } else {
                let message = format!(
                    "`{name}` is {} here, but {} in the endpoint rules",
                    kind.phrase(),
                    parameter.kind.phrase()
                );
                let at = part.get("type");
                self.invalid(message, at.as_ref().unwrap_or(&part), None);
            }
        }
    }
}

/// A value of a type, or of any type.
fn value(
    part: &ValuePart<'_, '_>,
    kind: Option<RuleParameterKind>,
    report: &mut Report,
) -> Option<RuleValue> {
    use RuleParameterKind::{Boolean, String, Strings};
    let found = match (&part.value().value, kind) {
        (Value::String(text), None | Some(String)) => Some(RuleValue::String(text.as_ref().into())),
        (Value::Boolean(value), None | Some(Boolean)) => Some(RuleValue::Boolean(*value)),
        (Value::Array(items), None | Some(Strings)) => {
            let texts = items.iter().map(|item| Some(item.as_str()?.into()));
            texts.collect::<Option<Vec<_>>>().map(RuleValue::Strings)
        }
        _ => None,
    };
    if found.is_none() {
        let expected = match kind {
            None => "a string, a boolean or a list of strings",
            Some(kind) => kind.phrase(),
        };
        part.malformed(expected, report);
    }
    found
}

/// What an operation binds to parameters, the most specific first.
pub(super) fn bindings(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    links: &OperationLinks,
    report: &mut Report,
) -> Vec<RuleBinding> {
    let mut bindings = Vec::new();
    if let Some(applied) = flat.traits.get(TraitId::StaticContextParams) {
        let entries = ValuePart::new(applied).entries(report);
        for (name, part) in entries.unwrap_or_default() {
            let Some(written) = part.get("value") else {
                part.missing("value", "the value of the parameter", report);
                continue;
            };
            if let Some(value) = value(&written, None, report) {
                bindings.push(RuleBinding {
                    parameter: name.into(),
                    source: RuleSource::Static(value),
                    location: part.location(),
                });
            }
        }
    }
    let Some(input) = links.input else {
        return bindings;
    };
    for (index, member) in linked.index.flat(input).members.iter().enumerate() {
        let Some(applied) = member.traits.get(TraitId::ContextParam) else {
            continue;
        };
        let part = ValuePart::new(applied);
        part.entries(report);
        let Some(name) = part.required_string("name", report) else {
            continue;
        };
        let Some(target) = linked.targets[position(input)][index] else {
            continue;
        };
        match kind(linked, target) {
            Some(kind) => {
                let mut path = vec![InputStep::Member(index)];
                if kind == RuleParameterKind::Strings {
                    path.push(InputStep::Elements);
                }
                bindings.push(RuleBinding {
                    parameter: name,
                    source: RuleSource::Input {
                        path,
                        kind,
                        required: kind == RuleParameterKind::String
                            && member.traits.has(TraitId::Required),
                    },
                    location: part.location(),
                });
            }
            None => report.push(
                Diagnostic::new(
                    Code::EndpointRules,
                    format!(
                        "`{}` is {}, which cannot be the value of the parameter `{name}`",
                        part.shape(),
                        with_article(linked.index.flat(target).kind.name())
                    ),
                    part.location(),
                )
                .label("only strings, booleans and lists of strings can")
                .shape(part.shape()),
            ),
        }
    }
    if let Some(applied) = flat.traits.get(TraitId::OperationContextParams) {
        let entries = ValuePart::new(applied).entries(report);
        for (name, part) in entries.unwrap_or_default() {
            let Some(text) = part.required_string("path", report) else {
                continue;
            };
            match path::read(linked, input, &text) {
                Ok((path, kind)) => bindings.push(RuleBinding {
                    parameter: name.into(),
                    source: RuleSource::Input {
                        path,
                        kind,
                        required: false,
                    },
                    location: part.location(),
                }),
                Err(PathError::Invalid(why)) => report.push(
                    Diagnostic::new(
                        Code::EndpointRules,
                        format!("the path `{text}` of the parameter `{name}` is invalid: {why}"),
                        part.get("path").unwrap_or(part).location(),
                    )
                    .shape(flat.id.to_string()),
                ),
                Err(PathError::Unlinked) => {}
            }
        }
    }
    bindings
}

/// The type of parameters that a shape can be bound to.
fn kind(linked: &Links<'_, '_>, target: ShapeId) -> Option<RuleParameterKind> {
    let flat = linked.index.flat(target);
    match flat.kind {
        ShapeType::Simple(Simple::String) | ShapeType::Enum => Some(RuleParameterKind::String),
        ShapeType::Simple(Simple::Boolean) => Some(RuleParameterKind::Boolean),
        ShapeType::List | ShapeType::Set => {
            let element = (*linked.targets[position(target)].first()?)?;
            let is_text = kind(linked, element) == Some(RuleParameterKind::String);
            is_text.then_some(RuleParameterKind::Strings)
        }
        _ => None,
    }
}

/// `smithy.rules#endpointTests`.
pub(super) fn cases(flat: &FlatShape<'_>, report: &mut Report) -> Vec<EndpointCase> {
    let Some(applied) = flat.traits.get(TraitId::EndpointTests) else {
        return Vec::new();
    };
    let part = ValuePart::new(applied);
    part.entries(report);
    let cases = part.get("testCases").and_then(|part| part.items(report));
    let mut all = Vec::new();
    for case in cases.unwrap_or_default() {
        case.required_object("expect", report);
        let inputs = case.get("operationInputs");
        let inputs = inputs.and_then(|inputs| inputs.items(report));
        let names = inputs.unwrap_or_default();
        let names = names
            .iter()
            .filter_map(|input| input.required_string("operationName", report));
        all.push(EndpointCase {
            operations: names.collect(),
            value: case.value().to_static(),
        });
    }
    all
}
