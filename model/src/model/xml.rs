//! The XML binding traits.

/// The XML binding traits of a member (Smithy 2.0, "XML bindings").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlMember {
    /// `smithy.api#xmlName`.
    pub name: Option<Box<str>>,
    /// `smithy.api#xmlNamespace`.
    pub namespace: Option<XmlNamespace>,
    /// `smithy.api#xmlAttribute`.
    pub attribute: bool,
    /// `smithy.api#xmlFlattened`.
    pub flattened: bool,
}

/// The XML binding traits of a structure or union, which apply where it is the root of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlShape {
    /// Whether values of the shape are roots of documents: of inputs, outputs, payloads and events.
    /// Documents of errors have another root.
    pub is_root: bool,
    /// `smithy.api#xmlName`.
    pub name: Option<Box<str>>,
    /// `smithy.api#xmlNamespace`.
    pub namespace: Option<XmlNamespace>,
}

/// `smithy.api#xmlNamespace`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlNamespace {
    /// The URI.
    pub uri: Box<str>,
    /// The prefix; `None` for the default namespace.
    pub prefix: Option<Box<str>>,
}
