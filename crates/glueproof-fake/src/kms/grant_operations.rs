//! The operations on grants: create, list, retire and revoke. Must not evaluate a policy.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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

/// A new grant; one of the same name that says the same already is that grant, with one more token.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let id = format!("{}{}", cloud.random.uuid(), cloud.random.uuid()).replace('-', "");
    let nonce = cloud.random.uuid();
    let now = cloud.now();
    let key = lookup::key(cloud, caller, &input.key_id, action(caller, &input))?;
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

fn action<'a>(caller: &Caller, input: &'a CreateInput) -> KeyAction<'a> {
    let for_aws = caller.via.is_some() || caller.is_service();
    let action = KeyAction::new("CreateGrant", KeyScope::AnyAccount)
        .with_text("kms:GranteePrincipal", &input.grantee_principal)
        .with_text("kms:GrantIsForAWSResource", for_aws.to_string())
        .with_many("kms:GrantOperations", input.operations.iter().map(name).collect());
    match &input.retiring_principal {
        Some(retiring) => action.with_text("kms:RetiringPrincipal", retiring),
        None => action,
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: String,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
    #[serde(flatten)]
    asked: MarkerInput,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRetirableInput {
    retiring_principal: String,
    #[serde(flatten)]
    asked: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    grants: Vec<Entry>,
    #[serde(flatten)]
    end: MarkerOutput,
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

type Done = Result<Map<String, Value>, ServiceError>;

/// The grants on a key, all or those that are asked for.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListGrants", KeyScope::AnyAccount))?;
    let wanted = |grant: &&Grant| {
        input.grant_id.as_ref().is_none_or(|id| *id == grant.id)
            && input.grantee_principal.as_ref().is_none_or(|grantee| *grantee == grant.grantee_principal)
    };
    let listing = format!("ListGrants {}", key.arn);
    let grants = entries(key, key.grants.iter().filter(wanted));
    listed(&listing, caller, &input.asked, grants)
}

/// The grants in the account and region that this principal may give back.
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
    listed("ListRetirableGrants", caller, &input.asked, grants.collect())
}

/// In the order of their ids.
fn listed(
    listing: &str,
    caller: &Caller,
    asked: &MarkerInput,
    mut grants: Vec<Entry>,
) -> Result<ListOutput, ServiceError> {
    grants.sort_by(|one, other| one.grant.id.cmp(&other.grant.id));
    let grants = grants.into_iter().map(|entry| (entry.grant.id.clone(), entry));
    let (grants, end) = page::page(listing, caller, asked, page::GRANTS_PER_PAGE, grants)?;
    Ok(ListOutput { grants, end })
}

fn entries<'g>(key: &Key, grants: impl Iterator<Item = &'g Grant>) -> Vec<Entry> {
    grants.map(|grant| Entry { key_id: key.arn.clone(), grant: grant.clone() }).collect()
}

/// Taken back by whoever may do that with the key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn revoke(cloud: &mut Cloud, caller: &Caller, input: RevokeInput) -> Done {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("RevokeGrant", KeyScope::AnyAccount))?;
    let at = position(key, &input.grant_id)?;
    dry_run(input.dry_run)?;
    key.grants.remove(at);
    Ok(Map::new())
}

/// Given back by whom it names for that; the key's policy is only asked about others.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn retire(cloud: &mut Cloud, caller: &Caller, input: RetireInput) -> Done {
    let (key_name, grant_id) = match (&input.grant_token, &input.key_id, &input.grant_id) {
        (Some(token), _, _) => {
            read_token(token).ok_or_else(|| ServiceError::bare("InvalidGrantTokenException"))?
        }
        (None, Some(key), Some(grant)) => (key.clone(), grant.clone()),
        _ => return Err(ServiceError::bare("ValidationException")),
    };
    let own = lookup::unguarded(cloud, caller, &key_name)?.grants.iter().any(|grant| {
        let retires = grant.retiring_principal.as_deref().is_some_and(|one| principal::is(one, caller));
        let gives_up = grant.operations.contains(&GrantOperation::RetireGrant);
        let grantee = gives_up && principal::is(&grant.grantee_principal, caller);
        grant.id == grant_id && (retires || grantee)
    });
    let key = if own {
        lookup::unguarded(cloud, caller, &key_name)?
    } else {
        lookup::key(cloud, caller, &key_name, KeyAction::new("RetireGrant", KeyScope::AnyAccount))?
    };
    let at = position(key, &grant_id)?;
    dry_run(input.dry_run)?;
    key.grants.remove(at);
    Ok(Map::new())
}

fn position(key: &Key, grant_id: &str) -> Result<usize, ServiceError> {
    let found = key.grants.iter().position(|grant| grant.id == grant_id);
    found.ok_or_else(|| ServiceError::bare("NotFoundException"))
}
