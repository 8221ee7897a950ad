//! Linearizability: decides whether concurrent calls of several clients can have happened one by one.
//!
//! `event` is a history as data, `search` finds the verdict, `minimize` the shortest part that still violates, and
//! `timeline` draws it as text. Everything is pure and knows no service: the caller defines the effect of an operation,
//! and the clock.
//!
//! The search is that of Wing and Gong, with Lowe's memo: a configuration, the operations that have taken effect and the
//! state after them, is never explored twice. Operations without a response may take effect at any later time or never.
//! Two properties fit values that only responses contain, such as hashes and times: a step may lead to several states, and
//! a state may contain values that are not yet known.
//!
//! No crate does this. The tester of `stateright` explores without a memo and allows one next state. `todc-utils` has
//! the memo, but neither operations without a response nor a bound, and one next state.

mod event;
mod minimize;
mod search;
mod timeline;

pub use event::{Budget, Event, Verdict};
pub use minimize::{Minimal, minimize};
pub use search::judge;
pub use timeline::timeline;
