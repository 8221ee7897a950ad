//! The command line: arguments in, exit code out.
//!
//! | module | purpose |
//! |---|---|
//! | `args`, `start` | the arguments and their help; the dispatch to commands |
//! | `run`, `report`, `show`, `rules`, `replay`, `cases`, `snapshot`, `diff`, `drift`, `cleanup`, `mutants`, `serve`, `init`, `doctor` | one command each; `rules` has `list`, `explain` and `specs check` |
//! | `target` | resolves, connects and prepares a target |
//! | `journals`, `notice`, `signal` | journals of runs; the notice before AWS is called; interruption |
//! | `known`, `resume` | files of known gaps; earlier reports |
//! | `rendered`, `output` | reports in every form; the only place that prints and writes |
//! | `error` | errors with their exit codes |

mod args;
mod cases;
mod cleanup;
mod diff;
mod doctor;
mod drift;
mod error;
mod init;
mod journals;
mod known;
mod mutants;
mod notice;
mod output;
mod rendered;
mod replay;
mod report;
mod resume;
mod rules;
mod run;
mod serve;
mod show;
mod signal;
mod snapshot;
mod start;
mod target;

pub use args::{Cli, Command, RenderedArgs, RunArgs, ServeArgs, SnapshotArgs, SpecArgs};
pub use error::CliError;
pub use journals::begin;
pub use known::known_gaps;
pub use output::{print_error, print_leftovers};
pub use rules::describe;
pub use run::specs;
pub use snapshot::{Keeping, album_name, forgotten, keep, nothing_recorded};
pub use start::start;
pub use target::{Connection, PreparedTarget, TargetKind, TargetOptions, TargetSpec, connect, resolve};
