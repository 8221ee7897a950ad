//! CloudWatch Logs as a service: its names, and a row for each operation. Must not decide anything about an
//! operation.

use std::sync::LazyLock;

use super::{
    constraints, filter_events, get_events, group, group_list, no_filters, put_events, retention, stream,
    stream_list, tag,
};
use crate::error::ServiceError;
use crate::service::{Members, Operation, OperationTable, Service};
use crate::wire::json11::Dialect;

/// Amazon CloudWatch Logs.
pub struct Logs;

/// The names of CloudWatch Logs (E059).
const DIALECT: Dialect = Dialect {
    service: "logs",
    prefix: "Logs_20140328",
    message: "message",
    faults: &["InternalServiceException"],
};

const GROUP: &[&str] = &["logGroupName"];
const STREAM: &[&str] = &["logGroupName", "logStreamName"];

/// The operations that answer pages of events.
const EVENT_READERS: [&str; 2] = ["FilterLogEvents", "GetLogEvents"];
const MAX_EVENTS_PER_PAGE: i64 = 10_000;
/// The longest page of groups or streams.
const MAX_NAMES_PER_PAGE: i64 = 50;

impl Service for Logs {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(operations);
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "InvalidParameterException"
    }

    fn check_input(&self, operation: &Operation, members: &Members) -> Result<(), ServiceError> {
        let reads_events = EVENT_READERS.contains(&operation.name);
        let max_per_page = if reads_events { MAX_EVENTS_PER_PAGE } else { MAX_NAMES_PER_PAGE };
        constraints::check(operation.required, members, max_per_page)
    }
}

fn operations() -> OperationTable {
    OperationTable::new([
        Operation::new("AssociateKmsKey", group::associate).requires(&["kmsKeyId"]),
        Operation::new("CreateLogGroup", group::create).requires(GROUP),
        Operation::new("CreateLogStream", stream::create).requires(STREAM),
        Operation::new("DeleteLogGroup", group::delete).requires(GROUP),
        Operation::new("DeleteLogStream", stream::delete).requires(STREAM),
        Operation::new("DeleteRetentionPolicy", retention::delete).requires(GROUP),
        Operation::new("DescribeLogGroups", group_list::list).refuses(&[
            "accountIdentifiers",
            "includeLinkedAccounts",
            "logGroupIdentifiers",
        ]),
        Operation::new("DescribeMetricFilters", no_filters::describe_metric_filters).without_effect_of(&[
            "filterNamePrefix",
            "limit",
            "metricName",
            "metricNamespace",
            "nextToken",
        ]),
        Operation::new("DescribeSubscriptionFilters", no_filters::describe_subscription_filters)
            .without_effect_of(&["filterNamePrefix", "limit", "nextToken"])
            .requires(GROUP),
        Operation::new("DescribeLogStreams", stream_list::list),
        Operation::new("DisassociateKmsKey", group::disassociate),
        Operation::new("FilterLogEvents", filter_events::filter)
            .refuses(&["startFromHead"])
            .without_effect_of(&["interleaved", "unmask"]),
        Operation::new("GetLogEvents", get_events::get)
            .without_effect_of(&["unmask"])
            .requires(&["logStreamName"]),
        Operation::new("ListTagsForResource", tag::list).requires(&["resourceArn"]),
        Operation::new("ListTagsLogGroup", tag::list).requires(GROUP),
        Operation::new("PutLogEvents", put_events::put)
            .without_effect_of(&["entity", "sequenceToken"])
            .requires(&["logGroupName", "logStreamName", "logEvents"]),
        Operation::new("PutLogGroupDeletionProtection", group::protect)
            .requires(&["logGroupIdentifier", "deletionProtectionEnabled"]),
        Operation::new("PutRetentionPolicy", retention::put).requires(&["logGroupName", "retentionInDays"]),
        Operation::new("TagLogGroup", tag::tag).requires(&["logGroupName", "tags"]),
        Operation::new("TagResource", tag::tag).requires(&["resourceArn", "tags"]),
        Operation::new("UntagLogGroup", tag::untag).requires(&["logGroupName", "tags"]),
        Operation::new("UntagResource", tag::untag).requires(&["resourceArn", "tagKeys"]),
    ])
}
