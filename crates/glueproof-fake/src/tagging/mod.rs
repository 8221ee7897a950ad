//! The Resource Groups Tagging API, as far as it reads: the tags of the resources of all services, by ARN. Tools that govern
//! accounts (Cloud Custodian) find the tags of keys here. This file re-exports only.

mod get_resources;
mod operations;

pub use operations::Tagging;
