//! AWS Secrets Manager, as far as connections of Glue refer to it: a secret with one version, encrypted under a key of
//! KMS. This file contains docs and re-exports only.
//!
//! `operations` is the table of operations, `state` the stored secrets, `secret` the handlers.

mod operations;
mod secret;
mod state;

pub use operations::SecretsManager;
pub use state::State;
