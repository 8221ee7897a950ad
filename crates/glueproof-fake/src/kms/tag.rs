//! Tags of keys. Must not know what they are used for.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{KeyAction, KeyScope};
use super::lookup;
use super::page::{self, MarkerInput, MarkerOutput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, TagProblem};

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
    asked: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    tags: Vec<Tag>,
    #[serde(flatten)]
    end: MarkerOutput,
}

/// More tags, or other values for those there are.
pub fn tag(cloud: &mut Cloud, caller: &Caller, input: TagInput) -> Result<Map<String, Value>, ServiceError> {
    let keys: Vec<String> = input.tags.iter().map(|tag| tag.tag_key.clone()).collect();
    let action = KeyAction::new("TagResource", KeyScope::CustomerManaged).with_many("aws:TagKeys", keys);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.alive()?;
    key.tags = tags::add(&key.tags, pairs(input.tags)).map_err(|problem| refused(&problem))?;
    Ok(Map::new())
}

/// Fewer tags; those that are not there are no mistake.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn untag(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UntagInput,
) -> Result<Map<String, Value>, ServiceError> {
    let action = KeyAction::new("UntagResource", KeyScope::CustomerManaged)
        .with_many("aws:TagKeys", input.tag_keys.clone());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.alive()?;
    tags::remove(&mut key.tags, &input.tag_keys);
    Ok(Map::new())
}

/// The tags, in the order of their keys.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListResourceTags", KeyScope::OwnAccount))?;
    let tags = key.tags.iter().map(|(tag_key, tag_value)| {
        (tag_key.clone(), Tag { tag_key: tag_key.clone(), tag_value: tag_value.clone() })
    });
    let listing = format!("ListResourceTags {}", key.arn);
    let (tags, end) = page::page(&listing, caller, &input.asked, page::TAGS_PER_PAGE, tags)?;
    Ok(ListOutput { tags, end })
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
