//! Values as JMESPath sees them (Smithy 2.0, "Waiters", "JMESPath data model").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::EncodeError;
use crate::schema::{Member, TimestampFormat};
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::timestamp;
use crate::value::{Document, DocumentMap};

/// What becomes of sensitive members.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sensitive {
    Keep,
    /// They are missing, since the result is shown.
    Omit,
}

/// A structure as a document: members have the names of the model, and missing ones are missing.
/// Streams are missing, too.
pub(crate) fn document(structure: &dyn EncodeMembers, sensitive: Sensitive) -> Document {
    let mut view = View {
        entries: Vec::new(),
        key: None,
        in_structure: true,
        sensitive,
    };
    // A view rejects nothing.
    let _ = structure.encode_members(&mut view);
    Document::Map(DocumentMap::from_iter(view.entries))
}

/// Collects the members of a structure, the entries of a map or the elements of a list.
struct View {
    entries: Vec<(String, Document)>,
    /// The key of the next entry of a map.
    key: Option<String>,
    /// Whether values are members of a structure or union, which may be missing.
    in_structure: bool,
    sensitive: Sensitive,
}

impl View {
    fn inner(&self) -> Self {
        Self {
            entries: Vec::new(),
            key: None,
            in_structure: false,
            sensitive: self.sensitive,
        }
    }

    /// A value as a document; `None` if it is missing.
    fn document(
        &self,
        member: &'static Member,
        value: ValueRef<'_>,
    ) -> Result<Option<Document>, EncodeError> {
        let number = |text: String| text.parse().map_or(Document::Null, Document::Number);
        Ok(Some(match value {
            ValueRef::Stream(_) => return Ok(None),
            ValueRef::None if self.in_structure => return Ok(None),
            ValueRef::None => Document::Null,
            #[cfg(feature = "alloy")]
            ValueRef::Null => Document::Null,
            ValueRef::Boolean(value) => Document::Bool(value),
            ValueRef::Integer(value) => value.into(),
            ValueRef::Float(value) => number(value.to_string()),
            ValueRef::Double(value) => number(value.to_string()),
            ValueRef::Number(digits) => number(digits.to_owned()),
            ValueRef::String(text) => text.into(),
            ValueRef::Blob(bytes) => STANDARD.encode(bytes).into(),
            ValueRef::Timestamp(value) => {
                number(timestamp::format(value, TimestampFormat::EpochSeconds)?.to_string())
            }
            ValueRef::Document(document) => document.clone(),
            ValueRef::List(list) => {
                let mut inner = self.inner();
                list.encode_elements(member.target.element(), &mut inner)?;
                inner.entries.into_iter().map(|(_, value)| value).collect()
            }
            ValueRef::Map(map) => {
                let (key, value) = member.target.entry();
                let mut inner = self.inner();
                map.encode_entries(key, value, &mut inner)?;
                Document::Map(DocumentMap::from_iter(inner.entries))
            }
            #[cfg(feature = "alloy")]
            ValueRef::Union(union) => document(union, self.sensitive),
            ValueRef::Structure(structure) => document(structure, self.sensitive),
        }))
    }
}

impl ValueVisitor for View {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let key = self.key.take();
        let is_sensitive = member.sensitive || member.target.sensitive;
        if is_sensitive && self.sensitive == Sensitive::Omit {
            return Ok(());
        }
        if let Some(document) = self.document(member, value)? {
            let key = key.unwrap_or_else(|| member.name.to_owned());
            self.entries.push((key, document));
        }
        Ok(())
    }

    fn entry(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.key = Some(key.to_owned());
        Ok(())
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        if self.sensitive == Sensitive::Keep {
            self.entries.push((name.to_owned(), value.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{self, Schema};
    use crate::shape::private::Sealed;
    use crate::shape::{Encoder, Shape};
    use crate::value::Timestamp;

    struct Sample {
        inner: Option<Box<Sample>>,
    }

    static MEMBERS: [Member; 9] = [
        Member::new("flag", &schema::BOOLEAN),
        Member::new("count", &schema::LONG),
        Member::new("ratio", &schema::FLOAT),
        Member::new("odd", &schema::DOUBLE),
        Member::new("data", &schema::BLOB),
        Member::new("when", &schema::TIMESTAMP),
        Member::new("name", &schema::STRING).json_name("N"),
        Member::new("secret", &schema::STRING).sensitive(),
        Member::new("inner", &SCHEMA),
    ];
    static SCHEMA: Schema = Schema::structure("a#Sample", &MEMBERS);

    impl Sealed for Sample {}

    impl Shape for Sample {
        fn schema(&self) -> &'static Schema {
            &SCHEMA
        }
    }

    impl EncodeMembers for Sample {
        fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
            let [flag, count, ratio, odd, data, when, name, secret, inner] = &MEMBERS;
            encoder.boolean(flag, true)?;
            encoder.integer(count, i64::MAX)?;
            encoder.float(ratio, 0.1)?;
            encoder.double(odd, f64::NAN)?;
            encoder.blob(data, b"ab")?;
            encoder.timestamp(when, Timestamp::from_millis(1500).expect("a time"))?;
            encoder.string(name, "x")?;
            encoder.string(secret, "y")?;
            match &self.inner {
                Some(sample) => encoder.structure(inner, &**sample),
                None => encoder.none(inner),
            }
        }
    }

    #[test]
    fn values_have_the_types_of_jmespath() {
        let sample = Sample {
            inner: Some(Box::new(Sample { inner: None })),
        };
        let members = |secret: &str| {
            format!(
                r#""flag":true,"count":9223372036854775807,"ratio":0.1,"odd":null,"data":"YWI=","when":1.5,"name":"x"{secret}"#
            )
        };
        for (sensitive, secret) in [(Sensitive::Keep, r#","secret":"y""#), (Sensitive::Omit, "")] {
            let members = members(secret);
            assert_eq!(
                document(&sample, sensitive).to_string(),
                format!(r#"{{{members},"inner":{{{members}}}}}"#)
            );
        }
    }
}
