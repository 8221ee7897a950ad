//! Grants: what a key's owner lets somebody do with it, within constraints, until it is taken back. What
//! they allow is IAM's to weigh. Must not judge callers beyond matching their names.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::crypt::dry_run;
use super::envelope::Context;
use super::key::Key;
use super::permit::{Intent, Reach};
use super::spec::{KeySpec, KeyUsage};
use super::{lookup, principal};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    key_id: String,
    grantee_principal: String,
    retiring_principal: Option<String>,
    operations: Vec<GrantOperation>,
    constraints: Option<Constraints>,
    name: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    grant_id: String,
    grant_token: String,
}

impl Grant {
    /// Whether the grant lets the caller do that, with that context.
    pub fn allows(&self, caller: &Caller, action: &str, context: Option<&Context>) -> bool {
        let operation = self.operations.iter().any(|operation| super::key::name(operation) == action);
        let empty = Context::new();
        let within = |constraints: &Constraints| constraints.hold(context.unwrap_or(&empty));
        // Constraints speak of encryption contexts; what has none is not their affair.
        let free = context.is_none();
        operation
            && principal::is(&self.grantee_principal, caller)
            && (free || self.constraints.as_ref().is_none_or(within))
    }

    fn same_as(&self, other: &Self) -> bool {
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

/// A new grant; one of the same name that says the same already is that grant, with one more token.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let id = format!("{}{}", cloud.random.uuid(), cloud.random.uuid()).replace('-', "");
    let nonce = cloud.random.uuid();
    let now = cloud.now();
    let key = lookup::key(cloud, caller, &input.key_id, intent(caller, &input))?;
    key.usable()?;
    principal::check(&input.grantee_principal)?;
    input.retiring_principal.as_deref().map_or(Ok(()), principal::check)?;
    suits(key, &input)?;
    dry_run(input.dry_run)?;
    let new = Grant {
        id,
        name: input.name,
        creation_date: now,
        grantee_principal: input.grantee_principal,
        retiring_principal: input.retiring_principal,
        issuing_account: principal::root(caller),
        operations: input.operations,
        constraints: input.constraints,
    };
    let known = key.grants.iter().find(|grant| grant.same_as(&new)).map(|grant| grant.id.clone());
    let grant_id = known.unwrap_or_else(|| {
        let id = new.id.clone();
        key.grants.push(new);
        id
    });
    let grant_token = URL_SAFE_NO_PAD.encode(format!("{} {grant_id} {nonce}", key.arn));
    Ok(CreateOutput { grant_id, grant_token })
}

/// The key's ARN and the grant's id that a token stands for.
pub fn read_token(token: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split(' ');
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

fn intent<'a>(caller: &Caller, input: &'a CreateInput) -> Intent<'a> {
    let for_aws = caller.via.is_some() || caller.is_service();
    let intent = Intent::new("CreateGrant", Reach::Anywhere)
        .with_text("kms:GranteePrincipal", &input.grantee_principal)
        .with_text("kms:GrantIsForAWSResource", for_aws.to_string())
        .with_many("kms:GrantOperations", input.operations.iter().map(super::key::name).collect());
    match &input.retiring_principal {
        Some(retiring) => intent.with_text("kms:RetiringPrincipal", retiring),
        None => intent,
    }
}

/// A key must be able to do what is granted on it, and only symmetric ones have contexts to constrain.
fn suits(key: &Key, input: &CreateInput) -> Result<(), ServiceError> {
    let able = input.operations.iter().all(|operation| possible(key, *operation));
    let symmetric = key.spec == KeySpec::SYMMETRIC_DEFAULT;
    if input.operations.is_empty() || !able || (input.constraints.is_some() && !symmetric) {
        return Err(ServiceError::bare("ValidationException"));
    }
    Ok(())
}

fn possible(key: &Key, operation: GrantOperation) -> bool {
    use GrantOperation as Op;
    let symmetric = key.spec == KeySpec::SYMMETRIC_DEFAULT;
    match operation {
        Op::CreateGrant | Op::RetireGrant | Op::DescribeKey => true,
        Op::Encrypt | Op::Decrypt | Op::ReEncryptFrom | Op::ReEncryptTo => {
            key.usage == KeyUsage::EncryptDecrypt
        }
        Op::GenerateDataKey
        | Op::GenerateDataKeyWithoutPlaintext
        | Op::GenerateDataKeyPair
        | Op::GenerateDataKeyPairWithoutPlaintext => symmetric,
        Op::Sign | Op::Verify => key.usage == KeyUsage::SignVerify,
        Op::GetPublicKey => !symmetric && key.usage != KeyUsage::GenerateVerifyMac,
        Op::GenerateMac | Op::VerifyMac => key.usage == KeyUsage::GenerateVerifyMac,
        Op::DeriveSharedSecret => key.usage == KeyUsage::KeyAgreement,
    }
}
