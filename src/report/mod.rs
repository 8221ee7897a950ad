//! Reports: what a run found out, made readable by people and machines. Data in, text out: nothing here
//! runs a rule, opens a connection, writes a file or knows a target or a service.
//!
//! `progress` tells what goes on while a run lasts. `summary` counts and decides. `cluster` groups findings by cause. `reproduce` makes commands; `terminal`, `json`, `junit`, `html`, `markdown` and `badge` render the
//! whole, `model` is the report as data and `build` makes it, `describe` renders rules that were not run, `drift` where specs and a model
//! differ, `recording` what became of snapshots, `diff` where two targets
//! differ. `merge` joins shards of one run, `compare` sets several targets
//! side by side. `escape` and `page` stand between foreign text and a terminal.

pub mod badge;
mod body;
mod build;
mod caller;
mod closing;
mod cluster;
mod compare;
mod describe;
pub mod diff;
mod drift;
mod escape;
mod finding;
mod header;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod merge;
mod model;
mod mutants;
mod page;
mod progress;
mod recording;
mod reproduce;
mod shell;
mod standin;
mod summary;
mod table;
mod tally;
mod terminal;

pub use build::{Timing, add_commands, build, suite_info};
pub use cluster::{Cause, causes, list_operations};
pub use compare::{Column, names, side_by_side};
pub use describe::{RuleDescription, explain, list};
pub use drift::{DriftDescription, drift};
pub use escape::{on_lines, on_one_line};
pub use model::{Report, Score, SuiteInfo, Summary, Verdict};
pub use mutants::mutants;
pub use page::Look;
pub use progress::{PhaseBar, Progress};
pub use recording::{Recording, recordings};
pub use reproduce::{Credentials, Endpoint, aws_cli, curl, reproduce};
pub use summary::{exit_code, summarize, verdict};
pub use terminal::terminal;
