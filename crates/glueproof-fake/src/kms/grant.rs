//! Grants: the operations that a grantee may call on a key, within constraints on the encryption context. Data, and the
//! match of a grant with a request; IAM decides.
//! [`Grant`] is the entry point.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::envelope::Context;
use super::principal;
use super::spec::name;
use crate::caller::Caller;
use crate::clock::Timestamp;

/// One grant on one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Grant {
    #[serde(rename = "GrantId")]
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub creation_date: Timestamp,
    pub grantee_principal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retiring_principal: Option<String>,
    pub issuing_account: String,
    pub operations: Vec<GrantOperation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraints: Option<Constraints>,
}

/// The constraints of a grant on the encryption context.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_subset: Option<Context>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_equals: Option<Context>,
}

/// An operation that a grant can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GrantOperation {
    Decrypt,
    Encrypt,
    GenerateDataKey,
    GenerateDataKeyWithoutPlaintext,
    ReEncryptFrom,
    ReEncryptTo,
    Sign,
    Verify,
    GetPublicKey,
    CreateGrant,
    RetireGrant,
    DescribeKey,
    GenerateDataKeyPair,
    GenerateDataKeyPairWithoutPlaintext,
    GenerateMac,
    VerifyMac,
    DeriveSharedSecret,
}

impl Grant {
    /// Returns true if the grant allows the caller to perform the action with the encryption context.
    pub fn allows(&self, caller: &Caller, action: &str, context: Option<&Context>) -> bool {
        let operation = self.operations.iter().any(|operation| name(operation) == action);
        let empty = Context::new();
        let within = |constraints: &Constraints| constraints.hold(context.unwrap_or(&empty));
        // Constraints apply only to operations with an encryption context.
        let free = context.is_none();
        operation
            && principal::is(&self.grantee_principal, caller)
            && (free || self.constraints.as_ref().is_none_or(within))
    }

    /// Returns true if a grant with these operations and constraints allows no more than this grant. A grantee can pass on
    /// only what its own grant allows, under constraints that are as strict or stricter.
    pub fn covers(&self, operations: &[GrantOperation], constraints: Option<&Constraints>) -> bool {
        operations.iter().all(|operation| self.operations.contains(operation))
            && self.constraints.as_ref().is_none_or(|own| constraints.is_some_and(|new| new.is_within(own)))
    }

    pub fn same_as(&self, other: &Self) -> bool {
        let operations = |grant: &Self| grant.operations.iter().copied().collect::<BTreeSet<_>>();
        self.name.is_some()
            && self.name == other.name
            && self.grantee_principal == other.grantee_principal
            && self.retiring_principal == other.retiring_principal
            && self.constraints == other.constraints
            && operations(self) == operations(other)
    }
}

impl Constraints {
    /// Returns true if every encryption context that satisfies these constraints satisfies the others.
    fn is_within(&self, others: &Self) -> bool {
        let known = self.encryption_context_equals.as_ref().or(self.encryption_context_subset.as_ref());
        let has_all = |wanted: &Context| {
            known.is_some_and(|known| wanted.iter().all(|(key, value)| known.get(key) == Some(value)))
        };
        others.encryption_context_subset.as_ref().is_none_or(has_all)
            && others
                .encryption_context_equals
                .as_ref()
                .is_none_or(|wanted| self.encryption_context_equals.as_ref() == Some(wanted))
    }

    fn hold(&self, context: &Context) -> bool {
        let within = |wanted: &Context| wanted.iter().all(|(key, value)| context.get(key) == Some(value));
        self.encryption_context_subset.as_ref().is_none_or(within)
            && self.encryption_context_equals.as_ref().is_none_or(|wanted| wanted == context)
    }
}
