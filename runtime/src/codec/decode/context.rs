//! How a document is decoded, and what the decoders of its values share.

use std::cell::{Cell, RefCell};

use super::memory::{Memory, MemoryLimit};
use crate::codec::MemberNames;
use crate::error::{DecodeError, Syntax};
#[cfg(feature = "cbor")]
use crate::value::Document;

/// The strictness of a decoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// For clients, which must understand services that are newer than their model: nulls in dense
    /// lists and maps are skipped, missing required members are empty, unions without a member are
    /// unknown, and the last of duplicate keys is used. A union with several members is an error,
    /// since none of them is the value.
    #[default]
    Lenient,
    /// For servers: all of these are violations, and so are UTC offsets in timestamps and base64
    /// that is not canonical.
    Strict,
}

/// How a document is decoded.
#[derive(Clone, Copy, Debug)]
pub struct DecodeOptions {
    pub(crate) mode: Mode,
    pub(crate) memory: MemoryLimit,
}

impl Mode {
    /// Decoding in this mode within a limit.
    pub(crate) const fn within(self, memory: MemoryLimit) -> DecodeOptions {
        DecodeOptions { mode: self, memory }
    }
}

/// Decoding within the default limit.
impl From<Mode> for DecodeOptions {
    fn from(mode: Mode) -> Self {
        mode.within(MemoryLimit::DEFAULT)
    }
}

/// How a format represents values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The deserializer of a codec, which knows the types of its values and provides the source
    /// digits of numbers.
    Native,
    /// Any other human-readable format.
    Text,
    /// A binary format: bytes and numbers are native, documents are JSON text.
    Binary,
    /// The deserializer of a codec whose format has bytes, and tags for timestamps and big numbers.
    #[cfg(feature = "cbor")]
    Tagged,
}

/// The names by which values are requested from a format with tags, as tuple structs.
pub(crate) mod tagged {
    /// The seconds of a timestamp, which are passed as a newtype around their digits.
    pub(crate) const TIMESTAMP: &str = "$drawplate::timestamp";
    /// A document, which is put into [`DecodeContext::document`](super::DecodeContext::document).
    #[cfg(feature = "cbor")]
    pub(crate) const DOCUMENT: &str = "$drawplate::document";
}

/// The state that is shared by the decoders of a document.
pub(crate) struct DecodeContext {
    pub(super) form: Form,
    pub(crate) mode: Mode,
    /// The names of members in the document.
    pub(crate) names: MemberNames,
    /// Whether big numbers are text and timestamps are seconds, whatever their format.
    pub(crate) uniform_scalars: bool,
    /// The document that was read from a format with tags.
    #[cfg(feature = "cbor")]
    pub(crate) document: Cell<Document>,
    /// A key that any object may contain. It is not a member of a union.
    pub(crate) ignored: Option<&'static str>,
    /// The location of an error of the format, innermost segment first.
    pub(super) path: RefCell<Vec<String>>,
    /// The number of lists and maps around the value.
    pub(crate) depth: Cell<usize>,
    pub(crate) memory: Memory,
    /// The address of the unread text, if a JSON document ends early.
    pub(super) stopped: Cell<Option<usize>>,
    /// The key that names the member of a union, until the structure that has it is decoded.
    #[cfg(feature = "alloy")]
    pub(super) discriminator: Cell<Option<&'static str>>,
    /// Whether the value is compared with a member of an untagged union.
    #[cfg(feature = "alloy")]
    pub(super) compares: Cell<bool>,
    /// The number of bytes that may still be read for such comparisons.
    #[cfg(feature = "alloy")]
    pub(super) work: Cell<Option<usize>>,
}

impl DecodeContext {
    pub(crate) fn new(form: Form, mode: Mode, memory: Memory) -> Self {
        Self {
            form,
            mode,
            names: MemberNames::Json,
            uniform_scalars: false,
            #[cfg(feature = "cbor")]
            document: Cell::default(),
            ignored: None,
            path: RefCell::default(),
            depth: Cell::default(),
            memory,
            stopped: Cell::default(),
            #[cfg(feature = "alloy")]
            discriminator: Cell::default(),
            #[cfg(feature = "alloy")]
            compares: Cell::default(),
            #[cfg(feature = "alloy")]
            work: Cell::default(),
        }
    }

    /// Whether a value is compared with a member of an untagged union, of which only one fits.
    #[inline]
    #[cfg_attr(
        not(feature = "alloy"),
        expect(clippy::unused_self, reason = "other unions have tags")
    )]
    pub(super) fn compares(&self) -> bool {
        #[cfg(feature = "alloy")]
        return self.compares.get();
        #[cfg(not(feature = "alloy"))]
        false
    }

    /// Whether structures must have their required members, and dense lists and maps no nulls.
    #[inline]
    pub(super) fn requires_members(&self) -> bool {
        self.mode == Mode::Strict || self.compares()
    }

    /// Whether the format has tags.
    #[inline]
    pub(super) fn is_tagged(&self) -> bool {
        !matches!(self.form, Form::Native | Form::Text | Form::Binary)
    }

    /// Whether the deserializer is that of a codec, which knows the types of its values.
    #[inline]
    pub(super) fn is_typed(&self) -> bool {
        self.form == Form::Native || self.is_tagged()
    }

    /// Decodes a list or map.
    #[inline]
    pub(crate) fn nested<T, E>(&self, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.depth.set(self.depth.get() + 1);
        let result = read();
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// The error of a document that is malformed or truncated, or needs too much memory.
    pub(crate) fn syntax(&self, syntax: Syntax) -> DecodeError {
        if let Some(limit) = self.memory.exceeded() {
            return DecodeError::too_large(limit);
        }
        let error = DecodeError::syntax(syntax);
        self.path
            .borrow()
            .iter()
            .fold(error, |error, segment| error.inside(segment))
    }

    /// The length of the part of `text` that was read, if it ended inside a document.
    pub(crate) fn stopped(&self, text: &str) -> Option<usize> {
        self.stopped.get()?.checked_sub(text.as_ptr().addr())
    }
}
