//! IAM and STS: identities, their credentials, and the decision if a call is allowed.
//! This file contains docs and re-exports only.
//!
//! `state` contains users, roles and sessions. The operations change it, one file per kind of resource. The router asks
//! [`authenticate`], and services ask [`authorize`]. `statement` selects the statements that apply to a request, with
//! `identity` for principals, `pattern` for resources and actions, and `condition` for conditions.

mod authenticate;
mod authorize;
mod aws_policy;
mod condition;
mod context_keys;
mod identity;
mod inline_policy;
mod managed_policy;
mod operations;
mod owner;
mod page;
mod parameter;
mod pattern;
mod policy_document;
mod request_context;
mod role;
mod secret;
mod seed;
mod simulate;
mod state;
mod statement;
mod sts;
mod tag;
mod tag_owner;
mod user;

#[cfg(feature = "server")]
pub use authenticate::check_head;
pub use authenticate::{Mode, UnknownMode, authenticate};
pub use authorize::{Authorization, Denied, PolicyKind, authorize};
#[cfg(test)]
pub use operations::SERVICES;
pub use operations::{default_names, find};
pub use pattern::Pattern;
pub use policy_document::{PolicyDocument, STATEMENT_MEMBERS};
pub use seed::{SeedError, SeedFile, principals, seed};
pub use state::State;
