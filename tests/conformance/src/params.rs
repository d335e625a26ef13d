//! Decodes the values of test cases into types (Smithy 2.0, "Parameter format").

use drawplate_runtime::schema::{Kind, Literal, TimestampFormat, UnionForm};
use drawplate_runtime::shape::{DecodeList, DecodeMap};
use drawplate_runtime::{
    Blob, DecodeError, DecodeMembers, Decoder, Document, DocumentMap, Member, Schema, Structure,
    Timestamp, timestamp,
};

/// The structure that `params` describe.
pub(crate) fn read<T: Structure>(params: &Document) -> Result<T, String> {
    let mut value = T::empty();
    fill_whole(params, &mut value)?;
    Ok(value)
}

/// The union that `params` describe.
pub(crate) fn read_union<T: Structure>(params: &Document) -> Result<T, String> {
    match params {
        Document::Map(members) if members.len() == 1 => read(params),
        _ => Err("the case itself is wrong: an event is an object with one member".to_owned()),
    }
}

/// The same for an existing structure.
pub(crate) fn fill_whole(params: &Document, value: &mut dyn DecodeMembers) -> Result<(), String> {
    let filled = match params {
        Document::Map(members) => fill(members, value),
        _ => Err(DecodeError::mismatch("an object", "another value")),
    };
    filled.map_err(|error| {
        format!("the case itself is wrong: its params do not fit the shape: {error}")
    })
}

/// `params` with the defaults of missing members: the input that a server receives (Smithy 2.0,
/// "default trait").
pub(crate) fn with_defaults(params: &Document, schema: &Schema) -> Result<Document, String> {
    let mut params = params.clone();
    let members = params
        .as_map_mut()
        .ok_or("the params of the case are no object")?;
    for member in schema.members {
        if let Some(default) = member.default {
            let value = members.get(member.name);
            if value.is_none_or(Document::is_null) {
                members.insert(member.name, written(member, default)?);
            }
        }
    }
    Ok(params)
}

/// A default in the format of cases.
fn written(member: &Member, default: Literal) -> Result<Document, String> {
    let json = |text: &str| text.parse::<Document>().map_err(|error| error.to_string());
    match default {
        Literal::Boolean(value) => Ok(value.into()),
        Literal::Integer(value) => Ok(value.into()),
        Literal::Float(value) => Ok(value.into()),
        Literal::Number(digits) => json(digits),
        Literal::String(text) => Ok(text.into()),
        Literal::Blob(bytes) => std::str::from_utf8(bytes)
            .map(Document::from)
            .map_err(|_| format!("the default of `{}` has no text", member.name)),
        Literal::Timestamp(seconds, 0) => Ok(seconds.into()),
        Literal::Timestamp(seconds, nanoseconds) => json(&format!("{seconds}.{nanoseconds:09}")),
        Literal::Empty if matches!(member.target.kind, Kind::List | Kind::SparseList) => {
            Ok(Document::List(Vec::new()))
        }
        Literal::Empty => Ok(DocumentMap::new().into()),
        Literal::Document(text) => json(text),
    }
}

fn fill(members: &DocumentMap, structure: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
    let schema = structure.schema();
    for (name, value) in members {
        let index = schema
            .members
            .iter()
            .position(|member| member.name == name)
            .ok_or_else(|| {
                DecodeError::mismatch("a member of the shape", "another").inside(name)
            })?;
        let member = &schema.members[index];
        if member.unknown {
            keep(value, structure).map_err(|error| error.inside(name))?;
        } else if !value.is_null() || member.nullable {
            // A null member is missing otherwise.
            structure
                .decode_member(index, &mut Params(value))
                .map_err(|error| error.inside(name))?;
        }
    }
    Ok(())
}

/// Passes on the members that the model does not have, which are the entries of one that it has.
fn keep(value: &Document, structure: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
    let Some(entries) = value.as_map() else {
        return Err(DecodeError::mismatch("an object", "another value"));
    };
    if let UnionForm::Discriminated(key) = structure.schema().form {
        let name = entries.get(key).and_then(Document::as_str);
        structure.decode_unknown(name.unwrap_or_default(), value.clone());
    } else {
        for (name, value) in entries {
            structure.decode_unknown(name, value.clone());
        }
    }
    Ok(())
}

/// A decoder of a value.
struct Params<'v>(&'v Document);

impl<'v> Params<'v> {
    fn expect<T>(
        &self,
        expected: &'static str,
        take: impl FnOnce(&'v Document) -> Option<T>,
    ) -> Result<T, DecodeError> {
        take(self.0).ok_or_else(|| DecodeError::mismatch(expected, self.0.to_string()))
    }
}

impl Decoder for Params<'_> {
    fn is_null(&self) -> bool {
        self.0.is_null()
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        self.expect("a boolean", Document::as_bool)
    }

    fn integer(&mut self, _: &'static Member) -> Result<i64, DecodeError> {
        self.expect("a whole number", Document::as_i64)
    }

    fn double(&mut self, _: &'static Member) -> Result<f64, DecodeError> {
        self.expect("a number", |value| match value.as_str() {
            Some("NaN") => Some(f64::NAN),
            Some("Infinity") => Some(f64::INFINITY),
            Some("-Infinity") => Some(f64::NEG_INFINITY),
            _ => value.as_f64(),
        })
    }

    fn number(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        self.expect("a number", |value| {
            value.as_number().map(ToString::to_string)
        })
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        take(self.expect("a string", Document::as_str)?);
        Ok(())
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        self.expect("the text of the bytes", Document::as_str)
            .map(Blob::from)
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Timestamp, DecodeError> {
        // In cases of event streams they are text.
        self.expect("seconds since 1970", |value| match value {
            Document::String(text) => timestamp::parse(text, TimestampFormat::DateTime),
            value => seconds(value),
        })
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        Ok(self.0.clone())
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        let elements = self.expect("an array", Document::as_list)?;
        for (index, element) in elements.iter().enumerate() {
            list.decode_element(member.target.element(), &mut Params(element))
                .map_err(|error| error.inside(&index.to_string()))?;
        }
        Ok(())
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        for (key, value) in self.expect("an object", Document::as_map)? {
            map.decode_entry(key, member.target.entry().1, &mut Params(value))
                .map_err(|error| error.inside(key))?;
        }
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        let members = self.expect("an object", Document::as_map)?;
        if member.target.kind == Kind::Union && members.len() != 1 {
            return Err(DecodeError::mismatch(
                "one member",
                "another number of them",
            ));
        }
        fill(members, structure)
    }
}

/// Seconds, possibly with a fraction: read as decimal digits, so that the fraction is exact.
fn seconds(value: &Document) -> Option<Timestamp> {
    timestamp::parse(
        &value.as_number()?.to_string(),
        TimestampFormat::EpochSeconds,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_seconds_with_a_fraction() {
        let check = |json: &str, expected: &str| {
            let value = json.parse::<Document>().expect(json);
            let found = seconds(&value).map(|time| time.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{json}");
        };
        check("1422172800", "2015-01-25T08:00:00Z");
        check("946845296.123", "2000-01-02T20:34:56.123Z");
        check("946845296.1239", "2000-01-02T20:34:56.123Z");
        check("1.422172800e9", "2015-01-25T08:00:00Z");
        check("-0.5", "1969-12-31T23:59:59.5Z");
        check("0", "1970-01-01T00:00:00Z");
    }
}
