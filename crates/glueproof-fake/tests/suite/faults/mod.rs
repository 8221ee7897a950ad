//! Injected faults: how long they last, and that faults of each kind do what their summaries say.

mod effects;
mod injected;
