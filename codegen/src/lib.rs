//! Draws Rust from a checked [`Model`]: names, then token streams, then text. Nothing here reads or writes a file.
//!
//! [`allot`] is the last stage that can fail. What follows it, [`generate`] and [`render`], reads decided facts only.

mod conformance;
pub mod docs;
pub mod files;
pub mod names;
mod package;
mod render;
mod rust;

pub use conformance::{Suite, conformance};
pub use drawplate_model::model::Model;
pub use files::Files;
pub use names::{Names, allot};
pub use package::{Manifest, package};
pub use render::render;

use drawplate_model::model::{Service, ServiceId};
use proc_macro2::TokenStream;

/// A model and what to call it in the headers of the files that are made from it.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// The model.
    pub model: &'a Model,
    /// Where it comes from, such as `model/services/example.json`.
    pub origin: &'a str,
}

/// What every emitter is given.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    pub(crate) model: &'a Model,
    pub(crate) service: &'a Service,
    pub(crate) names: &'a names::ServiceNames,
    /// The file at hand, if it is one of types.
    pub(crate) home: Option<names::Home>,
}

/// A file before it is formatted.
#[derive(Debug)]
pub struct Draft {
    /// Path below the crate's `src`.
    pub path: String,
    /// Where its content comes from; ends up in the header.
    pub origin: String,
    /// Its items.
    pub items: TokenStream,
    /// The emitter that made it, for the message if its tokens do not parse.
    pub emitter: &'static str,
}

/// Emits every file of a crate that holds the services of `units`, one module each.
pub fn generate(units: &[Unit<'_>], names: &Names) -> Vec<Draft> {
    let services = names
        .services
        .iter()
        .flat_map(|(unit, id, names)| service(units[*unit], *id, names));
    let root = Draft {
        path: "lib.rs".into(),
        origin: origins(units),
        items: rust::root::root(units, names),
        emitter: "root",
    };
    services.chain([root]).collect()
}

fn origins(units: &[Unit<'_>]) -> String {
    units
        .iter()
        .map(|unit| unit.origin)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Emits the module of one service.
fn service(unit: Unit<'_>, id: ServiceId, names: &names::ServiceNames) -> Vec<Draft> {
    let cx = Cx {
        model: unit.model,
        service: &unit.model.services[id],
        names,
        home: None,
    };
    let draft = |file: &str, emitter, items| Draft {
        path: format!("{}/{file}.rs", names.module),
        origin: unit.origin.to_owned(),
        items,
        emitter,
    };
    vec![
        draft("mod", "module", rust::module::module(&cx)),
        draft(
            "input",
            "input",
            rust::module::shapes(&cx, names::Home::Input),
        ),
        draft(
            "output",
            "output",
            rust::module::shapes(&cx, names::Home::Output),
        ),
        draft(
            "types",
            "types",
            rust::module::shapes(&cx, names::Home::Types),
        ),
        draft("client", "client", rust::client::client(&cx)),
        draft(
            "error",
            "error",
            rust::module::shapes(&cx, names::Home::Error),
        ),
        draft("operation", "operation", rust::operation::operations(&cx)),
        draft("route", "route", rust::route::routes(&cx)),
        draft("schema", "schema", rust::schema::schemas(&cx)),
        draft("server", "server", rust::server::server(&cx)),
    ]
}
