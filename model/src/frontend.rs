//! Front ends: each turns text of one format into an [`Ast`](crate::Ast).

mod files;
pub mod json;
