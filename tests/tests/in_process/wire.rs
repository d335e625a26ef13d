//! Documents of each format, made from values.
//!
//! A value is JSON as the types of a service read it: with the names of `jsonName`. It may be
//! invalid; what does not fit its shape is written as it is.

mod xml;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Kind, Member, Model, Simple};

use crate::cbor::Cbor;
use crate::json::Json;
use crate::protocols::{Format, Wire};
use crate::valid::MOMENTS;
use crate::xml::Element;

/// Writes the document with some members of a structure.
pub(crate) fn document(model: &Model, wire: &Wire, members: &[&Member], value: &Json) -> Vec<u8> {
    let writer = Writer { model, wire };
    match wire.format {
        Format::Cbor => writer.cbor_entries(members, value).to_bytes(),
        Format::Xml => {
            // The name of the root does not matter.
            let mut root = Element::new("Root");
            writer.xml_members(&mut root, members, value);
            root.to_bytes()
        }
        _ => writer.json_entries(members, value).to_string().into_bytes(),
    }
}

struct Writer<'w> {
    model: &'w Model,
    wire: &'w Wire,
}

impl Writer<'_> {
    /// The name of a member in the document, and the member; the key itself if it is none.
    fn entry<'n>(&self, members: &[&'n Member], key: &'n str) -> (&'n str, Option<&'n Member>) {
        match members.iter().find(|member| *member.json_name == *key) {
            Some(member) => (self.wire.name(member), Some(member)),
            None => (key, None),
        }
    }

    fn json_entries(&self, members: &[&Member], value: &Json) -> Json {
        let Json::Object(entries) = value else {
            return value.clone();
        };
        let entries = entries.iter().map(|(key, value)| {
            let (name, member) = self.entry(members, key);
            let value = member.map_or_else(|| value.clone(), |member| self.json(member, value));
            (name.to_owned(), value)
        });
        Json::Object(entries.collect())
    }

    fn json(&self, member: &Member, value: &Json) -> Json {
        let uniform = self.wire.format == Format::UniformJson;
        match (&self.model.shapes[member.target].kind, value) {
            (Kind::Simple(Simple::BigInteger | Simple::BigDecimal), Json::Number(digits))
                if uniform =>
            {
                Json::text(digits)
            }
            (Kind::Simple(Simple::Timestamp), Json::String(text)) if uniform => {
                seconds(text).map_or_else(|| value.clone(), Json::number)
            }
            (Kind::List(list), Json::Array(elements)) => {
                let elements = elements.iter();
                Json::Array(
                    elements
                        .map(|value| self.json(&list.member, value))
                        .collect(),
                )
            }
            (Kind::Map(map), Json::Object(entries)) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| (key.clone(), self.json(&map.value, value)));
                Json::Object(entries.collect())
            }
            (kind @ (Kind::Structure(_) | Kind::Union(_)), value) => {
                self.json_entries(&kind.members().collect::<Vec<_>>(), value)
            }
            _ => value.clone(),
        }
    }

    fn cbor_entries(&self, members: &[&Member], value: &Json) -> Cbor {
        let Json::Object(entries) = value else {
            return Cbor::open(value);
        };
        let entries = entries.iter().map(|(key, value)| {
            let (name, member) = self.entry(members, key);
            let value = member.map_or_else(|| Cbor::open(value), |member| self.cbor(member, value));
            (Cbor::text(name), value)
        });
        Cbor::Map(entries.collect())
    }

    fn cbor(&self, member: &Member, value: &Json) -> Cbor {
        match (&self.model.shapes[member.target].kind, value) {
            (Kind::Simple(simple), value) => simple_cbor(*simple, value),
            (Kind::List(list), Json::Array(elements)) => {
                let elements = elements.iter();
                Cbor::List(
                    elements
                        .map(|value| self.cbor(&list.member, value))
                        .collect(),
                )
            }
            (Kind::Map(map), Json::Object(entries)) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| (Cbor::text(key), self.cbor(&map.value, value)));
                Cbor::Map(entries.collect())
            }
            (kind @ (Kind::Structure(_) | Kind::Union(_)), value) => {
                self.cbor_entries(&kind.members().collect::<Vec<_>>(), value)
            }
            _ => Cbor::open(value),
        }
    }
}

fn simple_cbor(simple: Simple, value: &Json) -> Cbor {
    let open = || Cbor::open(value);
    match (simple, value) {
        (Simple::Blob, Json::String(text)) => {
            STANDARD.decode(text).map_or_else(|_| open(), Cbor::Bytes)
        }
        (Simple::Float | Simple::Double, Json::String(text)) => match &**text {
            "NaN" => Cbor::Float(f64::NAN),
            "Infinity" => Cbor::Float(f64::INFINITY),
            "-Infinity" => Cbor::Float(f64::NEG_INFINITY),
            _ => open(),
        },
        (Simple::Float | Simple::Double, Json::Number(digits)) => {
            Cbor::Float(digits.parse().expect("a number of JSON"))
        }
        (Simple::Timestamp, Json::String(text)) => match seconds(text) {
            Some(seconds) => Cbor::Tag(1, Box::new(Cbor::number(seconds))),
            None => open(),
        },
        (Simple::Timestamp, Json::Number(digits)) => Cbor::Tag(1, Box::new(Cbor::number(digits))),
        (Simple::BigInteger | Simple::BigDecimal, Json::Number(digits)) => big(digits),
        _ => open(),
    }
}

/// The seconds of a moment that is written in another format.
fn seconds(text: &str) -> Option<&'static str> {
    let moment = MOMENTS.iter().find(|texts| texts[1..].contains(&text));
    moment.map(|[seconds, ..]| *seconds)
}

/// A number of any size: an integer, a bignum or a decimal fraction.
fn big(digits: &str) -> Cbor {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.parse::<i128>().unwrap_or_default() - fraction.len() as i128;
    let mantissa = integer_of_any_size(&format!("{integer}{fraction}"));
    if exponent == 0 && fraction.is_empty() {
        return mantissa;
    }
    Cbor::Tag(
        4,
        Box::new(Cbor::List(vec![Cbor::Integer(exponent), mantissa])),
    )
}

fn integer_of_any_size(digits: &str) -> Cbor {
    // The numbers of the tests have less than 128 bits.
    let value = digits.parse::<i128>().expect("a short number");
    let number = Cbor::number(&value.to_string());
    if let Cbor::Integer(_) = number {
        return number;
    }
    let (tag, magnitude) = if value < 0 {
        (3, -1 - value)
    } else {
        (2, value)
    };
    Cbor::Tag(tag, Box::new(Cbor::Bytes(magnitude.to_be_bytes().to_vec())))
}
