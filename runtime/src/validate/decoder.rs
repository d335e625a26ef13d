//! Validates the constraints of the model while values are decoded (Smithy 2.0, "Constraint
//! traits").
//!
//! A [`ValidatingDecoder`] wraps any other decoder of a type and validates each value. Violations
//! are errors of the value, so that the inner decoder adds the location and continues to find more.

use std::cmp::Ordering;

use crate::error::{Constraint, DecodeError, Problem, both};
use crate::schema::{Kind, Member, Number, Schema};
use crate::shape::private::Sealed;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder, Shape, StreamHandle};
use crate::value::number::JsonNumber;
use crate::value::{Blob, Document, Timestamp};

use super::patterns::Patterns;
use super::unique::{Fingerprint, Fingerprints};

/// A decoder that validates its value.
pub(crate) struct ValidatingDecoder<'d> {
    pub(crate) inner: &'d mut dyn Decoder,
    pub(crate) patterns: &'d Patterns,
    /// Receives the fingerprint of the value, if it is part of an element that must be unique.
    pub(crate) fingerprint: Option<&'d mut Fingerprint>,
}

impl ValidatingDecoder<'_> {
    fn fingerprint(&mut self, kind: u8, bytes: &[u8]) {
        if let Some(fingerprint) = &mut self.fingerprint {
            fingerprint.push(kind, bytes);
        }
    }

    /// Validates the members of a structure or union while `decode` passes them to the inner
    /// decoder.
    #[inline]
    fn members(
        &mut self,
        members: &mut dyn DecodeMembers,
        decode: impl FnOnce(&mut dyn Decoder, &mut dyn DecodeMembers) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut fingerprints = self.fingerprint.is_some().then(Fingerprints::default);
        let mut validating = ValidatingStructure {
            inner: members,
            patterns: self.patterns,
            fingerprints: fingerprints.as_mut(),
        };
        let result = decode(self.inner, &mut validating);
        if let Some(fingerprints) = fingerprints {
            self.fingerprint(b'o', &fingerprints.sorted());
        }
        result
    }

    /// Validates a text.
    fn text_is_valid(&self, member: &Member, text: &str) -> Result<(), DecodeError> {
        text_is_valid(self.patterns, member, text)
    }
}

fn broken(constraint: Constraint) -> DecodeError {
    DecodeError::new(Problem::Constraint(constraint))
}

fn text_is_valid(patterns: &Patterns, member: &Member, text: &str) -> Result<(), DecodeError> {
    let mut result = Ok(());
    if let Some(bounds) = member.length {
        result = both(result, text_length_is_valid(bounds, text));
    }
    if let Some(pattern) = member
        .pattern
        .filter(|pattern| !patterns.matches(pattern, text))
    {
        result = both(
            result,
            Err(broken(Constraint::Pattern(
                member.pattern_as_written.unwrap_or(pattern),
            ))),
        );
    }
    #[cfg(feature = "alloy")]
    if let Some(format) = member.format
        && !super::format::text_matches(format, text)
    {
        result = both(result, Err(broken(Constraint::Format(format))));
    }
    let target = member.target;
    if target.kind == Kind::Enum && !target.values.contains(&text) && !target.open {
        result = both(
            result,
            Err(broken(Constraint::Values(target.public_values))),
        );
    }
    result
}

/// Whether a text has a valid number of characters, of which each has one to four bytes. They are
/// counted only if the number of bytes does not decide.
fn text_length_is_valid(bounds: (Option<u64>, Option<u64>), text: &str) -> Result<(), DecodeError> {
    let (min, max) = bounds;
    let bytes = text.len() as u64;
    if min.is_none_or(|min| min <= bytes.div_ceil(4)) && max.is_none_or(|max| bytes <= max) {
        return Ok(());
    }
    length_is_valid(bounds, || text.chars().count() as u64)
}

/// Whether a value is not a list or map, and so has no length.
fn has_another_type(result: &Result<(), DecodeError>) -> bool {
    let violations = result
        .as_ref()
        .err()
        .map_or(&[][..], DecodeError::violations);
    violations.iter().any(|violation| {
        violation.pointer.is_empty() && matches!(violation.problem, Problem::Mismatch { .. })
    })
}

fn length_is_valid(
    (min, max): (Option<u64>, Option<u64>),
    length: impl FnOnce() -> u64,
) -> Result<(), DecodeError> {
    let found = length();
    let valid = min.is_none_or(|min| found >= min) && max.is_none_or(|max| found <= max);
    if valid {
        Ok(())
    } else {
        Err(broken(Constraint::Length { found, min, max }))
    }
}

/// Whether a number is in its range. `compare` returns the order of the number and a bound.
fn is_within(
    member: &Member,
    compare: impl Fn(Number) -> Option<Ordering>,
) -> Result<(), DecodeError> {
    let Some((min, max)) = member.range else {
        return Ok(());
    };
    let valid = min.is_none_or(|min| compare(min).is_some_and(Ordering::is_ge))
        && max.is_none_or(|max| compare(max).is_some_and(Ordering::is_le));
    if valid {
        Ok(())
    } else {
        Err(broken(Constraint::Range { min, max }))
    }
}

