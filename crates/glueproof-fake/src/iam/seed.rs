//! Users, roles, policies, access keys and private networks out of a file, so that a fake begins with them. Must not know
//! where the file came from; what is wrong with it is said with its line and column.
//!
//! ```toml
//! account = "123456789012"            # the fake's own where it is left out
//! root_keys = [{ id = "AKIAROOT", secret = "…" }]
//!
//! [[users]]
//! name = "alice"
//! access_keys = [{ id = "AKIAALICE", secret = "…" }]
//! policies = { all = '''{ "Version": "2012-10-17", "Statement": … }''' }
//!
//! [[roles]]
//! name = "crawler"
//! trust = '''{ … }'''                 # the account itself where it is left out
//! [roles.policies.logs]               # a policy may be a table as well
//! Version = "2012-10-17"
//! Statement = [{ Effect = "Allow", Action = "logs:*", Resource = "*" }]
//!
//! [[vpc]]                             # no way to KMS but what is said here
//! id = "vpc-1"
//! subnets = ["subnet-1"]
//! self_referencing_groups = ["sg-1"]
//! nat_gateway = false
//! kms_endpoint = { private_dns = true, security_groups = ["sg-1"] }
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::document::{Document, Malformed};
use super::parameter;
use super::role::AN_HOUR;
use super::state::{AccessKey, Policies, Role, SecretText, User};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::network::Vpc;
use glueproof_spec::position::Position;

/// What a fake begins with. Its `Debug` shows no secrets.
#[derive(Debug, Clone)]
pub struct SeedFile {
    account: Option<String>,
    root_keys: Vec<Key>,
    users: Vec<SeedUser>,
    roles: Vec<SeedRole>,
    networks: Vec<Vpc>,
}

/// Why a seed file cannot be used, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct SeedError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    account: Option<Spanned<String>>,
    #[serde(default)]
    root_keys: Vec<RawKey>,
    #[serde(default)]
    users: Vec<RawUser>,
    #[serde(default)]
    roles: Vec<RawRole>,
    #[serde(default)]
    vpc: Vec<Vpc>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUser {
    name: Spanned<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    access_keys: Vec<RawKey>,
    #[serde(default)]
    policies: BTreeMap<String, Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    name: Spanned<String>,
    path: Option<Spanned<String>>,
    description: Option<String>,
    max_session_duration: Option<Spanned<u32>>,
    trust: Option<Spanned<Value>>,
    #[serde(default)]
    policies: BTreeMap<String, Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    id: Spanned<String>,
    secret: Spanned<SecretText>,
}

#[derive(Debug, Clone)]
struct Key {
    id: String,
    secret: SecretText,
}

#[derive(Debug, Clone)]
struct SeedUser {
    name: String,
    path: String,
    keys: Vec<Key>,
    policies: Policies,
}

#[derive(Debug, Clone)]
struct SeedRole {
    name: String,
    path: String,
    description: Option<String>,
    longest: u32,
    trust: Option<Document>,
    policies: Policies,
}

impl SeedFile {
    /// Reads the text of a seed file.
    ///
    /// # Errors
    /// When it is no TOML, has a key nobody knows, or says something that IAM would refuse.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let whole: Raw = toml::from_str(text).map_err(|e| {
            Reader { text, seen: Vec::new() }.error(e.span().unwrap_or_default(), e.message())
        })?;
        let mut reader = Reader { text, seen: Vec::new() };
        Ok(Self {
            account: whole.account.map(|account| reader.account(account)).transpose()?,
            root_keys: reader.keys(whole.root_keys)?,
            users: whole.users.into_iter().map(|user| reader.user(user)).collect::<Result<_, _>>()?,
            roles: whole.roles.into_iter().map(|role| reader.role(role)).collect::<Result<_, _>>()?,
            networks: whole.vpc,
        })
    }

    /// The private networks in it.
    pub(crate) fn networks(&self) -> &[Vpc] {
        &self.networks
    }

    /// Makes the cloud begin with it.
    pub(super) fn sow(&self, cloud: &mut Cloud) {
        let account = self.account.clone().unwrap_or_else(|| cloud.settings.account.clone());
        for user in &self.users {
            let mut grown = User::new(cloud, &account, user.path.clone(), &user.name);
            grown.policies.clone_from(&user.policies);
            grown.keys = user.keys.iter().map(|key| key.grown(cloud)).collect();
            cloud.account_named(&account).iam.users.insert(user.name.clone(), grown);
        }
        for role in &self.roles {
            let trust = role.trust.clone().unwrap_or_else(|| Document::trusting(&account));
            let mut grown = Role::new(cloud, &account, role.path.clone(), &role.name, trust);
            grown.policies.clone_from(&role.policies);
            (grown.description, grown.longest) = (role.description.clone(), role.longest);
            cloud.account_named(&account).iam.roles.insert(role.name.clone(), grown);
        }
        let keys: Vec<_> = self.root_keys.iter().map(|key| key.grown(cloud)).collect();
        cloud.account_named(&account).iam.root_keys.extend(keys);
    }
}

