//! The suite inside `cargo test`: every rule is one test named by its id. `conformance` is the test binary, `started`
//! a target that the tests start themselves.

mod conformance;
mod started;

pub use conformance::{conformance, conformance_on};
