//! Authorization: the decision if a call is allowed. Evaluates the policies of the identity, of its session and of the
//! resource (IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies").
//! Must not know modes: services ask only in [`Mode::Enforce`](super::Mode::Enforce).
//! [`authorize`] is the entry point.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::context_keys;
use super::identity::{Identity, PrincipalMatch};
use super::request_context::RequestContext;
use super::statement::{self, Decision, EvaluatedRequest};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;

/// A request for authorization.
#[derive(Debug, Clone)]
pub struct Authorization<'a> {
    caller: &'a Caller,
    action: &'a str,
    resource: &'a str,
    resource_policy: Option<&'a Value>,
    owner: Option<&'a str>,
    granted: bool,
    context: RequestContext,
}

impl<'a> Authorization<'a> {
    /// The caller requests an action, such as `kms:Decrypt`, on the resource of an ARN. Actions without a resource have `*`.
    pub fn new(caller: &'a Caller, action: &'a str, resource: &'a str) -> Self {
        Self {
            caller,
            action,
            resource,
            resource_policy: None,
            owner: None,
            granted: false,
            context: RequestContext::default(),
        }
    }

    /// Adds the policy of the resource: a key policy, a bucket policy, or the trust policy of a role.
    #[must_use]
    pub fn resource_policy(mut self, policy: Option<&'a Value>) -> Self {
        self.resource_policy = policy;
        self
    }

    /// Sets the account that owns the resource, for ARNs without an account (buckets).
    #[must_use]
    pub fn owner(mut self, account: &'a str) -> Self {
        self.owner = Some(account);
        self
    }

    /// Records that a grant on the key allows the call.
    #[must_use]
    pub fn granted(mut self, granted: bool) -> Self {
        self.granted = granted;
        self
    }

    /// Adds a condition key of the service.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.context.set(key, value);
        self
    }

    /// Adds a condition key with several values.
    #[must_use]
    pub fn with_many(mut self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.context.set_many(key, values);
        self
    }

    /// Adds `kms:EncryptionContext:…` for every pair, and `kms:EncryptionContextKeys` for all of them.
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

    /// Adds `aws:RequestTag/…` for every tag that the request sets, and `aws:TagKeys` for all of them.
    #[must_use]
    pub fn request_tags<'p>(mut self, tags: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut keys = Vec::new();
        for (key, value) in tags {
            self.context.set(&format!("aws:RequestTag/{key}"), value);
            keys.push(key.to_owned());
        }
        self.context.set_many("aws:TagKeys", keys);
        self
    }

    /// Adds `aws:ResourceTag/…` for every tag of the resource, and the same key of the service.
    #[must_use]
    pub fn resource_tags<'p>(
        mut self,
        service: &str,
        tags: impl IntoIterator<Item = (&'p String, &'p String)>,
    ) -> Self {
        for (key, value) in tags {
            self.context.set(&format!("aws:ResourceTag/{key}"), value);
            self.context.set(&format!("{service}:ResourceTag/{key}"), value);
        }
        self
    }

    fn owner_account(&self) -> &str {
        let of_arn = || self.resource.split(':').nth(4).filter(|account| !account.is_empty());
        self.owner.or_else(of_arn).unwrap_or(&self.caller.account)
    }
}

/// The kind of policy that causes a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// A policy of the user or role.
    Identity,
    /// A session policy.
    Session,
    /// The policy of the resource.
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
    /// The principal of the call.
    pub principal: String,
    /// The action.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// True if a statement denies the call. Otherwise no statement allows the call.
    pub explicit: bool,
    /// The kind of policy that causes the refusal.
    pub policy: PolicyKind,
}

impl Denied {
    /// Returns the resource as the message names it. Actions without a resource name none.
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

/// Decides if a call is allowed.
///
/// # Errors
/// A statement denies the call, or no statement of a required policy allows it.
pub fn authorize(cloud: &Cloud, request: &Authorization<'_>) -> Result<(), Denied> {
    if is_authorized_by_fault(cloud, request) {
        return Ok(());
    }
    let identity = Identity::of(cloud, request.caller);
    let context = context_keys::complete(with_owner(request), cloud, request.caller, &identity);
    let evaluated = EvaluatedRequest {
        caller: request.caller,
        identity: &identity,
        resource: request.resource,
        context: &context,
    };
    let policies = EvaluatedPolicies::of(cloud, request, &identity);
    let decisions = Decisions::of(&policies, request, evaluated);
    for key in context.unknown_keys() {
        cloud.settings.notices.give(format!(
            "a policy has the condition key {key}, which glueproof does not know: no call has a value for it"
        ));
    }
    let refused = |explicit, policy| Denied {
        principal: request.caller.principal.clone(),
        action: request.action.to_owned(),
        resource: request.resource.to_owned(),
        explicit,
        policy,
    };
    if let Some(policy) = decisions.denying_policy() {
        return Err(refused(true, policy));
    }
    decisions
        .policy_without_allow(cloud, request, policies.resource.is_some())
        .map_or(Ok(()), |policy| Err(refused(false, policy)))
}

/// Returns true if a fault authorizes the call.
fn is_authorized_by_fault(cloud: &Cloud, request: &Authorization<'_>) -> bool {
    let through_service = request.caller.via.is_some() && !request.caller.is_service();
    cloud.failpoint(Bug::Unauthorized) || through_service && cloud.failpoint(Bug::UnauthorizedThroughServices)
}

fn with_owner(request: &Authorization<'_>) -> RequestContext {
    let mut context = request.context.clone();
    context.set("aws:ResourceAccount", request.owner_account());
    context
}

/// The policies that take part in the decision.
struct EvaluatedPolicies<'p> {
    identity: Vec<Cow<'p, Value>>,
    session: Vec<Cow<'p, Value>>,
    resource: Option<Cow<'p, Value>>,
}

