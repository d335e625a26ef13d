//! Generates code from Smithy models: sources in, files in memory out. Only [`mod@write`] touches
//! the disk.
//!
//! ```
//! use drawplate_codegen::{Config, pipeline};
//! use drawplate_model::Sources;
//!
//! let model = r##"{
//!     "smithy": "2.0",
//!     "shapes": {
//!         "example.weather#Weather": {
//!             "type": "service",
//!             "version": "2026-01-01",
//!             "traits": { "aws.protocols#restJson1": {} }
//!         }
//!     }
//! }"##;
//! let sources = Sources::from_texts([("weather.json".into(), model.to_owned())]);
//! let generated = pipeline::run(&sources, &Config::default()).expect("the model is valid");
//! assert!(generated.files.get("weather/client.rs").is_some());
//! ```

pub mod build;
pub mod config;
mod conformance;
mod customizations;
pub mod docs;
pub mod files;
#[cfg(feature = "format")]
mod format;
#[cfg(feature = "format")]
mod macro_call;
pub mod manifest;
pub mod names;
#[cfg(feature = "openapi")]
mod openapi;
mod openapi_settings;
pub mod output;
mod package;
pub mod pipeline;
#[cfg(any(test, not(feature = "format")))]
mod plain;
mod render;
mod rust;
mod select;
pub mod write;

pub use build::{BuildError, configure};
pub use config::{Config, Layout, Models, Package, Parts, Runtime};
pub use conformance::Conformance;
pub use customizations::{customized_services, unused_customizations};
pub use drawplate_model::model::Model;
pub use files::Files;
pub use names::{ChosenNames, Names, assign_names};
#[cfg(feature = "openapi")]
pub use openapi::OpenApi;
pub use openapi_settings::{OpenApiFormat, OpenApiSettings, OpenApiVersion};
pub use output::{Output, Section, SourceFile, Text, Tokens};
pub(crate) use rust::Cx;
pub use rust::Rust;

/// A model that passed all checks.
#[derive(Debug)]
pub struct CheckedModel {
    /// The model.
    pub model: Model,
    /// The files that it was read from, as headers of generated files name them.
    pub origin: String,
}

/// The origins of several models, in one line.
pub(crate) fn origins(models: &[CheckedModel]) -> String {
    let origins = models.iter().map(|model| model.origin.as_str());
    origins.collect::<Vec<_>>().join(", ")
}
