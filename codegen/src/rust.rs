//! The Rust output: types, errors, a client and a server for each service.
//!
//! An emitter is one function per item, named for it, that ends in a `quote!` which reads as the
//! output.
//!
//! **Invariant:** an emitter cannot fail and decides nothing: what it would have to decide is a
//! field of the model or a name.
//! **Invariant:** output names everything by absolute path or through `rt` and sibling modules, so
//! that a model may call its shapes `Option`, `Result` or `String`.

mod client;
pub(crate) mod conformance;
mod enums;
mod error;
mod example;
mod module;
mod operation;
mod root;
mod route;
mod schema;
mod server;
mod structure;
mod text;
mod types;
mod union;

use std::sync::Arc;

use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Model, Service};
use proc_macro2::TokenStream;

use crate::names::{ServiceNames, ServiceUnit, TypeModule};
use crate::{
    CheckedModel, Config, Names, Output, Parts, SourceFile, assign_names, origins, package,
};

/// The Rust output. With [`Config::package`] it is a package with its modules in `src`, else the
/// modules alone.
#[derive(Clone, Copy, Debug)]
pub struct Rust;

impl Output for Rust {
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>> {
        let Some(names) = assign_names(models, &config.names, report).map(Arc::new) else {
            return Vec::new();
        };
        match &config.package {
            None => modules("", models, &names, config.parts),
            Some(package) => {
                let mut files = modules("src/", models, &names, config.parts);
                files.extend(package::files(package, models, &names, config));
                files
            }
        }
    }
}

/// The context of every emitter.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    pub(crate) model: &'a Model,
    pub(crate) service: &'a Service,
    pub(crate) names: &'a ServiceNames,
    pub(crate) parts: Parts,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(models: &'a [CheckedModel], unit: &'a ServiceUnit, parts: Parts) -> Self {
        let ServiceUnit {
            model,
            service,
            names,
        } = unit;
        let model = &models[*model].model;
        Self {
            model,
            service: &model.services[*service],
            names,
            parts,
        }
    }
}

/// Emits a module of a service.
type Emitter = fn(&Cx<'_>) -> TokenStream;

/// The modules that every service has, the largest first: rendering ends soonest that way.
const MODULES: [(&str, Emitter); 8] = [
    ("types", |cx| module::shapes(cx, TypeModule::Types)),
    ("schema", schema::schemas),
    ("input", |cx| module::shapes(cx, TypeModule::Input)),
    ("output", |cx| module::shapes(cx, TypeModule::Output)),
    ("operation", operation::operations),
    ("error", |cx| module::shapes(cx, TypeModule::Error)),
    ("route", route::routes),
    ("mod", module::module),
];

/// The root module and the modules of each service, in the folder `prefix` (which ends in `/` or is
/// empty).
pub(crate) fn modules<'a>(
    prefix: &str,
    models: &'a [CheckedModel],
    names: &Arc<Names>,
    parts: Parts,
) -> Vec<SourceFile<'a>> {
    let Parts { client, server } = parts;
    let client = client.then_some(("client", client::client as Emitter));
    let server = server.then_some(("server", server::server as Emitter));
    let modules = MODULES.into_iter().chain(client).chain(server);
    let root = {
        let names = Arc::clone(names);
        let path = format!("{prefix}lib.rs");
        SourceFile::rust(path, origins(models), move || {
            root::root(models, &names, parts)
        })
    };
    let mut files = vec![root];
    for (index, unit) in names.services.iter().enumerate() {
        files.extend(modules.clone().map(|(module, emitter)| {
            let names = Arc::clone(names);
            let path = format!("{prefix}{}", unit.names.file(module));
            SourceFile::rust(path, &models[unit.model].origin, move || {
                emitter(&Cx::new(models, &names.services[index], parts))
            })
        }));
    }
    files
}
