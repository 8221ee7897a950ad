//! IAM and STS as far as callers need an identity, and the decision whether a call may be made. This file
//! holds docs and re-exports; it must hold no behaviour.
//!
//! `state` holds users, roles and sessions; handlers change it, one file a kind of resource. Other services
//! ask [`authorize`] and nothing else: `statement` finds the statements that speak of a call, `principal`
//! and `condition` whether they do, and `evaluator` has iam-rs decide what they say on the action.

mod authorize;
mod condition;
mod context;
mod evaluator;
mod identity;
mod mode;
mod pattern;
mod populate;
mod principal;
mod state;
mod statement;
mod variable;

pub use authorize::{Authorization, Denied, PolicyKind, authorize};
pub use mode::{Mode, UnknownMode};
pub use populate::{populate, principals};
pub use state::{AccessKey, Role, SecretText, Session, State, User};
