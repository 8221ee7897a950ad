//! The operations around the Data Catalog that no spec describes: from a name to the members it cannot do
//! without and its handler. Must not decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{bookmark, crawl, crawler, database, dev_endpoint, job, job_run, presence, table, tag};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::wire::json_text;

type Given = Map<String, Value>;
/// The text of an output.
type Answer = Result<Vec<u8>, ServiceError>;

/// One operation, from the members of the body to those of the answer.
pub type Operation = fn(&mut Cloud, &Caller, Given) -> Answer;

/// The operation of that name.
pub fn operation(name: &str) -> Option<Operation> {
    catalog(name).or_else(|| crawlers(name)).or_else(|| jobs(name)).or_else(|| endpoints(name))
}

fn catalog(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateDatabase" => {
            |cloud, who, given| call(database::create, &["DatabaseInput.Name"], cloud, who, given)
        }
        "GetDatabase" => |cloud, who, given| call(database::get, &["Name"], cloud, who, given),
        "GetDatabases" => |cloud, who, given| call(database::list, &[], cloud, who, given),
        "DeleteDatabase" => |cloud, who, given| call(database::delete, &["Name"], cloud, who, given),
        "CreateTable" => {
            |cloud, who, given| call(table::create, &["DatabaseName", "TableInput.Name"], cloud, who, given)
        }
        "GetTable" => |cloud, who, given| call(table::get, &["DatabaseName", "Name"], cloud, who, given),
        "GetTables" => |cloud, who, given| call(table::list, &["DatabaseName"], cloud, who, given),
        "UpdateTable" => {
            |cloud, who, given| call(table::update, &["DatabaseName", "TableInput.Name"], cloud, who, given)
        }
        "DeleteTable" => {
            |cloud, who, given| call(table::delete, &["DatabaseName", "Name"], cloud, who, given)
        }
        "TagResource" => |cloud, who, given| call(tag::add, &["ResourceArn", "TagsToAdd"], cloud, who, given),
        "UntagResource" => {
            |cloud, who, given| call(tag::remove, &["ResourceArn", "TagsToRemove"], cloud, who, given)
        }
        "GetTags" => |cloud, who, given| call(tag::get, &["ResourceArn"], cloud, who, given),
        _ => return None,
    })
}

fn crawlers(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateCrawler" => {
            |cloud, who, given| call(crawler::create, &["Name", "Role", "Targets"], cloud, who, given)
        }
        "GetCrawler" => |cloud, who, given| call(crawler::get, &["Name"], cloud, who, given),
        "GetCrawlers" => |cloud, who, given| call(crawler::crawlers, &[], cloud, who, given),
        "ListCrawlers" => |cloud, who, given| call(crawler::names, &[], cloud, who, given),
        "UpdateCrawler" => |cloud, who, given| call(crawler::update, &["Name"], cloud, who, given),
        "DeleteCrawler" => |cloud, who, given| call(crawler::delete, &["Name"], cloud, who, given),
        "StartCrawler" => |cloud, who, given| call(crawl::start, &["Name"], cloud, who, given),
        "StopCrawler" => |cloud, who, given| call(crawl::stop, &["Name"], cloud, who, given),
        _ => return None,
    })
}

fn jobs(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateJob" => |cloud, who, given| call(job::create, &["Name", "Role", "Command"], cloud, who, given),
        "GetJob" => |cloud, who, given| call(job::get, &["JobName"], cloud, who, given),
        "GetJobs" => |cloud, who, given| call(job::jobs, &[], cloud, who, given),
        "ListJobs" => |cloud, who, given| call(job::names, &[], cloud, who, given),
        "UpdateJob" => |cloud, who, given| call(job::update, &["JobName", "JobUpdate"], cloud, who, given),
        "DeleteJob" => |cloud, who, given| call(job::delete, &["JobName"], cloud, who, given),
        "StartJobRun" => |cloud, who, given| call(job_run::start, &["JobName"], cloud, who, given),
        "GetJobRun" => |cloud, who, given| call(job_run::get, &["JobName", "RunId"], cloud, who, given),
        "GetJobRuns" => |cloud, who, given| call(job_run::list, &["JobName"], cloud, who, given),
        "BatchStopJobRun" => {
            |cloud, who, given| call(job_run::stop, &["JobName", "JobRunIds"], cloud, who, given)
        }
        "GetJobBookmark" => |cloud, who, given| call(bookmark::get, &["JobName"], cloud, who, given),
        "ResetJobBookmark" => |cloud, who, given| call(bookmark::reset, &["JobName"], cloud, who, given),
        _ => return None,
    })
}

fn endpoints(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateDevEndpoint" => {
            |cloud, who, given| call(dev_endpoint::create, &["EndpointName", "RoleArn"], cloud, who, given)
        }
        "GetDevEndpoint" => |cloud, who, given| call(dev_endpoint::get, &["EndpointName"], cloud, who, given),
        "GetDevEndpoints" => |cloud, who, given| call(dev_endpoint::endpoints, &[], cloud, who, given),
        "ListDevEndpoints" => |cloud, who, given| call(dev_endpoint::names, &[], cloud, who, given),
        "DeleteDevEndpoint" => {
            |cloud, who, given| call(dev_endpoint::delete, &["EndpointName"], cloud, who, given)
        }
        _ => return None,
    })
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    required: &[&str],
    cloud: &mut Cloud,
    caller: &Caller,
    mut given: Given,
) -> Answer {
    given.retain(|_, value| !value.is_null());
    presence::check(required, &given)?;
    // What serde says could quote a secret.
    let unreadable = |_| ServiceError::bare("SerializationException");
    let input = serde_json::from_value(Value::Object(given)).map_err(unreadable)?;
    let unwritable = |e: serde_json::Error| ServiceError::internal(e.to_string());
    json_text::sorted(&handler(cloud, caller, input)?).map_err(unwritable)
}
