//! Checks the constraints of the model while values are decoded (Smithy 2.0, "Constraint traits").
//!
//! A [`Checked`] decoder stands between a type and any other decoder and looks at each value that passes. Violations are errors of that value, so
//! that the decoders below find out where it stands and go on to find more.

use crate::error::{Constraint, DecodeError, Problem};
use crate::schema::{Kind, Member, Number};
use crate::shape::{DecodeList, DecodeMap, Decoder, Structure};
use crate::stream::ByteStream;
use crate::value::{Blob, Document, Timestamp};

use super::patterns::Patterns;
use super::unique::{Print, Prints};
use crate::protocol::bind::text::both;

/// A decoder whose values are checked.
pub(crate) struct Checked<'d> {
    pub(crate) inner: &'d mut dyn Decoder,
    pub(crate) patterns: &'d Patterns,
    /// Where the value leaves its print, if it is part of an element that must be unique.
    pub(crate) print: Option<&'d mut Print>,
}

impl Checked<'_> {
    fn print(&mut self, kind: u8, bytes: &[u8]) {
        if let Some(print) = &mut self.print {
            print.push(kind, bytes);
        }
    }

    /// Checks a text; says what is wrong with it.
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
        result = both(
            result,
            length_is_valid(bounds, || text.chars().count() as u64),
        );
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
    let target = member.target;
    if target.kind == Kind::Enum && !target.values.contains(&text) {
        result = both(result, Err(broken(Constraint::Values(target.told))));
    }
    result
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

/// Whether a number is within its range, by how it compares with a bound: below, equal or above.
fn is_within(
    member: &Member,
    compare: impl Fn(Number) -> Option<std::cmp::Ordering>,
) -> Result<(), DecodeError> {
    let Some((min, max)) = member.range else {
        return Ok(());
    };
    let valid = min.is_none_or(|min| compare(min).is_some_and(std::cmp::Ordering::is_ge))
        && max.is_none_or(|max| compare(max).is_some_and(std::cmp::Ordering::is_le));
    if valid {
        Ok(())
    } else {
        Err(broken(Constraint::Range { min, max }))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds beyond the exact integers are compared as doubles"
)]
fn integer_is_within(member: &Member, value: i64) -> Result<(), DecodeError> {
    is_within(member, |bound| match bound {
        Number::Integer(bound) => Some(value.cmp(&bound)),
        Number::Float(bound) => (value as f64).partial_cmp(&bound),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds beyond the exact integers are compared as doubles"
)]
fn double_is_within(member: &Member, value: f64) -> Result<(), DecodeError> {
    is_within(member, |bound| match bound {
        Number::Integer(bound) => value.partial_cmp(&(bound as f64)),
        Number::Float(bound) => {
            // A single compares with the bound as a single: 2.2 is 2.2.
            #[expect(clippy::cast_possible_truncation, reason = "the value is a single too")]
            let bound = if member.target.kind == Kind::Float {
                f64::from(bound as f32)
            } else {
                bound
            };
            single(member, value).partial_cmp(&bound)
        }
    })
}

/// The value as the type holds it.
#[expect(clippy::cast_possible_truncation, reason = "the type is a single")]
fn single(member: &Member, value: f64) -> f64 {
    if member.target.kind == Kind::Float {
        f64::from(value as f32)
    } else {
        value
    }
}

impl Decoder for Checked<'_> {
    fn is_null(&self) -> bool {
        self.inner.is_null()
    }

    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError> {
        let value = self.inner.boolean(member)?;
        self.print(b'b', &[value.into()]);
        Ok(value)
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let value = self.inner.integer(member)?;
        let mut result = integer_is_within(member, value);
        let target = member.target;
        if target.kind == Kind::IntEnum
            && !target
                .numbers
                .iter()
                .any(|number| i64::from(*number) == value)
        {
            result = both(result, Err(broken(Constraint::Numbers(target.numbers))));
        }
        self.print(b'i', &value.to_be_bytes());
        result.map(|()| value)
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let value = self.inner.double(member)?;
        self.print(b'd', &value.to_be_bytes());
        double_is_within(member, value).map(|()| value)
    }

    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let digits = self.inner.number(member)?;
        self.print(b'n', digits.as_bytes());
        // Numbers that are too big for a double are infinite, which compares well.
        let Ok(value) = digits.parse::<f64>() else {
            return Ok(digits);
        };
        match digits.parse::<i64>() {
            Ok(integer) => integer_is_within(member, integer),
            Err(_) => double_is_within(member, value),
        }
        .map(|()| digits)
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        let mut result = Ok(());
        let (patterns, print) = (self.patterns, &mut self.print);
        self.inner.text(member, &mut |text| {
            result = text_is_valid(patterns, member, text);
            if let Some(print) = print {
                print.push(b's', text.as_bytes());
            }
            take(text);
        })?;
        result
    }

    fn string(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let text = self.inner.string(member)?;
        self.print(b's', text.as_bytes());
        self.text_is_valid(member, &text).map(|()| text)
    }

    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError> {
        let blob = self.inner.blob(member)?;
        self.print(b'x', &blob);
        match member.length {
            Some(bounds) => length_is_valid(bounds, || blob.len() as u64).map(|()| blob),
            None => Ok(blob),
        }
    }

    fn stream(&mut self, member: &'static Member) -> Result<ByteStream, DecodeError> {
        self.inner.stream(member)
    }

    fn events(
        &mut self,
        member: &'static Member,
    ) -> Result<crate::stream::event::Incoming, DecodeError> {
        self.inner.events(member)
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        let value = self.inner.timestamp(member)?;
        self.print(b't', format!("{value:?}").as_bytes());
        Ok(value)
    }

    fn document(&mut self, member: &'static Member) -> Result<Document, DecodeError> {
        let document = self.inner.document(member)?;
        if self.print.is_some() {
            self.print(b'j', document.fingerprint().as_bytes());
        }
        Ok(document)
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        let wanted = self.print.is_some() || member.unique_items;
        let mut prints = wanted.then(Prints::default);
        let mut checked = CheckedList {
            inner: list,
            patterns: self.patterns,
            count: 0,
            prints: prints.as_mut(),
        };
        let mut result = self.inner.list(member, &mut checked);
        let count = checked.count;
        if let Some(bounds) = member.length {
            result = both(result, length_is_valid(bounds, || count));
        }
        if let Some(prints) = prints {
            if member.unique_items && prints.has_equal() {
                result = both(result, Err(broken(Constraint::Unique)));
            }
            self.print(b'l', &prints.in_order());
        }
        result
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        let mut prints = self.print.is_some().then(Prints::default);
        let mut checked = CheckedMap {
            inner: map,
            map: member,
            patterns: self.patterns,
            count: 0,
            prints: prints.as_mut(),
            keys: Ok(()),
        };
        let result = self.inner.map(member, &mut checked);
        let count = checked.count;
        let mut result = both(result, checked.keys);
        if let Some(bounds) = member.length {
            result = both(result, length_is_valid(bounds, || count));
        }
        if let Some(prints) = prints {
            self.print(b'm', &prints.sorted());
        }
        result
    }

    fn structure(
        &mut self,
        member: &'static Member,
        structure: &mut dyn Structure,
    ) -> Result<(), DecodeError> {
        let mut prints = self.print.is_some().then(Prints::default);
        let mut checked = CheckedStructure {
            inner: Some(structure),
            patterns: Some(self.patterns),
            prints: prints.as_mut(),
        };
        let result = self.inner.structure(member, &mut checked);
        if let Some(prints) = prints {
            self.print(b'o', &prints.sorted());
        }
        result
    }
}

