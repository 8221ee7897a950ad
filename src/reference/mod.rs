//! What Glue must hold: a pure state machine that says of every answer whether it is legal in a state, and
//! which state follows. It generates nothing, sends nothing, and never asks the fake.
//!
//! `call` is what it is told, `state` what it remembers, `law` which promises it enforces and who says so,
//! `machine` the way in; `policy` with `policy_list`, `configuration` and `settings` are the three resources,
//! `may` what can come in a situation, `page` one page of a list, `json` what counts as the same.
//!
//! It accepts everything that the specs leave open and nothing else. How much is left open depends on how
//! certain a promise must be to count: [`Reference::new`] takes the lowest level that does. Hashes and times
//! are opaque: it learns them from answers and from then on holds the service to them. Calls are taken to be
//! valid ones about the caller's own catalog; what makes an input invalid is not its business.

mod call;
mod configuration;
mod json;
mod law;
mod machine;
mod may;
mod page;
mod policy;
mod policy_list;
mod settings;
mod state;

pub use call::{Answer, Call, Operation, Outcome, UnknownOperation};
pub use law::Mismatch;
pub use machine::{NoEvidence, Reference};
pub use state::{Others, State};
