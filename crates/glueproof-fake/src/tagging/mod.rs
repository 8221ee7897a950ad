//! The Resource Groups Tagging API, as far as it reads: the tags of what the other services hold, by ARN. Those
//! who govern accounts (Cloud Custodian) look here for the tags of keys. This file re-exports only.

mod get_resources;
mod operations;

pub use operations::Tagging;
