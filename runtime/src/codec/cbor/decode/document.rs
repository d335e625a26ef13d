//! Open content.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::numbers::{float, is_number, negative};
use super::{Error, Head, Reader, error, major, simple};
use crate::shape::primitive::growth;
use crate::value::{Document, float as floats};

impl Reader<'_> {
    /// Reads open content. Bytes become base64 text, numbers that are not finite their names, and
    /// other tags are dropped.
    pub(super) fn document(&mut self) -> Result<Document, Error> {
        let mut head = self.head()?;
        while head.major == major::TAG {
            if is_number(head.argument) {
                let digits = self.tagged_number(head.argument)?;
                return number(head, &digits);
            }
            head = self.head()?;
        }
        Ok(match head.major {
            major::UNSIGNED => head.argument.into(),
            major::NEGATIVE => return number(head, &negative(head.argument)),
            major::BYTES => STANDARD.encode(self.chunks(head)?).into(),
            major::TEXT => self.text(head)?.into_owned().into(),
            major::LIST => self.nested(head, |items| {
                let mut elements = Vec::new();
                while items.more()? {
                    items.reader.grow(&elements)?;
                    elements.push(items.reader.document()?);
                }
                Ok(Document::List(elements))
            })?,
            major::MAP => self.nested(head, |items| {
                let mut entries = Vec::<(String, Document)>::new();
                while items.more()? {
                    items.reader.grow(&entries)?;
                    let key = items.reader.key()?.into_owned();
                    entries.push((key, items.reader.document()?));
                }
                Ok(Document::Map(entries.into_iter().collect()))
            })?,
            _ => match head.info {
                20 | 21 => (head.info == 21).into(),
                25..=27 => {
                    let value = float(head);
                    floats::name(value).map_or_else(|| value.into(), Document::from)
                }
                _ => simple(head, ::serde::de::IgnoredAny).map(|_| Document::Null)?,
            },
        })
    }

    /// Counts the memory of another element.
    fn grow<T>(&self, elements: &Vec<T>) -> Result<(), Error> {
        let full = elements.len() == elements.capacity();
        if full
            && !self
                .context
                .memory
                .allocate(growth(elements.capacity(), size_of::<T>()))
        {
            return Err(error(self.offset(), "too much memory"));
        }
        Ok(())
    }
}

/// The number of a document, whose head was read.
fn number(head: Head, digits: &str) -> Result<Document, Error> {
    let number = digits.parse().map(Document::Number);
    number.map_err(|_| error(head.at, "a number that is out of range"))
}
