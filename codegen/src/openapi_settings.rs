//! The choices about OpenAPI documents, which the configuration has without the feature `openapi`
//! as well.

/// The version and format of OpenAPI documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenApiSettings {
    /// The version of OpenAPI.
    pub version: OpenApiVersion,
    /// The format of the files.
    pub format: OpenApiFormat,
}

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenApiVersion {
    /// OpenAPI 3.0.3, for tools that read no later version.
    V3_0,
    /// OpenAPI 3.1.0, whose schemas are JSON Schema 2020-12.
    #[default]
    V3_1,
}

/// The format of an OpenAPI document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenApiFormat {
    /// JSON.
    #[default]
    Json,
    /// YAML.
    Yaml,
}

impl OpenApiFormat {
    /// The extension of a file in this format.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}