impl<'p> EvaluatedPolicies<'p> {
    fn of(cloud: &Cloud, request: &Authorization<'p>, identity: &Identity<'p>) -> Self {
        let edited = |policy| cloud.failpoints.policies.apply(policy);
        let session = identity.session_policies();
        let session = session.filter(|_| !cloud.failpoint(Bug::SessionPolicyIgnored));
        let resource = request.resource_policy;
        let resource = resource.filter(|_| !cloud.failpoint(Bug::ResourcePolicyIgnored));
        Self {
            identity: identity.policies().map(edited).collect(),
            session: session.map(edited).collect(),
            resource: resource.map(edited),
        }
    }
}

/// The decision of each policy.
#[derive(Debug)]
struct Decisions {
    identity: Decision,
    /// Without a session policy, the session has all permissions of the identity.
    session: Decision,
    denied_by_resource: bool,
    /// The most specific way in which a statement of the resource policy names the caller and allows the call.
    allowed_by_resource: Option<PrincipalMatch>,
}

impl Decisions {
    fn of(
        policies: &EvaluatedPolicies<'_>,
        request: &Authorization<'_>,
        evaluated: EvaluatedRequest<'_>,
    ) -> Self {
        let on_action = |statements: Vec<&Map<String, Value>>| statement::decide(statements, request.action);
        let of_all = |policies: &[Cow<'_, Value>]| {
            let statements =
                policies.iter().flat_map(|policy| statement::of_identity_policy(policy, evaluated));
            on_action(statements.collect())
        };
        let identity = if evaluated.identity.has_all_permissions() {
            Decision::Allow
        } else {
            of_all(&policies.identity)
        };
        let session = if policies.session.is_empty() { Decision::Allow } else { of_all(&policies.session) };
        let of_resource: Vec<_> = policies
            .resource
            .iter()
            .flat_map(|policy| statement::of_resource_policy(policy, evaluated))
            .collect();
        let decides = |wanted: Decision, (_, statement): &&(PrincipalMatch, &Map<String, Value>)| {
            statement::decide([*statement], request.action) == wanted
        };
        Self {
            identity,
            session,
            denied_by_resource: of_resource.iter().any(|one| decides(Decision::Deny, &one)),
            allowed_by_resource: of_resource
                .iter()
                .filter(|one| decides(Decision::Allow, one))
                .map(|(matched, _)| *matched)
                .max(),
        }
    }

    fn denying_policy(&self) -> Option<PolicyKind> {
        if self.identity == Decision::Deny {
            Some(PolicyKind::Identity)
        } else if self.denied_by_resource {
            Some(PolicyKind::Resource)
        } else {
            (self.session == Decision::Deny).then_some(PolicyKind::Session)
        }
    }

    /// Returns the kind of policy that must allow the call and does not.
    fn policy_without_allow(
        &self,
        cloud: &Cloud,
        request: &Authorization<'_>,
        has_resource_policy: bool,
    ) -> Option<PolicyKind> {
        let allowed = |decision| decision == Decision::Allow;
        let left_open = cloud.failpoint(Bug::DelegationNotRequired).then_some(PrincipalMatch::Account);
        let by_grant = request.granted.then_some(PrincipalMatch::Principal);
        let matched = self.allowed_by_resource.max(left_open).max(by_grant);
        if request.caller.is_service() {
            return matched.is_none().then_some(PolicyKind::Resource);
        }
        let elsewhere = request.owner_account() != request.caller.account;
        if matched.is_none() && (elsewhere || has_resource_policy && resource_decides(request)) {
            return Some(PolicyKind::Resource);
        }
        // The account's own policies must allow the call, too, if the resource delegates or belongs to another account.
        let direct = matched >= Some(PrincipalMatch::Principal) && (!elsewhere || request.granted);
        if !direct && !allowed(self.identity) {
            return Some(PolicyKind::Identity);
        }
        let by_session = direct && matched == Some(PrincipalMatch::Session);
        (!by_session && !allowed(self.session)).then_some(PolicyKind::Session)
    }
}

/// Returns true for keys and roles. Their policy must allow a call: an identity policy is not enough.
fn resource_decides(request: &Authorization<'_>) -> bool {
    request.action.starts_with("kms:") || matches!(request.action, "sts:AssumeRole" | "sts:TagSession")
}
