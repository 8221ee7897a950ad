//! The command line: arguments in, exit code out.
//!
//! | module | purpose |
//! |---|---|
//! | `args`, `start` | the arguments and their help; the dispatch to commands |
//! | `run`, `report`, `site`, `show`, `rules`, `replay`, `cases`, `snapshot`, `diff`, `drift`, `cleanup`, `mutants`, `serve`, `init`, `doctor` | one command each; `rules` has `list`, `explain` and `specs check` |
//! | `watch` | `run --watch`: a target that is started again at each change of its sources |
//! | `target`, `connection`, `prepared_target` | resolves a target, connects to it, and prepares it for calls |
//! | `target_process` | the processes of a target that the program starts |
//! | `journals`, `notice`, `signal` | journals of runs; the notice before AWS is called; interruption |
//! | `known`, `resume` | files of known gaps; earlier reports |
//! | `rendered`, `output` | reports in every form; the only place that prints and writes |
//! | `reference` | the reference of all commands, from their definitions |
//! | `error` | errors with their exit codes |

mod args;
mod cases;
mod cleanup;
mod connection;
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
mod prepared_target;
mod reference;
mod rendered;
mod replay;
mod report;
mod resume;
mod rules;
mod run;
mod serve;
mod show;
mod signal;
mod site;
mod snapshot;
mod start;
mod target;
mod target_process;
mod watch;

pub use args::{Cli, Command, RenderedArgs, RunArgs, ServeArgs, SnapshotArgs, SpecArgs};
pub use connection::{Connection, connect};
pub use error::CliError;
pub use journals::begin;
pub use known::known_gaps;
pub use output::{print_error, print_leftovers};
pub use prepared_target::{PreparedTarget, TargetOptions};
pub use rules::describe;
pub use run::specs;
pub use snapshot::{Keeping, album_name, forgotten, keep, nothing_recorded};
pub use start::start;
pub use target::{TargetKind, TargetSpec, resolve};
