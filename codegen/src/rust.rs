//! The Rust output: types, errors, a client and a server for each service.
//!
//! An emitter is one function per item, named for it, that ends in a `quote!` which reads as the
//! output.
//!
//! **Invariant:** an emitter cannot fail and decides nothing: what it would have to decide is a
//! field of the model or a name.
//! **Invariant:** output names everything by absolute path or through `rt` and sibling modules, so
//! that a model may call its shapes `Option`, `Result` or `String`.

mod auth;
mod choices;
mod client;
pub(crate) mod conformance;
pub(crate) mod document;
mod endpoint;
mod enums;
mod error;
mod example;
mod module;
mod operation;
mod parts;
mod root;
mod route;
mod schema;
mod server;
mod structure;
pub(crate) mod syntax;
mod text;
mod types;
mod union;
pub(crate) mod waiter;

#[cfg(test)]
pub(crate) use text::without_docs;

use std::sync::Arc;

use choices::TypeChoices;
use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Model, Service};
use drawplate_model::source::Location;
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::{ServiceNames, ServiceUnit, TypeModule};
use crate::{
    CheckedModel, Config, Layout, Names, Output, Parts, Section, SourceFile, Text, Tokens,
    assign_names, origins, package,
};

/// The Rust output, in the form of [`Config::layout`]. A crate is a package with its modules in
/// `src` if there is a [`Config::package`], else the modules alone.
#[derive(Clone, Copy, Debug)]
pub struct Rust;

impl Output for Rust {
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>> {
        let names = assign_names(models, &config.names, report);
        let types = choices::choices(models, config, report);
        parts::report_missing(models, config, report);
        auth::unsupported::report(models, config, report);
        if let Layout::File { name } = &config.layout
            && let Some(error) = Layout::wrong_file_name(name, Location::none())
        {
            report.push(error);
        }
        let Some(names) = names else {
            return Vec::new();
        };
        let plan = Arc::new(Plan {
            documents: document::documents(models, &names, config, report),
            names,
            types,
            options: Options::new(config),
        });
        match (&config.layout, &config.package) {
            (Layout::Crate, None) => modules("", "lib", models, &plan),
            (Layout::Crate, Some(package)) => {
                let mut files = modules("src/", "lib", models, &plan);
                files.extend(package::files(package, models, &plan.names, config));
                files
            }
            (Layout::Module, _) => modules("", "mod", models, &plan),
            (Layout::File { name }, _) => vec![file(name, models, &plan)],
        }
    }

    fn has_modules(&self) -> bool {
        true
    }
}

/// What is decided before the first token, for all services.
pub(crate) struct Plan {
    pub(crate) names: Names,
    /// The choices for the types of each model.
    types: Vec<TypeChoices>,
    /// The OpenAPI document of each service whose router can serve it.
    documents: Vec<Option<String>>,
    pub(crate) options: Options,
}

impl Plan {
    /// The plan of a crate with these parts.
    pub(crate) fn complete(models: &[CheckedModel], names: Names, parts: Parts) -> Self {
        Self {
            names,
            types: models.iter().map(|_| TypeChoices::default()).collect(),
            documents: Vec::new(),
            options: Options {
                parts,
                is_crate: true,
                is_file: false,
                docs: true,
            },
        }
    }

    /// The context of each service.
    pub(crate) fn services<'a>(
        &'a self,
        models: &'a [CheckedModel],
    ) -> impl Iterator<Item = Cx<'a>> + Clone {
        (0..self.names.services.len()).map(|index| Cx::new(models, self, index))
    }
}

/// The choices of the configuration that emitters follow.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) parts: Parts,
    /// Whether the output is a crate, whose features select the parts.
    pub(crate) is_crate: bool,
    /// Whether the output is one file.
    pub(crate) is_file: bool,
    pub(crate) docs: bool,
}

impl Options {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            parts: config.parts,
            is_crate: config.layout == Layout::Crate,
            is_file: matches!(config.layout, Layout::File { .. }),
            docs: config.docs,
        }
    }

    /// The tokens of a module, without their documentation if it is not wanted.
    fn documented(self, tokens: TokenStream) -> TokenStream {
        if self.docs {
            tokens
        } else {
            text::without_docs(tokens)
        }
    }

    /// `cfg(feature = ..)`, if the features of the crate are those of the output.
    pub(crate) fn cfg(self, feature: &str) -> Option<TokenStream> {
        self.is_crate.then(|| quote!(#[cfg(feature = #feature)]))
    }
}

/// The context of every emitter.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    pub(crate) model: &'a Model,
    pub(crate) service: &'a Service,
    pub(crate) names: &'a ServiceNames,
    pub(crate) types: &'a TypeChoices,
    /// The OpenAPI document that the router can serve.
    pub(crate) document: Option<&'a str>,
    pub(crate) options: Options,
}