fn integer_is_within(member: &Member, value: i64) -> Result<(), DecodeError> {
    is_within(member, |bound| match bound {
        Number::Integer(bound) => Some(value.cmp(&bound)),
        Number::Digits(bound) => digits_compared(&value.to_string(), bound),
    })
}

/// Compares with the value of the bound in the precision of the type, so that a single of 2.2 is
/// equal to a bound of 2.2.
fn double_is_within(member: &Member, value: f64) -> Result<(), DecodeError> {
    let single = member.target.kind == Kind::Float;
    is_within(member, |bound| {
        let bound = match bound {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest double is what is wanted"
            )]
            Number::Integer(bound) => bound as f64,
            Number::Digits(bound) if single => f64::from(bound.parse::<f32>().ok()?),
            Number::Digits(bound) => bound.parse().ok()?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "the type is a single")]
        let value = if single {
            f64::from(value as f32)
        } else {
            value
        };
        value.partial_cmp(&bound)
    })
}

/// Compares the values of numbers of any size; a text that is not a number is rejected later.
fn number_is_within(member: &Member, digits: &str) -> Result<(), DecodeError> {
    if member.range.is_none() || JsonNumber::parse(digits).is_none() {
        return Ok(());
    }
    is_within(member, |bound| match bound {
        Number::Integer(bound) => digits_compared(digits, &bound.to_string()),
        Number::Digits(bound) => digits_compared(digits, bound),
    })
}

fn digits_compared(digits: &str, others: &str) -> Option<Ordering> {
    Some(JsonNumber::parse(digits)?.compare(&JsonNumber::parse(others)?))
}

impl Decoder for ValidatingDecoder<'_> {
    fn is_null(&self) -> bool {
        self.inner.is_null()
    }

    fn allocate(&mut self, bytes: usize) -> Result<(), DecodeError> {
        self.inner.allocate(bytes)
    }

    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError> {
        let value = self.inner.boolean(member)?;
        self.fingerprint(b'b', &[value.into()]);
        Ok(value)
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let value = self.inner.integer(member)?;
        let mut result = integer_is_within(member, value);
        let target = member.target;
        if target.kind == Kind::IntEnum
            && !target.open
            && !target
                .numbers
                .iter()
                .any(|number| i64::from(*number) == value)
        {
            result = both(result, Err(broken(Constraint::Numbers(target.numbers))));
        }
        self.fingerprint(b'i', &value.to_be_bytes());
        result.map(|()| value)
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let value = self.inner.double(member)?;
        // A negative zero is zero.
        self.fingerprint(b'd', &(value + 0.0).to_be_bytes());
        double_is_within(member, value).map(|()| value)
    }

    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let digits = self.inner.number(member)?;
        if self.fingerprint.is_some() {
            let canonical = JsonNumber::parse(&digits).and_then(|number| number.canonical());
            self.fingerprint(b'n', canonical.as_ref().unwrap_or(&digits).as_bytes());
        }
        let result = number_is_within(member, &digits);
        #[cfg(feature = "alloy")]
        let result = match member.format {
            Some(format) if !super::format::number_matches(format, &digits) => {
                both(result, Err(broken(Constraint::Format(format))))
            }
            _ => result,
        };
        result.map(|()| digits)
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        let mut result = Ok(());
        let (patterns, fingerprint) = (self.patterns, &mut self.fingerprint);
        self.inner.text(member, &mut |text| {
            result = text_is_valid(patterns, member, text);
            if let Some(fingerprint) = fingerprint {
                fingerprint.push(b's', text.as_bytes());
            }
            take(text);
        })?;
        result
    }

    fn string(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let text = self.inner.string(member)?;
        self.fingerprint(b's', text.as_bytes());
        self.text_is_valid(member, &text).map(|()| text)
    }

    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError> {
        let blob = self.inner.blob(member)?;
        self.fingerprint(b'x', &blob);
        match member.length {
            Some(bounds) => length_is_valid(bounds, || blob.len() as u64).map(|()| blob),
            None => Ok(blob),
        }
    }

    fn stream(&mut self, member: &'static Member) -> Result<Option<StreamHandle>, DecodeError> {
        self.inner.stream(member)
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        let value = self.inner.timestamp(member)?;
        self.fingerprint(b't', format!("{value:?}").as_bytes());
        Ok(value)
    }

    fn document(&mut self, member: &'static Member) -> Result<Document, DecodeError> {
        let document = self.inner.document(member)?;
        if self.fingerprint.is_some() {
            self.fingerprint(b'j', document.fingerprint().as_bytes());
        }
        Ok(document)
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        let wanted = self.fingerprint.is_some() || member.unique_items;
        let mut fingerprints = wanted.then(Fingerprints::default);
        let mut validating = ValidatingList {
            inner: list,
            patterns: self.patterns,
            count: 0,
            fingerprints: fingerprints.as_mut(),
        };
        let mut result = self.inner.list(member, &mut validating);
        let count = validating.count;
        if let Some(bounds) = member.length
            && !has_another_type(&result)
        {
            result = both(result, length_is_valid(bounds, || count));
        }
        if let Some(fingerprints) = fingerprints {
            if member.unique_items && fingerprints.has_equal() {
                result = both(result, Err(broken(Constraint::Unique)));
            }
            self.fingerprint(b'l', &fingerprints.in_order());
        }
        result
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        let mut fingerprints = self.fingerprint.is_some().then(Fingerprints::default);
        let mut validating = ValidatingMap {
            inner: map,
            map: member,
            patterns: self.patterns,
            count: 0,
            fingerprints: fingerprints.as_mut(),
            keys: Ok(()),
        };
        let result = self.inner.map(member, &mut validating);
        let count = validating.count;
        let another_type = has_another_type(&result);
        let mut result = both(result, validating.keys);
        if let Some(bounds) = member.length
            && !another_type
        {
            result = both(result, length_is_valid(bounds, || count));
        }
        if let Some(fingerprints) = fingerprints {
            self.fingerprint(b'm', &fingerprints.sorted());
        }
        result
    }

    fn structure(
        &mut self,
        member: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.members(structure, |inner, members| inner.structure(member, members))
    }

    #[cfg(feature = "alloy")]
    fn union(
        &mut self,
        member: &'static Member,
        union: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.members(union, |inner, members| inner.union(member, members))
    }
}

