//! Models as text.

mod idl;
mod json;
mod upgrade;

pub use idl::format;
pub use json::{Mixins, json_ast};
