//! What the configuration chooses for types: derives, attributes and replacements.

mod derives;

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::did_you_mean;
use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, Member, Model, Operation, Paginated, Shape, ShapeId};
use drawplate_model::traits::{Applied, TraitId};
use proc_macro2::TokenStream;
use quote::quote;

use self::derives::StdTrait;
use super::syntax::{self, Path};
use crate::config::{ReplacedShapes, Replacement, Setting, TypeKind, TypeRule, matches};
use crate::{CheckedModel, Config};

/// The choices for the types of a model. They are kept as texts, because threads cannot share
/// tokens.
#[derive(Debug, Default)]
pub(crate) struct TypeChoices {
    /// The type of maps; `None` for `BTreeMap`.
    map: Option<String>,
    shapes: ArenaMap<ShapeId, Choice>,
}

/// The choices for the type of a shape.
#[derive(Debug, Default)]
struct Choice {
    derives: Vec<Setting>,
    attributes: Vec<String>,
    /// The attributes of fields and variants, by the index of the member.
    members: BTreeMap<usize, Vec<String>>,
    replacement: Option<Chosen>,
}

#[derive(Debug)]
struct Chosen {
    path: String,
    rule: Setting,
}

impl TypeChoices {
    /// The path of the type of maps.
    pub(crate) fn map(&self) -> TokenStream {
        match &self.map {
            None => quote!(::std::collections::BTreeMap),
            Some(path) => tokens(path),
        }
    }

