//! The traits that this crate reads, what each may be applied to, and where the applied ones stand.

use crate::source::At;

/// What a trait may be applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// To shapes of one of these kinds, and to members that target one.
    Value(&'static [On]),
    /// To shapes of one of these kinds, not to members.
    Shape(&'static [On]),
    /// To shapes of one of these kinds that also have this trait.
    Beside(&'static [On], &'static str),
    /// To shapes of one of these kinds, and to members of structures that target one.
    Default(&'static [On]),
    /// To members of structures that target one of these kinds.
    StructureMember(&'static [On]),
    /// To members of structures and unions.
    NamedMember,
}

/// Kinds of shape, as selectors of traits tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// `blob`.
    Blob,
    /// `boolean`.
    Boolean,
    /// `string`, `enum` included.
    String,
    /// `byte`, `short`, `integer` and `long`, `intEnum` included.
    WholeNumber,
    /// `float`, `double`, `bigInteger` and `bigDecimal`.
    OtherNumber,
    /// `timestamp`.
    Timestamp,
    /// `document`.
    Document,
    /// `list` and `set`.
    List,
    /// `map`.
    Map,
    /// `structure`.
    Structure,
    /// `union`.
    Union,
    /// `operation`.
    Operation,
    /// `service`.
    Service,
}

const NUMBER: &[On] = &[On::WholeNumber, On::OtherNumber];
/// Every kind of shape that carries data.
pub(crate) const ANY_DATA: &[On] = &[
    On::Blob,
    On::Boolean,
    On::String,
    On::WholeNumber,
    On::OtherNumber,
    On::Timestamp,
    On::Document,
    On::List,
    On::Map,
    On::Structure,
    On::Union,
];

const WITH_DEFAULT: &[On] = &[
    On::Blob,
    On::Boolean,
    On::String,
    On::WholeNumber,
    On::OtherNumber,
    On::Timestamp,
    On::Document,
    On::List,
    On::Map,
];

/// The traits that are read, sorted by id. Targets of the HTTP bindings are checked where the binding is, in its own words.
pub const KNOWN: &[(&str, Applies)] = &[
    ("aws.auth#sigv4", Applies::Shape(&[On::Service])),
    ("aws.auth#unsignedPayload", Applies::Shape(&[On::Operation])),
    (
        "aws.protocols#awsQueryCompatible",
        Applies::Shape(&[On::Service]),
    ),
    (
        "aws.protocols#awsQueryError",
        Applies::Beside(&[On::Structure], "smithy.api#error"),
    ),
    ("drawplate#basePath", Applies::Shape(&[On::Service])),
    ("drawplate#validationError", Applies::Shape(&[On::Service])),
    ("smithy.api#cors", Applies::Shape(&[On::Service])),
    ("smithy.api#default", Applies::Default(WITH_DEFAULT)),
    ("smithy.api#endpoint", Applies::Shape(&[On::Operation])),
    ("smithy.api#enum", Applies::Shape(&[On::String])),
    ("smithy.api#error", Applies::Shape(&[On::Structure])),
    ("smithy.api#eventHeader", Applies::StructureMember(ANY_DATA)),
    (
        "smithy.api#eventPayload",
        Applies::StructureMember(ANY_DATA),
    ),
    ("smithy.api#hostLabel", Applies::StructureMember(ANY_DATA)),
    ("smithy.api#http", Applies::Shape(&[On::Operation])),
    (
        "smithy.api#httpChecksumRequired",
        Applies::Shape(&[On::Operation]),
    ),
    (
        "smithy.api#httpError",
        Applies::Beside(&[On::Structure], "smithy.api#error"),
    ),
    ("smithy.api#httpHeader", Applies::StructureMember(ANY_DATA)),
    ("smithy.api#httpLabel", Applies::StructureMember(ANY_DATA)),
    ("smithy.api#httpPayload", Applies::StructureMember(ANY_DATA)),
    (
        "smithy.api#httpPrefixHeaders",
        Applies::StructureMember(ANY_DATA),
    ),
    ("smithy.api#httpQuery", Applies::StructureMember(ANY_DATA)),
    (
        "smithy.api#httpQueryParams",
        Applies::StructureMember(ANY_DATA),
    ),
    (
        "smithy.api#httpResponseCode",
        Applies::StructureMember(ANY_DATA),
    ),
    (
        "smithy.api#idempotencyToken",
        Applies::StructureMember(&[On::String]),
    ),
    ("smithy.api#idempotent", Applies::Shape(&[On::Operation])),
    ("smithy.api#input", Applies::Shape(&[On::Structure])),
    ("smithy.api#jsonName", Applies::NamedMember),
    (
        "smithy.api#length",
        Applies::Value(&[On::String, On::Blob, On::List, On::Map]),
    ),
    (
        "smithy.api#mediaType",
        Applies::Value(&[On::String, On::Blob]),
    ),
    ("smithy.api#output", Applies::Shape(&[On::Structure])),
    (
        "smithy.api#paginated",
        Applies::Shape(&[On::Operation, On::Service]),
    ),
    ("smithy.api#pattern", Applies::Value(&[On::String])),
    ("smithy.api#range", Applies::Value(NUMBER)),
    ("smithy.api#readonly", Applies::Shape(&[On::Operation])),
    (
        "smithy.api#requestCompression",
        Applies::Shape(&[On::Operation]),
    ),
    ("smithy.api#required", Applies::StructureMember(ANY_DATA)),
    (
        "smithy.api#requiresLength",
        Applies::Beside(&[On::Blob], "smithy.api#streaming"),
    ),
    (
        "smithy.api#retryable",
        Applies::Beside(&[On::Structure], "smithy.api#error"),
    ),
    ("smithy.api#sparse", Applies::Shape(&[On::List, On::Map])),
    (
        "smithy.api#streaming",
        Applies::Shape(&[On::Blob, On::Union]),
    ),
    (
        "smithy.api#timestampFormat",
        Applies::Value(&[On::Timestamp]),
    ),
    ("smithy.api#uniqueItems", Applies::Shape(&[On::List])),
    (
        "smithy.test#eventStreamTests",
        Applies::Shape(&[On::Operation]),
    ),
    (
        "smithy.test#httpMalformedRequestTests",
        Applies::Shape(&[On::Operation]),
    ),
    (
        "smithy.test#httpRequestTests",
        Applies::Shape(&[On::Operation]),
    ),
    (
        "smithy.test#httpResponseTests",
        Applies::Shape(&[On::Operation, On::Structure]),
    ),
];

/// The traits of [`KNOWN`] that are applied to one shape, member, operation or service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// Index into [`KNOWN`], and the place where it is not `traits/<id>` below what it is applied to.
    applied: Vec<(u8, Option<At>)>,
}

impl Traits {
    /// Notes that the trait `id` is applied to what stands at `owner`, and that its value stands at `at`. Traits that are not
    /// in [`KNOWN`] are not noted.
    pub fn add(&mut self, id: &str, at: &At, owner: &At) {
        let Some(index) = index(id) else { return };
        let elsewhere = (*at != place(id, owner)).then(|| at.clone());
        self.applied.retain(|(known, _)| *known != index);
        self.applied.push((index, elsewhere));
        self.applied.sort_by_key(|(known, _)| *known);
    }

    /// Whether the trait `id`, one of [`KNOWN`], is applied.
    pub fn has(&self, id: &str) -> bool {
        index(id).is_some_and(|index| self.applied.iter().any(|(known, _)| *known == index))
    }

    /// Where the trait `id` stands; `owner` itself if it is not applied.
    pub fn at(&self, id: &str, owner: &At) -> At {
        self.iter(owner)
            .find(|(known, _, _)| *known == id)
            .map_or_else(|| owner.clone(), |(_, _, at)| at)
    }

    /// The applied traits, sorted by id: id, what it may be applied to, where it stands. `owner` is where that stands which
    /// they are applied to.
    pub fn iter<'a>(
        &'a self,
        owner: &'a At,
    ) -> impl Iterator<Item = (&'static str, Applies, At)> + 'a {
        self.applied.iter().map(move |(known, elsewhere)| {
            let (id, applies) = KNOWN[usize::from(*known)];
            (
                id,
                applies,
                elsewhere.clone().unwrap_or_else(|| place(id, owner)),
            )
        })
    }
}

fn index(id: &str) -> Option<u8> {
    let found = KNOWN.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
    u8::try_from(found).ok()
}

fn place(id: &str, owner: &At) -> At {
    // No id in KNOWN holds a character that a JSON pointer escapes.
    At {
        source: owner.source,
        pointer: format!("{}/traits/{id}", owner.pointer).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_small() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KNOWN.len() < usize::from(u8::MAX));
    }

    #[test]
    fn a_trait_stands_below_its_owner_unless_it_was_applied_from_elsewhere() {
        let owner = At {
            source: None,
            pointer: "/shapes/a#B".into(),
        };
        let apply = At {
            source: None,
            pointer: "/shapes/a#Apply/traits/smithy.api#length".into(),
        };
        let mut traits = Traits::default();
        traits.add(
            "smithy.api#range",
            &place("smithy.api#range", &owner),
            &owner,
        );
        traits.add("smithy.api#length", &apply, &owner);
        traits.add("smithy.api#documentation", &apply, &owner);
        let found: Vec<_> = traits
            .iter(&owner)
            .map(|(id, _, at)| (id, at.pointer))
            .collect();
        assert_eq!(
            found,
            [
                (
                    "smithy.api#length",
                    "/shapes/a#Apply/traits/smithy.api#length".into()
                ),
                (
                    "smithy.api#range",
                    "/shapes/a#B/traits/smithy.api#range".into()
                )
            ]
        );
        assert!(traits.has("smithy.api#range") && !traits.has("smithy.api#pattern"));
    }
}
