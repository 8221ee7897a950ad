//! Whether a call may be made: the one question other services ask. Policies of the identity, of its
//! session and of the resource are weighed as the IAM User Guide says ("Policy evaluation logic"), and KMS
//! keys as the KMS Developer Guide says ("Key policies"). Must not know what modes there are: who asks, means it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::context::Context;
use super::evaluator::{self, Decision};
use super::identity::Identity;
use super::principal::Named;
use super::statement::{self, Call};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;

/// What somebody wants to do.
#[derive(Debug, Clone)]
pub struct Authorization<'a> {
    caller: &'a Caller,
    action: &'a str,
    resource: &'a str,
    resource_policy: Option<&'a Value>,
    owner: Option<&'a str>,
    granted: bool,
    context: Context,
}

impl<'a> Authorization<'a> {
    /// The caller wants to do `kms:Decrypt` or the like with the resource of that ARN; `*` where the action
    /// is on none.
    pub fn new(caller: &'a Caller, action: &'a str, resource: &'a str) -> Self {
        Self {
            caller,
            action,
            resource,
            resource_policy: None,
            owner: None,
            granted: false,
            context: Context::default(),
        }
    }

    /// The resource has a policy of its own: a key policy, a bucket policy, a role's trust policy.
    #[must_use]
    pub fn resource_policy(mut self, policy: Option<&'a Value>) -> Self {
        self.resource_policy = policy;
        self
    }

    /// Whose the resource is, where its ARN does not say (buckets).
    #[must_use]
    pub fn owner(mut self, account: &'a str) -> Self {
        self.owner = Some(account);
        self
    }

    /// A grant on the key lets the caller do it.
    #[must_use]
    pub fn granted(mut self, granted: bool) -> Self {
        self.granted = granted;
        self
    }

    /// A condition key of the service's.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.context.set(key, value);
        self
    }

    /// A condition key of many values.
    #[must_use]
    pub fn with_many(mut self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.context.set_many(key, values);
        self
    }

    /// `kms:EncryptionContext:…` for every pair and `kms:EncryptionContextKeys` for all of them.
    #[must_use]
    pub fn encryption_context<'p>(
        mut self,
        pairs: impl IntoIterator<Item = (&'p String, &'p String)>,
    ) -> Self {
        let mut keys = Vec::new();
        for (key, value) in pairs {
            self.context.set(&format!("kms:EncryptionContext:{key}"), value);
            keys.push(key.clone());
        }
        self.context.set_many("kms:EncryptionContextKeys", keys);
        self
    }

    fn owner_account(&self) -> &str {
        let of_arn = || self.resource.split(':').nth(4).filter(|account| !account.is_empty());
        self.owner.or_else(of_arn).unwrap_or(&self.caller.account)
    }
}

/// Whose policy a refusal is laid to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Of the user or role.
    Identity,
    /// Of the session.
    Session,
    /// Of the resource.
    Resource,
}

impl PolicyKind {
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based",
            Self::Session => "session",
            Self::Resource => "resource-based",
        }
    }
}

/// A refusal, with the text of the real services (IAM User Guide, "Troubleshoot access denied error
/// messages"; E058, E078).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("User: {principal} is not authorized to perform: {action}{} {}", self.on_resource(), self.because())]
pub struct Denied {
    /// Who wanted it.
    pub principal: String,
    /// What they wanted to do.
    pub action: String,
    /// With what.
    pub resource: String,
    /// Whether a statement forbids it; otherwise none allows it.
    pub explicit: bool,
    /// The policy to look into.
    pub policy: PolicyKind,
}

impl Denied {
    /// Actions that are on no resource are refused without naming one.
    fn on_resource(&self) -> String {
        if self.resource == "*" { String::new() } else { format!(" on resource: {}", self.resource) }
    }

    fn because(&self) -> String {
        let kind = self.policy.name();
        match (self.explicit, self.policy) {
            (true, PolicyKind::Identity) => format!("with an explicit deny in an {kind} policy"),
            (true, _) => format!("with an explicit deny in a {kind} policy"),
            (false, _) => format!("because no {kind} policy allows the {} action", self.action),
        }
    }
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        Self::with("AccessDeniedException", denied.to_string())
    }
}

/// Whether the call may be made.
///
/// # Errors
/// When a statement forbids it, or none that would have to allows it.
pub fn authorize(cloud: &Cloud, request: &Authorization<'_>) -> Result<(), Denied> {
    if is_unguarded(cloud, request) {
        return Ok(());
    }
    let identity = Identity::of(cloud, request.caller);
    let context = with_resource(request).complete(cloud, request.caller, &identity);
    let call =
        Call { caller: request.caller, identity: &identity, resource: request.resource, context: &context };
    let policies = EvaluatedPolicies::of(cloud, request, call);
    let votes = Votes::collect(&policies, request, call);
    let refused = |explicit, policy| Denied {
        principal: request.caller.principal.clone(),
        action: request.action.to_owned(),
        resource: request.resource.to_owned(),
        explicit,
        policy,
    };
    if let Some(policy) = votes.forbidding() {
        return Err(refused(true, policy));
    }
    votes
        .missing(cloud, request, policies.resource.is_some())
        .map_or(Ok(()), |policy| Err(refused(false, policy)))
}

