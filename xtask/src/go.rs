//! What a client in Go is made with. The build script and suites of the tests include this file.

use std::path::Path;
use std::process::Command;

/// Where Debian's packages have the sources of Go.
pub(crate) const PACKAGED: &str = "/usr/share/gocode";

/// Whether there is Go, the package that clients need, and Java for openapi-generator.
pub(crate) fn is_installed() -> bool {
    let runs = |program, argument| {
        let output = Command::new(program).arg(argument).output();
        output.is_ok_and(|output| output.status.success())
    };
    let package = Path::new(PACKAGED).join("src/gopkg.in/validator.v2");
    package.is_dir() && runs("go", "version") && runs("java", "-version")
}
