//! The state that the reference remembers between calls, and the equality of its values: JSON by value, texts of JSON,
//! times. Equal states allow the same futures, so that a search can remember states.
//! Must not know an operation.
//! The entry point is [`State`].

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::{Map, Value};

/// True if lists may hold what none of the calls made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConcurrentWriters {
    /// The account is ours alone.
    None,
    /// Others have security configurations and cross-account grants in it.
    Possible,
}

/// Everything Glue holds, as far as calls and answers tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub(super) others: ConcurrentWriters,
    pub(super) policy: Option<Arc<Policy>>,
    pub(super) hashes: Hashes,
    pub(super) configurations: Arc<BTreeMap<String, Slot>>,
    pub(super) settings: SettingsState,
}

impl State {
    /// No policy and none of our configurations; the settings have any value until a call puts or reads
    /// them.
    #[must_use]
    pub fn new(others: ConcurrentWriters) -> Self {
        Self {
            others,
            policy: None,
            hashes: Hashes::default(),
            configurations: Arc::default(),
            settings: SettingsState::default(),
        }
    }

    /// Hash of the policy in force, where there is one and an answer told it.
    #[must_use]
    pub fn policy_hash(&self) -> Option<&str> {
        self.policy.as_ref()?.hash.as_deref()
    }

    /// Describes the state for reports. Settings are left out, because nothing depends on them.
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
    /// True if it is the first policy, or the first after a delete.
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

/// The history of a name that calls have used.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    /// Never created.
    Never,
    Present(ConfigurationState),
    /// Created once, and deleted.
    Deleted,
}

/// A security configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ConfigurationState {
    /// The input, in canonical form.
    pub sent: Arc<Value>,
    /// The time in the response to its creation.
    pub answered: Option<Time>,
    /// The time in reads, and true if a list contained it.
    pub created: Option<(Time, bool)>,
}

/// The two halves of the encryption settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct SettingsState {
    pub at_rest: Half,
    pub passwords: Half,
}

/// The knowledge of one half.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Half {
    /// Its possible values, in canonical form; without them, any value.
    pub candidates: Option<Vec<Arc<Value>>>,
    /// Known from a put, not from a read alone.
    pub put: bool,
}

/// The key the service names where a key is needed and none was sent.
const DEFAULT_KEY: &str = "alias/aws/glue";

/// The value with null members left out and numbers in one form, so that `==` compares by value.
pub(super) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut sorted: Vec<(&String, &Value)> = map.iter().filter(|(_, v)| !v.is_null()).collect();
            sorted.sort_by_key(|(name, _)| *name);
            let members = sorted.into_iter().map(|(name, inner)| (name.clone(), canonical(inner)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// A text that holds JSON, in a form that is equal wherever the JSON is. A null member counts here: the text
/// is the caller's document. What is no JSON is only equal to itself.
pub(super) fn canonical_text(text: &str) -> Arc<str> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => sorted(&value).to_string().into(),
        Err(_) => text.into(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(String, Value)> = map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// Returns true if what was read holds what was sent. More than that may stand there only if it says that something
/// is off or absent, or names the default key: nothing else was turned on.
pub(super) fn holds(sent: &Value, read: &Value) -> bool {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            sent.iter().all(|(name, inner)| match read.get(name) {
                Some(found) => holds(inner, found),
                None => is_off(inner),
            }) && read.iter().all(|(name, inner)| sent.contains_key(name) || is_off(inner))
        }
        (Value::Array(sent), Value::Array(read)) => {
            sent.len() == read.len() && sent.iter().zip(read).all(|(s, r)| holds(s, r))
        }
        (Value::Null, read) => is_off(read),
        _ => sent == read,
    }
}

/// Returns true if a value turns nothing on.
fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text == "DISABLED" || text == DEFAULT_KEY,
        Value::Array(items) => items.iter().all(is_off),
        Value::Object(map) => map.values().all(is_off),
        _ => false,
    }
}

/// A moment, in microseconds since the epoch: finer than the service tells, coarser than what a double may
/// lose on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Time(i64);

impl Time {
    /// The time at that member, if there is a number. Whether there must be is for rules on shapes to say.
    #[expect(clippy::cast_possible_truncation, reason = "a time beyond the range is a wrong time anyway")]
    pub fn at(body: &Value, member: &str) -> Option<Self> {
        body.get(member)?.as_f64().map(|seconds| Self((seconds * 1e6).round() as i64))
    }

    /// Returns true if less than a second lies between the two.
    pub fn is_near(self, other: Self) -> bool {
        self.0.abs_diff(other.0) < 1_000_000
    }
}

impl std::fmt::Display for Time {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0 as f64 / 1e6)
    }
}
