//! Runs rules against a target: scheduling, shrinking, cleaning up. Emits events and gives back results; prints
//! nothing.
//!
//! `session` is the whole run, `judge_rule` one rule, of which `draw` has the cases, `execute` one case, in a
//! `scene`: `at_once` those of its calls that are made at once, `follow` the pages of a list, `patience` those that
//! are repeated, `remains` what is to be removed afterwards, of which `notes` writes into the journal before it is
//! made and `neighbours` spares what is somebody else's; `shrink` makes a violation small, `shard` has a part of the
//! rules, `turns` lets rules on account-wide state take turns in a `crew` of several threads, `account` puts that state
//! back, `careful` where somebody lives with it, `secure` makes sure of both, `undo` undoes what a journal says,
//! `preflight` looks whether anybody answers, `probe` what there is, `gap` excuses what is known not to hold, `finding`
//! and `result` are what comes out, `event` what is said meanwhile.

mod account;
mod at_once;
mod careful;
mod crew;
mod draw;
mod event;
mod execute;
mod finding;
mod follow;
mod gap;
mod judge_rule;
mod neighbours;
mod notes;
mod patience;
mod preflight;
mod probe;
mod reason;
mod remains;
mod result;
mod scene;
mod secure;
mod session;
mod shard;
mod shrink;
mod turns;
mod undo;

pub use account::AccountState;
pub use crew::in_turn;
pub use draw::{Drawn, Ungenerated, draw, drawn};
pub use event::Event;
pub use execute::{CaseVerdict, Execution, execute};
pub use finding::finding;
pub use gap::excuse;
pub use judge_rule::{Bench, Judged, Plan, judge_rule, lacking};
pub use preflight::{Unfit, preflight};
pub use probe::present;
pub use reason::{Reason, ReasonKind};
pub use result::{
    Finding, FindingStep, Outcome, Presence, Report, Reproduce, RequestShown, ResponseShown, RuleResult,
    Score, Shard, SuiteInfo, Summary, TargetInfo, Verdict,
};
pub use secure::{hand_back, secure};
pub use session::{Findings, SILENT_RULES, Session, Stop};
pub use shard::of_shard;
pub use shrink::{Budget, Shown, shrink};
pub use turns::{Claims, Turn, Turns, claims, needed_alone};
pub use undo::{Undone, undo};
