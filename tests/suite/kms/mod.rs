//! The fake's KMS over the wire: real cryptography, states, the clock, and the refusals.

mod support;
mod symmetric;
