//! What Glue does, one file a resource. Handlers are plain functions from cloud, caller and input to an
//! output or a refusal; they must know neither HTTP nor the system's clock.

mod dispatch;
mod encryption_settings;
mod permission;
mod policy_document;
mod policy_principal;
mod pretty_json;
mod resource_policy;
mod security_configuration;
mod state;

pub use dispatch::dispatch;
pub use state::State;
