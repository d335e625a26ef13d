//! Models as text.

mod idl;
mod json;

pub use idl::format;
pub use json::{Mixins, json_ast};
