//! The reference model of Glue: a pure state machine that decides of every response whether it is legal in a state, and
//! which state follows. It generates nothing, sends nothing, and never asks the fake.
//!
//! `call` contains calls and their outcomes, `state` the state between calls, `law` the promises with their evidence, and
//! `machine` the steps. `policy`, `configuration` and `settings` are the three resources.
//!
//! The reference accepts everything that the specs leave open and nothing else. [`Reference::new`] takes the lowest level
//! of evidence that counts. Hashes and times are opaque: the reference learns them from responses and then requires them.
//! Calls must be valid and about the caller's own catalog; the reference does not judge inputs.

mod call;
mod configuration;
mod law;
mod machine;
mod policy;
mod settings;
mod state;

pub use call::{Answer, Call, Operation, Outcome, UnknownOperation};
pub use law::{Mismatch, NoEvidence, Reference};
pub use state::{ConcurrentWriters, State};
