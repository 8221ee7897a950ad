//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    filter_events, get_events, group, group_list, limits, put_events, retention, stream, stream_list, tag,
};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::wire::json_text;

type Given = Map<String, Value>;
type Answer = Result<Vec<u8>, ServiceError>;

/// One operation, from the members of the body to those of the answer.
pub type Operation = fn(&mut Cloud, &Caller, Given) -> Answer;

const GROUP: &[&str] = &["logGroupName"];
const STREAM: &[&str] = &["logGroupName", "logStreamName"];
const NOTHING: &[&str] = &[];

/// How many events a page may have.
const EVENTS: i64 = 10_000;
/// How many groups or streams a page may have.
const NAMES: i64 = 50;

/// The operation of that name, with the members that it cannot do without.
pub fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "AssociateKmsKey" => |cloud, who, given| named(group::associate, &["kmsKeyId"], cloud, who, given),
        "CreateLogGroup" => |cloud, who, given| named(group::create, GROUP, cloud, who, given),
        "CreateLogStream" => |cloud, who, given| named(stream::create, STREAM, cloud, who, given),
        "DeleteLogGroup" => |cloud, who, given| named(group::delete, GROUP, cloud, who, given),
        "DeleteLogStream" => |cloud, who, given| named(stream::delete, STREAM, cloud, who, given),
        "DeleteRetentionPolicy" => |cloud, who, given| named(retention::delete, GROUP, cloud, who, given),
        "DescribeLogGroups" => |cloud, who, given| named(group_list::list, NOTHING, cloud, who, given),
        "DescribeLogStreams" => |cloud, who, given| named(stream_list::list, NOTHING, cloud, who, given),
        "DisassociateKmsKey" => |cloud, who, given| named(group::disassociate, NOTHING, cloud, who, given),
        "FilterLogEvents" => {
            |cloud, who, given| call(filter_events::filter, NOTHING, EVENTS, cloud, who, given)
        }
        "GetLogEvents" => {
            |cloud, who, given| call(get_events::get, &["logStreamName"], EVENTS, cloud, who, given)
        }
        "ListTagsForResource" => |cloud, who, given| named(tag::list, &["resourceArn"], cloud, who, given),
        "ListTagsLogGroup" => |cloud, who, given| named(tag::list, GROUP, cloud, who, given),
        "PutLogEvents" => |cloud, who, given| {
            named(put_events::put, &["logGroupName", "logStreamName", "logEvents"], cloud, who, given)
        },
        "PutRetentionPolicy" => {
            |cloud, who, given| named(retention::put, &["logGroupName", "retentionInDays"], cloud, who, given)
        }
        "TagLogGroup" => |cloud, who, given| named(tag::tag, &["logGroupName", "tags"], cloud, who, given),
        "TagResource" => |cloud, who, given| named(tag::tag, &["resourceArn", "tags"], cloud, who, given),
        "UntagLogGroup" => {
            |cloud, who, given| named(tag::untag, &["logGroupName", "tags"], cloud, who, given)
        }
        "UntagResource" => {
            |cloud, who, given| named(tag::untag, &["resourceArn", "tagKeys"], cloud, who, given)
        }
        _ => return None,
    })
}

fn named<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    required: &[&str],
    cloud: &mut Cloud,
    caller: &Caller,
    given: Given,
) -> Answer {
    call(handler, required, NAMES, cloud, caller, given)
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    required: &[&str],
    longest_page: i64,
    cloud: &mut Cloud,
    caller: &Caller,
    mut given: Given,
) -> Answer {
    given.retain(|_, value| !value.is_null());
    limits::check(required, &given, longest_page)?;
    // What serde says could quote an event.
    let unreadable = |_| ServiceError::bare("SerializationException");
    let input = serde_json::from_value(Value::Object(given)).map_err(unreadable)?;
    let output = handler(cloud, caller, input)?;
    json_text::sorted(&output).map_err(|error| ServiceError::internal(error.to_string()))
}
