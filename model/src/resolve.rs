//! [`Ast`] to [`Model`].
use crate::{Ast, Model, Report};
/// Placeholder.
pub fn resolve(_: Ast<'_>) -> Result<(Model, Report), Report> { todo!() }
