//! Who a caller is to IAM: a user, a role's session, an account's root, or somebody unknown, with the
//! policies that belong to them. Must not decide anything.

use serde_json::Value;

use super::document::Document;
use super::state::{Policies, Role, Session, User};
use crate::caller::Caller;
use crate::cloud::Cloud;

/// Whose permissions a call has.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    caller: &'a Caller,
    who: Who<'a>,
    session: Option<&'a Session>,
}

#[derive(Debug, Clone, Copy)]
enum Who<'a> {
    Root,
    User(&'a User),
    Role(&'a Role),
    /// A service, or nobody that IAM knows.
    Other,
}

impl<'a> Identity<'a> {
    /// Looks the caller up.
    pub fn of(cloud: &'a Cloud, caller: &'a Caller) -> Self {
        let iam = cloud.existing_account(&caller.account).map(|account| &account.iam);
        let who = if caller.principal.ends_with(":root") {
            Some(Who::Root)
        } else if let Some(role) = role_name(&caller.principal) {
            iam.and_then(|iam| iam.roles.get(role)).map(Who::Role)
        } else {
            let mut users = iam.into_iter().flat_map(|iam| iam.users.values());
            users.find(|user| user.arn == caller.principal).map(Who::User)
        };
        let session = iam.and_then(|iam| iam.sessions.get(caller.session.as_deref()?));
        Self { caller, who: who.unwrap_or(Who::Other), session }
    }

    /// Whether it is an account itself, which may do everything there.
    pub fn is_root(&self) -> bool {
        matches!(self.who, Who::Root)
    }

    /// ARN of the user, root or role; that of the role also for its sessions.
    pub fn arn(&self) -> &str {
        match self.who {
            Who::Role(role) => &role.arn,
            _ => &self.caller.principal,
        }
    }

    /// ARN of the session of a role.
    pub fn session_arn(&self) -> Option<&str> {
        role_name(&self.caller.principal).map(|_| self.caller.principal.as_str())
    }

    /// As in `aws:PrincipalType`.
    pub fn kind(&self) -> &'static str {
        match self.who {
            Who::Root => "Account",
            Who::Role(_) => "AssumedRole",
            Who::User(_) | Who::Other => "User",
        }
    }

    /// As in `aws:userid`.
    pub fn user_id(&self) -> String {
        match (self.session, self.who) {
            (Some(session), _) => session.user_id.clone(),
            (None, Who::User(user)) => user.id.clone(),
            (None, Who::Role(role)) => {
                let session = self.caller.principal.rsplit('/').next().unwrap_or_default();
                format!("{}:{session}", role.id)
            }
            (None, Who::Root | Who::Other) => self.caller.account.clone(),
        }
    }

    /// As in `aws:username`, which only users have.
    pub fn user_name(&self) -> Option<&str> {
        match self.who {
            Who::User(user) => user.arn.rsplit('/').next(),
            _ => None,
        }
    }

    /// Its inline policies.
    pub fn policies(&self) -> impl Iterator<Item = &'a Value> {
        let policies: Option<&'a Policies> = match self.who {
            Who::User(user) => Some(&user.policies),
            Who::Role(role) => Some(&role.policies),
            Who::Root | Who::Other => None,
        };
        policies.into_iter().flat_map(|policies| policies.values().map(Document::says))
    }

    /// The policy that its session was narrowed with.
    pub fn session_policy(&self) -> Option<&'a Value> {
        self.session.and_then(|session| session.policy.as_ref().map(Document::says))
    }
}

/// The role whose session `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` is.
pub fn role_name(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    rest.split('/').next()
}
