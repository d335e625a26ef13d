//! Emitters: one function per item, named for it, that ends in a `quote!` which reads as the output.
//!
//! **Invariant:** an emitter cannot fail and decides nothing: what it would have to decide is a field of the model or a name.
//! **Invariant:** output names everything by absolute path or through `rt` and sibling modules, so that a model may call its
//! shapes `Option`, `Result` or `String`.

pub(crate) mod client;
pub(crate) mod conformance;
mod enums;
pub(crate) mod error;
pub(crate) mod module;
pub(crate) mod operation;
pub(crate) mod root;
pub(crate) mod route;
pub(crate) mod schema;
pub(crate) mod server;
mod structure;
mod text;
mod types;
mod union;
