//! Codecs: values as bytes and back.

pub mod debug;
pub(crate) mod decode;
pub mod json;
pub mod serde;
