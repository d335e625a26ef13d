//! What the documents state, in a form that can be held against a model.

use crate::documents::Place;
use crate::sample::Sample;

/// Everything read from one document, with whatever could not be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The methods of all resources, OPTIONS apart.
    pub(crate) operations: Vec<Operation>,
    /// Each section that describes a shape, as often as it is printed.
    pub(crate) shapes: Vec<Shape>,
    /// URI of each resource that lists OPTIONS with a bare 200.
    pub(crate) cors: Vec<String>,
    /// Lines that make no sense as they stand, and contradictions within the document.
    pub(crate) problems: Vec<String>,
}

/// A method of a resource.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Where its name stands.
    pub(crate) place: Place,
    /// Operation id.
    pub(crate) name: String,
    /// HTTP method and URI with `{label}`s; none where the protocol has none.
    pub(crate) route: Option<(String, String)>,
    /// Path parameters, all of which are required strings.
    pub(crate) labels: Vec<String>,
    /// The section that describes the body of the request.
    pub(crate) request: Option<Shape>,
    /// The sample of that body.
    pub(crate) request_sample: Option<Sample>,
    /// Status, shape, place.
    pub(crate) responses: Vec<(u16, String, Place)>,
    /// Shape and sample of each body of a response.
    pub(crate) response_samples: Vec<(String, Sample)>,
}

/// A section that describes a structure, or a list of values.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Where its name stands.
    pub(crate) place: Place,
    /// As printed.
    pub(crate) name: String,
    /// Members in the order of the document.
    pub(crate) members: Vec<Member>,
    /// Values, where the shape is an enumeration.
    pub(crate) values: Vec<String>,
    /// The description begins with `(DEPRECATED)`.
    pub(crate) deprecated: bool,
}

/// A member of a structure.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Where its name stands.
    pub(crate) place: Place,
    /// Name on the wire.
    pub(crate) name: String,
    /// Printed type.
    pub(crate) ty: Type,
    /// Printed flag.
    pub(crate) required: bool,
    /// Printed values of the member, or of the members of the list that it is.
    pub(crate) values: Vec<String>,
    /// Printed smallest and greatest number.
    pub(crate) range: Limits,
    /// Printed smallest and greatest length.
    pub(crate) length: Limits,
    /// Printed pattern.
    pub(crate) pattern: Option<String>,
    /// The description begins with `(DEPRECATED)`.
    pub(crate) deprecated: bool,
}

/// Smallest and greatest, as far as printed.
pub(crate) type Limits = (Option<u64>, Option<u64>);

/// A printed type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// `string`, with or without values.
    String,
    /// `number`.
    Number,
    /// `integer` with format `int32`.
    Integer,
    /// `boolean`.
    Boolean,
    /// `object`: anything.
    Object,
    /// `String to string map`.
    StringMap,
    /// The name of a shape with a section of its own.
    Named(String),
    /// `Array of type ..`.
    Array(Box<Type>),
}

impl Type {
    /// Reads `string`, `[Shape](#)`, `Array of type ..`; nothing where the text names no type.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(element) = text.strip_prefix("Array of type ") {
            return Self::parse(element).map(|element| Self::Array(Box::new(element)));
        }
        Some(match text {
            "string" | "String" => Self::String,
            "number" => Self::Number,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "String to string map" => Self::StringMap,
            _ => {
                let linked = text
                    .strip_prefix('[')
                    .and_then(|text| text.strip_suffix("](#)"));
                let name = linked
                    .or_else(|| text.strip_suffix(" object"))
                    .unwrap_or(text);
                if !is_name(name) || ["True", "False"].contains(&name) {
                    return None;
                }
                Self::Named(name.to_owned())
            }
        })
    }

    /// The shape that the type leads to.
    pub(crate) fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::Array(element) => element.named(),
            _ => None,
        }
    }
}

/// Whether the text is one identifier: the only mark by which names can be told from prose
/// throughout.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// `True` or `False`.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text {
        "True" | "Yes" => Some(true),
        "False" | "No" => Some(false),
        _ => None,
    }
}
