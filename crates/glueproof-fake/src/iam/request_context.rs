//! The request context: the condition keys of a call with their values.
//! Must not compare values, nor know which values a call has.
//! [`RequestContext`] is the entry point.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

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

    /// Adds the keys of another context, which take precedence.
    pub fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
    }
}

fn is_known(key: &str) -> bool {
    KNOWN_KEYS.contains(&key) || KNOWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}
