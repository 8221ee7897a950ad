//! `GetResources`: the tagged resources of the caller's account and region, selected by ARN, type or tags (Resource Groups
//! Tagging API Reference, `GetResources`). Must not change state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};
use crate::pagination::{PageRequest, paginate};

const OPERATION: &str = "GetResources";
const MAX_ARNS_PER_REQUEST: usize = 100;
const DEFAULT_RESOURCES_PER_PAGE: usize = 50;
const MAX_RESOURCES_PER_PAGE: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Input {
    pagination_token: String,
    resources_per_page: Option<usize>,
    #[serde(rename = "ResourceARNList")]
    arns: Vec<String>,
    resource_type_filters: Vec<String>,
    tag_filters: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    key: String,
    /// The values that match. Without values, any value matches.
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    /// The token of the next page; empty on the last page.
    pagination_token: String,
    resource_tag_mapping_list: Vec<Tagged>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tagged {
    #[serde(rename = "ResourceARN")]
    arn: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

/// Returns one page of resources, in the order of their ARNs.
#[expect(clippy::needless_pass_by_value, reason = "handlers own their input")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: Input) -> Result<Output, ServiceError> {
    if cloud.settings.mode == Mode::Enforce {
        authorize(cloud, &Authorization::new(caller, "tag:GetResources", "*"))?;
    }
    input.check()?;
    let token = Some(&*input.pagination_token).filter(|token| !token.is_empty());
    let size = input.resources_per_page.unwrap_or(DEFAULT_RESOURCES_PER_PAGE);
    let request = PageRequest { listing: OPERATION, token, size };
    let tagged = tagged(cloud, caller);
    let wanted = tagged.iter().filter(|(arn, tags)| input.wants(arn, tags));
    let page =
        paginate(caller, &request, wanted.map(|(arn, tags)| (arn, (arn, tags)))).map_err(|_| expired())?;
    let mappings = page.items.into_iter().map(|(arn, tags)| Tagged::new((arn.clone(), tags.clone())));
    Ok(Output {
        pagination_token: page.next.unwrap_or_default(),
        resource_tag_mapping_list: mappings.collect(),
    })
}

/// Returns the tagged resources by ARN.
fn tagged(cloud: &mut Cloud, caller: &Caller) -> BTreeMap<String, BTreeMap<String, String>> {
    let region = cloud.region(caller);
    let keys = region.kms.tagged();
    let groups = region.logs.tagged();
    let glue = region.glue.tagged(caller);
    let all = keys.chain(groups).chain(glue);
    all.filter(|(_, tags)| !tags.is_empty()).map(|(arn, tags)| (arn, tags.clone())).collect()
}

impl Input {
    fn check(&self) -> Result<(), ServiceError> {
        let refuse = |text: &str| Err(ServiceError::with("InvalidParameterException", text));
        if self.arns.len() > MAX_ARNS_PER_REQUEST {
            return refuse("at most 100 ARNs may be asked for at once");
        }
        let filtered = !self.tag_filters.is_empty() || !self.resource_type_filters.is_empty();
        if filtered && !self.arns.is_empty() {
            return refuse("ARNs and filters cannot be given at once");
        }
        match self.resources_per_page {
            Some(size) if !(1..=MAX_RESOURCES_PER_PAGE).contains(&size) => {
                refuse("a page has 1 to 100 resources")
            }
            _ => Ok(()),
        }
    }

    fn wants(&self, arn: &str, tags: &BTreeMap<String, String>) -> bool {
        let named = self.arns.is_empty() || self.arns.iter().any(|wanted| wanted == arn);
        let kinds = &self.resource_type_filters;
        let of_kind = kinds.is_empty() || kinds.iter().any(|kind| is_of(arn, kind));
        named && of_kind && self.tag_filters.iter().all(|filter| filter.admits(tags))
    }
}

impl Filter {
    fn admits(&self, tags: &BTreeMap<String, String>) -> bool {
        let value = tags.get(&self.key);
        value.is_some_and(|value| self.values.is_empty() || self.values.contains(value))
    }
}

/// Returns true if the ARN belongs to a service (`kms`), or to a service and type (`kms:key`).
fn is_of(arn: &str, kind: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let resource_type = resource.split(['/', ':']).next().unwrap_or_default();
    match kind.split_once(':') {
        Some((wanted, wanted_type)) => wanted == service && wanted_type == resource_type,
        None => kind == service,
    }
}

impl Tagged {
    fn new((arn, tags): (String, BTreeMap<String, String>)) -> Self {
        Self { arn, tags: tags.into_iter().map(|(key, value)| Tag { key, value }).collect() }
    }
}

fn expired() -> ServiceError {
    ServiceError::with("PaginationTokenExpiredException", "The pagination token is invalid or has expired.")
}
