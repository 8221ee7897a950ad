//! Grants listed, given back and taken back. Must not make any.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::crypt::dry_run;
use super::grant::{Grant, GrantOperation, read_token};
use super::key::Key;
use super::page::{self, MarkerInput, MarkerOutput};
use super::permit::{self, Intent, Reach};
use super::{lookup, principal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

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
    let key = lookup::key(cloud, caller, &input.key_id, Intent::new("ListGrants", Reach::Anywhere))?;
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
    permit::on(cloud, caller, "ListRetirableGrants", "*")?;
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
    let key = lookup::key(cloud, caller, &input.key_id, Intent::new("RevokeGrant", Reach::Anywhere))?;
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
        lookup::key(cloud, caller, &key_name, Intent::new("RetireGrant", Reach::Anywhere))?
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
