//! The XML binding traits of shapes and members (Smithy 2.0, "XML bindings").

use super::{Member, Schema};

/// A namespace of names in XML (`xmlNamespace`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlNamespace {
    /// Its URI.
    pub uri: &'static str,
    /// Its prefix; `None` for the default namespace.
    pub prefix: Option<&'static str>,
}

/// The XML traits of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlMember {
    /// The name of the element or attribute, if it is not the default (`xmlName`).
    pub name: Option<&'static str>,
    /// The namespace that its element declares (`xmlNamespace`).
    pub namespace: Option<&'static XmlNamespace>,
    /// Whether it is an attribute (`xmlAttribute`).
    pub attribute: bool,
    /// Whether the elements of the list or map are elements of the structure (`xmlFlattened`).
    pub flattened: bool,
}

impl XmlMember {
    /// A member without XML traits.
    pub(super) const NONE: Self = Self {
        name: None,
        namespace: None,
        attribute: false,
        flattened: false,
    };
}

/// The XML traits of a shape, which apply to the root element of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlShape {
    /// The name of the element, if it is not that of the shape (`xmlName`).
    pub name: Option<&'static str>,
    /// The namespace that the element declares: that of the shape or of the service
    /// (`xmlNamespace`).
    pub namespace: Option<&'static XmlNamespace>,
    /// Whether the root element is that of the only member
    /// (`aws.customizations#s3UnwrappedXmlOutput`).
    pub unwrapped: bool,
}

impl XmlShape {
    /// A shape without XML traits.
    pub(super) const NONE: Self = Self {
        name: None,
        namespace: None,
        unwrapped: false,
    };
}

impl Schema {
    /// Sets the name of the root element (`xmlName`).
    #[must_use]
    pub const fn xml_name(mut self, name: &'static str) -> Self {
        self.xml.name = Some(name);
        self
    }

    /// Sets the namespace of the root element (`xmlNamespace`).
    #[must_use]
    pub const fn xml_namespace(mut self, namespace: &'static XmlNamespace) -> Self {
        self.xml.namespace = Some(namespace);
        self
    }

    /// Makes the element of the only member the root element
    /// (`aws.customizations#s3UnwrappedXmlOutput`).
    #[must_use]
    pub const fn xml_unwrapped(mut self) -> Self {
        self.xml.unwrapped = true;
        self
    }
}

impl Member {
    /// Sets the name of the element or attribute (`xmlName`).
    #[must_use]
    pub const fn xml_name(mut self, name: &'static str) -> Self {
        self.xml.name = Some(name);
        self
    }

    /// Sets the namespace that the element declares (`xmlNamespace`).
    #[must_use]
    pub const fn xml_namespace(mut self, namespace: &'static XmlNamespace) -> Self {
        self.xml.namespace = Some(namespace);
        self
    }

    /// Makes the member an attribute (`xmlAttribute`).
    #[must_use]
    pub const fn xml_attribute(mut self) -> Self {
        self.xml.attribute = true;
        self
    }

    /// Makes the elements of the list or map elements of the structure (`xmlFlattened`).
    #[must_use]
    pub const fn xml_flattened(mut self) -> Self {
        self.xml.flattened = true;
        self
    }

    /// The name of the element or attribute.
    #[cfg(feature = "xml")]
    #[inline]
    pub(crate) const fn name_in_xml(&self) -> &'static str {
        match self.xml.name {
            Some(name) => name,
            None => self.name,
        }
    }
}
