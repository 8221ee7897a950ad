//! The condition keys that every call has: those of its principal and of its request. Must not compare values.
//! [`complete`] is the entry point.

use super::identity::Identity;
use super::request_context::RequestContext;
use crate::caller::Caller;
use crate::cloud::Cloud;

/// Returns the keys of the service with the keys of the principal and of the request. Keys of the service take precedence.
pub fn complete(
    of_service: RequestContext,
    cloud: &Cloud,
    caller: &Caller,
    identity: &Identity<'_>,
) -> RequestContext {
    let mut context = RequestContext::default();
    set_principal_keys(&mut context, caller, identity);
    set_request_keys(&mut context, cloud, caller);
    context.extend(of_service);
    context
}

fn set_principal_keys(context: &mut RequestContext, caller: &Caller, identity: &Identity<'_>) {
    context.set("aws:PrincipalIsAWSService", caller.is_service().to_string());
    if caller.is_service() {
        context.set("aws:PrincipalServiceName", &caller.principal);
        return;
    }
    context.set("aws:PrincipalArn", identity.arn());
    context.set("aws:PrincipalAccount", &caller.account);
    context.set("aws:PrincipalType", identity.principal_type());
    context.set("aws:userid", identity.user_id());
    context.set("kms:CallerAccount", &caller.account);
    if let Some(name) = identity.user_name() {
        context.set("aws:username", name);
    }
    for (key, value) in identity.tags() {
        context.set(&format!("aws:PrincipalTag/{key}"), value);
    }
}

fn set_request_keys(context: &mut RequestContext, cloud: &Cloud, caller: &Caller) {
    let now = cloud.now();
    context.set("aws:CurrentTime", now.to_string());
    context.set("aws:EpochTime", now.seconds().to_string());
    context.set("aws:RequestedRegion", &caller.region);
    context.set("aws:ViaAWSService", caller.via.is_some().to_string());
    context.set("aws:SecureTransport", caller.client.is_secure.to_string());
    context.set_many("aws:UserAgent", caller.client.user_agent.clone());
    if caller.via.is_none() {
        let address = caller.client.address.map(|address| address.to_canonical().to_string());
        context.set_many("aws:SourceIp", address);
    }
    if let Some(service) = &caller.via {
        context.set("kms:ViaService", service);
        let host = service.split('.').next().map(|name| format!("{name}.amazonaws.com"));
        context.set_many("aws:CalledVia", host);
    }
    let session = caller.session.as_deref();
    if let Some(session) =
        session.and_then(|id| cloud.existing_account(&caller.account)?.iam.sessions.get(id))
    {
        context.set("aws:TokenIssueTime", session.issued.to_string());
    }
}
