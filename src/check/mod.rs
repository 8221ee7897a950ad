//! Checks: from a case and its exchanges to violations. Pure: nothing here sends or prints.
//!
//! `transcript` is the input of all checks, `violation` their output. `expectation` checks one response against
//! one expectation, `pages` the pages of a list, `shape` a response against the shape of its output, `sdk_view` the SDK's view
//! against the wire, and `reference_check` a transcript against the reference model. `template` resolves references to earlier
//! steps, `json` compares and describes values, `implemented` finds operations that a target does not have,
//! `eventual` calls that come too early, `foreign` the items of others in lists.
//!
//! Must not know a rule: `rule::judge` combines these checks.

mod eventual;
mod expectation;
mod foreign;
mod implemented;
mod json;
mod pages;
mod reference_check;
mod sdk_view;
mod shape;
mod template;
mod transcript;
mod violation;

pub(crate) use eventual::is_eventual_change;
pub use eventual::is_not_yet_consistent;
pub use expectation::is_awaited;
pub(crate) use expectation::{StepContext, check_expectation};
pub(crate) use foreign::without_foreign_items;
pub(crate) use implemented::suggests_unimplemented;
pub use implemented::{is_unimplemented, unimplemented_call};
pub(crate) use json::describe;
pub(crate) use pages::judge_pages;
pub use pages::{NextPage, join_pages, next_page};
pub use reference_check::check_reference;
pub(crate) use sdk_view::sdk_mismatch;
pub use shape::{ShapeFault, ShapeFaultKind, shape_faults};
pub(crate) use template::Placeholder;
pub use template::{Unresolved, resolve};
pub use transcript::{CallInterval, FollowedPages, PerformedStep, Transcript, session};
pub use violation::{CheckFailure, ExpectedOutcome, StepVerdict, Violation, ViolationKind};
