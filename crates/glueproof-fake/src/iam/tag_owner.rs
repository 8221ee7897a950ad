//! `TagRole`, `UntagRole`, `ListRoleTags`, and the same of users. Must not know conditions.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};

use super::owner::Owner;
use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::tag::{Tag, read, within_limit};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct AddTagsInput<O> {
    #[serde(flatten)]
    owner: O,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct RemoveTagsInput<O> {
    #[serde(flatten)]
    owner: O,
    #[serde(default)]
    tag_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct ListTagsInput<O> {
    #[serde(flatten)]
    owner: O,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsOutput {
    tags: Vec<Tag>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Adds tags, and replaces those of the same keys.
pub fn add<O: Owner>(cloud: &mut Cloud, caller: &Caller, input: AddTagsInput<O>) -> Result<(), ServiceError> {
    let added = read(input.tags)?;
    let tags = input.owner.parts(cloud, caller)?.tags;
    let mut changed = tags.clone();
    changed.retain(|known, _| !added.keys().any(|key| key.eq_ignore_ascii_case(known)));
    changed.extend(added);
    within_limit(&changed)?;
    *tags = changed;
    Ok(())
}

/// Removes the tags of these keys.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn remove<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: RemoveTagsInput<O>,
) -> Result<(), ServiceError> {
    let tags = input.owner.parts(cloud, caller)?.tags;
    tags.retain(|known, _| !input.tag_keys.iter().any(|key| key.eq_ignore_ascii_case(known)));
    Ok(())
}

/// Lists the tags by key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListTagsInput<O>,
) -> Result<ListTagsOutput, ServiceError> {
    let tags = input.owner.parts(cloud, caller)?.tags;
    let tags = tags.iter().map(|(key, value)| (key, Tag { key: key.clone(), value: value.clone() }));
    let (tags, rest) = page(tags, &input.asked)?;
    Ok(ListTagsOutput { tags, rest })
}
