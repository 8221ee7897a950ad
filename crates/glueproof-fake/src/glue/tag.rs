//! Tags of resources, by ARN.
//! Must not know a resource, except that it exists.
//! [`add`], [`remove`] and [`get`] are the entry points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::state::State;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The largest number of tags of a resource.
const MAX_TAGS: usize = 50;

type Tags = BTreeMap<String, String>;
type Nothing = Result<Map<String, Value>, ServiceError>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AddInput {
    resource_arn: String,
    tags_to_add: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RemoveInput {
    resource_arn: String,
    tags_to_remove: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    resource_arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    tags: Tags,
}

/// Returns the ARN of a resource of the caller, such as `job/nightly`.
pub fn arn(caller: &Caller, resource: &str) -> String {
    format!("arn:{}:glue:{}:{}:{resource}", caller.partition(), caller.region, caller.account)
}

/// Sets the tags of a new resource.
pub fn set(cloud: &mut Cloud, caller: &Caller, resource: &str, tags: Tags) {
    if !tags.is_empty() {
        cloud.region(caller).glue.tags.insert(resource.to_owned(), tags);
    }
}

/// Removes the tags of a deleted resource.
pub fn forget(cloud: &mut Cloud, caller: &Caller, resource: &str) {
    cloud.region(caller).glue.tags.remove(resource);
}

/// Adds tags, and replaces those of the same name.
pub fn add(cloud: &mut Cloud, caller: &Caller, input: AddInput) -> Nothing {
    let (resource, state) = found(cloud, caller, &input.resource_arn)?;
    let mut tags = state.tags.get(&resource).cloned().unwrap_or_default();
    tags.extend(input.tags_to_add);
    if tags.len() > MAX_TAGS {
        return Err(ServiceError::bare("InvalidInputException"));
    }
    state.tags.insert(resource, tags);
    Ok(Map::new())
}

/// Removes tags. Missing tags are ignored.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn remove(cloud: &mut Cloud, caller: &Caller, input: RemoveInput) -> Nothing {
    let (resource, state) = found(cloud, caller, &input.resource_arn)?;
    if let Some(tags) = state.tags.get_mut(&resource) {
        tags.retain(|name, _| !input.tags_to_remove.contains(name));
    }
    Ok(Map::new())
}

/// Returns the tags of a resource.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let (resource, state) = found(cloud, caller, &input.resource_arn)?;
    Ok(GetOutput { tags: state.tags.get(&resource).cloned().unwrap_or_default() })
}

/// Returns the resource of an ARN, and the state. An ARN of another account is refused without a text (E057).
fn found<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    given: &str,
) -> Result<(String, &'c mut State), ServiceError> {
    let own = arn(caller, "");
    let resource = given.strip_prefix(&own).ok_or_else(|| ServiceError::bare("InvalidInputException"))?;
    let state = &mut cloud.region(caller).glue;
    let (kind, name) = resource.split_once('/').ok_or_else(|| ServiceError::bare("InvalidInputException"))?;
    let there = match kind {
        "connection" => state.catalog.connections.contains_key(name),
        "database" => state.catalog.databases.contains_key(name),
        "job" => state.jobs.contains_key(name),
        "crawler" => state.crawlers.contains_key(name),
        "devEndpoint" => state.dev_endpoints.contains_key(name),
        _ => false,
    };
    there.then(|| (resource.to_owned(), state)).ok_or_else(|| ServiceError::bare("EntityNotFoundException"))
}
