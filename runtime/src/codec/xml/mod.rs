//! XML (XML 1.0, Namespaces in XML 1.0) with the encoding of restXml (Smithy, "AWS restXml
//! protocol", "Shape serialization", and Smithy 2.0, "XML bindings").
//!
//! The schema determines the types of the values, and the names and places of elements. Decoders
//! compare names without prefixes, ignore comments and processing instructions, and accept UTF-8
//! only. Document type declarations are rejected. Values may be nested up to 127 levels.
//!
//! Smithy defines no form of documents in XML. They are written as elements and texts, and lose the
//! types of their values: numbers and booleans are read as texts.

mod decode;
mod encode;
mod name;
mod parse;
mod tree;

use self::decode::XmlDecoder;
use self::tree::ElementId;
#[cfg(feature = "http")]
use super::ROOT;
use super::decode::{DecodeContext, DecodeOptions, Form, Memory, Mode};
use super::{Codec, MemberNames};
use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, HasSchema, private::Sealed};
#[cfg(feature = "http")]
use crate::value::Document;

/// The maximum nesting of lists, maps and structures, as in JSON.
const LEVELS: usize = 127;

/// The codec of restXml.
pub(crate) static XML: XmlCodec = XmlCodec {
    inner: None,
    is_lossy: false,
};

/// The codec of errors that are not in the model. Their messages quote what a client has sent.
#[cfg(feature = "http")]
pub(crate) static MESSAGES: XmlCodec = XmlCodec {
    inner: None,
    is_lossy: true,
};

/// The codec of received errors.
#[cfg(feature = "http")]
pub(crate) static ERRORS: XmlCodec = XmlCodec {
    inner: Some("Error"),
    is_lossy: false,
};

/// The XML codec. Members have their XML names.
#[derive(Debug)]
pub(crate) struct XmlCodec {
    /// The name of the element with the value, if that may be in the root element.
    inner: Option<&'static str>,
    /// Whether characters that XML does not allow are replaced in texts.
    is_lossy: bool,
}

impl Sealed for XmlCodec {}

impl Codec for XmlCodec {
    fn media_type(&self) -> &'static str {
        "application/xml"
    }

    fn reads(&self, media_type: &str) -> bool {
        media_type.contains("xml")
    }

    fn encode(&self, member: &'static Member, value: &dyn Encode) -> Result<Vec<u8>, EncodeError> {
        encode::to_bytes(value, member, self.is_lossy)
    }

    fn decode(
        &self,
        document: &[u8],
        options: DecodeOptions,
        decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let is_decoded = match self.inner {
            Some(inner) => decode_at(document, &[inner], options, decode)?,
            None => false,
        };
        if !is_decoded {
            decode_at(document, &[], options, decode)?;
        }
        Ok(())
    }

    /// An element without a name, which only this codec reads.
    fn empty_structure(&self) -> &'static [u8] {
        b"<_/>"
    }

    fn absent_structure(&self) -> Option<&'static [u8]> {
        None
    }

    /// An element is a value.
    fn is_empty_structure(&self, _: &[u8]) -> bool {
        false
    }

    fn resembles_document(&self, bytes: &[u8]) -> bool {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        text.trim_ascii_start().starts_with(b"<?xml")
    }
}

/// Passes a decoder of an element to `decode`: the one that is reached from the root by the names
/// in `path`. An asterisk and the end of a name stand for every name with that end, such as the
/// result in the response of an awsQuery operation. Returns whether there is such an element. The
/// name of the root does not matter.
pub(crate) fn decode_at(
    document: &[u8],
    path: &[&str],
    options: DecodeOptions,
    decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
) -> Result<bool, DecodeError> {
    let memory = Memory::new(options.memory, document.len());
    let mut context = DecodeContext::new(Form::Text, options.mode, memory);
    context.names = MemberNames::Xml;
    let tree = parse::parse(document, &context)?;
    let child = |element, name: &&str| match name.strip_prefix('*') {
        None => tree.child(element, name),
        Some(end) => {
            let mut children = tree.children(element).into_iter();
            children.find(|child| tree.name(*child).ends_with(end))
        }
    };
    let element = path.iter().try_fold(ElementId::ROOT, child);
    let Some(element) = element else {
        return Ok(false);
    };
    let result = decode(&mut XmlDecoder::root(&tree, element, &context));
    match context.memory.exceeded() {
        Some(limit) => Err(DecodeError::too_large(limit)),
        None => result.map(|()| true),
    }
}

/// The content of a document whose root element contains elements.
#[cfg(feature = "http")]
pub(crate) fn open_content(document: &[u8]) -> Option<Document> {
    let mut content = None;
    let result = XML.decode(document, Mode::Lenient.into(), &mut |decoder| {
        content = Some(decoder.document(&ROOT)?);
        Ok(())
    });
    result.ok()?;
    content.filter(|content| content.as_map().is_some())
}

/// The name of the root element of a document, without its prefix.
#[cfg(all(feature = "customizations", feature = "http"))]
pub(crate) fn root_name(document: &[u8]) -> Option<String> {
    parse::root_name(document)
}

/// A type that is encoded and decoded as XML: every type with a schema.
pub trait Xml: HasSchema + Encode + Decode {
    /// Encodes the value as XML text.
    fn to_xml(&self) -> Result<String, EncodeError>
    where
        Self: Sized,
    {
        String::from_utf8(XML.encode(Self::ROOT, self)?)
            .map_err(|_| EncodeError::new("the XML text is not UTF-8"))
    }

    /// Decodes XML text with the leniency of clients. See [`Mode::Lenient`](crate::json::Mode). The
    /// limit of the memory is that of [`Json::from_json`](crate::Json::from_json).
    fn from_xml(xml: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&XML, xml.as_ref(), Self::ROOT, Mode::Lenient)
    }

    /// Decodes XML text with the strictness of servers. See [`Mode::Strict`](crate::json::Mode).
    fn from_xml_strict(xml: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&XML, xml.as_ref(), Self::ROOT, Mode::Strict)
    }
}

impl<T: HasSchema + Encode + Decode> Xml for T {}
