//! Aliases: names of keys, which can move to another key. Must not change a key.

use serde::{Deserialize, Serialize};

use super::arn;
use super::authorize::{self, KeyAction, KeyScope};
use super::key::Key;
use super::lookup;
use super::managed;
use super::page::{self, MarkerInput, MarkerOutput};
use super::spec::{KeySpec, KeyUsage};
use super::state::Alias;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The largest number of aliases of a key.
const MAX_ALIASES: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutInput {
    alias_name: String,
    target_key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInput {
    alias_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: Option<String>,
    #[serde(flatten)]
    pagination: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    aliases: Vec<Entry>,
    #[serde(flatten)]
    next: MarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_arn: String,
    alias_name: String,
    creation_date: Timestamp,
    last_updated_date: Timestamp,
    target_key_id: String,
}

/// Creates an alias for a key of the caller's account.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<(), ServiceError> {
    let (now, alias_arn) = (cloud.now(), well_named(caller, &input.alias_name)?);
    authorize::on_resource(cloud, caller, "CreateAlias", &alias_arn)?;
    let target = target(cloud, caller, "CreateAlias", &input.target_key_id)?.id.clone();
    let state = &mut cloud.region(caller).kms;
    if state.aliases.contains_key(&input.alias_name) {
        let text = format!("An alias with the name {alias_arn} already exists");
        return Err(ServiceError::with("AlreadyExistsException", text));
    }
    if state.aliases_of(&target).count() >= MAX_ALIASES {
        return Err(too_many(&alias_arn));
    }
    state.aliases.insert(input.alias_name, Alias { target, created: now, updated: now });
    Ok(())
}

/// Moves an alias to another key of the same type and usage.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn update(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<(), ServiceError> {
    let (now, alias_arn) = (cloud.now(), well_named(caller, &input.alias_name)?);
    authorize::on_resource(cloud, caller, "UpdateAlias", &alias_arn)?;
    let known = cloud.region(caller).kms.aliases.get(&input.alias_name).map(|alias| alias.target.clone());
    let before = known.ok_or_else(|| lookup::missing_alias(&alias_arn))?;
    let before =
        lookup::key(cloud, caller, &before, KeyAction::new("UpdateAlias", KeyScope::CustomerManaged))?;
    let kind = kind(before);
    let after = target(cloud, caller, "UpdateAlias", &input.target_key_id)?;
    if self::kind(after) != kind {
        return Err(ServiceError::with(
            "ValidationException",
            format!("The alias {alias_arn} cannot move to a key of another type or usage."),
        ));
    }
    let id = after.id.clone();
    let state = &mut cloud.region(caller).kms;
    let others = state.aliases_of(&id).filter(|(name, _)| **name != input.alias_name).count();
    if others >= MAX_ALIASES {
        return Err(too_many(&alias_arn));
    }
    if let Some(alias) = state.aliases.get_mut(&input.alias_name) {
        (alias.target, alias.updated) = (id, now);
    }
    Ok(())
}

/// Deletes an alias. The key stays.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: DeleteInput) -> Result<(), ServiceError> {
    let alias_arn = well_named(caller, &input.alias_name)?;
    authorize::on_resource(cloud, caller, "DeleteAlias", &alias_arn)?;
    let known = cloud.region(caller).kms.aliases.get(&input.alias_name).map(|alias| alias.target.clone());
    let target = known.ok_or_else(|| lookup::missing_alias(&alias_arn))?;
    lookup::key(cloud, caller, &target, KeyAction::new("DeleteAlias", KeyScope::CustomerManaged))?;
    cloud.region(caller).kms.aliases.remove(&input.alias_name);
    Ok(())
}

/// Lists the aliases of the account and region, or of one key, in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let now = cloud.now();
    authorize::on_resource(cloud, caller, "ListAliases", "*")?;
    let only = match &input.key_id {
        Some(name) => Some(lookup::unauthorized_key(cloud, caller, name)?.id.clone()),
        None => None,
    };
    let state = &mut cloud.region(caller).kms;
    state.expire_all(now);
    let of_key = |alias: &Alias| only.as_ref().is_none_or(|only| *only == alias.target);
    let entries = state.aliases.iter().filter(|(_, alias)| of_key(alias));
    let entries = entries.map(|(name, alias)| (name.clone(), entry(caller, name, alias)));
    let listing = format!("ListAliases {}", only.as_deref().unwrap_or_default());
    let (aliases, next) = page::page(&listing, caller, &input.pagination, page::GRANTS_PER_PAGE, entries)?;
    Ok(ListOutput { aliases, next })
}

fn entry(caller: &Caller, name: &str, alias: &Alias) -> Entry {
    Entry {
        alias_arn: arn::of(&caller.account, &caller.region, name),
        alias_name: name.to_owned(),
        creation_date: alias.created,
        last_updated_date: alias.updated,
        target_key_id: alias.target.clone(),
    }
}

fn target<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    operation: &str,
    name: &str,
) -> Result<&'c mut Key, ServiceError> {
    if matches!(arn::parse(name), arn::KeyName::Alias { .. }) {
        return Err(ServiceError::with("ValidationException", "Aliases must refer to keys. Not aliases"));
    }
    let key = lookup::key(cloud, caller, name, KeyAction::new(operation, KeyScope::CustomerManaged))?;
    key.check_not_pending_deletion()?;
    Ok(key)
}

/// Returns the usage and the type of a key. An alias moves only between keys with the same ones.
fn kind(key: &Key) -> (KeyUsage, bool) {
    (key.usage, key.spec == KeySpec::SYMMETRIC_DEFAULT)
}

/// Checks the name of an alias, and returns its ARN.
fn well_named(caller: &Caller, name: &str) -> Result<String, ServiceError> {
    let Some(rest) = name.strip_prefix("alias/") else {
        return Err(ServiceError::with(
            "ValidationException",
            "Alias must start with the prefix \"alias/\". \
             Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
        ));
    };
    if rest.contains(':') {
        let text = format!("{name} contains invalid characters for an alias");
        return Err(ServiceError::with("ValidationException", text));
    }
    if rest.is_empty() || name.starts_with(managed::PREFIX) {
        let text = format!("The alias name {name} is reserved or incomplete.");
        return Err(ServiceError::with("InvalidAliasNameException", text));
    }
    Ok(arn::of(&caller.account, &caller.region, name))
}

fn too_many(alias_arn: &str) -> ServiceError {
    let text = format!("The alias {alias_arn} would be one more than the {MAX_ALIASES} aliases of a key.");
    ServiceError::with("LimitExceededException", text)
}
