//! What IAM and STS hold for one account. Data only, but for finding it by name; the secrets among it are
//! in types whose `Debug` shows none.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::document::Document;
use crate::clock::Timestamp;

/// Inline policies by name.
pub type Policies = BTreeMap<String, Document>;

/// Everything of an account's identities.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// Access keys of the account itself, by id.
    pub root_keys: BTreeMap<String, AccessKey>,
    /// Users by name.
    pub users: BTreeMap<String, User>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Temporary credentials by access key id.
    pub sessions: BTreeMap<String, Session>,
}

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// Where the user is filed; `/` if nowhere.
    pub path: String,
    /// `AIDA…`
    pub id: String,
    /// Name and path in one.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// Inline policies.
    pub policies: Policies,
    /// Long-term access keys by id.
    pub keys: BTreeMap<String, AccessKey>,
}

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    /// Where the role is filed; `/` if nowhere.
    pub path: String,
    /// `AROA…`
    pub id: String,
    /// Name and path in one.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// What it is for, in its creator's words.
    pub description: Option<String>,
    /// The longest session in seconds.
    pub longest: u32,
    /// Who may assume it.
    pub trust: Document,
    /// Inline policies.
    pub policies: Policies,
}

/// A user's long-term credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessKey {
    /// The secret half.
    pub secret: SecretText,
    /// Whether it may be used.
    pub active: bool,
    /// When it was created.
    pub created: Timestamp,
}

/// Temporary credentials, and whose they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// The secret half.
    pub secret: SecretText,
    /// What has to come along with every call.
    pub token: SecretText,
    /// ARN of the caller: a role session, a user or the account's root.
    pub principal: String,
    /// `AROA…:session`, a user's id, or the account's number.
    pub user_id: String,
    /// When they were handed out.
    pub issued: Timestamp,
    /// From when on they are worth nothing.
    pub expires: Timestamp,
    /// The policy that narrows what the session may do.
    pub policy: Option<Document>,
}

/// Text that nobody is to see.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for who has to compare or hand it out.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl State {
    /// The user whom a long-term access key belongs to, and the key.
    pub fn user_of_key(&self, id: &str) -> Option<(&User, &AccessKey)> {
        self.users.values().find_map(|user| Some((user, user.keys.get(id)?)))
    }

    /// ARNs of all users and roles.
    pub fn principals(&self) -> impl Iterator<Item = &str> {
        let users = self.users.values().map(|user| user.arn.as_str());
        users.chain(self.roles.values().map(|role| role.arn.as_str()))
    }
}
