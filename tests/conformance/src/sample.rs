//! An input for cases that need any: the required members and nothing else.

mod pattern;

use drawplate_runtime::schema::{Kind, Number};
use drawplate_runtime::shape::{DecodeList, DecodeMap};
use drawplate_runtime::{
    Blob, DecodeError, DecodeMembers, Decoder, Document, Member, Structure, Timestamp,
};

/// The maximum depth of required members. A model in which they contain each other without end is
/// an error of the generator.
const DEEPEST: usize = 64;
/// The length of the longest text or blob that is made.
const LONGEST: usize = 1 << 20;

/// A structure whose required members satisfy their constraints, except for patterns.
pub(crate) fn of<T: Structure>() -> Result<T, String> {
    let mut value = T::empty();
    let sample = Sample {
        depth: 0,
        variant: 0,
    };
    fill(&mut value, sample)
        .map_err(|error| format!("no input can be made for the call: {error}"))?;
    Ok(value)
}

fn fill(structure: &mut dyn DecodeMembers, sample: Sample) -> Result<(), DecodeError> {
    if sample.depth > DEEPEST {
        return Err(DecodeError::mismatch("a value", "an endless one"));
    }
    let schema = structure.schema();
    let union = schema.kind == Kind::Union;
    let mut inner = Sample {
        depth: sample.depth + 1,
        ..sample
    };
    // A stream of events is there without any.
    let is_events = |member: &Member| member.streaming && member.target.kind == Kind::Union;
    let is_needed = |member: &Member| {
        (member.required && member.default.is_none() && !is_events(member)) || union
    };
    let mut differs = sample.variant == 0;
    for (index, member) in schema.members.iter().enumerate() {
        if is_needed(member) {
            let filled = structure.decode_member(index, &mut inner);
            match filled {
                // The first member of a union for which there is a value.
                Ok(()) if union => return Ok(()),
                Err(_) if union && index + 1 < schema.members.len() => {}
                filled => filled.map_err(|error| error.inside(member.name))?,
            }
            differs = true;
        }
    }
    // Structures that need nothing differ in what they may have.
    let mut others = schema.members.iter().enumerate();
    while !differs && let Some((index, _)) = others.next() {
        differs = structure.decode_member(index, &mut inner).is_ok();
    }
    Ok(())
}

/// Makes a value.
#[derive(Clone, Copy)]
struct Sample {
    depth: usize,
    /// Samples with other variants differ as far as the constraints allow.
    variant: usize,
}

/// The least length of a value, and the greatest.
fn lengths(member: &Member) -> (usize, usize) {
    let (min, max) = member.length.unwrap_or_default();
    let size = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    (size(min.unwrap_or_default()), max.map_or(usize::MAX, size))
}

/// An integer that is a bound or the next one within it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an integer within a bound that is none is near it"
)]
fn whole(bound: Number, round: fn(f64) -> f64) -> i64 {
    match bound {
        Number::Integer(bound) => bound,
        Number::Digits(digits) => digits.parse().map_or(0, |bound: f64| round(bound) as i64),
    }
}

impl Sample {
    /// An integer between the bounds of a member.
    fn whole(self, member: &Member) -> i64 {
        let (min, max) = member.range.unwrap_or_default();
        let min = min.map(|min| whole(min, f64::ceil));
        let max = max.map(|max| whole(max, f64::floor));
        let variant = i64::try_from(self.variant).unwrap_or(i64::MAX);
        match (min, max) {
            (Some(min), max) => min.saturating_add(variant).min(max.unwrap_or(i64::MAX)),
            (None, Some(max)) => max.saturating_sub(variant),
            (None, None) => variant.saturating_add(1),
        }
    }

    /// A text of a member.
    fn text_of(self, member: &Member) -> Result<String, DecodeError> {
        let values = member.target.values;
        if let Some(value) = values.get(self.variant).or(values.last()) {
            return Ok((*value).to_owned());
        }
        let (min, max) = lengths(member);
        let least = min.clamp(1, LONGEST);
        match member.pattern {
            Some(pattern) => pattern::text(pattern, least, max, self.variant).ok_or_else(|| {
                DecodeError::mismatch(format!("a text that matches `{pattern}`"), "none")
            }),
            None if self.variant == 0 => Ok("a".repeat(least)),
            None => Ok(format!("{:a>least$}", letters(self.variant))),
        }
    }
}

/// A number in letters from b to k.
fn letters(number: usize) -> String {
    let digits = number.to_string().into_bytes().into_iter();
    digits
        .map(|digit| char::from(digit - b'0' + b'b'))
        .collect()
}

impl Decoder for Sample {
    fn is_null(&self) -> bool {
        false
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        Ok(self.variant == 0)
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let numbers = member.target.numbers;
        let known = numbers.get(self.variant).or(numbers.last());
        Ok(known.map_or_else(|| self.whole(member), |number| i64::from(*number)))
    }

