//! `Serialize` and `Deserialize` by the schema, for any format of serde.
//!
//! The form is that of the protocols: structures and unions are maps with wire names, absent members are left out. Formats for humans get
//! base64 text, timestamps and numbers as JSON has them; others get bytes, timestamps as seconds and nanoseconds, and documents as JSON
//! text. A number or timestamp that a double cannot hold is text in formats for humans: only [`Json`](crate::Json) writes such numbers
//! as they are.
//!
//! Each value of a member, list or map is optional in serde's data model, as null can stand wherever the format knows null.

mod serialize;

use ::serde::de::Error as _;
#[doc(hidden)]
pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::serialize::serialize;
#[cfg(test)]
pub(crate) use self::serialize::serialize_as;
use crate::codec::decode::{Context, Form, Mode, Source};
use crate::codec::json;
use crate::shape::{Decode, HasSchema};

/// Reads a value from any format, as [`Mode::Lenient`] has it.
pub fn deserialize<'de, T: Decode + HasSchema, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let form = if deserializer.is_human_readable() {
        Form::Text
    } else {
        Form::Binary
    };
    let mut context = Context::new(form, Mode::Lenient);
    context.ignored = Some(json::TYPE);
    let mut source = Source::new(deserializer, &context);
    let mut value = None;
    let result = T::decode(T::ROOT, &mut source).map(|decoded| value = Some(decoded));
    source.finish(result)?.map_err(D::Error::custom)?;
    value.ok_or_else(|| D::Error::custom("there is no value"))
}