struct CheckedList<'d> {
    inner: &'d mut dyn DecodeList,
    patterns: &'d Patterns,
    count: u64,
    prints: Option<&'d mut Prints>,
}

impl DecodeList for CheckedList<'_> {
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        self.count += 1;
        let mut print = self.prints.is_some().then(Print::default);
        let mut checked = Checked {
            inner: decoder,
            patterns: self.patterns,
            print: print.as_mut(),
        };
        self.inner.decode_element(element, &mut checked)?;
        if let (Some(prints), Some(print)) = (&mut self.prints, print) {
            prints.push(print);
        }
        Ok(())
    }
}

struct CheckedMap<'d> {
    inner: &'d mut dyn DecodeMap,
    /// The member that holds the map.
    map: &'static Member,
    patterns: &'d Patterns,
    /// Entries that are wrong count too.
    count: u64,
    prints: Option<&'d mut Prints>,
    /// What is wrong with keys is wrong with the map: a pointer to the entry would repeat the key.
    keys: Result<(), DecodeError>,
}

impl DecodeMap for CheckedMap<'_> {
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
        let mut print = self
            .prints
            .is_some()
            .then(|| Print::of(b'k', key.as_bytes()));
        let mut checked = Checked {
            inner: decoder,
            patterns: self.patterns,
            print: print.as_mut(),
        };
        self.inner.decode_entry(key, value, &mut checked)?;
        if let (Some(prints), Some(print)) = (&mut self.prints, print) {
            prints.push(print);
        }
        Ok(())
    }
}

/// A structure whose members are checked.
pub(crate) struct CheckedStructure<'d> {
    inner: Option<&'d mut dyn Structure>,
    patterns: Option<&'d Patterns>,
    prints: Option<&'d mut Prints>,
}

impl Structure for CheckedStructure<'_> {
    fn schema(&self) -> &'static crate::schema::Schema {
        self.inner
            .as_ref()
            .map_or(&crate::server::NOTHING, |inner| inner.schema())
    }

    fn empty() -> Self {
        Self {
            inner: None,
            patterns: None,
            prints: None,
        }
    }

    fn encode_members(
        &self,
        encoder: &mut dyn crate::shape::Encoder,
    ) -> Result<(), crate::EncodeError> {
        self.inner
            .as_ref()
            .map_or(Ok(()), |inner| inner.encode_members(encoder))
    }

    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let (Some(inner), Some(patterns)) = (&mut self.inner, self.patterns) else {
            return Ok(());
        };
        let mut print = self
            .prints
            .is_some()
            .then(|| Print::of(b'#', &index.to_be_bytes()));
        let mut checked = Checked {
            inner: decoder,
            patterns,
            print: print.as_mut(),
        };
        inner.decode_member(index, &mut checked)?;
        if let (Some(prints), Some(print)) = (&mut self.prints, print) {
            prints.push(print);
        }
        Ok(())
    }

    fn expects(&self, index: usize) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| inner.expects(index))
    }

    fn decode_unknown(&mut self, name: &str, value: Document) {
        if let Some(inner) = &mut self.inner {
            inner.decode_unknown(name, value);
        }
    }
}
