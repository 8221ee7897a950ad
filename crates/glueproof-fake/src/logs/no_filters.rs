//! Lists of metric filters and subscription filters. They are empty, because the fake cannot create a filter.
//! Must not change state.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::lookup;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FiltersInput {
    log_group_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricFiltersOutput {
    metric_filters: [(); 0],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionFiltersOutput {
    subscription_filters: [(); 0],
}

/// Lists the metric filters of a group, or of all groups.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn describe_metric_filters(
    cloud: &mut Cloud,
    caller: &Caller,
    input: FiltersInput,
) -> Result<MetricFiltersOutput, ServiceError> {
    check(cloud, caller, "DescribeMetricFilters", &input)?;
    Ok(MetricFiltersOutput { metric_filters: [] })
}

/// Lists the subscription filters of a group.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn describe_subscription_filters(
    cloud: &mut Cloud,
    caller: &Caller,
    input: FiltersInput,
) -> Result<SubscriptionFiltersOutput, ServiceError> {
    check(cloud, caller, "DescribeSubscriptionFilters", &input)?;
    Ok(SubscriptionFiltersOutput { subscription_filters: [] })
}

fn check(
    cloud: &mut Cloud,
    caller: &Caller,
    operation: &'static str,
    input: &FiltersInput,
) -> Result<(), ServiceError> {
    let Some(name) = &input.log_group_name else {
        return authorize::check(cloud, caller, operation, LogResource::AllGroups);
    };
    authorize::check(cloud, caller, operation, LogResource::Group(name))?;
    lookup::group(cloud, caller, name).map(|_| ())
}
