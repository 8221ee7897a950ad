//! The request context: the condition keys of a call with their values.
//! Must not compare values.
//! [`RequestContext::complete`] adds the keys that every call has.

use std::collections::BTreeMap;

use super::identity::Identity;
use crate::caller::Caller;
use crate::cloud::Cloud;

/// Condition keys and their values. The case of keys does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext(BTreeMap<String, Vec<String>>);

impl RequestContext {
    /// Sets a key with one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    /// Sets a key with any number of values.
    pub fn set_many(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.0.insert(key.to_ascii_lowercase(), values.into_iter().collect());
    }

    /// Returns the values of a key, if the call has the key.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_ascii_lowercase()).map(Vec::as_slice).filter(|values| !values.is_empty())
    }

    /// Adds the keys of the principal and of the request. Keys that the service has set stay.
    pub fn complete(mut self, cloud: &Cloud, caller: &Caller, identity: &Identity<'_>) -> Self {
        let of_service = std::mem::take(&mut self.0);
        self.of_principal(caller, identity);
        self.of_request(cloud, caller);
        self.0.extend(of_service);
        self
    }

    fn of_principal(&mut self, caller: &Caller, identity: &Identity<'_>) {
        self.set("aws:PrincipalIsAWSService", caller.is_service().to_string());
        if caller.is_service() {
            self.set("aws:PrincipalServiceName", &caller.principal);
            return;
        }
        self.set("aws:PrincipalArn", identity.arn());
        self.set("aws:PrincipalAccount", &caller.account);
        self.set("aws:PrincipalType", identity.principal_type());
        self.set("aws:userid", identity.user_id());
        self.set("kms:CallerAccount", &caller.account);
        if let Some(name) = identity.user_name() {
            self.set("aws:username", name);
        }
    }

    fn of_request(&mut self, cloud: &Cloud, caller: &Caller) {
        let now = cloud.now();
        self.set("aws:CurrentTime", now.to_string());
        self.set("aws:EpochTime", now.seconds().to_string());
        self.set("aws:RequestedRegion", &caller.region);
        self.set("aws:ViaAWSService", caller.via.is_some().to_string());
        if let Some(service) = &caller.via {
            self.set("kms:ViaService", service);
            let host = service.split('.').next().map(|name| format!("{name}.amazonaws.com"));
            self.set_many("aws:CalledVia", host);
        }
        let session = caller.session.as_deref();
        if let Some(session) =
            session.and_then(|id| cloud.existing_account(&caller.account)?.iam.sessions.get(id))
        {
            self.set("aws:TokenIssueTime", session.issued.to_string());
        }
    }
}
