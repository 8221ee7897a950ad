//! What the reference remembers between calls. Data only: equal states allow the same futures, which is
//! what lets a search remember those it has seen.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use super::json::Time;

/// Whether lists may hold what none of the calls made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Others {
    /// The account is ours alone.
    None,
    /// Others have security configurations and cross-account grants in it.
    Possible,
}

/// Everything Glue holds, as far as calls and answers tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub(super) others: Others,
    pub(super) policy: Option<Arc<Policy>>,
    pub(super) hashes: Hashes,
    pub(super) configurations: Arc<BTreeMap<String, Slot>>,
    pub(super) settings: Settings,
}

impl State {
    /// No policy and none of our configurations; the settings hold anything until somebody puts or reads
    /// them.
    #[must_use]
    pub fn new(others: Others) -> Self {
        Self {
            others,
            policy: None,
            hashes: Hashes::default(),
            configurations: Arc::default(),
            settings: Settings::default(),
        }
    }

    /// Hash of the policy in force, where there is one and an answer told it.
    #[must_use]
    pub fn policy_hash(&self) -> Option<&str> {
        self.policy.as_ref()?.hash.as_deref()
    }

    /// What there is, in words, for reports. Settings are left out: nothing depends on them.
    #[must_use]
    pub fn in_words(&self) -> String {
        let policy = match self.policy.as_deref() {
            None => "no policy".to_owned(),
            Some(Policy { hash: Some(hash), .. }) => format!("a policy with the hash {hash}"),
            Some(_) => "a policy with a hash that no answer told".to_owned(),
        };
        let names: Vec<String> = self.configurations().map(|name| format!("`{name}`")).collect();
        if names.is_empty() {
            return policy;
        }
        format!("{policy}, and the configurations {}", names.join(", "))
    }

    /// Names of the security configurations that exist.
    pub fn configurations(&self) -> impl Iterator<Item = &str> {
        let existing = self.configurations.iter().filter(|(_, slot)| matches!(slot, Slot::Present(_)));
        existing.map(|(name, _)| name.as_str())
    }

    pub(super) fn with_slot(mut self, name: &str, slot: Slot) -> Self {
        Arc::make_mut(&mut self.configurations).insert(name.to_owned(), slot);
        self
    }

    pub(super) fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }
}

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Policy {
    /// The document, in canonical form.
    pub text: Arc<str>,
    /// Unknown where the put that set it was not answered.
    pub hash: Option<Arc<str>>,
    /// Nobody had set one before, or it had been deleted.
    pub first: bool,
    pub created: Option<Time>,
    /// Time of the last read since the put, if there was one.
    pub updated: Option<Time>,
    /// No update may be earlier than this.
    pub not_before: Option<Time>,
}

/// Every hash an answer told, with the policy it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hashes(Arc<BTreeMap<Arc<str>, Arc<str>>>);

/// Cheap: in any one history, states that differ here differ in number too, or elsewhere.
impl Hash for Hashes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}

impl Hashes {
    pub fn policy_of(&self, hash: &str) -> Option<&Arc<str>> {
        self.0.get(hash)
    }

    pub fn hash_of(&self, policy: &str) -> Option<&Arc<str>> {
        self.0.iter().find(|(_, text)| &***text == policy).map(|(hash, _)| hash)
    }

    pub fn learn(&mut self, hash: &Arc<str>, policy: &Arc<str>) {
        if self.0.get(hash) != Some(policy) {
            Arc::make_mut(&mut self.0).insert(hash.clone(), policy.clone());
        }
    }
}

/// What became of a name that calls have used.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    /// Never created.
    Never,
    Present(Configuration),
    /// Created once, and deleted.
    Deleted,
}

/// A security configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Configuration {
    /// What was sent, in canonical form.
    pub sent: Arc<Value>,
    /// What the answer to its creation told.
    pub answered: Option<Time>,
    /// What reads told, and whether it was a list that did.
    pub created: Option<(Time, bool)>,
}

/// The two halves of the encryption settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Settings {
    pub at_rest: Half,
    pub passwords: Half,
}

/// What is known of one half.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Half {
    /// What it may hold, in canonical form: one of these, or anything.
    pub candidates: Option<Vec<Arc<Value>>>,
    /// Known from a put, not from a read alone.
    pub put: bool,
}