    /// The derives and attributes of the type of a shape.
    pub(crate) fn attributes(&self, id: ShapeId) -> Option<TokenStream> {
        let Choice {
            derives,
            attributes,
            members: _,
            replacement: _,
        } = self.shapes.get(id)?;
        let derives = derives.iter().map(|path| tokens(&path.text));
        let derives = derives.collect::<Vec<_>>();
        let derives = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
        let attributes = attributes.iter().map(|attribute| tokens(attribute));
        Some(quote!(#derives #(#attributes)*))
    }

    /// The attributes of the field or variant of a member.
    pub(crate) fn member_attributes(&self, id: ShapeId, index: usize) -> Option<TokenStream> {
        let attributes = self.shapes.get(id)?.members.get(&index)?;
        let attributes = attributes.iter().map(|attribute| tokens(attribute));
        Some(attributes.collect())
    }

    /// Whether a type of the user's is used for a shape.
    pub(crate) fn is_replaced(&self, id: ShapeId) -> bool {
        let choice = self.shapes.get(id);
        choice.is_some_and(|choice| choice.replacement.is_some())
    }

    /// The type of the user's that is used for a shape.
    pub(crate) fn replacement(&self, id: ShapeId) -> Option<TokenStream> {
        let Chosen { path, rule: _ } = self.shapes.get(id)?.replacement.as_ref()?;
        Some(tokens(path))
    }

    fn choice(&mut self, id: ShapeId) -> &mut Choice {
        self.shapes.entry(id).or_default()
    }
}

/// The tokens of a text that was parsed before.
fn tokens(text: &str) -> TokenStream {
    let tokens = text.parse();
    tokens.expect("the configuration was checked to be Rust")
}

/// The choices for each model. What is wrong with them goes to `report`.
pub(crate) fn choices(
    models: &[CheckedModel],
    config: &Config,
    report: &mut Report,
) -> Vec<TypeChoices> {
    let map = config.map_type.as_ref();
    let map = map.filter(|path| check_path(path, syntax::simple_path, report));
    let map = map.map(|path| path.text.clone());
    let mut choices = models
        .iter()
        .map(|_| TypeChoices {
            map: map.clone(),
            ..TypeChoices::default()
        })
        .collect::<Vec<_>>();
    for rule in &config.types {
        add_attributes(models, rule, &mut choices, report);
    }
    for replacement in &config.replacements {
        add_replacement(models, replacement, &mut choices, report);
    }
    derives::check(models, &choices, config, report);
    choices
}

/// The shapes that the services of a model have.
fn shapes(model: &Model) -> impl Iterator<Item = (ShapeId, &Shape)> {
    let services = model.services.values();
    let ids = services.flat_map(|service| service.shapes.iter().copied());
    let ids = ids.collect::<BTreeSet<_>>();
    ids.into_iter().map(|id| (id, &model.shapes[id]))
}

fn add_attributes(
    models: &[CheckedModel],
    rule: &TypeRule,
    choices: &mut [TypeChoices],
    report: &mut Report,
) {
    let TypeRule {
        patterns,
        kinds,
        derives,
        attributes,
    } = rule;
    let derives = derives.iter().filter(|path| check_derive(path, report));
    let derives = derives.collect::<Vec<_>>();
    let attributes = attributes
        .iter()
        .filter(|attribute| check_attribute(attribute, report));
    let attributes = attributes.collect::<Vec<_>>();
    let is_wanted = |kind: TypeKind| kinds.is_empty() || kinds.contains(&kind);
    for pattern in patterns {
        let of_members = pattern.text.contains('$');
        if let Some(derive) = derives.first().filter(|_| of_members) {
            report.push(derive_of_members(pattern, derive));
            continue;
        }
        let mut used = false;
        for (CheckedModel { model, .. }, choices) in models.iter().zip(choices.iter_mut()) {
            for (id, shape) in shapes(model) {
                let Some(kind) = TypeKind::of(shape).filter(|kind| is_wanted(*kind)) else {
                    continue;
                };
                if of_members {
                    for (index, _) in members_matching(shape, &pattern.text) {
                        used = true;
                        let members = &mut choices.choice(id).members;
                        add_missing(members.entry(index).or_default(), &attributes);
                    }
                } else if matches(&pattern.text, shape.name.as_str()) {
                    used = true;
                    let choice = choices.choice(id);
                    for derive in &derives {
                        let chosen = choice.derives.iter().any(|path| path.text == derive.text);
                        if !chosen && !has(kind, shape, &derive.text) {
                            choice.derives.push((*derive).clone());
                        }
                    }
                    add_missing(&mut choice.attributes, &attributes);
                }
            }
        }
        if !used {
            report.push(unused_pattern(models, kinds, pattern, of_members));
        }
    }
}

/// Adds the attributes that a type, field or variant does not have yet.
fn add_missing(to: &mut Vec<String>, attributes: &[&Setting]) {
    for attribute in attributes {
        if !to.contains(&attribute.text) {
            to.push(attribute.text.clone());
        }
    }
}

/// The ids of the members that have a field or variant.
fn member_ids(shape: &Shape) -> Vec<String> {
    let names = match &shape.kind {
        Kind::Enum(values) => values.iter().map(|value| &value.name).collect::<Vec<_>>(),
        Kind::IntEnum(values) => values.iter().map(|value| &value.name).collect(),
        kind => kind.members().map(|member| &member.name).collect(),
    };
    let id = |name| format!("{}${name}", shape.name);
    names.into_iter().map(id).collect()
}

/// The members whose ids match a pattern, with their indexes.
fn members_matching(shape: &Shape, pattern: &str) -> impl Iterator<Item = (usize, String)> {
    let members = member_ids(shape).into_iter().enumerate();
    members.filter(move |(_, id)| matches(pattern, id))
}

fn derive_of_members(pattern: &Setting, derive: &Setting) -> Diagnostic {
    let message = format!(
        "`{}` matches members, which cannot derive `{}`",
        pattern.text, derive.text
    );
    Diagnostic::new(Code::UnusableRule, message, pattern.at.clone())
        .related(derive.at.clone(), "types derive it")
        .help("write one table `[[types]]` for the types and one for the members")
}

fn unused_pattern(
    models: &[CheckedModel],
    kinds: &[TypeKind],
    pattern: &Setting,
    of_members: bool,
) -> Diagnostic {
    let names = kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>();
    let what = match (names.as_slice(), of_members) {
        ([], false) => "type".to_owned(),
        ([], true) => "member".to_owned(),
        (names, false) => names.join(" or "),
        (names, true) => format!("member of a {}", names.join(" or ")),
    };
    let message = format!("`{}` matches no {what} that is generated", pattern.text);
    let generated = models.iter().flat_map(|model| shapes(&model.model));
    let generated = generated.map(|(_, shape)| shape).filter(|shape| {
        TypeKind::of(shape).is_some_and(|kind| kinds.is_empty() || kinds.contains(&kind))
    });
    if of_members {
        let known = generated.flat_map(member_ids).collect::<Vec<_>>();
        unused(pattern, message, known.iter().map(String::as_str))
    } else {
        unused(pattern, message, generated.map(|shape| shape.name.as_str()))
    }
}

/// Whether a generated type implements what a macro derives.
fn has(kind: TypeKind, shape: &Shape, path: &str) -> bool {
    if let Some(derived) = StdTrait::of(path) {
        return derived.is_implemented(kind, shape);
    }
    let path = path.replace(' ', "");
    let name = path.trim_start_matches("::").trim_start_matches("serde::");
    ["Deserialize", "Serialize"].contains(&name)
}

fn add_replacement(
    models: &[CheckedModel],
    Replacement { of, with }: &Replacement,
    choices: &mut [TypeChoices],
    report: &mut Report,
) {
    if !check_path(with, syntax::type_path, report) {
        return;
    }
    let rule = of.setting();
    let mut used = false;
    for (CheckedModel { model, .. }, choices) in models.iter().zip(choices) {
        let irreplaceable = irreplaceable(model);
        for (id, shape) in shapes(model).filter(|(_, shape)| of.contains(shape)) {
            used = true;
            if let Some(problem) = irreplaceable.get(&id) {
                let message = format!("`{}` cannot be replaced: {problem}", shape.name);
                let diagnostic = Diagnostic::new(Code::UnusableRule, message, rule.at.clone());
                report.push(
                    diagnostic
                        .shape(&shape.name)
                        .related_name(shape.location.clone(), "the shape")
                        .help(
                            "replace the shapes of its members, or give it derives and attributes",
                        ),
                );
                continue;
            }
            let choice = choices.choice(id);
            match &choice.replacement {
                Some(other) if other.path != with.text => {
                    let message =
                        format!("two rules replace `{}` with different types", shape.name);
                    let diagnostic = Diagnostic::new(Code::UnusableRule, message, rule.at.clone());
                    report.push(
                        diagnostic
                            .shape(&shape.name)
                            .related(other.rule.at.clone(), "this rule replaces it as well")
                            .help("let one of them match other shapes"),
                    );
                }
                Some(_) => {}
                None => {
                    choice.replacement = Some(Chosen {
                        path: with.text.clone(),
                        rule: rule.clone(),
                    });
                }
            }
        }
    }
    if used {
        return;
    }
    let generated = || models.iter().flat_map(|model| shapes(&model.model));
    report.push(match of {
        ReplacedShapes::Matching(pattern) => {
            let message = format!("`{}` matches no shape that is generated", pattern.text);
            let names = generated().map(|(_, shape)| shape.name.as_str());
            unused(pattern, message, names)
        }
        ReplacedShapes::WithTrait(id) => {
            let message = format!("no shape that is generated has the trait `{}`", id.text);
            let traits = generated().flat_map(|(_, shape)| shape.traits.iter());
            unused(id, message, traits.map(Applied::id))
        }
    });
}

/// The shapes for which generated code needs types of its own, each with the reason.
fn irreplaceable(model: &Model) -> BTreeMap<ShapeId, String> {
    let mut reasons = BTreeMap::new();
    for (id, shape) in shapes(model) {
        let Shape { name, kind, .. } = shape;
        if kind.error().is_some() {
            reasons.insert(id, "it is an error".to_owned());
        }
        if shape.traits.has(TraitId::Streaming) {
            reasons.insert(id, "it is a stream".to_owned());
        }
        let message = kind.error().and_then(|error| error.message);
        let message = message.and_then(|index| kind.members().nth(index));
        if let Some(Member {
            name: member,
            target,
            ..
        }) = message
        {
            let reason = format!("it is the message of an error, `{name}${member}`");
            reasons.insert(*target, reason);
        }
        if matches!(kind, Kind::Union(union) if union.streaming) {
            for event in kind.members() {
                reasons.insert(event.target, format!("it is an event of `{name}`"));
            }
        }
    }
    let services = model.services.values();
    for operation in services.flat_map(|service| model.operations_of(service)) {
        let name = &operation.name;
        for id in path_of_items(model, operation) {
            reasons.insert(id, format!("it holds the items of `{name}`"));
        }
        reasons.insert(operation.input, format!("it is the input of `{name}`"));
        reasons.insert(operation.output, format!("it is the output of `{name}`"));
    }
    reasons
}

/// The shapes on the way from an output to the items of its page.
fn path_of_items(model: &Model, operation: &Operation) -> Vec<ShapeId> {
    let Some(Paginated {
        items: Some(path), ..
    }) = &operation.paginated
    else {
        return Vec::new();
    };
    let mut holder = operation.output;
    let mut shapes = Vec::new();
    for index in path {
        let mut members = model.shapes[holder].kind.members().skip(*index);
        let Some(Member { target, .. }) = members.next() else {
            break;
        };
        holder = *target;
        shapes.push(holder);
    }
    shapes
}

fn unused<'c>(
    setting: &Setting,
    message: String,
    known: impl Iterator<Item = &'c str>,
) -> Diagnostic {
    let help = did_you_mean(&setting.text, known).unwrap_or_else(|| {
        "a pattern is the id of a shape, `namespace#Shape`, or of a member, \
         `namespace#Shape$member`; `*` stands for any text"
            .to_owned()
    });
    Diagnostic::new(Code::UnusedRule, message, setting.at.clone()).help(help)
}

/// Whether a setting is the path of a type that every module can name; if not, it is reported.
fn check_path(
    path: &Setting,
    parse: fn(&str) -> Result<Path, String>,
    report: &mut Report,
) -> bool {
    let help =
        "write the path from the root of a crate, such as `::money::Money` or `crate::Money`";
    let problem = match parse(&path.text) {
        Err(error) => format!("`{}` is not the path of a type: {error}", path.text),
        Ok(Path { first, segments }) => {
            if segments > 1 && first != "self" && first != "super" {
                return true;
            }
            format!(
                "`{}` is relative: it is not the same type in every module",
                path.text
            )
        }
    };
    report.push(Diagnostic::new(Code::UnusableRule, problem, path.at.clone()).help(help));
    false
}

fn check_derive(path: &Setting, report: &mut Report) -> bool {
    let Err(error) = syntax::simple_path(&path.text) else {
        return true;
    };
    let message = format!("`{}` is not the path of a derive macro: {error}", path.text);
    let diagnostic = Diagnostic::new(Code::UnusableRule, message, path.at.clone());
    report.push(diagnostic.help("write a path such as `Hash` or `::strum::EnumIter`"));
    false
}

fn check_attribute(attribute: &Setting, report: &mut Report) -> bool {
    let Err(problem) = syntax::attributes(&attribute.text) else {
        return true;
    };
    let message = format!("`{}` is not an attribute: {problem}", attribute.text);
    let diagnostic = Diagnostic::new(Code::UnusableRule, message, attribute.at.clone());
    report.push(diagnostic.help("write a whole attribute, such as `#[must_use]`"));
    false
}
