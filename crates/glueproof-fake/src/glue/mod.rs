//! What Glue does, one file a resource. Handlers are plain functions from cloud, caller and input to an
//! output or a refusal; they must know neither HTTP nor the system's clock.

mod bookmark;
mod catalog;
mod connection;
mod connection_password;
mod crawl;
mod crawler;
mod database;
mod dev_endpoint;
mod document;
mod encryption_settings;
mod execution;
mod job;
mod job_run;
mod kms_refusal;
mod listing;
mod object;
mod operations;
mod permission;
mod policy_document;
mod policy_principal;
mod presence;
mod pretty_json;
mod resource_policy;
mod role;
mod security_configuration;
mod state;
mod stored;
mod table;
mod tag;
mod work;
mod workload;
mod workload_encryption;

pub use encryption_settings::EncryptionSettings;
pub use operations::{DIALECT, Glue};
pub use resource_policy::{ResourcePolicy, policy_hash};
pub use security_configuration::LIST_CONFIGURATIONS;
pub use state::State;
pub use work::settle;
