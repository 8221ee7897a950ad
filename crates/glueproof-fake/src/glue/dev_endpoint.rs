//! Development endpoints: create, read, list and delete.
//! Must not simulate the shell of an endpoint.
//! The operations are the entry points; [`finish`] makes an endpoint ready.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::delegation::{assume_role, check_pass_role};
use super::document::{Document, timestamp};
use super::listing::{self, Asked};
use super::schedule::{self, Work};
use super::{tag, workload};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// The largest page of `GetDevEndpoints` (E200).
const MAX_ENDPOINTS_PER_PAGE: usize = 200;

/// A development endpoint with its status.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DevEndpoint {
    what: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    endpoint_name: String,
    role_arn: String,
    #[serde(default)]
    tags: Tags,
    #[serde(flatten)]
    rest: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    endpoint_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    max_results: Option<usize>,
    next_token: Option<String>,
    /// The tags that listed names must have, where the operation has the member.
    #[serde(default)]
    tags: Tags,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    dev_endpoint: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointsOutput {
    dev_endpoints: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamesOutput {
    dev_endpoint_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Creates an endpoint, unless the name is taken. An attached configuration must exist.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<Document, ServiceError> {
    check_pass_role(cloud, caller, &input.role_arn)?;
    assume_role(cloud, caller, &input.role_arn, "GlueDevEndpoint")?;
    let name = input.endpoint_name;
    if cloud.region(caller).glue.dev_endpoints.contains_key(&name) {
        return Err(ServiceError::with(
            "AlreadyExistsException",
            format!("Development endpoint {name} already exists."),
        ));
    }
    let mut what = input.rest;
    if let Some(configuration) = what.text("SecurityConfiguration") {
        workload::encryption(cloud, caller, configuration).map_err(|_| {
            ServiceError::invalid_input(format!("Security configuration {configuration} not found."))
        })?;
    }
    what.set("EndpointName", name.as_str());
    what.set("RoleArn", input.role_arn);
    what.set("Status", "PROVISIONING");
    what.set("CreatedTimestamp", timestamp(cloud));
    let network =
        what.text("SubnetId").and_then(|subnet| cloud.state.network.of_subnet(subnet)).map(str::to_owned);
    if let Some(vpc) = network {
        what.set("VpcId", vpc);
    }
    tag::set(cloud, caller, &format!("devEndpoint/{name}"), input.tags)?;
    let endpoint = DevEndpoint { what: what.clone() };
    cloud.region(caller).glue.dev_endpoints.insert(name.clone(), endpoint);
    schedule::begin(cloud, caller, Work::Endpoint { name });
    Ok(what)
}

/// Makes an endpoint ready.
pub fn finish(cloud: &mut Cloud, owner: &Caller, name: &str) {
    let now = timestamp(cloud);
    if let Some(endpoint) = cloud.region(owner).glue.dev_endpoints.get_mut(name) {
        endpoint.what.set("Status", "READY");
        endpoint.what.set("LastModifiedTimestamp", now);
    }
}

/// Returns an endpoint.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    let found = cloud.region(caller).glue.dev_endpoints.get(&input.endpoint_name);
    let found = found.ok_or_else(|| not_found(&input.endpoint_name))?;
    Ok(GetOutput { dev_endpoint: found.what.clone() })
}

/// Lists endpoints in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn endpoints(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListInput,
) -> Result<EndpointsOutput, ServiceError> {
    if input.max_results.is_some_and(|size| !(1..=MAX_ENDPOINTS_PER_PAGE).contains(&size)) {
        let text = format!("MaxResults size must be between 1 and {MAX_ENDPOINTS_PER_PAGE}");
        return Err(ServiceError::invalid_input(text));
    }
    let (page, next_token) = page(cloud, caller, "GetDevEndpoints", &input)?;
    let all = &cloud.region(caller).glue.dev_endpoints;
    let dev_endpoints = page.iter().filter_map(|name| Some(all.get(name)?.what.clone())).collect();
    Ok(EndpointsOutput { dev_endpoints, next_token })
}

/// Lists the names of endpoints.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn names(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<NamesOutput, ServiceError> {
    let (dev_endpoint_names, next_token) = page(cloud, caller, "ListDevEndpoints", &input)?;
    Ok(NamesOutput { dev_endpoint_names, next_token })
}

fn page(
    cloud: &mut Cloud,
    caller: &Caller,
    operation: &'static str,
    input: &ListInput,
) -> Result<(Vec<String>, Option<String>), ServiceError> {
    let asked = Asked { operation, token: input.next_token.as_deref(), size: input.max_results };
    let mut names: Vec<String> = cloud.region(caller).glue.dev_endpoints.keys().cloned().collect();
    names.retain(|name| tag::has_all(cloud, caller, &format!("devEndpoint/{name}"), &input.tags));
    listing::page(caller, &asked, names.iter())
}

/// Deletes an endpoint, ready or not.
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<Map<String, Value>, ServiceError> {
    let name = input.endpoint_name;
    cloud.region(caller).glue.dev_endpoints.remove(&name).ok_or_else(|| not_found(&name))?;
    tag::forget(cloud, caller, &format!("devEndpoint/{name}"));
    schedule::cancel(cloud, caller, &Work::Endpoint { name });
    Ok(Map::new())
}

fn not_found(name: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Development endpoint {name} not found."))
}
