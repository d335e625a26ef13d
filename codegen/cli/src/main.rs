//! The command `drawplate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    drawplate::main()
}
