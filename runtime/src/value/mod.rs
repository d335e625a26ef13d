//! The values that members are made of and the standard library does not have.

pub mod document;
pub(crate) mod float;
#[cfg(feature = "alloy")]
mod nullable;
pub(crate) mod number;
pub mod timestamp;

use std::fmt;

use bytes::Bytes;

pub use self::document::{Document, DocumentMap, DocumentNumber};
#[cfg(feature = "alloy")]
pub use self::nullable::Nullable;
pub use self::number::{BigDecimal, BigInteger, InvalidNumber};
pub use self::timestamp::Timestamp;

/// Bytes; cheap to clone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob(Bytes);

impl Blob {
    /// A blob of `bytes`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, without copying them.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 64;
        let Self(bytes) = self;
        if bytes.len() <= SHOWN {
            return write!(f, "Blob({bytes:?})");
        }
        write!(
            f,
            "Blob({:?}.. {} bytes)",
            bytes.slice(..SHOWN),
            bytes.len()
        )
    }
}

impl std::ops::Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// From what a blob is made: one `From` per type.
macro_rules! blob_from {
    ($($source:ty: $bytes:path;)*) => {
        $(impl From<$source> for Blob {
            fn from(bytes: $source) -> Self {
                Self($bytes(bytes))
            }
        })*
    };
}

blob_from! {
    Bytes: std::convert::identity;
    Vec<u8>: Bytes::from;
    String: Bytes::from;
    &[u8]: Bytes::copy_from_slice;
}

impl From<&str> for Blob {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl<const N: usize> From<&[u8; N]> for Blob {
    fn from(bytes: &[u8; N]) -> Self {
        Self(Bytes::copy_from_slice(bytes))
    }
}

impl From<Blob> for Bytes {
    fn from(blob: Blob) -> Self {
        blob.0
    }
}

impl From<Blob> for Vec<u8> {
    fn from(blob: Blob) -> Self {
        blob.0.into()
    }
}

/// An enum's value that is newer than the model.
///
/// Made only by the enum's `From<&str>`, so that a value that the model knows is never unknown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// For [`string_enum!`](crate::string_enum).
    #[doc(hidden)]
    pub fn new(value: String) -> Self {
        Self(value.into_boxed_str())
    }

    /// The value as it was received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A member of a union that is newer than the model, with its value. The default has no member; it
/// replaces a required union that is missing from a response.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct UnknownMember {
    member: Option<Box<(String, Document)>>,
}

impl UnknownMember {
    /// A member that the model does not have. No name and null is none: a member that is set is not
    /// null.
    pub fn new(name: &str, value: impl Into<Document>) -> Self {
        let value = value.into();
        if name.is_empty() && value.is_null() {
            return Self::default();
        }
        Self {
            member: Some(Box::new((name.to_owned(), value))),
        }
    }

    /// The member's name; `None` where no member was set.
    pub fn name(&self) -> Option<&str> {
        self.member.as_deref().map(|(name, _)| name.as_str())
    }

    /// The member's value.
    pub fn value(&self) -> Option<&Document> {
        self.member.as_deref().map(|(_, value)| value)
    }
}

/// The value may be sensitive and is not shown.
impl fmt::Debug for UnknownMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownMember")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
