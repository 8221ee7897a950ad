//! The ten operations of Glue's security API: state, conditions, validation and the protocol.

mod accounts;
mod configurations;
mod policy;
mod policy_conditions;
mod policy_document;
mod recorded;
mod settings;
mod validation;
mod wire;
