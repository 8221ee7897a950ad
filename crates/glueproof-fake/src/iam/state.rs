//! The state of IAM and STS for one account. Data only.
//! Must not show a secret in `Debug`.
//! [`State`] is the entry point.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::policy_document::PolicyDocument;
use crate::clock::Timestamp;
use crate::store::Table;
use crate::tags::Tags;

/// Inline policies by name.
pub type Policies = BTreeMap<String, PolicyDocument>;

/// The identities of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// Access keys of the account itself, by id.
    pub root_keys: Table<String, AccessKey>,
    /// Users by name.
    pub users: Table<String, User>,
    /// Roles by name.
    pub roles: Table<String, Role>,
    /// Temporary credentials by access key id.
    pub sessions: Table<String, StsSession>,
    /// Managed policies by ARN.
    #[serde(default)]
    pub managed: Table<String, ManagedPolicy>,
}

/// A managed policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManagedPolicy {
    /// The path; `/` by default.
    pub path: String,
    /// `ANPA…`
    pub id: String,
    /// The time of creation.
    pub created: Timestamp,
    /// The description.
    pub description: Option<String>,
    /// The policy.
    pub document: PolicyDocument,
    /// Tags.
    pub tags: Tags,
}

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// The path; `/` by default.
    pub path: String,
    /// `AIDA…`
    pub id: String,
    /// The ARN, with path and name.
    pub arn: String,
    /// The time of creation.
    pub created: Timestamp,
    /// Inline policies.
    pub policies: Policies,
    /// ARNs of attached managed policies.
    #[serde(default)]
    pub attached: BTreeSet<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
    /// Long-term access keys by id.
    pub keys: Table<String, AccessKey>,
}

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    /// The path; `/` by default.
    pub path: String,
    /// `AROA…`
    pub id: String,
    /// The ARN, with path and name.
    pub arn: String,
    /// The time of creation.
    pub created: Timestamp,
    /// The description.
    pub description: Option<String>,
    /// The longest session, in seconds.
    pub longest: u32,
    /// The trust policy.
    pub trust: PolicyDocument,
    /// Inline policies.
    pub policies: Policies,
    /// ARNs of attached managed policies.
    #[serde(default)]
    pub attached: BTreeSet<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A user's long-term credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessKey {
    /// The secret half.
    pub secret: SecretText,
    /// True if the key is active.
    pub active: bool,
    /// The time of creation.
    pub created: Timestamp,
}

/// Temporary credentials and their principal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StsSession {
    /// The secret half.
    pub secret: SecretText,
    /// The session token.
    pub token: SecretText,
    /// ARN of the caller: a role session, a user or the account's root.
    pub principal: String,
    /// The user id: `AROA…:session`, a user's id, or the account's number.
    pub user_id: String,
    /// The time of issue.
    pub issued: Timestamp,
    /// The time of expiry.
    pub expires: Timestamp,
    /// The session policy.
    pub policy: Option<PolicyDocument>,
    /// The session policies that are managed, by ARN.
    #[serde(default)]
    pub managed: BTreeSet<String>,
    /// The session tags.
    #[serde(default)]
    pub tags: Tags,
    /// The ARN of the user or root that a federated user acts for.
    #[serde(default)]
    pub issuer: Option<String>,
}

/// A secret text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, to compare or return it.
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
    /// Returns the owner of a long-term access key, and the key.
    pub fn user_of_key(&self, id: &str) -> Option<(&User, &AccessKey)> {
        self.users.values().find_map(|user| Some((user, user.keys.get(id)?)))
    }

    /// Returns the ARN of every attachment of a managed policy.
    pub fn attachments(&self) -> impl Iterator<Item = &String> {
        let of_users = self.users.values().flat_map(|user| &user.attached);
        of_users.chain(self.roles.values().flat_map(|role| &role.attached))
    }

    /// Returns the tags of the user, role or policy of that ARN.
    pub fn tags_of(&self, arn: &str) -> Option<&Tags> {
        let user = || self.users.values().find(|user| user.arn == arn).map(|user| &user.tags);
        let role = || self.roles.values().find(|role| role.arn == arn).map(|role| &role.tags);
        self.managed.get(arn).map(|policy| &policy.tags).or_else(user).or_else(role)
    }

    /// Returns the ARNs of all users and roles.
    pub fn principals(&self) -> impl Iterator<Item = &str> {
        let users = self.users.values().map(|user| user.arn.as_str());
        users.chain(self.roles.values().map(|role| role.arn.as_str()))
    }
}
