//! Applied traits, and how their values are read.

use std::ops::Deref;

use crate::ast::{Json, Object};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{At, SourceId};
use crate::traits::KNOWN;

/// Where a shape, member or reference stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) source: Option<SourceId>,
    /// The key in `shapes`.
    pub(super) shape: &'a str,
    pub(super) path: Path<'a>,
}

/// Where something stands in a shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'a> {
    Shape,
    /// A member of `members`.
    Member(&'a str),
    /// `member`, `key` or `value`.
    Part(&'a str),
    /// A property of a service, resource or operation.
    Link(&'static str, Option<usize>),
    /// A key of `rename`.
    Rename(&'a str),
}

impl<'a> Site<'a> {
    pub(super) fn of_shape(source: Option<SourceId>, shape: &'a str) -> Self {
        Self {
            source,
            shape,
            path: Path::Shape,
        }
    }

    pub(super) fn at(self) -> At {
        let at = At {
            source: self.source,
            pointer: "/shapes".into(),
        }
        .join(self.shape);
        match self.path {
            Path::Shape => at,
            Path::Member(name) => at.join("members").join(name),
            Path::Part(name) => at.join(name),
            Path::Link(property, None) => at.join(property),
            Path::Link(property, Some(index)) => at.join(property).join(&index.to_string()),
            Path::Rename(id) => at.join("rename").join(id),
        }
    }

    /// The shape id, with the member's name for a member.
    pub(super) fn id(self) -> String {
        match self.path {
            Path::Member(name) | Path::Part(name) => format!("{}${name}", self.shape),
            _ => self.shape.to_owned(),
        }
    }
}

/// A trait as it is applied somewhere.
#[derive(Clone, Debug)]
pub(super) struct Trait<'a> {
    pub(super) id: &'a str,
    pub(super) value: Value<'a>,
    /// What it is applied to, or the `apply` that does so.
    pub(super) site: Site<'a>,
}

/// The value of a trait. (`Cow` would tie lifetimes together that need not be the same.)
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// As written in one place.
    Borrowed(&'a Json<'a>),
    /// Lists of several places.
    Joined(Json<'a>),
}

impl<'a> Deref for Value<'a> {
    type Target = Json<'a>;

    fn deref(&self) -> &Json<'a> {
        match self {
            Self::Borrowed(json) => json,
            Self::Joined(json) => json,
        }
    }
}

/// The traits of a shape or member, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Traits<'a>(Vec<Trait<'a>>);

impl<'a> Traits<'a> {
    pub(super) fn new(object: &'a Object<'a>, site: Site<'a>) -> Self {
        let applied = |(id, value)| Trait {
            id,
            value: Value::Borrowed(value),
            site,
        };
        Self(object.iter().map(applied).collect())
    }

    pub(super) fn get(&self, id: &str) -> Option<&Trait<'a>> {
        self.0.iter().find(|applied| applied.id == id)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Trait<'a>> {
        self.0.iter()
    }

    /// Adds traits that take precedence over those that are there.
    pub(super) fn supersede(&mut self, others: impl IntoIterator<Item = Trait<'a>>) {
        for other in others {
            match self.0.iter_mut().find(|applied| applied.id == other.id) {
                Some(applied) => *applied = other,
                None => self.0.push(other),
            }
        }
    }

    /// Adds traits of the same rank (Smithy 2.0, "Trait conflict resolution"): equal values are one, lists are joined,
    /// anything else is a conflict.
    pub(super) fn join(&mut self, others: Traits<'a>, report: &mut Report) {
        for other in others.0 {
            let Some(applied) = self.0.iter_mut().find(|applied| applied.id == other.id) else {
                self.0.push(other);
                continue;
            };
            if *applied.value == *other.value {
                continue;
            }
            if let (Json::Array(items), Json::Array(more)) = (&*applied.value, &*other.value) {
                let joined = items.iter().chain(more).cloned().collect();
                applied.value = Value::Joined(Json::Array(joined));
                continue;
            }
            let message = format!(
                "`{}` gets `{}` with two different values",
                other.site.id(),
                other.id
            );
            report.push(
                Diagnostic::new(Code::ConflictingTraits, message, other.at())
                    .label("this value")
                    .shape(other.site.id())
                    .other(applied.at(), "differs from this one")
                    .help("remove one of them"),
            );
        }
    }

    /// Which traits are applied to what stands at `owner`, for the model.
    pub(super) fn applied(&self, owner: &At) -> crate::traits::Traits {
        let mut applied = crate::traits::Traits::default();
        for known in self.iter().filter(|applied| is_known(applied.id)) {
            applied.add(known.id, &known.at(), owner);
        }
        applied
    }

    /// Whether an annotation trait is there.
    pub(super) fn annotation(&self, id: &str, report: &mut Report) -> bool {
        let Some(applied) = self.get(id) else {
            return false;
        };
        if !matches!(&*applied.value, Json::Object(_) | Json::Bool(true)) {
            applied.malformed(&[], "an empty object", report);
        }
        true
    }

    /// The value of a trait that is a string.
    pub(super) fn string(&self, id: &str, report: &mut Report) -> Option<&str> {
        let applied = self.get(id)?;
        let text = applied.text();
        if text.is_none() {
            applied.malformed(&[], "a string", report);
        }
        text
    }

    /// The fields of a trait that is an object.
    pub(super) fn fields(&self, id: &str, report: &mut Report) -> Option<Fields<'_, 'a>> {
        let applied = self.get(id)?;
        let Json::Object(object) = &*applied.value else {
            applied.malformed(&[], "an object", report);
            return None;
        };
        Some(Fields { applied, object })
    }

    /// The value of a trait that is a list of strings.
    pub(super) fn strings(&self, id: &str, report: &mut Report) -> Option<Vec<&str>> {
        let applied = self.get(id)?;
        strings(applied, &applied.value, &[], report)
    }
}

