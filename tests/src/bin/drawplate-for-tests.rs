//! The command `drawplate`, as a program that the suites of this package can run.

use std::process::ExitCode;

fn main() -> ExitCode {
    drawplate::main()
}
