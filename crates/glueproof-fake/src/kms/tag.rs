//! Tags of keys: the operations. The rules for tags are in `tags`.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::lookup;
use super::page::{self, MarkerInput, MarkerOutput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, TagProblem, Tags};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub tag_key: String,
    pub tag_value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagInput {
    key_id: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UntagInput {
    key_id: String,
    tag_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: String,
    #[serde(flatten)]
    pagination: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    tags: Vec<Tag>,
    #[serde(flatten)]
    next: MarkerOutput,
}

/// Adds tags, and replaces those with the same keys.
pub fn tag(cloud: &mut Cloud, caller: &Caller, input: TagInput) -> Result<(), ServiceError> {
    let keys: Vec<String> = input.tags.iter().map(|tag| tag.tag_key.clone()).collect();
    let action = KeyAction::new("TagResource", KeyScope::CustomerManaged).with_many("aws:TagKeys", keys);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_not_pending_deletion()?;
    key.tags = tags::add(&key.tags, pairs(input.tags)).map_err(|problem| refused(&problem))?;
    Ok(())
}

/// Removes tags. Missing tags are ignored.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn untag(cloud: &mut Cloud, caller: &Caller, input: UntagInput) -> Result<(), ServiceError> {
    let action = KeyAction::new("UntagResource", KeyScope::CustomerManaged)
        .with_many("aws:TagKeys", input.tag_keys.clone());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_not_pending_deletion()?;
    tags::remove(&mut key.tags, &input.tag_keys);
    Ok(())
}

/// Lists the tags in the order of keys.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListResourceTags", KeyScope::OwnAccount))?;
    let tags = key.tags.iter().map(|(tag_key, tag_value)| {
        (tag_key.clone(), Tag { tag_key: tag_key.clone(), tag_value: tag_value.clone() })
    });
    let listing = format!("ListResourceTags {}", key.arn);
    let (tags, next) = page::page(&listing, caller, &input.pagination, page::TAGS_PER_PAGE, tags)?;
    Ok(ListOutput { tags, next })
}

/// Returns the error for tags that violate a rule (E227, E228).
pub fn refused(problem: &TagProblem) -> ServiceError {
    let code = match problem {
        TagProblem::KeyLength(_) | TagProblem::ValueLength(_) => "ValidationException",
        TagProblem::TooMany | TagProblem::Reserved | TagProblem::Repeated(_) => "TagException",
    };
    ServiceError::with(code, problem.to_string())
}

/// Returns tags as pairs of key and value.
pub fn pairs(tags: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    tags.into_iter().map(|tag| (tag.tag_key, tag.tag_value))
}

/// Returns tags as responses have them, in the order of their keys.
pub fn listed(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag { tag_key: key.clone(), tag_value: value.clone() };
    tags.iter().map(tag).collect()
}
