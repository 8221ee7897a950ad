//! The command line: arguments in, exit code out. `args` says what can be asked, one file a command does it, `aim`
//! finds out what a target is, `open` reaches it, `ready` has it put back as it was, `journals` has where what is made
//! there is written down, `announcement` what is said before AWS is touched, `rendered` has
//! it written in every form asked for, `output` is the only one to print or write.

mod args;
mod cases;
mod cleanup;
mod diff;
mod drift;
mod error;
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
pub use output::{complain, complain_of_leftovers};
pub use rules::describe;
pub use run::specs;
pub use snapshot::{Keeping, album_name, forgotten, keep, nothing_recorded};
pub use start::start;
pub use target::{Connection, PreparedTarget, TargetKind, TargetOptions, TargetSpec, connect, resolve};
