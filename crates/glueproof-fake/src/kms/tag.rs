//! Tags of keys. Must not know what they are used for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lookup;
use super::page::{self, MarkerInput, MarkerOutput};
use super::permit::{Intent, Reach};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// How many a key may have.
const MOST: usize = 50;

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
    let intent = Intent::new("TagResource", Reach::Change).with_many("aws:TagKeys", keys);
    let key = lookup::key(cloud, caller, &input.key_id, intent)?;
    key.alive()?;
    key.tags = merged(&key.tags, input.tags)?;
    Ok(Map::new())
}

/// Fewer tags; those that are not there are no mistake.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn untag(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UntagInput,
) -> Result<Map<String, Value>, ServiceError> {
    let intent = Intent::new("UntagResource", Reach::Change).with_many("aws:TagKeys", input.tag_keys.clone());
    let key = lookup::key(cloud, caller, &input.key_id, intent)?;
    key.alive()?;
    key.tags.retain(|tag, _| !input.tag_keys.contains(tag));
    Ok(Map::new())
}

/// The tags, in the order of their keys.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, Intent::new("ListResourceTags", Reach::Own))?;
    let tags = key.tags.iter().map(|(tag_key, tag_value)| {
        (tag_key.clone(), Tag { tag_key: tag_key.clone(), tag_value: tag_value.clone() })
    });
    let listing = format!("ListResourceTags {}", key.arn);
    let (tags, end) = page::page(&listing, caller, &input.asked, page::TAGS_PER_PAGE, tags)?;
    Ok(ListOutput { tags, end })
}

/// The tags a key has once these are added: a key said twice is a mistake, a key said again replaces.
pub fn merged(
    present: &BTreeMap<String, String>,
    added: Vec<Tag>,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut own = BTreeMap::new();
    for tag in added {
        let sizes = (1..=128).contains(&tag.tag_key.chars().count()) && tag.tag_value.chars().count() <= 256;
        if !sizes {
            return Err(ServiceError::bare("ValidationException"));
        }
        let reserved = tag.tag_key.to_ascii_lowercase().starts_with("aws:");
        if reserved || own.insert(tag.tag_key, tag.tag_value).is_some() {
            return Err(ServiceError::bare("TagException"));
        }
    }
    let mut merged = present.clone();
    merged.extend(own);
    if merged.len() > MOST {
        return Err(ServiceError::bare("LimitExceededException"));
    }
    Ok(merged)
}
