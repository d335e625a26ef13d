//! The configuration of a case: settings of the client and of the call.

use drawplate_runtime::Document;
use drawplate_runtime::client::{Builder, Inner};

/// The settings of a case, by scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) client: Settings,
    pub(crate) call: Settings,
}

/// The settings of a scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) region: Option<String>,
    /// Whether the first label of the path stays in the path.
    pub(crate) path_style: Option<bool>,
    accelerate: bool,
    dual_stack: bool,
}

impl Config {
    /// Settings with which requests have all labels in their paths.
    pub(crate) fn path_style() -> Self {
        let client = Settings {
            path_style: Some(true),
            ..Settings::default()
        };
        Self {
            client,
            ..Self::default()
        }
    }

    /// Whether the first label of the path is in the host. It never is without settings.
    pub(crate) fn has_virtual_host(&self) -> bool {
        let Self { client, call } = self;
        let path_style = call.path_style.or(client.path_style);
        client.region.is_some() && !path_style.unwrap_or_default()
    }

    /// Reads the value of `scopedConfig`. A setting that is not known is an error.
    pub(crate) fn parse(json: Option<&str>) -> Result<Self, String> {
        let mut config = Self::default();
        let Some(json) = json else {
            return Ok(config);
        };
        let scopes = json
            .parse::<Document>()
            .map_err(|error| error.to_string())?;
        for (scope, settings) in entries(&scopes)? {
            match scope {
                "client" => config.client = Settings::read(settings)?,
                "operation" => config.call = Settings::read(settings)?,
                _ => return Err(format!("it has the configuration `{scope}`")),
            }
        }
        match config.call {
            Settings {
                region: None,
                path_style: _,
                accelerate: false,
                dual_stack: false,
            } => Ok(config),
            _ => Err("a call has no region and no host of its own".to_owned()),
        }
    }
}

impl Settings {
    fn read(document: &Document) -> Result<Self, String> {
        let mut settings = Self::default();
        let unknown = |name: &str, value: &Document| Err(format!("it sets `{name}` to {value:?}"));
        for (name, value) in entries(document)? {
            match (name, value.as_str()) {
                ("region", Some(region)) => settings.region = Some(region.to_owned()),
                ("s3", _) => {
                    for (name, value) in entries(value)? {
                        match (name, value.as_str(), value) {
                            ("addressing_style", Some("path"), _) => {
                                settings.path_style = Some(true);
                            }
                            ("addressing_style", Some("virtual"), _) => {
                                settings.path_style = Some(false);
                            }
                            ("use_accelerate_endpoint", _, Document::Bool(on)) => {
                                settings.accelerate = *on;
                            }
                            ("use_dualstack_endpoint", _, Document::Bool(on)) => {
                                settings.dual_stack = *on;
                            }
                            _ => return unknown(name, value),
                        }
                    }
                }
                _ => return unknown(name, value),
            }
        }
        Ok(settings)
    }

    /// Applies the settings to a client. Its endpoint follows from the region.
    pub(crate) fn apply<C: From<Inner>>(&self, builder: Builder<C>) -> Builder<C> {
        let Self {
            region,
            path_style,
            accelerate,
            dual_stack,
        } = self;
        let builder = match region {
            Some(region) => builder.region(region),
            None => builder,
        };
        builder
            .force_path_style(path_style.unwrap_or_default())
            .accelerate(*accelerate)
            .use_dual_stack(*dual_stack)
    }
}

fn entries(document: &Document) -> Result<impl Iterator<Item = (&str, &Document)>, String> {
    let map = document.as_map();
    let map = map.ok_or_else(|| format!("its configuration has {document:?}"))?;
    Ok(map.iter())
}
