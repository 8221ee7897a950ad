//! What the ten security operations of Glue do, one file a resource. Handlers are plain functions from
//! state, context and input to an output or a refusal; they must know neither HTTP nor the clock.

mod dispatch;
mod encryption_settings;
mod page_token;
mod policy_document;
mod policy_principal;
mod pretty_json;
mod resource_policy;
mod security_configuration;

pub use dispatch::dispatch;
pub use encryption_settings::EncryptionSettings;
pub use resource_policy::ResourcePolicy;
pub use security_configuration::SecurityConfigurations;
