//! Drift: where the specs and a published model of the service say different things.
//!
//! `published` is the small shape both are brought into: `own` brings the specs, `smithy` and `botocore` two forms
//! of published models, and `read` finds out which of these a file is. `compare` finds the differences, `touched`
//! the rules each would change, `allowed` the differences that are known, with reasons. Nothing here calls a
//! target, prints or decides who is right.

mod allowed;
mod botocore;
mod compare;
mod difference;
mod own;
mod published;
mod read;
mod smithy;
mod touched;

pub use allowed::{Allowed, AllowedError, AllowedProblem};
pub use compare::compare;
pub use difference::{Difference, Place, What};
pub use own::own;
pub use published::{Call, Form, Limits, Member, Published, Shape};
pub use read::{ModelError, read};
pub use touched::touched;
