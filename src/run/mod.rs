//! Runs rules against a target: scheduling, execution, shrinking, cleanup.
//!
//! Emits events and returns results; must not print. The entry points are [`Runner`] for a run and [`execute`] for one
//! case. `runner` runs rules under the locks of `scheduler`, `rule` runs one rule, `execute` one case. `preflight` and
//! `probe` look at a target before a run.

mod account;
mod at_once;
mod caller;
mod cancel;
mod careful;
mod case_journal;
mod cleanup;
mod confirm;
mod context;
mod deletion;
mod draw;
mod event;
mod execute;
mod finding;
mod follow;
mod gap;
mod obstacle;
mod ownership;
mod plan;
mod poll;
mod preflight;
mod probe;
mod reason;
mod result;
mod retry;
mod rule;
mod runner;
mod scheduler;
mod secure;
mod service_made;
mod settle;
mod shard;
mod shrink;
mod undo;

pub use account::AccountState;
pub use cancel::CancelToken;
pub use draw::{Drawn, Ungenerated, draw, drawn};
pub use event::Event;
pub use execute::{CaseVerdict, Execution, execute};
pub use finding::finding;
pub use gap::excuse;
pub use obstacle::Obstacle;
pub use plan::{Budget, Plan};
pub use preflight::{Unfit, preflight};
pub use probe::present;
pub use reason::{Reason, ReasonKind};
pub use result::{
    Finding, FindingStep, Intermittent, Outcome, Presence, Reproduce, RequestShown, ResponseShown,
    RuleResult, TargetInfo,
};
pub use retry::retry;
pub use rule::lacking;
pub use runner::{RunResults, Runner, SILENT_RULES};
pub use scheduler::{LockGuard, LockTable, exclusive_resources, locks_of, run_all};
pub use secure::{hand_back, secure};
pub use service_made::{ServiceMade, remove_service_made, service_made};
pub use shard::{Shard, of_shard};
pub use shrink::{Shown, shrink};
pub use undo::{Leftover, Undone, undo};
