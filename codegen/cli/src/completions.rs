//! `drawplate completions`: scripts for shells.

use clap_complete::Shell;

use crate::console;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "drawplate", &mut script);
    console::say(String::from_utf8_lossy(&script).trim_end())
}
