//! Tags of log groups, by ARN and by the older operations, which go by name. Must not know what they are
//! used for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lookup;
use super::permit::{self, On};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// How many a group may have.
const MOST: usize = 50;

/// The group by its ARN, or by its name in the older operations.
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
    tags: BTreeMap<String, String>,
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
    tags: BTreeMap<String, String>,
}

/// More tags, or other values for those there are.
pub fn tag(cloud: &mut Cloud, caller: &Caller, input: TagInput) -> Result<Map<String, Value>, ServiceError> {
    let tags = input.target.tags(cloud, caller, ["TagResource", "TagLogGroup"])?;
    check(&input.tags)?;
    let mut merged = tags.clone();
    merged.extend(input.tags);
    if merged.len() > MOST {
        return Err(ServiceError::bare("TooManyTagsException"));
    }
    *tags = merged;
    Ok(Map::new())
}

/// Fewer tags; those that are not there are no mistake.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn untag(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UntagInput,
) -> Result<Map<String, Value>, ServiceError> {
    let tags = input.target.tags(cloud, caller, ["UntagResource", "UntagLogGroup"])?;
    tags.retain(|key, _| !input.tag_keys.contains(key));
    Ok(Map::new())
}

/// All tags.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let tags = input.target.tags(cloud, caller, ["ListTagsForResource", "ListTagsLogGroup"])?;
    Ok(ListOutput { tags: tags.clone() })
}

impl Target {
    /// The tags of the group; the operation is called one thing by ARN and another by name.
    fn tags<'c>(
        &self,
        cloud: &'c mut Cloud,
        caller: &Caller,
        operations: [&str; 2],
    ) -> Result<&'c mut BTreeMap<String, String>, ServiceError> {
        let [by_arn, by_name] = operations;
        let name = match (&self.resource_arn, &self.log_group_name) {
            (Some(arn), _) => {
                permit::check(cloud, caller, by_arn, On::Arn(arn))?;
                let name = lookup::within_arn(arn);
                name.ok_or_else(|| ServiceError::bare("InvalidParameterException"))?
            }
            (None, name) => {
                let name = name.as_deref().unwrap_or_default();
                permit::check(cloud, caller, by_name, On::Group(name))?;
                name
            }
        };
        Ok(&mut lookup::group(cloud, caller, name)?.tags)
    }
}

/// Sizes as in the model, and no key of AWS's own.
pub fn check(tags: &BTreeMap<String, String>) -> Result<(), ServiceError> {
    let fits = |(key, value): (&String, &String)| {
        let reserved = key.to_ascii_lowercase().starts_with("aws:");
        !reserved && (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256
    };
    let all_fit = tags.iter().all(fits) && tags.len() <= MOST;
    if all_fit { Ok(()) } else { Err(ServiceError::bare("InvalidParameterException")) }
}
