//! `cargo xtask explain`: what a diagnostic code means.

use anyhow::bail;
use drawplate_model::diagnostic::Code;

use crate::say;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The code, such as E0101; without it, a list of all codes is printed
    code: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Some(text) = &arguments.code else {
        for code in Code::ALL {
            say(format_args!("{}  {}", code.number(), code.summary()))?;
        }
        return Ok(());
    };
    let Ok(code) = text.to_ascii_uppercase().parse::<Code>() else {
        bail!("there is no diagnostic `{text}`; `cargo xtask explain` lists all of them");
    };
    say(format_args!(
        "{}: {}\n\n{}",
        code.number(),
        code.summary(),
        code.explanation().trim_end()
    ))
}
