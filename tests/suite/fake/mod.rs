//! The fake cloud through its public doors: the real SDK over the connector and over wiremock, and raw
//! requests where bytes matter. Ids such as E011 name the observation of the real service that a test
//! holds the fake to.

mod accounts;
mod configurations;
mod doors;
mod faults;
mod garbage;
pub mod iam;
mod policy;
mod policy_conditions;
mod policy_document;
mod settings;
pub mod support;
mod tagging;
mod validation;
mod wire;
