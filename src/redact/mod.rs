//! What of an exchange is the same whenever it is made, and without secrets: ids, times, hashes, tokens and names
//! of the run give way to words for what they are. The one definition of it, for snapshots and for comparing
//! targets. Pure; judges nothing.
//!
//! `transcript` goes through the calls of a case, `value` through JSON along its shapes, `text` through texts.

mod text;
mod transcript;
mod value;

pub use transcript::{Redacted, RedactedAnswer, redacted};
