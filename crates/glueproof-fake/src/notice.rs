//! Notices: sentences for the user of the fake that no response carries, each given once. Must not decide when.
//! [`Notices::give`] is the entry point.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Gives sentences to a function. Clones share the memory of what has been given.
#[derive(Debug, Clone, Default)]
pub struct Notices {
    notify: Option<fn(&str)>,
    given: Arc<Mutex<BTreeSet<String>>>,
}

impl Notices {
    /// Notices that go to that function.
    pub fn to(notify: fn(&str)) -> Self {
        Self { notify: Some(notify), ..Self::default() }
    }

    /// Gives a sentence, unless it has been given already.
    pub fn give(&self, sentence: String) {
        let Some(notify) = self.notify else { return };
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if !given.contains(&sentence) {
            notify(&sentence);
            given.insert(sentence);
        }
    }
}
