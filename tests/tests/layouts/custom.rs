//! Types in place of generated ones: a string that is checked, and a structure.

use drawplate_runtime::{
    Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, MapKey, Member,
};

/// The generated code.
pub mod api {
    include!("custom-api.rs");
}

/// An address, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl From<&str> for Email {
    fn from(text: &str) -> Self {
        Self(text.to_lowercase())
    }
}

impl Encode for Email {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        self.0.encode(member, encoder)
    }
}

impl Decode for Email {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let text = String::decode(member, decoder)?;
        Ok(Self::from(text.as_str()))
    }

    fn empty() -> Self {
        Self(String::new())
    }
}

impl MapKey for Email {
    fn as_key(&self) -> &str {
        &self.0
    }

    fn from_key(text: &str) -> Self {
        Self::from(text)
    }
}

/// An amount, which the model has as a structure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// Hundredths of a unit.
    pub cents: i64,
}

impl Encode for Money {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        api::example::types::Money::new(self.cents / 100).encode(member, encoder)
    }
}

impl Decode for Money {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let money = api::example::types::Money::decode(member, decoder)?;
        Ok(Self {
            cents: money.units * 100,
        })
    }

    fn empty() -> Self {
        Self { cents: 0 }
    }
}

#[test]
fn values_go_through_the_types() {
    use std::collections::{HashMap, HashSet};

    use api::example::Json;
    use api::example::types::{Item, Source};

    let item = Item::new(Money { cents: 500 })
        .prices(HashMap::from([(Email::from("A@b.example"), Money { cents: 700 })]))
        .owners([Email::from("C@d.example")])
        .source(Source::Email(Email::from("E@f.example")));
    let json = item.to_json().expect("it is JSON");
    assert_eq!(
        json,
        r#"{"price":{"units":5},"prices":{"a@b.example":{"units":7}},"owners":["c@d.example"],"source":{"email":"e@f.example"}}"#
    );
    assert_eq!(Item::from_json(&json).expect("it is the item"), item);
    let others = HashSet::from([Source::Email(Email::from("x"))]);
    assert_eq!(others.len(), 1);
}