    #[expect(clippy::cast_precision_loss, reason = "any number does")]
    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let bound = |bound| match bound {
            Number::Integer(bound) => bound as f64,
            Number::Digits(digits) => digits.parse().unwrap_or_default(),
        };
        Ok(match member.range {
            Some((Some(min), _)) => bound(min),
            Some((None, Some(max))) => bound(max),
            _ => 1.0 + self.variant as f64,
        })
    }

    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        Ok(match member.range {
            Some((Some(Number::Digits(bound)), _) | (None, Some(Number::Digits(bound)))) => {
                bound.to_owned()
            }
            _ => self.whole(member).to_string(),
        })
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        take(&self.text_of(member)?);
        Ok(())
    }

    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError> {
        let least = lengths(member).0.clamp(1, LONGEST);
        Ok(Blob::from(match self.variant {
            0 => "a".repeat(least),
            variant => format!("{:a>least$}", letters(variant)),
        }))
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Timestamp, DecodeError> {
        let seconds = i64::try_from(self.variant).unwrap_or_default();
        Ok(Timestamp::from_secs(seconds).unwrap_or_default())
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        Ok(Document::from(self.variant + 1))
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        // Lists differ in their elements, and empty ones in their length.
        let (least, most) = lengths(member);
        let least = least.max(usize::from(self.variant > 0)).min(most);
        let [element, ..] = member.target.members else {
            return Ok(());
        };
        for index in 0..least.min(1 << 10) {
            let mut sample = Self {
                depth: self.depth + 1,
                variant: self.variant + index,
            };
            list.decode_element(element, &mut sample)?;
        }
        Ok(())
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        let [key, value, ..] = member.target.members else {
            return Ok(());
        };
        let (least, most) = lengths(member);
        let least = least.max(usize::from(self.variant > 0)).min(most);
        for index in 0..least.min(1 << 10) {
            let mut sample = Self {
                depth: self.depth + 1,
                variant: self.variant + index,
            };
            let key = sample.text_of(key)?;
            map.decode_entry(&key, value, &mut sample)?;
        }
        Ok(())
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        fill(structure, *self)
    }
}

#[cfg(test)]
mod tests {
    use drawplate_runtime::schema::{self, Schema};

    use super::*;

    static CODES: Schema = Schema::list(
        "a#Codes",
        &[Member::new("member", &schema::STRING).pattern("^[a-c]-[0-9]+$")],
    );
    static PAIR: Schema = Schema::structure(
        "a#Pair",
        &[
            Member::new("size", &schema::BIG_DECIMAL),
            Member::new("name", &schema::STRING),
        ],
    );
    static PAIRS: Schema = Schema::list("a#Pairs", &[Member::new("member", &PAIR)]);
    static INPUT: Schema = Schema::structure(
        "a#Input",
        &[
            Member::new("id", &schema::STRING)
                .pattern("^item-[0-9a-f]+$")
                .length(Some(20), Some(22))
                .required(),
            Member::new("codes", &CODES)
                .length(Some(5), None)
                .unique_items()
                .required(),
            Member::new("pairs", &PAIRS)
                .length(Some(3), None)
                .unique_items()
                .required(),
            Member::new("level", &schema::INTEGER)
                .range(Some(Number::Digits("2.5")), Some(Number::Integer(3)))
                .required(),
            Member::new("rest", &schema::STRING).pattern("^x$"),
        ],
    );

    struct Pair {
        size: Option<drawplate_runtime::BigDecimal>,
        name: Option<String>,
    }
    drawplate_runtime::structure!(Pair: PAIR { 0: size, 1: name });

    struct Input {
        id: String,
        codes: Vec<String>,
        pairs: Vec<Pair>,
        level: i32,
        rest: Option<String>,
    }
    drawplate_runtime::structure!(Input: INPUT { 0: id, 1: codes, 2: pairs, 3: level, 4: rest });

    #[test]
    fn what_is_required_satisfies_its_constraints() {
        let input = of::<Input>().expect("there are such values");
        assert!(
            input.id.starts_with("item-") && (20..=22).contains(&input.id.len()),
            "{}",
            input.id
        );
        let mut codes = input.codes.clone();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 5, "{:?}", input.codes);
        assert!(
            codes
                .iter()
                .all(|code| code.len() >= 3 && code.as_bytes()[1] == b'-')
        );
        let sizes = input
            .pairs
            .iter()
            .map(|pair| pair.size.as_ref().map(ToString::to_string));
        assert_eq!(
            sizes.collect::<Vec<_>>(),
            [None, Some("2".to_owned()), Some("3".to_owned())]
        );
        assert!(input.pairs.iter().all(|pair| pair.name.is_none()));
        assert_eq!((input.level, input.rest), (3, None));
    }
}