struct ValidatingList<'d> {
    inner: &'d mut dyn DecodeList,
    patterns: &'d Patterns,
    count: u64,
    fingerprints: Option<&'d mut Fingerprints>,
}

impl DecodeList for ValidatingList<'_> {
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        self.count += 1;
        let mut fingerprint = self.fingerprints.is_some().then(Fingerprint::default);
        let mut validating = ValidatingDecoder {
            inner: decoder,
            patterns: self.patterns,
            fingerprint: fingerprint.as_mut(),
        };
        self.inner.decode_element(element, &mut validating)?;
        if let (Some(fingerprints), Some(fingerprint)) = (&mut self.fingerprints, fingerprint) {
            decoder.allocate(Fingerprint::MEMORY)?;
            fingerprints.push(fingerprint);
        }
        Ok(())
    }
}

struct ValidatingMap<'d> {
    inner: &'d mut dyn DecodeMap,
    /// The member whose value is the map.
    map: &'static Member,
    patterns: &'d Patterns,
    /// The number of entries, including invalid ones.
    count: u64,
    fingerprints: Option<&'d mut Fingerprints>,
    /// Violations of keys, which are reported for the map: a pointer to the entry would contain the
    /// key.
    keys: Result<(), DecodeError>,
}

impl DecodeMap for ValidatingMap<'_> {
    fn len(&self) -> usize {
        self.inner.len()
    }

    fn decode_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        self.count += 1;
        if let [key_member, ..] = self.map.target.members {
            let keys = std::mem::replace(&mut self.keys, Ok(()));
            self.keys = both(keys, text_is_valid(self.patterns, key_member, key));
        }
        let mut fingerprint = self
            .fingerprints
            .is_some()
            .then(|| Fingerprint::of(b'k', key.as_bytes()));
        let mut validating = ValidatingDecoder {
            inner: decoder,
            patterns: self.patterns,
            fingerprint: fingerprint.as_mut(),
        };
        self.inner.decode_entry(key, value, &mut validating)?;
        if let (Some(fingerprints), Some(fingerprint)) = (&mut self.fingerprints, fingerprint) {
            decoder.allocate(Fingerprint::MEMORY)?;
            fingerprints.push(fingerprint);
        }
        Ok(())
    }
}

/// A structure whose members are validated.
struct ValidatingStructure<'d> {
    inner: &'d mut dyn DecodeMembers,
    patterns: &'d Patterns,
    fingerprints: Option<&'d mut Fingerprints>,
}

impl Sealed for ValidatingStructure<'_> {}

impl Shape for ValidatingStructure<'_> {
    fn schema(&self) -> &'static Schema {
        self.inner.schema()
    }
}

impl DecodeMembers for ValidatingStructure<'_> {
    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let mut fingerprint = self
            .fingerprints
            .is_some()
            .then(|| Fingerprint::of(b'#', &index.to_be_bytes()));
        let mut validating = ValidatingDecoder {
            inner: decoder,
            patterns: self.patterns,
            fingerprint: fingerprint.as_mut(),
        };
        self.inner.decode_member(index, &mut validating)?;
        if let (Some(fingerprints), Some(fingerprint)) = (&mut self.fingerprints, fingerprint) {
            decoder.allocate(Fingerprint::MEMORY)?;
            fingerprints.push(fingerprint);
        }
        Ok(())
    }

    fn expects(&self, index: usize) -> bool {
        self.inner.expects(index)
    }

    fn decode_unknown(&mut self, name: &str, value: Document) {
        #[cfg(feature = "alloy")]
        if let Some(fingerprints) = &mut self.fingerprints {
            let mut fingerprint = Fingerprint::of(b'?', name.as_bytes());
            fingerprint.push(b'j', value.fingerprint().as_bytes());
            fingerprints.push(fingerprint);
        }
        self.inner.decode_unknown(name, value);
    }
}