impl<'a> IntoIterator for Traits<'a> {
    type Item = Trait<'a>;
    type IntoIter = std::vec::IntoIter<Trait<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Trait<'_> {
    /// Where its value stands.
    pub(super) fn at(&self) -> At {
        self.site.at().of_trait(self.id)
    }

    /// Its value, if that is a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &*self.value {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Reports that the value, or the part of it at `path`, is not what is expected.
    pub(super) fn malformed(&self, path: &[&str], expected: &str, report: &mut Report) {
        let part = path
            .iter()
            .try_fold(&*self.value, |json, token| match json {
                Json::Object(object) => object.get(token),
                Json::Array(items) => items.get(token.parse::<usize>().ok()?),
                _ => None,
            });
        let found = match part {
            None => "nothing".to_owned(),
            Some(Json::Number(number)) => number.to_string(),
            Some(Json::String(text)) if text.chars().count() <= 40 => format!("{text:?}"),
            Some(other) => other.phrase().to_owned(),
        };
        let what = match path.split_last() {
            Some((key, _)) if key.parse::<usize>().is_err() => format!("`{key}` of `{}`", self.id),
            Some(_) => format!("an element of `{}`", self.id),
            None => format!("`{}`", self.id),
        };
        let message = format!("{what} must be {expected}, not {found}");
        let at = path.iter().fold(self.at(), |at, token| at.join(token));
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, at)
                .label(format!("{expected} is expected here"))
                .shape(self.site.id()),
        );
    }
}

fn strings<'v>(
    applied: &Trait<'_>,
    value: &'v Json<'_>,
    path: &[&str],
    report: &mut Report,
) -> Option<Vec<&'v str>> {
    let Json::Array(items) = value else {
        applied.malformed(path, "an array of strings", report);
        return None;
    };
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Json::String(text) = item {
            texts.push(&**text);
        } else {
            let index = index.to_string();
            let path: Vec<&str> = path.iter().copied().chain([&*index]).collect();
            applied.malformed(&path, "a string", report);
        }
    }
    Some(texts)
}

fn is_known(id: &str) -> bool {
    KNOWN
        .binary_search_by(|(known, _)| (*known).cmp(id))
        .is_ok()
}

/// The fields of a trait whose value is an object; each reader reports a field of the wrong type and passes over it.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t, 'a> {
    pub(super) applied: &'t Trait<'a>,
    object: &'t Object<'a>,
}

impl<'t, 'a> Fields<'t, 'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'t Json<'a>> {
        self.object.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'t str> + use<'t, 'a> {
        self.object.iter().map(|(key, _)| key)
    }

    pub(super) fn string(&self, key: &str, report: &mut Report) -> Option<&'t str> {
        let Json::String(text) = self.get(key)? else {
            self.applied.malformed(&[key], "a string", report);
            return None;
        };
        Some(text)
    }

    /// A string that must be there.
    pub(super) fn needed_string(&self, key: &str, report: &mut Report) -> Option<&'t str> {
        if self.get(key).is_none() {
            let message = format!("`{}` has no `{key}`", self.applied.id);
            report.push(
                Diagnostic::new(Code::MalformedTrait, message, self.applied.at())
                    .shape(self.applied.site.id())
                    .help(format!("add `\"{key}\"` with a string")),
            );
        }
        self.string(key, report)
    }

    pub(super) fn boolean(&self, key: &str, report: &mut Report) -> Option<bool> {
        let Json::Bool(value) = self.get(key)? else {
            self.applied.malformed(&[key], "a boolean", report);
            return None;
        };
        Some(*value)
    }

    /// A whole number that is not negative.
    pub(super) fn natural(&self, key: &str, report: &mut Report) -> Option<u64> {
        let value = natural(self.get(key)?);
        if value.is_none() {
            self.applied
                .malformed(&[key], "a whole number of 0 or more", report);
        }
        value
    }

    pub(super) fn strings(&self, key: &str, report: &mut Report) -> Option<Vec<&'t str>> {
        strings(self.applied, self.get(key)?, &[key], report)
    }
}

/// A JSON number without a fraction that is not negative.
pub(super) fn natural(json: &Json<'_>) -> Option<u64> {
    let Json::Number(number) = json else {
        return None;
    };
    number
        .as_u64()
        .or_else(|| integer(json).and_then(|value| u64::try_from(value).ok()))
}

/// A JSON number without a fraction and within 64 bits; `5.0` is one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "within the range where every integer is an f64"
)]
pub(super) fn integer(json: &Json<'_>) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Json::Number(number) = json else {
        return None;
    };
    number.as_i64().or_else(|| {
        let value = number.as_f64()?;
        (value.fract() == 0.0 && value.abs() <= EXACT && !number.is_u64()).then_some(value as i64)
    })
}
