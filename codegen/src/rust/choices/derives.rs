//! What the traits of the standard library need to be derived.

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{Kind, Member, Model, Presence, Shape, ShapeId, Simple};

use super::{TypeChoices, shapes};
use crate::config::{Setting, TypeKind};
use crate::{CheckedModel, Config};

/// A trait of the standard library that can be derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StdTrait {
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
}

impl StdTrait {
    /// The trait that the macro with a path derives.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.replace(' ', "");
        let path = path.trim_start_matches("::");
        let (start, name) = path.rsplit_once("::").unwrap_or(("", path));
        if !["", "std", "core"].contains(&start.split("::").next().unwrap_or("")) {
            return None;
        }
        Some(match name {
            "Clone" => Self::Clone,
            "Copy" => Self::Copy,
            "Debug" => Self::Debug,
            "Default" => Self::Default,
            "Eq" => Self::Eq,
            "Hash" => Self::Hash,
            "Ord" => Self::Ord,
            "PartialEq" => Self::PartialEq,
            "PartialOrd" => Self::PartialOrd,
            _ => return None,
        })
    }

    /// Whether the generated type of a shape implements it without a rule.
    pub(super) fn is_implemented(self, kind: TypeKind, shape: &Shape) -> bool {
        match self {
            Self::Clone | Self::Debug | Self::PartialEq => true,
            Self::Eq | Self::Hash | Self::Ord | Self::PartialOrd => {
                matches!(kind, TypeKind::Enum | TypeKind::IntEnum)
            }
            Self::Copy => kind == TypeKind::IntEnum,
            Self::Default => {
                let mut members = shape.kind.members();
                kind == TypeKind::Structure
                    && !members.any(|member| member.presence == Presence::Required)
            }
        }
    }

    /// The traits that a type needs besides to implement it.
    fn required(self) -> &'static [(Self, &'static str)] {
        match self {
            Self::Ord => &[(Self::Eq, "Eq"), (Self::PartialOrd, "PartialOrd")],
            _ => &[],
        }
    }

    fn is_one_of(self, traits: &[Self]) -> bool {
        traits.contains(&self)
    }
}

/// Reports the derives of traits of the standard library that the compiler would reject, one
/// diagnostic for each derive of a rule.
pub(super) fn check(
    models: &[CheckedModel],
    choices: &[TypeChoices],
    config: &Config,
    report: &mut Report,
) {
    let rules = config.types.iter();
    for derive in rules.flat_map(|rule| &rule.derives) {
        let Some(derived) = StdTrait::of(&derive.text) else {
            continue;
        };
        let mut problems = Vec::new();
        for (CheckedModel { model, .. }, choices) in models.iter().zip(choices) {
            let map_type = config.map_type.as_ref();
            let types = Types {
                model,
                choices,
                map_type: map_type.map(|path| path.text.as_str()),
            };
            for (id, shape) in shapes(model) {
                let is_chosen = choices.shapes.get(id).is_some_and(|choice| {
                    let mut chosen = choice.derives.iter();
                    chosen.any(|chosen| chosen.at == derive.at && chosen.text == derive.text)
                });
                if is_chosen {
                    let problem = types.problem(id, shape, derived);
                    problems.extend(problem.map(|problem| (shape, problem)));
                }
            }
        }
        if let Some((first, others)) = problems.split_first() {
            report.push(diagnostic(derive, first, others));
        }
    }
}

/// Why a type cannot derive a trait.
struct Problem<'m> {
    reason: String,
    member: Option<&'m Member>,
}

