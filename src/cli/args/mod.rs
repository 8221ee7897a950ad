//! The command line: commands, flags and their help. Does nothing.
//!
//! | module | purpose |
//! |---|---|
//! | `program` | the commands |
//! | `run`, `serve`, `reports`, `rules`, `setup`, `targets` | the arguments of these commands |
//! | `shared` | arguments that several commands have |
//! | `values` | parses the values of flags |

mod program;
mod reports;
mod rules;
mod run;
mod serve;
mod setup;
mod shared;
mod targets;
mod values;

pub use program::{Cli, Command};
pub(super) use reports::{LAST_REPORT, LAST_REPORT_NAME};
pub use reports::{ReportArgs, ShowArgs, SiteArgs};
pub use rules::{CasesArgs, DriftArgs, ExplainArgs, ListArgs, MutantsArgs, SpecsCheckArgs, SpecsCommand};
pub use run::RunArgs;
pub use serve::ServeArgs;
pub use setup::{CompletionsArgs, DoctorArgs, InitArgs};
pub use shared::{CallArgs, RenderedArgs, SpecArgs};
pub use targets::{CleanupArgs, DiffArgs, ReplayArgs, SnapshotArgs};
