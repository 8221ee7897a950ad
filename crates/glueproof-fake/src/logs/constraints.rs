//! The constraints that the model of CloudWatch Logs puts on single members, by name. A name has the
//! same constraints in all operations. Must not know operations beyond which members they require.

use serde_json::{Map, Value};

use super::group_list::Class;
use super::stream_list::OrderBy;
use crate::error::ServiceError;
use crate::member_limit::{self, Limit, Pattern, unknown};

/// Checks required members and constraints, with the texts of the service (E081).
pub fn check(required: &[&str], given: &Map<String, Value>, longest_page: i64) -> Result<(), ServiceError> {
    let violations = member_limit::violations(required, given, |member| of(member, longest_page));
    violations.map_or(Ok(()), |text| Err(ServiceError::with("InvalidParameterException", text)))
}

/// The pattern as error texts show it (E089).
const GROUP: Pattern =
    Pattern { written: r"[\.\-_/#A-Za-z0-9]+", admits: |c| c.is_ascii_alphanumeric() || ".-_/#".contains(c) };

const STREAM: Pattern = Pattern { written: "[^:*]*", admits: |c| c != ':' && c != '*' };

const IDENTIFIER: Pattern =
    Pattern { written: r"[\w#+=/:,.@-]*", admits: |c| c.is_ascii_alphanumeric() || "_#+=/:,.@-".contains(c) };

const RESOURCE: Pattern = Pattern {
    written: r"[\w+=/:,.@\-\*]*",
    admits: |c| c.is_ascii_alphanumeric() || "_+=/:,.@-*#".contains(c),
};

fn of(member: &str, longest_page: i64) -> Option<Limit> {
    Some(match member {
        "logGroupName" | "logGroupNamePrefix" => Limit::text(1, 512, Some(GROUP)),
        "logGroupNamePattern" => Limit::text(0, 512, Some(GROUP)),
        "logStreamName" | "logStreamNamePrefix" => Limit::text(1, 512, Some(STREAM)),
        "logGroupIdentifier" => Limit::text(1, 2048, Some(IDENTIFIER)),
        "resourceIdentifier" => Limit::text(1, 2048, Some(RESOURCE)),
        "resourceArn" => Limit::text(1, 1011, Some(RESOURCE)),
        "kmsKeyId" => Limit::text(0, 256, None),
        "filterPattern" => Limit::text(0, 1024, None),
        "nextToken" | "sequenceToken" => Limit::text(1, 1024, None),
        "startTime" | "endTime" => Limit::Whole { min: 0, max: i64::MAX },
        "limit" => Limit::Whole { min: 1, max: longest_page },
        "logEvents" => Limit::Items { min: 1, max: 10_000 },
        "logStreamNames" => Limit::Items { min: 1, max: 100 },
        "orderBy" => Limit::Enum(unknown::<OrderBy>),
        "logGroupClass" => Limit::Enum(unknown::<Class>),
        _ => return None,
    })
}
