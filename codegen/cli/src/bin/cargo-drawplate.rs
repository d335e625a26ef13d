//! The command `cargo drawplate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    drawplate::cargo_main()
}
