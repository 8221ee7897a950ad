//! The authorization of a call of Glue: its action, its resources, and the policy of the Data Catalog.
//! Must not decide: IAM does.
//! [`check`] is the entry point.

use serde_json::{Map, Value};

use super::arn::arn;
use super::resource_policy::ResourcePolicy;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

/// Checks that the caller can call the operation.
///
/// # Errors
/// No policy allows the call, in [`Mode::Enforce`].
pub fn check(
    cloud: &mut Cloud,
    caller: &Caller,
    operation: &str,
    input: &Map<String, Value>,
) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    let action = format!("glue:{operation}");
    let policy = cloud.region(caller).glue.policy.as_ref().map(ResourcePolicy::document);
    for resource in resources(operation, caller, input) {
        let request = Authorization::new(caller, &action, &resource).resource_policy(policy.as_ref());
        authorize(cloud, &request)?;
    }
    Ok(())
}

/// Returns the resources of an operation: an item of the catalog with its parents, a named resource, or `*` (Service
/// Authorization Reference, "AWS Glue").
fn resources(operation: &str, caller: &Caller, input: &Map<String, Value>) -> Vec<String> {
    let text = |path: &[&str]| {
        let mut parts = path.iter();
        let first = parts.next().and_then(|name| input.get(*name))?;
        parts.try_fold(first, |value, name| value.get(*name))?.as_str().map(str::to_owned)
    };
    let is_on = |kind: &str| operation.contains(kind);
    if is_on("MLTransforms") || is_on("SecurityConfiguration") || is_on("EncryptionSettings") {
        return vec!["*".to_owned()];
    }
    if is_on("Crawler") || is_on("Crawls") {
        let name = text(&["Name"]).or_else(|| text(&["CrawlerName"]));
        return vec![named(caller, "crawler", name)];
    }
    if is_on("Job") {
        return vec![named(caller, "job", text(&["JobName"]).or_else(|| text(&["Name"])))];
    }
    if is_on("DevEndpoint") {
        return vec![named(caller, "devEndpoint", text(&["EndpointName"]))];
    }
    if is_on("Tag") {
        return vec![text(&["ResourceArn"]).unwrap_or_else(|| "*".to_owned())];
    }
    let mut all = vec![arn(caller, "catalog")];
    if is_on("Connection") {
        let name = text(&["ConnectionName"]).or_else(|| text(&["Name"]));
        let name = name.or_else(|| text(&["ConnectionInput", "Name"]));
        all.extend(name.map(|name| arn(caller, &format!("connection/{name}"))));
    } else if is_on("Table") || is_on("Partition") {
        let database = text(&["DatabaseName"]).unwrap_or_default().to_lowercase();
        let table = text(&["Name"])
            .or_else(|| text(&["TableName"]))
            .or_else(|| text(&["TableInput", "Name"]))
            .unwrap_or_else(|| "*".to_owned());
        all.push(arn(caller, &format!("database/{database}")));
        all.push(arn(caller, &format!("table/{database}/{}", table.to_lowercase())));
    } else if is_on("Database") {
        let name = text(&["Name"]).or_else(|| text(&["DatabaseInput", "Name"]));
        all.extend(name.map(|name| arn(caller, &format!("database/{}", name.to_lowercase()))));
    }
    all
}

/// Returns the ARN of a named resource, or `*` for lists.
fn named(caller: &Caller, kind: &str, name: Option<String>) -> String {
    name.map_or_else(|| "*".to_owned(), |name| arn(caller, &format!("{kind}/{name}")))
}
