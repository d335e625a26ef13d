//! Smithy models: reads, resolves and checks them.
//!
//! ```text
//! Sources -> front end -> Ast -> resolve -> Model -> check
//! ```
//!
//! A front end turns text into an [`Ast`]; [`load`] reads the JSON AST and the Smithy IDL. Each
//! stage reports all problems that it finds before it stops. Code can be generated from a
//! [`Model`] that has passed [`check()`] without further validation.

pub mod ast;
mod check;
pub mod civil;
mod components;
pub mod diagnostic;
pub mod frontend;
pub mod jmespath;
mod library;
pub mod model;
pub mod node;
mod number;
pub mod pattern;
mod prelude;
pub mod print;
pub mod protocol;
#[cfg(test)]
mod random_tests;
mod resolve;
mod select;
pub mod source;
mod suggest;
mod syntax;
pub mod traits;
mod words;

pub use la_arena;

pub use ast::Ast;
pub use check::check;
pub use diagnostic::{Code, Diagnostic, Report};
pub use frontend::{load, load_one};
pub use model::Model;
pub use node::Node;
pub use resolve::resolve;
pub use select::Selection;
pub use source::{Location, Sources};
pub use suggest::did_you_mean;

/// Loads, resolves and checks a model. The report of a success has only warnings.
pub fn build(sources: &Sources) -> Result<(Model, Report), Report> {
    let ast = load(sources)?;
    let (model, mut report) = resolve(ast)?;
    match check(&model) {
        Ok(warnings) => {
            report.merge(warnings);
            Ok((model, report))
        }
        Err(errors) => {
            report.merge(errors);
            Err(report)
        }
    }
}
