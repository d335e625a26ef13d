//! An input where a case needs any: what the model requires and nothing else.

use drawplate_runtime::schema::{Kind, Number};
use drawplate_runtime::shape::{DecodeList, DecodeMap};
use drawplate_runtime::{
    Blob, DecodeError, DecodeMembers, Decoder, Document, Member, Structure, Timestamp,
};

/// How deep required members may contain one another. A model in which they do so forever cannot be
/// generated.
const DEEPEST: usize = 64;

/// A structure whose required members have values that satisfy their constraints but for patterns.
pub(crate) fn of<T: Structure>() -> Result<T, String> {
    let mut value = T::empty();
    fill(&mut value, 0).map_err(|error| format!("no input can be made for the call: {error}"))?;
    Ok(value)
}

fn fill(structure: &mut dyn DecodeMembers, depth: usize) -> Result<(), DecodeError> {
    if depth > DEEPEST {
        return Err(DecodeError::mismatch("a value", "an endless one"));
    }
    let schema = structure.schema();
    let union = schema.kind == Kind::Union;
    for (index, member) in schema.members.iter().enumerate() {
        // A stream of events is there without any.
        let events = member.streaming && member.target.kind == Kind::Union;
        if union || (member.required && member.default.is_none() && !events) {
            let mut sample = Sample { depth: depth + 1 };
            let filled = structure.decode_member(index, &mut sample);
            match filled {
                // The first member of a union that can be made is the one.
                Ok(()) if union => return Ok(()),
                Err(_) if union && index + 1 < schema.members.len() => {}
                filled => filled.map_err(|error| error.inside(member.name))?,
            }
        }
    }
    Ok(())
}

struct Sample {
    depth: usize,
}

fn at_least(member: &Member) -> usize {
    let (min, _) = member.length.unwrap_or_default();
    usize::try_from(min.unwrap_or_default()).unwrap_or(usize::MAX)
}

impl Decoder for Sample {
    fn is_null(&self) -> bool {
        false
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        Ok(true)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a bound of an integer is one"
    )]
    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        if let Some(first) = member.target.numbers.first() {
            return Ok(i64::from(*first));
        }
        let bound = |bound| match bound {
            Number::Integer(bound) => bound,
            Number::Float(bound) => bound as i64,
        };
        Ok(match member.range {
            Some((Some(min), _)) => bound(min),
            Some((None, Some(max))) => bound(max),
            _ => 1,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "any number does")]
    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let bound = |bound| match bound {
            Number::Integer(bound) => bound as f64,
            Number::Float(bound) => bound,
        };
        Ok(match member.range {
            Some((Some(min), _)) => bound(min),
            Some((None, Some(max))) => bound(max),
            _ => 1.0,
        })
    }

    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        Ok(match member.range {
            Some((Some(bound), _) | (None, Some(bound))) => bound.to_string(),
            _ => "1".to_owned(),
        })
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        match member.target.values.first() {
            Some(first) => take(first),
            None => take(&"a".repeat(at_least(member).clamp(1, 1 << 20))),
        }
        Ok(())
    }

    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError> {
        Ok(Blob::from("a".repeat(at_least(member).clamp(1, 1 << 20))))
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Timestamp, DecodeError> {
        Ok(Timestamp::UNIX_EPOCH)
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        Ok(Document::Bool(true))
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        for _ in 0..at_least(member).min(1 << 10) {
            let mut sample = Sample { depth: self.depth };
            list.decode_element(&member.target.members[0], &mut sample)?;
        }
        Ok(())
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        let [key, value] = &member.target.members[..2] else {
            return Ok(());
        };
        for index in 0..at_least(member).min(1 << 10) {
            let mut sample = Sample { depth: self.depth };
            let known = key
                .target
                .values
                .get(index)
                .map(|known| (*known).to_owned());
            let key = known.unwrap_or_else(|| format!("{index:0>width$}", width = at_least(key)));
            map.decode_entry(&key, value, &mut sample)?;
        }
        Ok(())
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        fill(structure, self.depth)
    }
}
