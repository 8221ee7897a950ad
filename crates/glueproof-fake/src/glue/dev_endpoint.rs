//! Development endpoints: made, read, listed and removed. What somebody would type into one is beyond the fake.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::Document;
use super::listing::{self, Asked};
use super::work::{self, Work};
use super::{role, table, tag, workload};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// An endpoint and how far it has got.
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
    tags: BTreeMap<String, String>,
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

/// A new one, unless the name is taken. A configuration must be there to be attached.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<Document, ServiceError> {
    role::pass(cloud, caller, &input.role_arn)?;
    role::session(cloud, caller, &input.role_arn, "GlueDevEndpoint")?;
    let name = input.endpoint_name;
    if cloud.region(caller).glue.dev_endpoints.contains_key(&name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let mut what = input.rest;
    if let Some(configuration) = what.text("SecurityConfiguration") {
        workload::encryption(cloud, caller, configuration)
            .map_err(|_| ServiceError::bare("InvalidInputException"))?;
    }
    what.set("EndpointName", name.as_str());
    what.set("RoleArn", input.role_arn);
    what.set("Status", "PROVISIONING");
    what.set("CreatedTimestamp", table::moment(cloud));
    let network =
        what.text("SubnetId").and_then(|subnet| cloud.state.network.of_subnet(subnet)).map(str::to_owned);
    if let Some(vpc) = network {
        what.set("VpcId", vpc);
    }
    tag::set(cloud, caller, &format!("devEndpoint/{name}"), input.tags);
    let endpoint = DevEndpoint { what: what.clone() };
    cloud.region(caller).glue.dev_endpoints.insert(name.clone(), endpoint);
    work::begin(cloud, caller, Work::Endpoint { name });
    Ok(what)
}

/// It is there to be used.
pub fn finish(cloud: &mut Cloud, owner: &Caller, name: &str) {
    let now = table::moment(cloud);
    if let Some(endpoint) = cloud.region(owner).glue.dev_endpoints.get_mut(name) {
        endpoint.what.set("Status", "READY");
        endpoint.what.set("LastModifiedTimestamp", now);
    }
}

/// The one of that name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    let found = cloud.region(caller).glue.dev_endpoints.get(&input.endpoint_name).ok_or_else(not_found)?;
    Ok(GetOutput { dev_endpoint: found.what.clone() })
}

/// A page in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn endpoints(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListInput,
) -> Result<EndpointsOutput, ServiceError> {
    let (page, next_token) = page(cloud, caller, "GetDevEndpoints", &input)?;
    let all = &cloud.region(caller).glue.dev_endpoints;
    let dev_endpoints = page.iter().filter_map(|name| Some(all.get(name)?.what.clone())).collect();
    Ok(EndpointsOutput { dev_endpoints, next_token })
}

/// The same, names alone.
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
    listing::page(caller, &asked, cloud.region(caller).glue.dev_endpoints.keys())
}

/// Gone, whether it was ready or not.
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<Map<String, Value>, ServiceError> {
    let name = input.endpoint_name;
    cloud.region(caller).glue.dev_endpoints.remove(&name).ok_or_else(not_found)?;
    tag::forget(cloud, caller, &format!("devEndpoint/{name}"));
    work::call_off(cloud, caller, &Work::Endpoint { name });
    Ok(Map::new())
}

fn not_found() -> ServiceError {
    ServiceError::bare("EntityNotFoundException")
}
