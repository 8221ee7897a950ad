//! The fake's KMS over the wire: real cryptography, states, the clock, and the refusals.

mod administration;
mod asymmetric;
mod enforced;
mod grants;
mod listings;
mod names;
mod refusals;
mod rotation;
mod secrets;
mod states;
mod support;
mod symmetric;
