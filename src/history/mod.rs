//! Judges whether calls that several clients made at once can have happened one by one: linearizability.
//! Pure, and about no service: what an operation does to a state is the caller's to say, and so is the time.
//!
//! `event` is a history, `judge` the verdict, `minimize` the shortest part that still violates, `timeline`
//! its picture in text.
//!
//! The search is Wing and Gong's, with Lowe's memo of what has been seen: a configuration, the operations
//! that have taken effect and the state they left, is never explored twice. Operations that nobody saw
//! answered may take effect at any later time or never. Two things make it fit for opaque values that only
//! answers tell, such as hashes and times: a step may lead to several states, and a state may hold what is
//! not yet known.
//!
//! No crate does this. The tester of `stateright` explores without a memo and allows one next state;
//! `todc-utils` has the memo, but neither operations without an answer nor a bound, and one next state.

mod event;
mod judge;
mod memo;
mod minimize;
mod search;
mod timeline;

pub use event::Event;
pub use judge::{Budget, Verdict, judge};
pub use minimize::{Minimal, minimize};
pub use timeline::timeline;
