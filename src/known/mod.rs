//! Known gaps: rules that a target is expected not to hold, in a file that its users keep.
//!
//! `gaps` reads the file and says which gap covers a rule; `record` starts such a file, or brings one up to date,
//! from what failed. What a gap makes of a result is `run`'s business; no file is opened here.

mod error;
mod gaps;
mod record;

pub use error::{GapsError, GapsProblem};
pub use gaps::{Gap, KnownGaps, day};
pub use record::record;
