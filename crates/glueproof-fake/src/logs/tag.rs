//! Tags of log groups: the operations by ARN, and the older ones by name. The rules for tags are in `tags`.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::lookup;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, TagProblem, Tags};

/// A group by ARN, or by name in the older operations.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    resource_arn: Option<String>,
    log_group_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct TagInput {
    #[serde(flatten)]
    target: Target,
    tags: Tags,
}

#[derive(Debug, Deserialize)]
pub struct UntagInput {
    #[serde(flatten)]
    target: Target,
    #[serde(rename = "tagKeys", alias = "tags")]
    tag_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct ListInput {
    #[serde(flatten)]
    target: Target,
}

#[derive(Debug, Serialize)]
pub struct ListOutput {
    tags: Tags,
}

/// Adds tags, and replaces those with the same keys.
pub fn tag(cloud: &mut Cloud, caller: &Caller, input: TagInput) -> Result<(), ServiceError> {
    let tags = input.target.tags(cloud, caller, ["TagResource", "TagLogGroup"])?;
    *tags = tags::add(tags, input.tags).map_err(|problem| match problem {
        TagProblem::TooMany => ServiceError::with("TooManyTagsException", problem.to_string()),
        _ => refused(&problem),
    })?;
    Ok(())
}

/// Removes tags. Missing tags are ignored.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn untag(cloud: &mut Cloud, caller: &Caller, input: UntagInput) -> Result<(), ServiceError> {
    let tags = input.target.tags(cloud, caller, ["UntagResource", "UntagLogGroup"])?;
    tags::remove(tags, &input.tag_keys);
    Ok(())
}

/// Lists all tags.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let tags = input.target.tags(cloud, caller, ["ListTagsForResource", "ListTagsLogGroup"])?;
    Ok(ListOutput { tags: tags.clone() })
}

impl Target {
    /// Returns the tags of the group, after a check with the name of the operation by ARN or by name.
    fn tags<'c>(
        &self,
        cloud: &'c mut Cloud,
        caller: &Caller,
        operations: [&str; 2],
    ) -> Result<&'c mut Tags, ServiceError> {
        let [by_arn, by_name] = operations;
        let name = match (&self.resource_arn, &self.log_group_name) {
            (Some(arn), _) => {
                authorize::check(cloud, caller, by_arn, LogResource::Arn(arn))?;
                let name = lookup::within_arn(arn);
                name.ok_or_else(|| {
                    let text = format!("The resource ARN '{arn}' is not the ARN of a log group.");
                    ServiceError::with("InvalidParameterException", text)
                })?
            }
            (None, name) => {
                let name = name.as_deref().unwrap_or_default();
                authorize::check(cloud, caller, by_name, LogResource::Group(name))?;
                name
            }
        };
        Ok(&mut lookup::group(cloud, caller, name)?.tags)
    }
}

/// Returns the tags of a new group.
///
/// # Errors
/// Returns an error if the tags violate a rule.
pub fn check(tags: Tags) -> Result<Tags, ServiceError> {
    tags::check(tags).map_err(|problem| refused(&problem))
}

fn refused(problem: &TagProblem) -> ServiceError {
    ServiceError::with("InvalidParameterException", problem.to_string())
}
