//! Drift: the differences between the specs and a published model of the service.
//!
//! `published` is the form in which both are compared, and brings the specs into it. `formats` reads published models of
//! two kinds. `compare` finds the differences, `affected` the rules that each would change, and `allowed` the known
//! differences, with reasons. Nothing here calls a target, prints, or decides which side is right.

mod affected;
mod allowed;
mod compare;
mod formats;
mod published;

pub use affected::affected;
pub use allowed::{Allowed, AllowedError, AllowedProblem};
pub use compare::{Difference, DriftAspect, DriftPlace, compare};
pub use formats::{ModelError, read};
pub use published::{Call, Form, Limits, Member, Published, Shape, own};
