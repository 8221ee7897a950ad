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

/// What an encryption context must be like for a grant to count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_subset: Option<Context>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_equals: Option<Context>,
}

/// What a grant can allow.
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
    /// Whether the grant lets the caller do that, with that context.
    pub fn allows(&self, caller: &Caller, action: &str, context: Option<&Context>) -> bool {
        let operation = self.operations.iter().any(|operation| name(operation) == action);
        let empty = Context::new();
        let within = |constraints: &Constraints| constraints.hold(context.unwrap_or(&empty));
        // Constraints speak of encryption contexts; what has none is not their affair.
        let free = context.is_none();
        operation
            && principal::is(&self.grantee_principal, caller)
            && (free || self.constraints.as_ref().is_none_or(within))
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
    fn hold(&self, context: &Context) -> bool {
        let within = |wanted: &Context| wanted.iter().all(|(key, value)| context.get(key) == Some(value));
        self.encryption_context_subset.as_ref().is_none_or(within)
            && self.encryption_context_equals.as_ref().is_none_or(|wanted| wanted == context)
    }
}
