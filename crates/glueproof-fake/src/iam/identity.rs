//! The identity of a caller in IAM: a user, a session of a role, an account's root, or an unknown principal.
//! Must not decide if a call is allowed.
//! [`Identity::of`] looks a caller up; [`match_principal`] compares one with a `Principal` element.

use serde_json::{Map, Value};

use super::managed_policy;
use super::policy_document::PolicyDocument;
use super::state::{Role, State, StsSession, User};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::tags::Tags;

/// The principal whose permissions a call has.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    caller: &'a Caller,
    iam: Option<&'a State>,
    kind: IdentityKind<'a>,
    session: Option<&'a StsSession>,
}

#[derive(Debug, Clone, Copy)]
enum IdentityKind<'a> {
    Root,
    User(&'a User),
    Role(&'a Role),
    /// A service, or an unknown principal.
    Other,
}

impl<'a> Identity<'a> {
    /// Looks the caller up.
    pub fn of(cloud: &'a Cloud, caller: &'a Caller) -> Self {
        let iam = cloud.existing_account(&caller.account).map(|account| &account.iam);
        let session = iam.and_then(|iam| iam.sessions.get(caller.session.as_deref()?));
        // A federated user has no more permissions than the user or root that called.
        let issuer = session.and_then(|session| session.issuer.as_deref());
        let kind = if issuer.unwrap_or(&caller.principal).ends_with(":root") {
            Some(IdentityKind::Root)
        } else if let Some(role) = role_name(&caller.principal) {
            iam.and_then(|iam| iam.roles.get(role)).map(IdentityKind::Role)
        } else {
            let mut users = iam.into_iter().flat_map(|iam| iam.users.values());
            let arn = issuer.unwrap_or(&caller.principal);
            users.find(|user| user.arn == arn).map(IdentityKind::User)
        };
        Self { caller, iam, kind: kind.unwrap_or(IdentityKind::Other), session }
    }

    /// Returns true for the root of an account, which may do everything in the account.
    pub fn is_root(&self) -> bool {
        matches!(self.kind, IdentityKind::Root) && !self.is_federated()
    }

    /// Returns true if the policies of the identity allow everything: those of a root, or of its federated users.
    pub fn has_all_permissions(&self) -> bool {
        matches!(self.kind, IdentityKind::Root)
    }

    /// Returns the ARN of the user, root or role. A session has the ARN of its role here.
    pub fn arn(&self) -> &str {
        match self.kind {
            IdentityKind::Role(role) => &role.arn,
            _ => &self.caller.principal,
        }
    }

    /// Returns the ARN of the session, if the caller is a session of a role.
    pub fn session_arn(&self) -> Option<&str> {
        role_name(&self.caller.principal).map(|_| self.caller.principal.as_str())
    }

    /// Returns the value of `aws:PrincipalType`.
    pub fn principal_type(&self) -> &'static str {
        match self.kind {
            _ if self.is_federated() => "FederatedUser",
            IdentityKind::Root => "Account",
            IdentityKind::Role(_) => "AssumedRole",
            IdentityKind::User(_) | IdentityKind::Other => "User",
        }
    }

    /// Returns the value of `aws:userid`.
    pub fn user_id(&self) -> String {
        match (self.session, self.kind) {
            (Some(session), _) => session.user_id.clone(),
            (None, IdentityKind::User(user)) => user.id.clone(),
            (None, IdentityKind::Role(role)) => {
                let session = self.caller.principal.rsplit('/').next().unwrap_or_default();
                format!("{}:{session}", role.id)
            }
            (None, IdentityKind::Root | IdentityKind::Other) => self.caller.account.clone(),
        }
    }

    /// Returns the value of `aws:username`, which only users have.
    pub fn user_name(&self) -> Option<&str> {
        match self.kind {
            IdentityKind::User(user) if !self.is_federated() => user.arn.rsplit('/').next(),
            _ => None,
        }
    }

    fn is_federated(&self) -> bool {
        self.session.is_some_and(|session| session.issuer.is_some())
    }

    /// Returns the tags of the user or role, and of the session. Session tags override (IAM User Guide, "Passing session
    /// tags").
    pub fn tags(&self) -> impl Iterator<Item = (&'a String, &'a String)> {
        let own: Option<&'a Tags> = match self.kind {
            IdentityKind::User(user) => Some(&user.tags),
            IdentityKind::Role(role) => Some(&role.tags),
            IdentityKind::Root | IdentityKind::Other => None,
        };
        own.into_iter().chain(self.session.map(|session| &session.tags)).flatten()
    }

    /// Returns the inline policies and the attached managed policies.
    pub fn policies(&self) -> impl Iterator<Item = &'a Value> {
        let (inline, attached) = match self.kind {
            IdentityKind::User(user) => (Some(&user.policies), Some(&user.attached)),
            IdentityKind::Role(role) => (Some(&role.policies), Some(&role.attached)),
            IdentityKind::Root | IdentityKind::Other => (None, None),
        };
        let iam = self.iam;
        let managed = attached.into_iter().flatten();
        let managed = managed.filter_map(move |arn| managed_policy::document(iam?, arn));
        inline.into_iter().flat_map(|policies| policies.values()).chain(managed).map(PolicyDocument::content)
    }

    /// Returns the session policies. A session without any has all permissions of its user or role.
    pub fn session_policies(&self) -> impl Iterator<Item = &'a Value> {
        let iam = self.iam;
        let managed = self.session.into_iter().flat_map(|session| &session.managed);
        let managed = managed.filter_map(move |arn| managed_policy::document(iam?, arn));
        let given = self.session.and_then(|session| session.policy.as_ref());
        given.into_iter().chain(managed).map(PolicyDocument::content)
    }
}

