//! The request context: the condition keys of a call with their values.
//! Must not compare values.
//! [`RequestContext::complete`] adds the keys that every call has.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::identity::Identity;
use crate::caller::Caller;
use crate::cloud::Cloud;

/// Condition keys and their values. The case of keys does not matter.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    values: BTreeMap<String, Vec<String>>,
    /// Keys that were read and that no call can have.
    unknown: RefCell<BTreeSet<String>>,
}

/// Keys of AWS that the fake sets where AWS does, in lower case. Calls without multi-factor authentication, which the fake
/// does not have, lack its keys in AWS too.
const KNOWN_KEYS: [&str; 24] = [
    "aws:calledvia",
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
    "sts:externalid",
    "sts:rolesessionname",
];

/// Beginnings of further keys that the fake sets.
const KNOWN_PREFIXES: [&str; 8] = [
    "aws:principaltag/",
    "aws:requesttag/",
    "aws:resourcetag/",
    "glue:",
    "iam:",
    "kms:",
    "s3:",
    "secretsmanager:",
];

impl RequestContext {
    /// Sets a key with one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.values.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    /// Sets a key with any number of values.
    pub fn set_many(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.values.insert(key.to_ascii_lowercase(), values.into_iter().collect());
    }

    /// Returns the values of a key, if the call has the key.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        let key = key.to_ascii_lowercase();
        let values = self.values.get(&key).map(Vec::as_slice).filter(|values| !values.is_empty());
        if values.is_none() && !is_known(&key) {
            self.unknown.borrow_mut().insert(key);
        }
        values
    }

    /// Returns the keys that were read and that the fake does not know.
    pub fn unknown_keys(&self) -> Vec<String> {
        self.unknown.borrow().iter().cloned().collect()
    }

    /// Adds the keys of the principal and of the request. Keys that the service has set stay.
    pub fn complete(mut self, cloud: &Cloud, caller: &Caller, identity: &Identity<'_>) -> Self {
        let of_service = std::mem::take(&mut self.values);
        self.of_principal(caller, identity);
        self.of_request(cloud, caller);
        self.values.extend(of_service);
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
        for (key, value) in identity.tags() {
            self.set(&format!("aws:PrincipalTag/{key}"), value);
        }
    }

    fn of_request(&mut self, cloud: &Cloud, caller: &Caller) {
        let now = cloud.now();
        self.set("aws:CurrentTime", now.to_string());
        self.set("aws:EpochTime", now.seconds().to_string());
        self.set("aws:RequestedRegion", &caller.region);
        self.set("aws:ViaAWSService", caller.via.is_some().to_string());
        self.set("aws:SecureTransport", caller.client.is_secure.to_string());
        self.set_many("aws:UserAgent", caller.client.user_agent.clone());
        if caller.via.is_none() {
            let address = caller.client.address.map(|address| address.to_canonical().to_string());
            self.set_many("aws:SourceIp", address);
        }
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

fn is_known(key: &str) -> bool {
    KNOWN_KEYS.contains(&key) || KNOWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}
