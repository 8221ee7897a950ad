//! The operations on grants: create, list, retire and revoke. Must not evaluate a policy.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::authorize::{self, KeyAction, KeyScope};
use super::crypt::dry_run;
use super::grant::{Constraints, Grant, GrantOperation};
use super::key::Key;
use super::page::{self, MarkerInput, MarkerOutput};
use super::spec::{KeySpec, KeyUsage, name};
use super::{lookup, principal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

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

/// Creates a grant. An equal grant with the same name is returned with a new token.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let id = format!("{}{}", cloud.random.uuid(), cloud.random.uuid()).replace('-', "");
    let nonce = cloud.random.uuid();
    let now = cloud.now();
    let key = lookup::key(cloud, caller, &input.key_id, action(caller, &input))?;
    key.check_enabled()?;
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

/// Returns the ARN of the key and the id of the grant in a token.
pub fn read_token(token: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split(' ');
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

fn action<'a>(caller: &Caller, input: &'a CreateInput) -> KeyAction<'a> {
    let for_aws = caller.via.is_some() || caller.is_service();
    let action = KeyAction::new("CreateGrant", KeyScope::AnyAccount)
        .delegating(&input.operations, input.constraints.as_ref())
        .with_text("kms:GranteePrincipal", &input.grantee_principal)
        .with_text("kms:GrantIsForAWSResource", for_aws.to_string())
        .with_many("kms:GrantOperations", input.operations.iter().map(name).collect());
    match &input.retiring_principal {
        Some(retiring) => action.with_text("kms:RetiringPrincipal", retiring),
        None => action,
    }
}

/// Checks that the key supports the operations of a grant, and constraints, which only symmetric keys have.
fn suits(key: &Key, input: &CreateInput) -> Result<(), ServiceError> {
    let able = input.operations.iter().all(|operation| possible(key, *operation));
    let symmetric = key.spec == KeySpec::SYMMETRIC_DEFAULT;
    let text = if input.operations.is_empty() {
        "A grant needs at least one operation.".to_owned()
    } else if !able {
        format!("A grant has an operation that the key {} does not support.", key.arn)
    } else if input.constraints.is_some() && !symmetric {
        format!("The key {} has no encryption context for constraints of a grant.", key.arn)
    } else {
        return Ok(());
    };
    Err(ServiceError::with("ValidationException", text))
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: String,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
    #[serde(flatten)]
    pagination: MarkerInput,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRetirableInput {
    retiring_principal: String,
    #[serde(flatten)]
    pagination: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    grants: Vec<Entry>,
    #[serde(flatten)]
    next: MarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    #[serde(flatten)]
    grant: Grant,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RevokeInput {
    key_id: String,
    grant_id: String,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetireInput {
    grant_token: Option<String>,
    key_id: Option<String>,
    grant_id: Option<String>,
    dry_run: Option<bool>,
}

/// Lists the grants on a key that match the request.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListGrants", KeyScope::AnyAccount))?;
    let wanted = |grant: &&Grant| {
        input.grant_id.as_ref().is_none_or(|id| *id == grant.id)
            && input.grantee_principal.as_ref().is_none_or(|grantee| *grantee == grant.grantee_principal)
    };
    let listing = format!("ListGrants {}", key.arn);
    let grants = entries(key, key.grants.iter().filter(wanted));
    listed(&listing, caller, &input.pagination, grants)
}

/// Lists the grants of the account and region that a principal can retire.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list_retirable(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListRetirableInput,
) -> Result<ListOutput, ServiceError> {
    principal::check(&input.retiring_principal)?;
    authorize::on_resource(cloud, caller, "ListRetirableGrants", "*")?;
    let now = cloud.now();
    let state = &mut cloud.region(caller).kms;
    state.expire_all(now);
    let retirable = |grant: &&Grant| grant.retiring_principal.as_ref() == Some(&input.retiring_principal);
    let grants = state.keys.values().flat_map(|key| entries(key, key.grants.iter().filter(retirable)));
    listed("ListRetirableGrants", caller, &input.pagination, grants.collect())
}

/// Returns a page of grants in the order of ids.
fn listed(
    listing: &str,
    caller: &Caller,
    pagination: &MarkerInput,
    mut grants: Vec<Entry>,
) -> Result<ListOutput, ServiceError> {
    grants.sort_by(|one, other| one.grant.id.cmp(&other.grant.id));
    let grants = grants.into_iter().map(|entry| (entry.grant.id.clone(), entry));
    let (grants, next) = page::page(listing, caller, pagination, page::GRANTS_PER_PAGE, grants)?;
    Ok(ListOutput { grants, next })
}

fn entries<'g>(key: &Key, grants: impl Iterator<Item = &'g Grant>) -> Vec<Entry> {
    grants.map(|grant| Entry { key_id: key.arn.clone(), grant: grant.clone() }).collect()
}

/// Revokes a grant, which takes permission on the key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn revoke(cloud: &mut Cloud, caller: &Caller, input: RevokeInput) -> Result<(), ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("RevokeGrant", KeyScope::AnyAccount))?;
    remove(key, &input.grant_id, input.dry_run)
}

/// Retires a grant. Its retiring principal needs no other permission.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn retire(cloud: &mut Cloud, caller: &Caller, input: RetireInput) -> Result<(), ServiceError> {
    let (key_name, grant_id) = match (&input.grant_token, &input.key_id, &input.grant_id) {
        (Some(token), _, _) => read_token(token)
            .ok_or_else(|| ServiceError::with("InvalidGrantTokenException", "The grant token is invalid."))?,
        (None, Some(key), Some(grant)) => (key.clone(), grant.clone()),
        _ => {
            return Err(ServiceError::with(
                "ValidationException",
                "Specify either a GrantToken, or both KeyId and GrantId.",
            ));
        }
    };
    let own = lookup::unauthorized_key(cloud, caller, &key_name)?.grants.iter().any(|grant| {
        let retires = grant.retiring_principal.as_deref().is_some_and(|one| principal::is(one, caller));
        let gives_up = grant.operations.contains(&GrantOperation::RetireGrant);
        let grantee = gives_up && principal::is(&grant.grantee_principal, caller);
        grant.id == grant_id && (retires || grantee)
    });
    let key = if own {
        lookup::unauthorized_key(cloud, caller, &key_name)?
    } else {
        lookup::key(cloud, caller, &key_name, KeyAction::new("RetireGrant", KeyScope::AnyAccount))?
    };
    remove(key, &grant_id, input.dry_run)
}

/// Removes a grant, unless the call is a dry run.
fn remove(key: &mut Key, grant_id: &str, is_dry_run: Option<bool>) -> Result<(), ServiceError> {
    if !key.grants.iter().any(|grant| grant.id == grant_id) {
        return Err(ServiceError::with("NotFoundException", format!("Grant ID {grant_id} not found")));
    }
    dry_run(is_dry_run)?;
    key.grants.remove_first(|grant| grant.id == grant_id);
    Ok(())
}