fn diagnostic(
    derive: &Setting,
    (shape, problem): &(&Shape, Problem<'_>),
    others: &[(&Shape, Problem<'_>)],
) -> Diagnostic {
    let Problem { reason, member } = problem;
    let message = format!(
        "`{}` cannot derive `{}`: {reason}",
        shape.name,
        derive.text.trim()
    );
    let mut help = "let the rule match other types, or remove the derive".to_owned();
    if !others.is_empty() {
        let names = others.iter().take(8).map(|(shape, _)| shape.name.as_str());
        let names = names.collect::<Vec<_>>().join("`, `");
        let more = others.len().saturating_sub(8);
        let more = (more > 0).then(|| format!(" and {more} more"));
        help = format!(
            "{help}; these cannot derive it either: `{names}`{}",
            more.unwrap_or_default()
        );
    }
    let at = member.map_or(&shape.location, |member| &member.location);
    let what = if member.is_some() {
        "the member"
    } else {
        "the shape"
    };
    Diagnostic::new(Code::UnusableRule, message, derive.at.clone())
        .shape(&shape.name)
        .related_name(at.clone(), what)
        .help(help)
}

/// The generated types of a model.
struct Types<'c> {
    model: &'c Model,
    choices: &'c TypeChoices,
    /// The path of the type of maps; `None` for `BTreeMap`.
    map_type: Option<&'c str>,
}

impl<'c> Types<'c> {
    /// Why the type of a shape cannot derive a trait.
    fn problem(&self, id: ShapeId, shape: &'c Shape, derived: StdTrait) -> Option<Problem<'c>> {
        let whole = |reason: String| {
            Some(Problem {
                reason,
                member: None,
            })
        };
        for (required, name) in derived.required() {
            if !self.has(id, *required) {
                return whole(format!("it needs `{name}` as well, which is not derived"));
            }
        }
        match &shape.kind {
            // The variant for unknown values has a text.
            Kind::Enum(_) if derived == StdTrait::Copy => whole("it can hold any text".to_owned()),
            Kind::Enum(_) | Kind::IntEnum(_) if derived == StdTrait::Default => {
                let choice = self.choices.shapes.get(id);
                let members = choice
                    .into_iter()
                    .flat_map(|choice| choice.members.values());
                let attributes = members.flatten();
                let defaults = attributes.filter(|text| text.replace(' ', "") == "#[default]");
                match defaults.count() {
                    0 => whole(
                        "no variant has the attribute `#[default]`, which a rule for a member can \
                         add"
                        .to_owned(),
                    ),
                    1 => None,
                    _ => whole("more than one variant has the attribute `#[default]`".to_owned()),
                }
            }
            Kind::Union(_) if derived == StdTrait::Default => {
                whole("it is a union, which has no default".to_owned())
            }
            // The variant for unknown members has a name and a document.
            Kind::Union(_)
                if derived.is_one_of(&[StdTrait::Copy, StdTrait::Ord, StdTrait::PartialOrd]) =>
            {
                whole("it can hold a member of any type".to_owned())
            }
            Kind::Structure(structure)
                if structure.error.is_some()
                    && derived.is_one_of(&[
                        StdTrait::Copy,
                        StdTrait::Ord,
                        StdTrait::PartialOrd,
                    ]) =>
            {
                whole("an error has its response, which lacks it".to_owned())
            }
            Kind::Structure(_) | Kind::Union(_) => {
                let mut members = shape.kind.members();
                members.find_map(|member| {
                    let culprit = self.lacking(member, derived)?;
                    Some(Problem {
                        reason: format!("`{}` has {culprit}", member.name),
                        member: Some(member),
                    })
                })
            }
            _ => None,
        }
    }

    /// Whether the type of a shape implements a trait.
    fn has(&self, id: ShapeId, wanted: StdTrait) -> bool {
        let shape = &self.model.shapes[id];
        let is_derived = |path: &Setting| StdTrait::of(&path.text) == Some(wanted);
        TypeKind::of(shape).is_none_or(|kind| wanted.is_implemented(kind, shape))
            || self
                .choices
                .shapes
                .get(id)
                .is_some_and(|choice| choice.derives.iter().any(is_derived))
    }

    /// What in the field of a member lacks a trait.
    fn lacking(&self, member: &Member, wanted: StdTrait) -> Option<String> {
        use StdTrait::{Copy, Default, Eq, Hash, Ord, PartialOrd};
        let is_optional = matches!(member.presence, Presence::Optional(_));
        if wanted == Default && (is_optional || member.nullable) {
            return None;
        }
        let streams = member.streams_bytes(self.model) || member.streams_events(self.model);
        if streams && wanted.is_one_of(&[Copy, Eq, Hash, Ord, PartialOrd]) {
            return Some("a stream".to_owned());
        }
        if streams {
            return None;
        }
        // The map of unknown members has documents, in the order of the message.
        let is_map = matches!(self.model.shapes[member.target].kind, Kind::Map(_));
        if member.json_unknown && is_map {
            let lacks = wanted.is_one_of(&[Copy, Ord, PartialOrd]);
            return lacks.then(|| "documents".to_owned());
        }
        if wanted == Copy && member.boxed {
            return Some("a box".to_owned());
        }
        self.lacking_in(member.target, wanted)
    }

    /// What in the values of a shape lacks a trait.
    fn lacking_in(&self, id: ShapeId, wanted: StdTrait) -> Option<String> {
        use StdTrait::{Copy, Default, Eq, Hash, Ord, PartialOrd};
        if self.choices.is_replaced(id) {
            return None;
        }
        let lacks =
            |traits: &[StdTrait], what: &str| wanted.is_one_of(traits).then(|| what.to_owned());
        let shape = &self.model.shapes[id];
        match &shape.kind {
            Kind::Simple(simple) => match simple {
                Simple::Blob => lacks(&[Copy], "a blob"),
                Simple::String => lacks(&[Copy], "a string"),
                Simple::Float | Simple::Double => lacks(&[Eq, Hash, Ord], "a float"),
                Simple::BigInteger => lacks(&[Copy, Default], "a big number"),
                Simple::BigDecimal => lacks(&[Copy, Default, Ord, PartialOrd], "a big number"),
                Simple::Document => lacks(&[Copy, Ord, PartialOrd], "a document"),
                Simple::Boolean
                | Simple::Byte
                | Simple::Short
                | Simple::Integer
                | Simple::Long
                | Simple::Timestamp => None,
            },
            Kind::List(list) => match wanted {
                Copy => Some("a list".to_owned()),
                Default => None,
                _ => self.lacking_in(list.member.target, wanted),
            },
            Kind::Map(map) => {
                let path = self.map_type.unwrap_or("BTreeMap");
                let is_unordered = path.ends_with("HashMap") || path.ends_with("IndexMap");
                match wanted {
                    Copy => Some("a map".to_owned()),
                    Default => None,
                    Hash | Ord | PartialOrd if is_unordered => Some(format!("a `{path}`")),
                    _ => {
                        let lacking = self.lacking_in(map.key.target, wanted);
                        lacking.or_else(|| self.lacking_in(map.value.target, wanted))
                    }
                }
            }
            Kind::Enum(_) | Kind::IntEnum(_) | Kind::Structure(_) | Kind::Union(_) => {
                let name = &shape.name;
                (!self.has(id, wanted)).then(|| format!("a `{name}`, which does not derive it"))
            }
        }
    }
}
