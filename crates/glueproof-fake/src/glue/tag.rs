//! Tags of resources, by ARN.
//! Must not know a resource, except that it exists.
//! [`add`], [`remove`] and [`get`] are the entry points.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::arn::arn;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, TagProblem, Tags};

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

/// Sets the tags of a new resource.
///
/// # Errors
/// Returns an error if the tags violate a rule.
pub fn set(cloud: &mut Cloud, caller: &Caller, resource: &str, tags: Tags) -> Result<(), ServiceError> {
    let tags = tags::check(tags).map_err(|problem| refused(&problem))?;
    if !tags.is_empty() {
        cloud.region(caller).glue.tags.insert(resource.to_owned(), tags);
    }
    Ok(())
}

fn refused(problem: &TagProblem) -> ServiceError {
    ServiceError::invalid_input(problem.to_string())
}

/// Removes the tags of a deleted resource.
pub fn forget(cloud: &mut Cloud, caller: &Caller, resource: &str) {
    cloud.region(caller).glue.tags.remove(resource);
}

/// Adds tags, and replaces those of the same name.
pub fn add(cloud: &mut Cloud, caller: &Caller, input: AddInput) -> Nothing {
    let resource = resource(cloud, caller, &input.resource_arn)?;
    let all = &mut cloud.region(caller).glue.tags;
    let present = all.get(&resource).cloned().unwrap_or_default();
    let tags = tags::add(&present, input.tags_to_add).map_err(|problem| refused(&problem))?;
    all.insert(resource, tags);
    Ok(Map::new())
}

/// Removes tags. Missing tags are ignored.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn remove(cloud: &mut Cloud, caller: &Caller, input: RemoveInput) -> Nothing {
    let resource = resource(cloud, caller, &input.resource_arn)?;
    if let Some(tags) = cloud.region(caller).glue.tags.get_mut(&resource) {
        tags::remove(tags, &input.tags_to_remove);
    }
    Ok(Map::new())
}

/// Returns the tags of a resource.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let resource = resource(cloud, caller, &input.resource_arn)?;
    Ok(GetOutput { tags: cloud.region(caller).glue.tags.get(&resource).cloned().unwrap_or_default() })
}

/// Returns kind and name of the resource of an ARN, which must exist.
fn resource(cloud: &mut Cloud, caller: &Caller, given: &str) -> Result<String, ServiceError> {
    let invalid =
        || ServiceError::invalid_input(format!("{given} is not the ARN of a resource of the caller"));
    let resource = given.strip_prefix(&arn(caller, "")).ok_or_else(invalid)?;
    let (kind, name) = resource.split_once('/').ok_or_else(invalid)?;
    let state = &cloud.region(caller).glue;
    let exists = match kind {
        "connection" => state.catalog.connections.contains_key(name),
        "database" => state.catalog.databases.contains_key(name),
        "job" => state.jobs.contains_key(name),
        "crawler" => state.crawlers.contains_key(name),
        "devEndpoint" => state.dev_endpoints.contains_key(name),
        _ => false,
    };
    let missing = || ServiceError::with("EntityNotFoundException", format!("Resource {given} not found."));
    exists.then(|| resource.to_owned()).ok_or_else(missing)
}

/// Returns true if a resource has all these tags. Lists of names filter by tags.
pub fn has_all(cloud: &mut Cloud, caller: &Caller, resource: &str, wanted: &Tags) -> bool {
    let tags = cloud.region(caller).glue.tags.get(resource);
    wanted.iter().all(|(key, value)| tags.is_some_and(|tags| tags.get(key) == Some(value)))
}
