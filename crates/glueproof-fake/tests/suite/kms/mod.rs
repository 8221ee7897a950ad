//! The fake's KMS over the wire: real cryptography, states, the clock, and the refusals.

mod administration;
mod asymmetric;
mod enforced;
mod grants;
mod imports;
mod listings;
mod multi_region;
mod names;
mod recorded;
mod refusals;
mod rotation;
mod secrets;
mod states;
mod support;
mod symmetric;
