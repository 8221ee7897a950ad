//! Crawls: started, stopped, and what one does: it looks into the first object of each S3 target and writes a
//! table for it, as the crawler's role, with logs encrypted as its security configuration says. Must not keep
//! time.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::crawler::{self, NameInput};
use super::document::Document;
use super::work::{self, Work};
use super::workload::{Stop, Workload};
use super::{kms_refusal, object, role, table};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A crawl that goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Going {
    pub since: Timestamp,
}

/// What came of the last crawl, as it is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LastCrawl {
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    log_group: String,
    log_stream: String,
    message_prefix: String,
    start_time: Timestamp,
    status: String,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// Starts a crawl, unless one goes on.
pub fn start(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    let since = cloud.now();
    let crawler = crawler::find(cloud, caller, &input.name)?;
    crawler::idle(crawler)?;
    crawler.going = Some(Going { since });
    work::begin(cloud, caller, Work::Crawl { crawler: input.name });
    Ok(Map::new())
}

/// Stops the crawl that goes on.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn stop(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    if crawler::find(cloud, caller, &input.name)?.going.is_none() {
        return Err(ServiceError::bare("CrawlerNotRunningException"));
    }
    work::call_off(cloud, caller, &Work::Crawl { crawler: input.name.clone() });
    close(cloud, caller, &input.name, "CANCELLED", None);
    Ok(Map::new())
}

/// Brings a crawl to its end.
pub fn finish(cloud: &mut Cloud, owner: &Caller, name: &str) {
    let Some(what) = cloud.region(owner).glue.crawlers.get(name).map(|crawler| crawler.what.clone()) else {
        return;
    };
    match crawl(cloud, owner, &what) {
        Ok(()) => close(cloud, owner, name, "SUCCEEDED", None),
        Err(stop) => {
            let reason = in_words(cloud, stop);
            close(cloud, owner, name, "FAILED", Some(reason));
        }
    }
}

fn close(cloud: &mut Cloud, owner: &Caller, name: &str, status: &str, error_message: Option<String>) {
    let Some(crawler) = cloud.region(owner).glue.crawlers.get_mut(name) else { return };
    let Some(going) = crawler.going.take() else { return };
    crawler.last = Some(LastCrawl {
        error_message,
        log_group: log_group(&crawler.what),
        log_stream: name.to_owned(),
        message_prefix: format!("{:x}", going.since.seconds()),
        start_time: going.since,
        status: status.to_owned(),
    });
}

/// Where a crawler logs (E091).
fn log_group(what: &Document) -> String {
    let role = role::filed(what.text("Role").unwrap_or_default());
    match configuration(what) {
        Some(configuration) => format!("/aws-glue/crawlers-role/{role}-{configuration}"),
        None => "/aws-glue/crawlers".to_owned(),
    }
}

fn configuration(what: &Document) -> Option<&str> {
    what.text("CrawlerSecurityConfiguration").filter(|name| !name.is_empty())
}

fn crawl(cloud: &mut Cloud, owner: &Caller, what: &Document) -> Result<(), Stop> {
    let (name, role) = (what.text("Name").unwrap_or_default(), what.text("Role").unwrap_or_default());
    let workload = Workload::begin(cloud, owner, role, configuration(what), &connections(what))?;
    let group = log_group(what);
    workload.log(cloud, &group, name, vec![format!("BENCHMARK : Running Start Crawl for Crawler {name}")])?;
    let found = paths(what).iter().try_for_each(|path| look_into(cloud, &workload, what, path));
    let last_line = match &found {
        Ok(()) => "BENCHMARK : Finished writing to Catalog".to_owned(),
        Err(refusal) => format!("ERROR : {refusal}"),
    };
    workload.log(cloud, &group, name, vec![last_line])?;
    Ok(found?)
}

fn targets<'w>(what: &'w Document, kind: &str) -> impl Iterator<Item = &'w Value> {
    what.0.get("Targets").and_then(|targets| targets[kind].as_array()).into_iter().flatten()
}

fn paths(what: &Document) -> Vec<String> {
    targets(what, "S3Targets").filter_map(|target| target["Path"].as_str().map(str::to_owned)).collect()
}

/// The connections of all its targets.
fn connections(what: &Document) -> Vec<String> {
    let all = targets(what, "JdbcTargets").chain(targets(what, "S3Targets"));
    all.filter_map(|target| target["ConnectionName"].as_str().map(str::to_owned)).collect()
}

/// Writes a table for the path, with a column for each word in the first line of its first object.
fn look_into(
    cloud: &mut Cloud,
    workload: &Workload,
    what: &Document,
    path: &str,
) -> Result<(), ServiceError> {
    let Some(first) = object::first(cloud, &workload.worker, path)? else { return Ok(()) };
    let bytes = object::read(cloud, &workload.worker, &first)?;
    let text = String::from_utf8_lossy(&bytes);
    let columns: Vec<Value> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split(',')
        .map(|name| json!({ "Name": name.trim().to_lowercase(), "Type": "string" }))
        .collect();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let table_name: String = last.chars().map(plain).collect();
    let name = format!("{}{table_name}", what.text("TablePrefix").unwrap_or_default());
    let mut found = Document::default();
    found.set("Name", name);
    found.set("TableType", "EXTERNAL_TABLE");
    found.set("StorageDescriptor", json!({ "Columns": columns, "Location": path }));
    let database = what.text("DatabaseName").unwrap_or_default().to_lowercase();
    let now = table::moment(cloud);
    table::put(cloud, &workload.worker, &database, found, now, 0)
}

fn in_words(cloud: &mut Cloud, stop: Stop) -> String {
    match stop {
        // E093: a crawler says less than a job.
        Stop::NoWayToKms => "Internal Service Exception".to_owned(),
        Stop::Refused(ServiceError { message: Some(text), .. }) => text,
        Stop::Refused(refusal) => kms_refusal::in_words(cloud, &refusal, "AWSGlue", 400),
    }
}
