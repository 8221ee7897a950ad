//! Finds the key that a request names, and authorizes the caller. Must not check the state of the
//! key.

use super::arn::{self, KeyLocation, KeyName};
use super::authorize::{self, KeyAction, KeyScope};
use super::key::{Key, internal_failure};
use super::state::State;
use super::{managed, multi_region_set};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The location of a key.
#[derive(Debug)]
struct Found {
    account: String,
    region: String,
    id: String,
}

/// Returns the key of an id, ARN, alias or alias ARN, if the caller may perform the action.
pub fn key<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &str,
    action: KeyAction<'_>,
) -> Result<&'c mut Key, ServiceError> {
    let found = find(cloud, caller, name, action.scope)?;
    let by_alias = matches!(arn::parse(name), KeyName::Alias { .. });
    let alias = name.rsplit_once(':').map_or(name, |(_, alias)| alias);
    let action = if by_alias { action.with_text("kms:RequestAlias", alias) } else { action };
    open(cloud, caller, &found, &action)
}

/// Returns a key without authorization, for actions that no policy of the key restricts: retiring an own grant, and
/// the list of aliases.
pub fn unauthorized_key<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &str,
) -> Result<&'c mut Key, ServiceError> {
    let found = find(cloud, caller, name, KeyScope::AnyAccount)?;
    let region = cloud.existing_region(&found.account, &found.region).ok_or_else(internal_failure)?;
    region.kms.keys.get_mut(&found.id).ok_or_else(internal_failure)
}

/// Returns the key that a ciphertext names by ARN, if it exists and the caller may perform the action.
pub fn named_inside<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    key_arn: &str,
    action: &KeyAction<'_>,
) -> Result<Option<&'c mut Key>, ServiceError> {
    let KeyName::Key { id, location: Some(location) } = arn::parse(key_arn) else { return Ok(None) };
    // The keys of a multi-Region set decrypt the ciphertexts of each other.
    let region = if id.starts_with("mrk-") { caller.region.as_str() } else { location.region };
    let location = KeyLocation { region, ..location };
    if location.region != caller.region || settled(cloud, location, id)?.is_none() {
        return Ok(None);
    }
    open(cloud, caller, &Found::at(location, id), action).map(Some)
}

impl Found {
    fn at(location: KeyLocation<'_>, id: &str) -> Self {
        Self { account: location.account.to_owned(), region: location.region.to_owned(), id: id.to_owned() }
    }
}

fn open<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    found: &Found,
    action: &KeyAction<'_>,
) -> Result<&'c mut Key, ServiceError> {
    let state = &cloud.peek_region(&found.account, &found.region).ok_or_else(internal_failure)?.kms;
    let key = state.keys.get(&found.id).ok_or_else(internal_failure)?;
    authorize::on_key(cloud, caller, state, key, action)?;
    let region = cloud.existing_region(&found.account, &found.region).ok_or_else(internal_failure)?;
    region.kms.keys.get_mut(&found.id).ok_or_else(internal_failure)
}

fn find(cloud: &mut Cloud, caller: &Caller, name: &str, scope: KeyScope) -> Result<Found, ServiceError> {
    match arn::parse(name) {
        KeyName::InvalidArn => Err(ServiceError::with("InvalidArnException", format!("Invalid arn {name}"))),
        KeyName::Unknown => Err(invalid_id(name)),
        KeyName::Alias { .. } if scope != KeyScope::AnyName => Err(invalid_id(name)),
        KeyName::Key { id, location } => {
            let location = within(caller, location)?;
            let missing = || missing_key(&arn::of(location.account, location.region, &format!("key/{id}")));
            settled(cloud, location, id)?.map(|_| Found::at(location, id)).ok_or_else(missing)
        }
        KeyName::Alias { alias, location } => by_alias(cloud, caller, within(caller, location)?, alias),
    }
}

fn by_alias(
    cloud: &mut Cloud,
    caller: &Caller,
    location: KeyLocation<'_>,
    alias: &str,
) -> Result<Found, ServiceError> {
    if location.account == caller.account {
        managed::provide(cloud, caller, alias)?;
    }
    let missing = || missing_alias(&arn::of(location.account, location.region, alias));
    let region = cloud.peek_region(location.account, location.region).ok_or_else(missing)?;
    let id = region.kms.aliases.get(alias).ok_or_else(missing)?.target.clone();
    settled(cloud, location, &id)?.map(|_| Found::at(location, &id)).ok_or_else(missing)
}

/// Returns a key after deletion, expiry and rotation that are due. Adds no state for an account that has
/// none.
fn settled<'c>(
    cloud: &'c mut Cloud,
    location: KeyLocation<'_>,
    id: &str,
) -> Result<Option<&'c mut Key>, ServiceError> {
    let now = cloud.now();
    multi_region_set::update(cloud, location.account, location.region, id)?;
    let Some(region) = cloud.existing_region(location.account, location.region) else { return Ok(None) };
    let state: &mut State = &mut region.kms;
    state.expire(id, now);
    let Some(key) = state.keys.get_mut(id) else { return Ok(None) };
    key.expire_material(now);
    key.catch_up(now)?;
    Ok(Some(key))
}

/// Returns the account and region of a name. Calls cannot name keys of other regions.
fn within<'a>(
    caller: &'a Caller,
    location: Option<KeyLocation<'a>>,
) -> Result<KeyLocation<'a>, ServiceError> {
    match location {
        None => Ok(KeyLocation { account: &caller.account, region: &caller.region }),
        Some(location) if location.region == caller.region => Ok(location),
        Some(location) => {
            Err(ServiceError::with("NotFoundException", format!("Invalid arn {}", location.region)))
        }
    }
}

/// Returns the error for a missing key (E073).
fn missing_key(arn: &str) -> ServiceError {
    ServiceError::with("NotFoundException", format!("Key '{arn}' does not exist"))
}

/// Returns the error for a text that cannot name a key (E074).
fn invalid_id(name: &str) -> ServiceError {
    ServiceError::with("NotFoundException", format!("Invalid keyId '{name}'"))
}

/// Returns the error for a missing alias (E077).
pub fn missing_alias(arn: &str) -> ServiceError {
    ServiceError::with("NotFoundException", format!("Alias {arn} is not found."))
}