/// Returns `ROLE` of `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
pub fn role_name(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    rest.split('/').next()
}

/// The way in which a statement names the caller, least specific first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalMatch {
    /// By its account. The account's own policies must allow the call, too.
    Account,
    /// By the user or role, or by `*`.
    Principal,
    /// By the session.
    Session,
}

/// Compares `Principal` or `NotPrincipal` of a statement with the caller.
pub fn match_principal(
    statement: &Map<String, Value>,
    caller: &Caller,
    identity: &Identity<'_>,
) -> Option<PrincipalMatch> {
    let deny = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(value), _) => matches_of(value, caller, identity).max(),
        (None, Some(value)) => {
            let excluded: Vec<PrincipalMatch> = matches_of(value, caller, identity).collect();
            let applies = if deny { !is_excluded(&excluded, caller, identity) } else { excluded.is_empty() };
            applies.then_some(PrincipalMatch::Principal)
        }
        (None, None) => None,
    }
}

/// Returns true if `NotPrincipal` of a denial excludes the caller. It must name the account, the user or role, and the
/// session (IAM User Guide, `NotPrincipal`).
fn is_excluded(named: &[PrincipalMatch], caller: &Caller, identity: &Identity<'_>) -> bool {
    let has_match = |level| named.contains(&level);
    if caller.is_service() || identity.is_root() {
        return !named.is_empty();
    }
    has_match(PrincipalMatch::Account)
        && has_match(PrincipalMatch::Principal)
        && (identity.session_arn().is_none() || has_match(PrincipalMatch::Session))
}

fn matches_of<'v>(
    value: &'v Value,
    caller: &'v Caller,
    identity: &'v Identity<'_>,
) -> Box<dyn Iterator<Item = PrincipalMatch> + 'v> {
    match value {
        Value::String(text) if text == "*" => {
            Box::new([PrincipalMatch::Account, PrincipalMatch::Principal].into_iter())
        }
        Value::Object(kinds) => Box::new(kinds.iter().flat_map(move |(kind, names)| {
            texts(names).filter_map(move |name| match_one(kind, name, caller, identity))
        })),
        _ => Box::new(std::iter::empty()),
    }
}

fn match_one(kind: &str, name: &str, caller: &Caller, identity: &Identity<'_>) -> Option<PrincipalMatch> {
    match kind {
        "AWS" if name == "*" => Some(PrincipalMatch::Principal),
        "AWS" if !caller.is_service() => match_aws(name, caller, identity),
        "Service" if caller.is_service() && name == caller.principal => Some(PrincipalMatch::Principal),
        _ => None,
    }
}

/// Compares a name under `AWS`. Names are exact: wildcards have no meaning in principals.
fn match_aws(name: &str, caller: &Caller, identity: &Identity<'_>) -> Option<PrincipalMatch> {
    let account = name == caller.account || account_of_root(name) == Some(&caller.account);
    if account {
        // The account's root is the account itself.
        return Some(if identity.is_root() { PrincipalMatch::Principal } else { PrincipalMatch::Account });
    }
    if identity.session_arn() == Some(name) {
        return Some(PrincipalMatch::Session);
    }
    (identity.arn() == name).then_some(PrincipalMatch::Principal)
}

fn account_of_root(arn: &str) -> Option<&str> {
    arn.split_once(":iam::")?.1.strip_suffix(":root")
}

/// Returns the texts of a value that is a text or a list of texts.
pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().filter_map(Value::as_str)
}
