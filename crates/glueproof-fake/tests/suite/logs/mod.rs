//! The fake's CloudWatch Logs over the wire: groups and streams, reading and filtering, the clock, and events
//! under keys of KMS.

mod encrypted;
mod events;
mod filters;
mod groups;
mod permissions;
mod recorded;
mod support;
