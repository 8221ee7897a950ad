//! Measures the suite: runs rules against the fake with one fault at a time and records which rules fail. This file holds
//! docs and re-exports.
//!
//! `trial` puts one mutant before the rules that are meant to catch it, `campaign` does so with all of them and then
//! looks for a mutant for every rule that none has turned red yet; `outcome` is what comes of it. The only room besides
//! the program that holds both the suite and the fake; neither learns of the other here.

mod campaign;
mod outcome;
mod trial;

pub use campaign::{Campaign, Step};
pub use outcome::{Calls, Coverage, Fate, MutantResult, MutantsReport};
pub use trial::{MutationContext, TrialError};
