//! `Serialize` and `Deserialize` by the schema, for any format of serde.
//!
//! The encoding follows the protocols: structures and unions are maps with wire names, and missing
//! members are left out. Human-readable formats get base64 text, and timestamps and numbers as in
//! JSON; other formats get bytes, timestamps as seconds and nanoseconds, and documents as JSON
//! text. A number that a double cannot represent is text in human-readable formats; only
//! [`Json`](crate::Json) encodes such numbers as numbers.
//!
//! Each value of a member, list or map is optional in serde's data model, since null can appear
//! wherever the format has it.

mod serialize;

use ::serde::de::Error as _;
#[doc(hidden)]
pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::serialize::serialize;
#[cfg(all(test, feature = "client", feature = "server"))]
pub(crate) use self::serialize::serialize_as;
use crate::codec::decode::{DecodeContext, Form, Memory, Mode, Source};
use crate::codec::json;
use crate::shape::{Decode, HasSchema};

/// Deserializes a value from any format, with [`Mode::Lenient`].
pub fn deserialize<'de, T: Decode + HasSchema, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let form = if deserializer.is_human_readable() {
        Form::Text
    } else {
        Form::Binary
    };
    let mut context = DecodeContext::new(form, Mode::Lenient, Memory::unlimited());
    context.ignored = Some(json::TYPE);
    let mut source = Source::new(deserializer, &context);
    let mut value = None;
    let result = T::decode(T::ROOT, &mut source).map(|decoded| value = Some(decoded));
    source.finish(result)?.map_err(D::Error::custom)?;
    value.ok_or_else(|| D::Error::custom("the value is missing"))
}
