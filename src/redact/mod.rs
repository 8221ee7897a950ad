//! Redacts an exchange to the parts that are the same in every run, without secrets: words replace ids, times, hashes, tokens
//! and names of the run. Snapshots and comparisons of targets use this one definition.
//! Must not judge.
//!
//! `transcript` goes through the calls of a case, `value` through JSON along its shapes, `text` through texts.

mod text;
mod transcript;
mod value;

pub use transcript::{Redacted, RedactedAnswer, redacted};
