//! IAM and STS as far as callers need an identity, and the decision whether a call may be made. This file
//! holds docs and re-exports; it must hold no behaviour.
//!
//! `state` holds users, roles and sessions; handlers change it, one file a kind of resource. Other services
//! ask [`authorize`] and nothing else: `statement` finds the statements that speak of a call, `principal`
//! and `condition` whether they do, and `evaluator` has iam-rs decide what they say on the action.

mod access_key;
mod authenticate;
mod authorize;
mod condition;
mod context;
mod dispatch;
mod document;
mod evaluator;
mod identity;
mod inline_policy;
mod mode;
mod page;
mod parameter;
mod pattern;
mod populate;
mod principal;
mod role;
mod secret;
mod seed;
mod simulate;
mod state;
mod statement;
mod sts;
mod user;
mod variable;

pub use authenticate::authenticate;
pub use authorize::{Authorization, Denied, PolicyKind, authorize};
pub use dispatch::{dispatch, service};
pub use document::STATEMENT_MEMBERS;
pub use mode::{Mode, UnknownMode};
pub use populate::{populate, principals};
pub use seed::{SeedError, SeedFile};
pub use state::State;