/// Returns true if a fault authorizes the call.
fn is_unguarded(cloud: &Cloud, request: &Authorization<'_>) -> bool {
    let through_service = request.caller.via.is_some() && !request.caller.is_service();
    cloud.failpoint(Bug::Unauthorized) || through_service && cloud.failpoint(Bug::UnauthorizedThroughServices)
}

fn with_resource(request: &Authorization<'_>) -> Context {
    let mut context = request.context.clone();
    context.set("aws:ResourceAccount", request.owner_account());
    context
}

/// The policies that take part in the decision.
struct EvaluatedPolicies<'p> {
    identity: Vec<Cow<'p, Value>>,
    session: Option<Cow<'p, Value>>,
    resource: Option<Cow<'p, Value>>,
}

impl<'p> EvaluatedPolicies<'p> {
    fn of(cloud: &Cloud, request: &Authorization<'p>, call: Call<'p>) -> Self {
        let edited = |policy| cloud.failpoints.policies.apply(policy);
        let session = call.identity.session_policy();
        let session = session.filter(|_| !cloud.failpoint(Bug::SessionPolicyIgnored));
        let resource = request.resource_policy;
        let resource = resource.filter(|_| !cloud.failpoint(Bug::ResourcePolicyIgnored));
        Self {
            identity: call.identity.policies().map(edited).collect(),
            session: session.map(edited),
            resource: resource.map(edited),
        }
    }
}

/// What each of the policies says.
#[derive(Debug)]
struct Votes {
    identity: Decision,
    /// Without a session policy everything the identity may, its session may.
    session: Decision,
    forbidden_by_resource: bool,
    /// The closest name under which the resource's policy allows it.
    allowed_by_resource: Option<Named>,
}

impl Votes {
    fn collect(policies: &EvaluatedPolicies<'_>, request: &Authorization<'_>, call: Call<'_>) -> Self {
        let on_action = |statements: Vec<&Map<String, Value>>| evaluator::decide(statements, request.action);
        let identity = if call.identity.is_root() {
            Decision::Allow
        } else {
            on_action(
                policies.identity.iter().flat_map(|policy| statement::of_identity(policy, call)).collect(),
            )
        };
        let session = policies
            .session
            .as_deref()
            .map_or(Decision::Allow, |policy| on_action(statement::of_identity(policy, call).collect()));
        let of_resource: Vec<_> =
            policies.resource.iter().flat_map(|policy| statement::of_resource(policy, call)).collect();
        let says = |wanted: Decision, (_, statement): &&(Named, &Map<String, Value>)| {
            evaluator::decide([*statement], request.action) == wanted
        };
        Self {
            identity,
            session,
            forbidden_by_resource: of_resource.iter().any(|one| says(Decision::Deny, &one)),
            allowed_by_resource: of_resource
                .iter()
                .filter(|one| says(Decision::Allow, one))
                .map(|(named, _)| *named)
                .max(),
        }
    }

    fn forbidding(&self) -> Option<PolicyKind> {
        if self.identity == Decision::Deny {
            Some(PolicyKind::Identity)
        } else if self.forbidden_by_resource {
            Some(PolicyKind::Resource)
        } else {
            (self.session == Decision::Deny).then_some(PolicyKind::Session)
        }
    }

    /// The policy that would have to allow it and does not.
    fn missing(
        &self,
        cloud: &Cloud,
        request: &Authorization<'_>,
        has_resource_policy: bool,
    ) -> Option<PolicyKind> {
        let allowed = |decision| decision == Decision::Allow;
        let left_open = cloud.failpoint(Bug::DelegationNotRequired).then_some(Named::Account);
        let by_grant = request.granted.then_some(Named::Principal);
        let named = self.allowed_by_resource.max(left_open).max(by_grant);
        if request.caller.is_service() {
            return named.is_none().then_some(PolicyKind::Resource);
        }
        let elsewhere = request.owner_account() != request.caller.account;
        if named.is_none() && (elsewhere || has_resource_policy && resource_decides(request)) {
            return Some(PolicyKind::Resource);
        }
        // The account's own policies are asked too where the resource leaves it to them or is another's.
        let direct = named >= Some(Named::Principal) && (!elsewhere || request.granted);
        if !direct && !allowed(self.identity) {
            return Some(PolicyKind::Identity);
        }
        let by_session = direct && named == Some(Named::Session);
        (!by_session && !allowed(self.session)).then_some(PolicyKind::Session)
    }
}

/// Keys and roles are their policies' to give: an identity's policy alone is not enough.
fn resource_decides(request: &Authorization<'_>) -> bool {
    request.action.starts_with("kms:") || request.action == "sts:AssumeRole"
}
