//! Generators on proptest: every value shrinks, and every label is right by construction. The generator of a violation
//! builds the violation; it never asks a validator.
//!
//! `text`, `policy` and `value` make values. `resource` reads back what a call wrote, `list` makes items for a list,
//! `lifecycle` puts calls around a call, `distinct_state` another state behind it, and `valid_call` makes whole valid calls.
//! `scenario` fills the placeholders of behaviors. `context` is what all of them work from.
//!
//! The rule families use these generators. Nothing here knows a rule, sends a call or judges a response.

mod context;
mod distinct_state;
mod lifecycle;
mod list;
pub(crate) mod policy;
mod resource;
mod scenario;
pub(crate) mod text;
mod valid_call;
pub(crate) mod value;

pub use context::{GeneratorContext, Steps};
pub(crate) use context::{can_be_fixed, find_member};
pub(crate) use lifecycle::LifecycleSteps;
pub(crate) use list::{CreatedItems, Item, List};
pub(crate) use resource::{ACT, read_back};
pub(crate) use scenario::{foreign_version, scenario_steps};
pub(crate) use valid_call::{accepted, accepted_with, answered, maker_input};
pub(crate) use value::FixedMember;
