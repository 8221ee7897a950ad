//! Glue, one file per kind of resource. Handlers are plain functions from cloud, caller and input to an output or an error.
//! They know neither HTTP nor the system's clock.
//! This file contains docs and re-exports only.
//!
//! `state` contains what Glue stores. `operations` maps names to handlers. Work that takes time is in `schedule`; `due_work`
//! does the work that is due: runs (`job_run`, `execution`), crawls (`crawler`) and endpoints.

mod arn;
mod authorize;
mod batch;
mod bookmark;
mod capacity;
mod catalog;
mod connection;
mod crawler;
mod delegation;
mod dev_endpoint;
mod document;
mod due_work;
mod encryption_settings;
mod execution;
mod job;
mod job_run;
mod listing;
mod operations;

mod partition;
mod partition_expression;
mod policy_document;
mod presence;
mod resource_policy;
mod schedule;
mod security_configuration;
mod state;
mod stored;
mod tag;
mod workload;

pub use due_work::run_due_work;
pub use encryption_settings::EncryptionSettings;
pub use operations::{DIALECT, Glue};
pub use resource_policy::{ResourcePolicy, policy_hash};
pub use security_configuration::LIST_CONFIGURATIONS;
pub use state::State;
