//! What KMS holds for one account in one region. Must not
//! know what any operation means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::Key;
use crate::fake::clock::Timestamp;

/// Everything of KMS's.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// By id.
    pub keys: BTreeMap<String, Key>,
    /// By name, `alias/` included.
    pub aliases: BTreeMap<String, Alias>,
}

impl State {
    /// The aliases of that key.
    pub fn aliases_of(&self, id: &str) -> impl Iterator<Item = (&String, &Alias)> {
        self.aliases.iter().filter(move |(_, alias)| alias.target == id)
    }

    /// Lets go of every key whose time is over.
    pub fn expire_all(&mut self, now: Timestamp) {
        let ids: Vec<String> = self.keys.keys().cloned().collect();
        for id in ids {
            self.expire(&id, now);
        }
    }

    /// Lets go of a key whose time is over, and of its aliases.
    pub fn expire(&mut self, id: &str, now: Timestamp) {
        let over = self.keys.get(id).and_then(Key::deletion_date).is_some_and(|date| date <= now);
        if over {
            self.keys.remove(id);
            self.aliases.retain(|_, alias| alias.target != id);
        }
    }
}

/// A second name of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alias {
    /// The key's id.
    pub target: String,
    pub created: Timestamp,
    pub updated: Timestamp,
}
