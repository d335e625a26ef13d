//! Random JSON that is valid for a schema, in the form in which the codec writes it.

use std::collections::BTreeSet;

use drawplate_runtime::schema::{Kind, Member, Schema, TimestampFormat};
use serde_json::{Map, Number, Value, json};

use crate::random::Random;

/// A generator of random values. The same seed gives the same values.
#[derive(Debug)]
pub struct Arbitrary {
    /// What the values are chosen by.
    pub random: Random,
}

/// Structures below this depth leave out what they may.
const DEPTH: usize = 5;

impl Arbitrary {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
        }
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        *self.random.pick(items)
    }

    fn some(&mut self, depth: usize) -> bool {
        depth < DEPTH && self.random.below(3) > 0
    }

    /// A value of a structure or union.
    pub fn shape(&mut self, schema: &'static Schema) -> Value {
        self.members(schema, 0)
    }

    fn members(&mut self, schema: &'static Schema, depth: usize) -> Value {
        let mut object = Map::new();
        if schema.kind == Kind::Union {
            // A member that leads nowhere deeper, where there is one and it is time.
            let flat =
                |member: &&Member| !matches!(member.target.kind, Kind::Structure | Kind::Union);
            let members = schema
                .members
                .iter()
                .filter(|member| depth < DEPTH || flat(member))
                .collect::<Vec<_>>();
            let member = self.pick(&members);
            object.insert(member.json_name.to_owned(), self.value(member, depth + 1));
            return Value::Object(object);
        }
        for member in schema.members {
            if member.required || member.default.is_some() || self.some(depth) {
                object.insert(member.json_name.to_owned(), self.value(member, depth + 1));
            }
        }
        Value::Object(object)
    }

    /// A value of a member, at a depth below the structure at the root.
    pub fn value(&mut self, member: &'static Member, depth: usize) -> Value {
        let schema = member.target;
        match schema.kind {
            Kind::Boolean => json!(self.random.below(2) == 1),
            Kind::Byte => json!(self.integer(i8::MIN.into(), i8::MAX.into())),
            Kind::Short => json!(self.integer(i16::MIN.into(), i16::MAX.into())),
            Kind::Integer => json!(self.integer(i32::MIN.into(), i32::MAX.into())),
            Kind::Long => json!(self.integer(i64::MIN, i64::MAX)),
            Kind::IntEnum => match self.random.below(8) {
                0 => json!(self.integer(i32::MIN.into(), i32::MAX.into())),
                _ => json!(self.pick(schema.numbers)),
            },
            Kind::Float => self.pick(&[0.5, -0.25, 1024.0, 1.5e10]).into(),
            Kind::Double => match self.random.below(8) {
                0 => json!(self.pick(&["NaN", "Infinity", "-Infinity"])),
                _ => self
                    .pick(&[0.1, -1e-300, 1.797e308, 123_456.789, 2.0])
                    .into(),
            },
            Kind::BigInteger => {
                number(self.pick(&["0", "-1", "9007199254740993", "18446744073709551615"]))
            }
            Kind::BigDecimal => number(self.pick(&["0.1", "-12.5", "3"])),
            Kind::String => json!(self.text()),
            Kind::Enum => match self.random.below(8) {
                0 => json!(self.text()),
                _ => json!(self.pick(schema.values)),
            },
            Kind::Blob => json!(self.pick(&["", "AA==", "AAE=", "AAEC", "/+8="])),
            Kind::Timestamp => self.timestamp(member.timestamp_format),
            Kind::Document => self.document(depth),
            Kind::List | Kind::SparseList => {
                let element = &schema.members[0];
                let length = if depth < DEPTH {
                    self.random.below(4)
                } else {
                    0
                };
                let sparse = schema.kind == Kind::SparseList;
                (0..length)
                    .map(|_| self.element(element, sparse, depth + 1))
                    .collect()
            }
            Kind::Map | Kind::SparseMap => {
                let length = if depth < DEPTH {
                    self.random.below(4)
                } else {
                    0
                };
                let keys = (0..length)
                    .map(|_| self.key(&schema.members[0]))
                    .collect::<BTreeSet<_>>();
                let sparse = schema.kind == Kind::SparseMap;
                let entries = keys.into_iter();
                Value::Object(
                    entries
                        .map(|key| (key, self.element(&schema.members[1], sparse, depth + 1)))
                        .collect(),
                )
            }
            Kind::Structure | Kind::Union => self.members(schema, depth),
        }
    }

    fn element(&mut self, element: &'static Member, sparse: bool, depth: usize) -> Value {
        if sparse && self.random.below(3) == 0 {
            Value::Null
        } else {
            self.value(element, depth)
        }
    }

    fn key(&mut self, member: &'static Member) -> String {
        match member.target.kind {
            Kind::Enum => self.pick(member.target.values).to_owned(),
            _ => self.text(),
        }
    }

    fn integer(&mut self, min: i64, max: i64) -> i64 {
        match self.random.below(4) {
            0 => min,
            1 => max,
            _ => i64::try_from(self.random.below(200)).expect("a small number fits") - 100,
        }
    }

    fn text(&mut self) -> String {
        const PARTS: [&str; 12] = [
            "",
            "a",
            "Z9",
            " ",
            "\"",
            "\\",
            "/",
            "\n",
            "\u{7f}",
            "é",
            "\u{1F600}",
            "{\"x\":[1]}",
        ];
        (0..self.random.below(5))
            .map(|_| self.pick(&PARTS))
            .collect()
    }

    fn timestamp(&mut self, format: Option<TimestampFormat>) -> Value {
        match format {
            Some(TimestampFormat::DateTime) => {
                json!(self.pick(&[
                    "1985-04-12T23:20:50.52Z",
                    "1969-12-31T23:59:59Z",
                    "2026-02-28T00:00:00.001Z"
                ]))
            }
            Some(TimestampFormat::HttpDate) => {
                json!(self.pick(&[
                    "Tue, 29 Apr 2014 18:30:38 GMT",
                    "Sun, 02 Jan 2000 20:34:56 GMT"
                ]))
            }
            Some(TimestampFormat::EpochSeconds) | None => match self.random.below(3) {
                0 => json!(1_515_531_081.123),
                1 => json!(-1),
                _ => json!(self.random.below(4_000_000_000)),
            },
        }
    }

    fn document(&mut self, depth: usize) -> Value {
        match self.random.below(if depth < DEPTH { 6 } else { 4 }) {
            0 => json!(self.text()),
            1 => json!(self.random.below(1000)),
            2 => json!(true),
            3 => json!(0.5),
            4 => (0..self.random.below(3))
                .map(|_| self.document(depth + 1))
                .collect(),
            _ => json!({ self.text(): self.document(depth + 1), "null": null }),
        }
    }
}

fn number(digits: &str) -> Value {
    Value::Number(serde_json::from_str::<Number>(digits).expect("these are numbers"))
}
