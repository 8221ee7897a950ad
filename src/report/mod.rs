//! Reports: the results of a run, rendered for people and machines. Data in, text out: nothing here runs a rule, opens a
//! connection, writes a file or knows a target or a service.
//!
//! | module | purpose |
//! |---|---|
//! | `model`, `build` | the report as data, made from the results of a run |
//! | `summary` | counts results; decides verdict and exit code |
//! | `cluster` | groups findings by cause |
//! | `tally` | counts rules by operation, resource and family |
//! | `wording` | sentences that several forms share |
//! | `terminal` | the report for people: brief, one cause, everything |
//! | `json`, `junit`, `html`, `markdown`, `badge` | the other forms |
//! | `reproduce`, `headers` | commands that repeat a finding; headers worth showing |
//! | `merge`, `comparison` | shards of one run joined; several targets side by side |
//! | `describe`, `drift`, `diff`, `snapshot`, `mutants` | output of the commands that are no runs |
//! | `progress` | progress during a run |
//! | `escape`, `body`, `placeholders`, `writer` | foreign text made harmless, shortened, explained, laid out |

pub mod badge;
mod body;
mod build;
mod cluster;
mod comparison;
mod describe;
pub mod diff;
mod drift;
mod escape;
mod headers;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod merge;
mod model;
mod mutants;
mod placeholders;
mod progress;
mod reproduce;
mod snapshot;
mod summary;
mod tally;
mod terminal;
mod wording;
mod writer;

pub use build::{Timing, add_commands, build, suite_info};
pub use cluster::{Cause, causes, list_operations};
pub use comparison::{Column, names, side_by_side};
pub use describe::{RuleDescription, explain, list};
pub use drift::{DriftDescription, drift};
pub use escape::{in_json, on_lines, on_one_line};
pub use model::{Implemented, Report, Score, SuiteInfo, Summary, Verdict};
pub use mutants::mutants;
pub use progress::{PhaseBar, Progress, leftover_lines};
pub use reproduce::{Credentials, Endpoint, argument, aws_cli, boto3, curl, reproduce, rust};
pub use snapshot::{SnapshotComparison, compare_snapshots};
pub use summary::{VerdictPolicy, exit_code, policy_document, summarize, verdict};
pub use terminal::{CauseDetail, CommandForm, brief, cause, terminal};
pub use writer::TerminalOptions;
