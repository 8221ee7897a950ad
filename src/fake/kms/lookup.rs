//! From what a request calls a key to the key: by id, by alias, by ARN of either, also in another account.
//! Must not judge whether the key may be used.

use super::arn::{self, Name, Place};
use super::key::Key;
use super::managed;
use super::state::State;
use crate::fake::caller::Caller;
use crate::fake::cloud::Cloud;
use crate::fake::error::ServiceError;

/// The key with that id or ARN; only some operations take an alias too, see [`key_or_alias`].
pub fn key<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Key, ServiceError> {
    match arn::read(name) {
        Name::Alias { .. } => Err(invalid_id(name)),
        _ => key_or_alias(cloud, caller, name),
    }
}

/// The key with that id, ARN, alias or alias ARN.
pub fn key_or_alias<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &str,
) -> Result<&'c mut Key, ServiceError> {
    match arn::read(name) {
        Name::BrokenArn => Err(ServiceError::bare("InvalidArnException")),
        Name::Unknown => Err(invalid_id(name)),
        Name::Key { id, place } => {
            let place = within(caller, place)?;
            let arn = arn::of(place.account, place.region, &format!("key/{id}"));
            by_id(cloud, place, id).ok_or_else(|| missing_key(&arn))
        }
        Name::Alias { alias, place } => by_alias(cloud, caller, within(caller, place)?, alias),
    }
}

/// The key with that ARN, in any account of the caller's region.
pub fn by_arn<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Option<&'c mut Key> {
    match arn::read(name) {
        Name::Key { id, place: Some(place) } if place.region == caller.region => by_id(cloud, place, id),
        _ => None,
    }
}

fn by_id<'c>(cloud: &'c mut Cloud, place: Place<'_>, id: &str) -> Option<&'c mut Key> {
    let now = cloud.now();
    let state = state(cloud, place)?;
    state.expire(id, now);
    state.keys.get_mut(id)
}

fn by_alias<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    place: Place<'_>,
    alias: &str,
) -> Result<&'c mut Key, ServiceError> {
    if place.account == caller.account {
        managed::provide(cloud, caller, alias)?;
    }
    let target =
        state(cloud, place).and_then(|state| state.aliases.get(alias)).map(|found| found.target.clone());
    let missing = || {
        let arn = arn::of(place.account, place.region, alias);
        ServiceError::with("NotFoundException", format!("Alias {arn} is not found."))
    };
    by_id(cloud, place, &target.ok_or_else(missing)?).ok_or_else(missing)
}

/// Never makes a place for an account that nobody has used.
fn state<'c>(cloud: &'c mut Cloud, place: Place<'_>) -> Option<&'c mut State> {
    Some(&mut cloud.existing_region(place.account, place.region)?.kms)
}

/// The place a name belongs to; no call reaches into another region.
fn within<'a>(caller: &'a Caller, place: Option<Place<'a>>) -> Result<Place<'a>, ServiceError> {
    match place {
        None => Ok(Place { account: &caller.account, region: &caller.region }),
        Some(place) if place.region == caller.region => Ok(place),
        Some(place) => Err(ServiceError::with("NotFoundException", format!("Invalid arn {}", place.region))),
    }
}

/// E073.
fn missing_key(arn: &str) -> ServiceError {
    ServiceError::with("NotFoundException", format!("Key '{arn}' does not exist"))
}

/// E074.
fn invalid_id(name: &str) -> ServiceError {
    ServiceError::with("NotFoundException", format!("Invalid keyId '{name}'"))
}