impl Key {
    fn grown(&self, cloud: &Cloud) -> (String, AccessKey) {
        let key = AccessKey { secret: self.secret.clone(), active: true, created: cloud.now() };
        (self.id.clone(), key)
    }
}

/// Reads what stands at places of the text.
struct Reader<'t> {
    text: &'t str,
    /// Names and access key ids so far, each with what it is of: one belongs to one.
    seen: Vec<(&'static str, String)>,
}

impl Reader<'_> {
    fn error(&self, at: Range<usize>, problem: &str) -> SeedError {
        let Position { line, column } = Position::of(self.text, at.start);
        // What the parser quotes of a file may be a secret; its first line says what is wrong.
        let problem = problem.lines().next().unwrap_or_default().to_owned();
        SeedError { line, column, problem }
    }

    fn account(&self, account: Spanned<String>) -> Result<String, SeedError> {
        let digits = account.as_ref().bytes().all(|byte| byte.is_ascii_digit());
        if digits && account.as_ref().len() == 12 {
            return Ok(account.into_inner());
        }
        Err(self.error(account.span(), "an account has twelve digits"))
    }

    fn user(&mut self, user: RawUser) -> Result<SeedUser, SeedError> {
        Ok(SeedUser {
            name: self.name("user", user.name)?,
            path: self.path(user.path)?,
            keys: self.keys(user.access_keys)?,
            policies: self.policies(user.policies)?,
        })
    }

    fn role(&mut self, role: RawRole) -> Result<SeedRole, SeedError> {
        let longest = role.max_session_duration;
        if let Some(wrong) =
            longest.as_ref().filter(|given| !(AN_HOUR..=12 * AN_HOUR).contains(given.as_ref()))
        {
            return Err(self.error(wrong.span(), "a session may last from 3600 to 43200 seconds"));
        }
        Ok(SeedRole {
            name: self.name("role", role.name)?,
            path: self.path(role.path)?,
            description: role.description,
            longest: longest.map_or(AN_HOUR, Spanned::into_inner),
            trust: role.trust.map(|trust| self.document(&trust, Document::of_trust)).transpose()?,
            policies: self.policies(role.policies)?,
        })
    }

    fn name(&mut self, kind: &'static str, name: Spanned<String>) -> Result<String, SeedError> {
        let span = name.span();
        let name = parameter::named(Some(name.into_inner()), "name", 1..=64)
            .map_err(|e| self.refused(span.clone(), e))?;
        self.once(kind, &name, span)?;
        Ok(name)
    }

    fn once(&mut self, kind: &'static str, name: &str, at: Range<usize>) -> Result<(), SeedError> {
        // Names differ by more than their case.
        let entry = (kind, name.to_ascii_lowercase());
        if self.seen.contains(&entry) {
            return Err(self.error(at, &format!("the {kind} {name} is there twice")));
        }
        self.seen.push(entry);
        Ok(())
    }

    fn path(&self, path: Option<Spanned<String>>) -> Result<String, SeedError> {
        let span = path.as_ref().map(Spanned::span).unwrap_or_default();
        parameter::path(path.map(Spanned::into_inner)).map_err(|e| self.refused(span, e))
    }

    fn refused(&self, at: Range<usize>, refusal: ServiceError) -> SeedError {
        self.error(at, &refusal.message.unwrap_or_default())
    }

    fn keys(&mut self, keys: Vec<RawKey>) -> Result<Vec<Key>, SeedError> {
        keys.into_iter().map(|key| self.key(key)).collect()
    }

    fn key(&mut self, key: RawKey) -> Result<Key, SeedError> {
        let legal =
            key.id.as_ref().bytes().all(|byte| byte.is_ascii_alphanumeric()) && !key.id.as_ref().is_empty();
        if !legal {
            return Err(self.error(key.id.span(), "an access key id has letters and digits only"));
        }
        if key.secret.as_ref().reveal().is_empty() {
            return Err(self.error(key.secret.span(), "a secret access key cannot be empty"));
        }
        self.once("access key", key.id.as_ref(), key.id.span())?;
        Ok(Key { id: key.id.into_inner(), secret: key.secret.into_inner() })
    }

    fn policies(&self, policies: BTreeMap<String, Spanned<Value>>) -> Result<Policies, SeedError> {
        let one = |(name, policy): (String, Spanned<Value>)| {
            Ok((name, self.document(&policy, Document::of_identity)?))
        };
        policies.into_iter().map(one).collect()
    }

    /// A policy is a table, or a text with JSON in it.
    fn document(
        &self,
        policy: &Spanned<Value>,
        read: fn(&str) -> Result<Document, Malformed>,
    ) -> Result<Document, SeedError> {
        let document = match policy.as_ref() {
            Value::String(text) => read(text),
            table => read(&table.to_string()),
        };
        document.map_err(|malformed| self.error(policy.span(), &malformed.to_string()))
    }
}
