//! HTTP messages by schema: where the members of a structure are in requests and responses (Smithy
//! 2.0, "HTTP protocol bindings").

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod header;
pub(crate) mod path;
pub(crate) mod text;
