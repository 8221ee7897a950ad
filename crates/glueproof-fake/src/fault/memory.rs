//! What a faulty fake remembers beyond its state: what was there before the last change, and what was last
//! answered. Nothing is kept while there is no fault that asks for it.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::cloud::State;

/// What was before.
#[derive(Debug, Default)]
pub struct Memory {
    /// All state before the last call that changed something.
    pub before: Option<State>,
    /// The last successful answer, by operation.
    pub answers: BTreeMap<String, Bytes>,
}
