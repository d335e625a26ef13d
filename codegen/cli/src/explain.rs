//! `drawplate explain`: explains a diagnostic code.

use anyhow::bail;
use drawplate_model::diagnostic::Code;

use crate::say;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The code, such as E0101 [default: list all codes]
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
        bail!("unknown diagnostic code `{text}`; `drawplate explain` lists all codes");
    };
    say(format_args!(
        "{}: {}\n\n{}",
        code.number(),
        code.summary(),
        code.explanation().trim_end()
    ))
}
