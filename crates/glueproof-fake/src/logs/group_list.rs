//! `DescribeLogGroups`. Must not change state.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::page::{self, TokenInput};
use super::state::Group;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::page_token;

/// The class of a log group.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    Standard,
    InfrequentAccess,
    Delivery,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListInput {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_class: Option<String>,
    #[serde(flatten)]
    asked: TokenInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListOutput {
    log_groups: Vec<GroupView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupView {
    log_group_name: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_in_days: Option<u16>,
    metric_filter_count: u32,
    arn: String,
    /// Absent in lists by pattern (E239).
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_bytes: Option<usize>,
    /// Absent in lists by pattern (E239). The fake protects no group.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    log_group_class: String,
    log_group_arn: String,
}

/// Lists the groups with a prefix, or with a text in their names, in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    authorize::check(cloud, caller, "DescribeLogGroups", LogResource::AllGroups)?;
    let (prefix, pattern) = (&input.log_group_name_prefix, &input.log_group_name_pattern);
    if prefix.is_some() && pattern.is_some() {
        let text = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
        return Err(ServiceError::with("InvalidParameterException", text));
    }
    let now = cloud.now().millis();
    let logs = &mut cloud.region(caller).logs;
    logs.expire_all(now);
    let wanted = |name: &str, group: &Group| {
        prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
            && pattern.as_ref().is_none_or(|pattern| name.contains(pattern))
            && input.log_group_class.as_ref().is_none_or(|class| group.class == *class)
    };
    let groups = logs.groups.iter().filter(|(name, group)| wanted(name, group));
    let shown = groups.map(|(name, group)| (name.clone(), GroupView::of(name, group, pattern.is_some())));
    let listing = format!("DescribeLogGroups {prefix:?} {pattern:?}");
    let (log_groups, next_token) = page::page(&listing, caller, &input.asked, 50, shown)?;
    // A list by pattern has a token even after the last match (E239).
    let last = log_groups.last().filter(|_| pattern.is_some());
    let next_token = next_token.or_else(|| Some(page_token::seal(&listing, caller, &last?.log_group_name)));
    Ok(ListOutput { log_groups, next_token })
}

impl GroupView {
    fn of(name: &str, group: &Group, by_pattern: bool) -> Self {
        Self {
            log_group_name: name.to_owned(),
            creation_time: group.created,
            retention_in_days: group.retention_days,
            metric_filter_count: 0,
            arn: format!("{}:*", group.arn),
            stored_bytes: (!by_pattern).then(|| group.stored_bytes()),
            deletion_protection_enabled: (!by_pattern).then_some(group.is_protected),
            kms_key_id: group.kms_key.clone(),
            log_group_class: group.class.clone(),
            log_group_arn: group.arn.clone(),
        }
    }
}
