//! Runs rules against a target: scheduling, execution, shrinking, cleanup.
//!
//! Emits events and returns results; must not print. The entry points are [`Runner`] for a run and [`execute`] for one
//! case. `runner` runs rules under the locks of `scheduler`, `rule` runs one rule and `conclusion` decides its outcome,
//! `execute` executes one case. `preflight` and `probe` look at a target before a run. `account_backup` saves and restores
//! account-wide state, `real_account` with the caution that a real account needs.

mod account;
mod account_backup;
mod blocker;
mod cancel;
mod case_generation;
mod case_journal;
mod cleanup;
mod completion;
mod conclusion;
mod confirm;
mod context;
mod deletion;
mod event;
mod execute;
mod finding;
mod follow;
mod known_gap;
mod other_regions;
mod ownership;
mod plan;
mod poll;
mod preflight;
mod probe;
mod real_account;
mod reason;
mod result;
mod rule;
mod runner;
mod scheduler;
mod service_created;
mod shard;
mod shrink;
mod undo;

pub use account::AccountState;
pub use account_backup::{restore_account_state, save_account_state};
pub use blocker::Blocker;
pub use cancel::CancelToken;
pub use case_generation::{GeneratedCase, GenerationError, generate_cases, generate_trees};
pub use event::Event;
pub use execute::{CaseVerdict, Execution, execute};
pub use finding::build_finding;
pub(crate) use finding::shown_body;
pub use known_gap::apply_known_gap;
pub use plan::{Budget, Plan, retry};
pub use preflight::{PreflightError, preflight};
pub use probe::detect_capabilities;
pub use reason::{Reason, ReasonKind};
pub use result::{
    FailureRate, Finding, FindingStep, Outcome, Presence, ReportedRequest, ReportedResponse, Reproduce,
    RuleResult, TargetInfo,
};
pub use rule::unresolved_violation;
pub use runner::{RunResults, Runner, SILENT_RULES};
pub use scheduler::{
    LockGuard, LockTable, default_jobs, exclusive_resources, locks_of, run_all, run_in_places,
};
pub use service_created::{ServiceCreated, delete_service_created, list_service_created};
pub use shard::{Shard, of_shard};
pub use shrink::{FailingCase, shrink};
pub use undo::{Leftover, UndoResult, undo};