impl<'a> Cx<'a> {
    /// The context of the service with this index in the names.
    fn new(models: &'a [CheckedModel], plan: &'a Plan, index: usize) -> Self {
        let ServiceUnit {
            model: of,
            service,
            names,
        } = &plan.names.services[index];
        let model = &models[*of].model;
        Self {
            model,
            service: &model.services[*service],
            names,
            types: &plan.types[*of],
            document: plan.documents.get(index).and_then(Option::as_deref),
            options: plan.options,
        }
    }

    /// The parts of the service.
    pub(crate) fn parts(&self) -> Parts {
        self.options.parts.of([self.service])
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

/// The modules of the service with this index, with those of its parts.
fn emitters(plan: &Plan, models: &[CheckedModel], index: usize) -> Vec<(&'static str, Emitter)> {
    let cx = Cx::new(models, plan, index);
    let parts = cx.parts();
    let client = parts
        .client
        .then_some(("client", client::client as Emitter));
    let endpoint = endpoint::has_rules(&cx).then_some(("endpoint", endpoint::endpoint as Emitter));
    let waiter = waiter::has_waiters(parts, cx.model, cx.service)
        .then_some(("waiter", waiter::waiters as Emitter));
    let server = parts
        .has_server()
        .then_some(("server", server::server as Emitter));
    MODULES
        .into_iter()
        .chain(client)
        .chain(endpoint)
        .chain(server)
        .chain(waiter)
        .collect()
}

/// The root module and the modules of each service, in the folder `prefix` (which ends in `/` or is
/// empty). `root` is the name of the root module's file.
pub(crate) fn modules<'a>(
    prefix: &str,
    root: &str,
    models: &'a [CheckedModel],
    plan: &Arc<Plan>,
) -> Vec<SourceFile<'a>> {
    let path = format!("{prefix}{root}.rs");
    let root = {
        let plan = Arc::clone(plan);
        SourceFile::rust(path, origins(models), move || {
            plan.options.documented(root::root(models, &plan))
        })
    };
    let mut files = vec![root];
    for (index, unit) in plan.names.services.iter().enumerate() {
        let origin = &models[unit.model].origin;
        for (module, emitter) in emitters(plan, models, index) {
            files.push(SourceFile::rust(
                format!("{prefix}{}", unit.names.file(module)),
                origin,
                emit(models, plan, index, emitter),
            ));
        }
        if let Some(Some(document)) = plan.documents.get(index) {
            let path = format!("{prefix}{}/{}", unit.names.module.text(), document::FILE);
            files.push(SourceFile::plain(path, origin, document.clone()));
        }
    }
    files
}

/// One file with the modules of each service.
fn file<'a>(name: &str, models: &'a [CheckedModel], plan: &Arc<Plan>) -> SourceFile<'a> {
    let mut sections = Vec::new();
    for (index, unit) in plan.names.services.iter().enumerate() {
        let items = |emitter| Section::Items(emit(models, plan, index, emitter));
        let lints = root::LINTS.join(", ");
        let module = &unit.names.module;
        sections.push(Section::Line(format!(
            "\n#[allow({lints})]\npub mod {module} {{"
        )));
        sections.push(items(module::inline));
        for (module, emitter) in emitters(plan, models, index) {
            let visibility = match module {
                "mod" => continue,
                "endpoint" | "schema" | "waiter" => "",
                _ => "pub ",
            };
            sections.push(Section::Line(format!("\n{visibility}mod {module} {{")));
            sections.push(items(emitter));
            sections.push(Section::Line("}".to_owned()));
        }
        sections.push(Section::Line("}".to_owned()));
    }
    SourceFile {
        path: name.to_owned(),
        origin: origins(models),
        text: Text::Sections(sections),
    }
}

/// The function that creates the tokens of a module of a service.
fn emit<'a>(
    models: &'a [CheckedModel],
    plan: &Arc<Plan>,
    service: usize,
    emitter: Emitter,
) -> Tokens<'a> {
    let plan = Arc::clone(plan);
    Box::new(move || {
        let tokens = emitter(&Cx::new(models, &plan, service));
        plan.options.documented(tokens)
    })
}
