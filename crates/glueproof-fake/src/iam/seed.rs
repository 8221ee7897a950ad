//! Seed files: users, roles, policies, access keys and private networks that a fake starts with.
//! Must not know the path of a file. Errors carry line and column.
//! [`SeedFile::parse`] reads a file; [`seed`] applies all files.
//!
//! ```toml
//! account = "123456789012"            # default: the account of the fake
//! root_keys = [{ id = "AKIAROOT", secret = "…" }]
//!
//! [[users]]
//! name = "alice"
//! access_keys = [{ id = "AKIAALICE", secret = "…" }]
//! policies = { all = '''{ "Version": "2012-10-17", "Statement": … }''' }
//!
//! [[roles]]
//! name = "crawler"
//! trust = '''{ … }'''                 # default: delegates to the account
//! [roles.policies.logs]               # a policy can be a table
//! Version = "2012-10-17"
//! Statement = [{ Effect = "Allow", Action = "logs:*", Resource = "*" }]
//!
//! [[vpc]]                             # routes to KMS: only these
//! id = "vpc-1"
//! subnets = ["subnet-1"]
//! self_referencing_groups = ["sg-1"]
//! nat_gateway = false
//! kms_endpoint = { private_dns = true, security_groups = ["sg-1"] }
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use glueproof_spec::{PARTITIONS, Partition, partition};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::parameter;
use super::policy_document::{MalformedPolicy, PolicyDocument};
use super::role::AN_HOUR;
use super::state::{AccessKey, Policies, Role, SecretText, User};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::network::Vpc;
use glueproof_spec::position::Position;

/// The contents of a seed file. `Debug` shows no secrets.
#[derive(Debug, Clone)]
pub struct SeedFile {
    account: Option<String>,
    root_keys: Vec<SeedKey>,
    users: Vec<SeedUser>,
    roles: Vec<SeedRole>,
    networks: Vec<Vpc>,
}

/// An error of a seed file, with its position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct SeedError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The problem.
    pub problem: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeedFile {
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
struct SeedKey {
    id: String,
    secret: SecretText,
}

#[derive(Debug, Clone)]
struct SeedUser {
    name: String,
    path: String,
    keys: Vec<SeedKey>,
    policies: Policies,
}

#[derive(Debug, Clone)]
struct SeedRole {
    name: String,
    path: String,
    description: Option<String>,
    longest: u32,
    trust: Option<PolicyDocument>,
    policies: Policies,
}

impl SeedFile {
    /// Reads the text of a seed file.
    ///
    /// # Errors
    /// The text is not TOML, has an unknown key, or has a value that IAM refuses.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let whole: RawSeedFile = toml::from_str(text).map_err(|e| {
            SeedReader { text, seen: Vec::new() }.error(e.span().unwrap_or_default(), e.message())
        })?;
        let mut reader = SeedReader { text, seen: Vec::new() };
        Ok(Self {
            account: whole.account.map(|account| reader.account(account)).transpose()?,
            root_keys: reader.keys(whole.root_keys)?,
            users: whole.users.into_iter().map(|user| reader.user(user)).collect::<Result<_, _>>()?,
            roles: whole.roles.into_iter().map(|role| reader.role(role)).collect::<Result<_, _>>()?,
            networks: whole.vpc,
        })
    }

    /// Returns the private networks.
    pub(crate) fn networks(&self) -> &[Vpc] {
        &self.networks
    }

    /// Adds the contents to a cloud.
    fn apply(&self, cloud: &mut Cloud) {
        let account = self.account.clone().unwrap_or_else(|| cloud.settings.account.clone());
        let partition = partition(&cloud.settings.region);
        for user in &self.users {
            let mut created = User::new(cloud, (partition, &account), user.path.clone(), &user.name);
            created.policies.clone_from(&user.policies);
            created.keys = user.keys.iter().map(|key| key.to_entry(cloud)).collect();
            cloud.account_named(&account).iam.users.insert(user.name.clone(), created);
        }
        for role in &self.roles {
            let trust = role.trust.clone().unwrap_or_else(|| PolicyDocument::trusting(partition, &account));
            let mut created = Role::new(cloud, (partition, &account), role.path.clone(), &role.name, trust);
            created.policies.clone_from(&role.policies);
            (created.description, created.longest) = (role.description.clone(), role.longest);
            cloud.account_named(&account).iam.roles.insert(role.name.clone(), created);
        }
        let keys: Vec<_> = self.root_keys.iter().map(|key| key.to_entry(cloud)).collect();
        cloud.account_named(&account).iam.root_keys.extend(keys);
    }
}

