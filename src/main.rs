//! The `glueproof` program: arguments, run, exit code. Everything else is the library's.

use std::process::ExitCode;

/// Serving a call is mostly small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    glueproof::cli::start()
}
