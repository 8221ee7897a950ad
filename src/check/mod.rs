//! Judges: from a case and what was exchanged to what is violated. Pure; sends nothing, prints nothing.
//!
//! `judge` is the way in, and `lawful` for what the reference decides; `expectation` holds answers against
//! expectations, `template` fills in what refers to earlier steps, `pages` judges pages that were followed,
//! `shape` holds answers against output shapes, `reading` compares the SDK's view with
//! the wire, `protocol` looks at what surrounds the values.

mod client;
mod expectation;
mod judge;
mod lawful;
mod pages;
mod protocol;
mod reading;
mod shape;
mod template;
mod violation;

pub use client::client_would_send;
pub use judge::{StepVerdict, is_awaited, judge};
pub use lawful::lawful;
pub use pages::{Followed, Onward, joined, onward};
pub use shape::{ShapeFault, ShapeFaultKind, shape_faults};
pub use template::{Performed, Span, Transcript, Unresolved, resolve, session};
pub use violation::{ExpectedOutcome, Violation, ViolationKind};
