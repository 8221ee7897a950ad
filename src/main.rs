//! The `glueproof` program: arguments, run, exit code. Everything else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    glueproof::cli::start()
}