/// Creates the users and roles of the seed files and of the principals in the settings. Other ARNs, such as those of role
/// sessions, exist without a user or role.
pub fn seed(cloud: &mut Cloud) {
    for file in cloud.settings.seeds.clone() {
        file.apply(cloud);
    }
    for arn in cloud.settings.principals.clone() {
        if let Some((owner, kind, path, name)) = parse_arn(&arn) {
            match kind {
                PrincipalKind::User => add_user(cloud, owner, path, name),
                PrincipalKind::Role => add_role(cloud, owner, path, name),
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum PrincipalKind {
    User,
    Role,
}

/// Returns the ARNs of all principals that exist.
pub fn principals(cloud: &Cloud) -> Vec<String> {
    let known = cloud.accounts().flat_map(|(_, account)| account.iam.principals());
    let others = cloud.settings.principals.iter().filter(|arn| parse_arn(arn).is_none()).cloned();
    known.map(str::to_owned).chain(others).collect()
}

/// Returns partition and account, kind, path and name of `arn:PARTITION:iam::ACCOUNT:user/PATH/NAME`.
fn parse_arn(arn: &str) -> Option<((Partition, &str), PrincipalKind, String, &str)> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(":iam::")?;
    let partition = PARTITIONS.into_iter().find(|known| known.id == partition)?;
    let (account, rest) = rest.split_once(':')?;
    let (kind, rest) = rest.split_once('/')?;
    let kind = match kind {
        "user" => PrincipalKind::User,
        "role" => PrincipalKind::Role,
        _ => return None,
    };
    let (path, name) = rest.rsplit_once('/').map_or(("", rest), |(path, name)| (path, name));
    let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    Some(((partition, account), kind, path, name))
}

fn add_user(cloud: &mut Cloud, owner: (Partition, &str), path: String, name: &str) {
    let user = User::new(cloud, owner, path, name);
    cloud.account_named(owner.1).iam.users.entry(name.to_owned()).or_insert(user);
}

/// Adds a role that the principals of its account can assume, if the account's policies allow it.
fn add_role(cloud: &mut Cloud, owner: (Partition, &str), path: String, name: &str) {
    let role = Role::new(cloud, owner, path, name, PolicyDocument::trusting(owner.0, owner.1));
    cloud.account_named(owner.1).iam.roles.entry(name.to_owned()).or_insert(role);
}

impl SeedKey {
    fn to_entry(&self, cloud: &Cloud) -> (String, AccessKey) {
        let key = AccessKey { secret: self.secret.clone(), active: true, created: cloud.now() };
        (self.id.clone(), key)
    }
}

/// Reads values with their positions in the text.
struct SeedReader<'t> {
    text: &'t str,
    /// Names and access key ids so far, with their kinds. Each must be unique.
    seen: Vec<(&'static str, String)>,
}

impl SeedReader<'_> {
    fn error(&self, at: Range<usize>, problem: &str) -> SeedError {
        let Position { line, column } = Position::of(self.text, at.start);
        // The parser quotes the file, which can contain secrets. Its first line has the problem alone.
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
            trust: role.trust.map(|trust| self.document(&trust, PolicyDocument::of_trust)).transpose()?,
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
        // Names must differ in more than their case.
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

    fn keys(&mut self, keys: Vec<RawKey>) -> Result<Vec<SeedKey>, SeedError> {
        keys.into_iter().map(|key| self.key(key)).collect()
    }

    fn key(&mut self, key: RawKey) -> Result<SeedKey, SeedError> {
        let legal =
            key.id.as_ref().bytes().all(|byte| byte.is_ascii_alphanumeric()) && !key.id.as_ref().is_empty();
        if !legal {
            return Err(self.error(key.id.span(), "an access key id has letters and digits only"));
        }
        if key.secret.as_ref().reveal().is_empty() {
            return Err(self.error(key.secret.span(), "a secret access key cannot be empty"));
        }
        self.once("access key", key.id.as_ref(), key.id.span())?;
        Ok(SeedKey { id: key.id.into_inner(), secret: key.secret.into_inner() })
    }

    fn policies(&self, policies: BTreeMap<String, Spanned<Value>>) -> Result<Policies, SeedError> {
        let one = |(name, policy): (String, Spanned<Value>)| {
            Ok((name, self.document(&policy, PolicyDocument::of_identity)?))
        };
        policies.into_iter().map(one).collect()
    }

    /// Reads a policy, which is a table or a text with JSON.
    fn document(
        &self,
        policy: &Spanned<Value>,
        read: fn(&str) -> Result<PolicyDocument, MalformedPolicy>,
    ) -> Result<PolicyDocument, SeedError> {
        let document = match policy.as_ref() {
            Value::String(text) => read(text),
            table => read(&table.to_string()),
        };
        document.map_err(|malformed| self.error(policy.span(), &malformed.to_string()))
    }
}
