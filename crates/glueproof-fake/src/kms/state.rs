//! The state of KMS for one account in one region. Must not
//! know an operation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::{Key, KeyState};
use crate::clock::Timestamp;
use crate::store::Table;

/// The state of KMS.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The keys by id.
    pub keys: Table<String, Key>,
    /// The aliases by name, with `alias/`.
    pub aliases: Table<String, Alias>,
}

impl State {
    /// Returns the ARN and the tags of every key.
    pub fn tagged(&self) -> impl Iterator<Item = (String, &BTreeMap<String, String>)> {
        self.keys.values().map(|key| (key.arn.clone(), &key.tags))
    }

    /// Returns the aliases of a key.
    pub fn aliases_of(&self, id: &str) -> impl Iterator<Item = (&String, &Alias)> {
        self.aliases.iter().filter(move |(_, alias)| alias.target == id)
    }

    /// Enables every disabled key, and returns their ids.
    pub fn enable_all(&mut self) -> Vec<String> {
        let disabled = self.keys.values().filter(|key| matches!(key.state, KeyState::Disabled));
        let ids: Vec<String> = disabled.map(|key| key.id.clone()).collect();
        self.set_states(&ids, KeyState::Enabled);
        ids
    }

    /// Disables the keys of these ids.
    pub fn disable(&mut self, ids: &[String]) {
        self.set_states(ids, KeyState::Disabled);
    }

    fn set_states(&mut self, ids: &[String], state: KeyState) {
        for id in ids {
            if let Some(key) = self.keys.get_mut(id) {
                key.state = state;
            }
        }
    }

    /// Deletes every key whose deletion is due.
    pub fn expire_all(&mut self, now: Timestamp) {
        let ids: Vec<String> = self.keys.keys().cloned().collect();
        for id in ids {
            self.expire(&id, now);
        }
    }

    /// Deletes a key whose deletion is due, with its aliases.
    pub fn expire(&mut self, id: &str, now: Timestamp) {
        let over = self.keys.get(id).and_then(Key::deletion_date).is_some_and(|date| date <= now);
        if over {
            self.keys.remove(id);
            self.aliases.retain(|_, alias| alias.target != id);
        }
    }
}

/// An alias of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alias {
    /// The id of the key.
    pub target: String,
    pub created: Timestamp,
    pub updated: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kms::envelope::{self, Context, Envelope};
    use crate::kms::key::{KeyState, Manager, Version};
    use crate::kms::material;
    use crate::kms::spec::{KeySpec, KeyUsage};

    fn key(now: Timestamp) -> Key {
        let material = material::generate(KeySpec::SYMMETRIC_DEFAULT).unwrap();
        Key {
            id: "id".to_owned(),
            arn: "arn:aws:kms:us-east-1:123456789012:key/id".to_owned(),
            account: "123456789012".to_owned(),
            created: now,
            description: String::new(),
            spec: KeySpec::SYMMETRIC_DEFAULT,
            usage: KeyUsage::EncryptDecrypt,
            manager: Manager::Customer,
            state: KeyState::PendingDeletion(now.later(60)),
            policy: "{}".to_owned(),
            tags: BTreeMap::new(),
            versions: vec![Version { material, since: now, rotation: None }],
            schedule: None,
            grants: crate::store::List::new(),
            origin: crate::kms::key::Origin::AwsKms,
            import: crate::kms::key::Import::default(),
            primary_region: None,
        }
    }

    #[test]
    fn a_saved_state_decrypts_earlier_ciphertexts_and_holds_no_plaintext() {
        let now: Timestamp = serde_json::from_str("1590621822.47").unwrap();
        let (key, context) = (key(now), Context::new());
        let blob = envelope::seal(&key.arn, 0, &key.versions[0].material, &context, b"hunter2").unwrap();
        let state = State { keys: Table::from([(key.id.clone(), key)]), ..State::default() };
        let saved = serde_json::to_string(&state).unwrap();
        assert!(!saved.contains("hunter2") && !saved.contains("aHVudGVyMg"), "{saved}");
        let read: State = serde_json::from_str(&saved).unwrap();
        let key = &read.keys["id"];
        assert_eq!(key.state, KeyState::PendingDeletion(now.later(60)));
        let opened = Envelope::read(&blob).unwrap().open(&key.versions[0].material, &context).unwrap();
        assert_eq!(opened.expose(), b"hunter2");
    }
}
