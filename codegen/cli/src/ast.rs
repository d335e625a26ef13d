//! `drawplate ast`: the JSON AST of a model.

use std::path::PathBuf;

use drawplate_model::load;
use drawplate_model::print::{Mixins, json_ast};

use crate::{console, models};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// Copy mixins into the shapes that use them
    #[arg(long)]
    flatten: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { models, flatten } = arguments;
    let sources = models::read(models)?;
    let mixins = if *flatten {
        Mixins::Flatten
    } else {
        Mixins::Keep
    };
    let printed = load(&sources).and_then(|ast| {
        models::print(&ast.warnings, &sources);
        json_ast(&ast, mixins)
    });
    let json = printed.or_else(|report| models::reject(&report, &sources))?;
    console::say(json.pretty())
}
