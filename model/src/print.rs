//! Models as text.

mod json;

pub use json::{Mixins, json_ast};
