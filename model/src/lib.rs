//! Smithy models in the JSON AST: load, resolve, check.
//!
//! ```text
//! Sources -> load -> Ast -> resolve -> Model -> check
//! ```
//!
//! Each stage reports everything that it finds and stops only at its end. A [`Model`] that has passed
//! [`check`] is one from which Rust can be generated without further questions.

pub mod ast;
mod check;
pub mod diagnostic;
pub mod frontend;
pub mod model;
pub mod node;
pub mod pattern;
mod prelude;
pub mod protocol;
mod resolve;
pub mod source;
mod suggest;
pub mod traits;

pub use la_arena;

pub use ast::Ast;
pub use check::check;
pub use diagnostic::{Code, Diagnostic, Report};
pub use frontend::json::{load, load_one};
pub use model::Model;
pub use node::Node;
pub use resolve::resolve;
pub use source::{Location, Sources};

/// Runs the stages in their order. The report of a success has warnings only.
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
