//! Runs of the suite inside the test process, and of the compiled program outside of it. Judges nothing
//! itself; every wait is bounded.

mod judge;
mod program;

pub use judge::{Judge, Judged, cloud};
pub use program::{Ended, Program, Setting, validate};
