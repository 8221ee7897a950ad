//! Crawlers and their crawls. A crawl reads the first object of each S3 target and writes a table for the target, as the
//! crawler's role, with logs encrypted as its security configuration says.
//! Must not keep time: `schedule` does.
//! The operations are the entry points; [`finish`] runs a crawl that is due.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::catalog::put_table;
use super::delegation::{assume_role, check_pass_role, error_text, role_path};
use super::document::{Document, timestamp};
use super::listing::{self, Asked};
use super::schedule::{self, Work};
use super::tag;
use super::workload::{self, Workload, WorkloadError, first_object, read_object};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// A crawler with its last crawl.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Crawler {
    /// The members as they were sent, with the times.
    pub what: Document,
    /// The running crawl.
    pub going: Option<RunningCrawl>,
    /// The result of the last crawl.
    pub last: Option<LastCrawl>,
    version: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    name: String,
    #[serde(default)]
    tags: Tags,
    #[serde(flatten)]
    rest: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateInput {
    name: String,
    #[serde(flatten)]
    rest: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    pub name: String,
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
    crawler: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CrawlersOutput {
    crawlers: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamesOutput {
    crawler_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

type Nothing = Result<Map<String, Value>, ServiceError>;

/// Creates a crawler, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Nothing {
    let mut what = input.rest;
    check(cloud, caller, &what)?;
    if ALL_TARGETS.into_iter().all(|kind| targets(&what, kind).next().is_none()) {
        return Err(ServiceError::invalid_input("At least one crawl target must be specified."));
    }
    if cloud.region(caller).glue.crawlers.contains_key(&input.name) {
        return Err(ServiceError::with(
            "AlreadyExistsException",
            format!("Crawler with name {} already exists.", input.name),
        ));
    }
    let now = timestamp(cloud);
    what.set("Name", input.name.as_str());
    what.set("CreationTime", now.clone());
    what.set("LastUpdated", now);
    tag::set(cloud, caller, &format!("crawler/{}", input.name), input.tags)?;
    let crawler = Crawler { what, going: None, last: None, version: 1 };
    cloud.region(caller).glue.crawlers.insert(input.name, crawler);
    Ok(Map::new())
}

/// Checks that the caller can pass the role, and that the configuration exists (E054).
fn check(cloud: &mut Cloud, caller: &Caller, what: &Document) -> Result<(), ServiceError> {
    if let Some(role) = what.text("Role") {
        check_pass_role(cloud, caller, role)?;
        // E247.
        assume_role(cloud, caller, role, "AWS-Crawler").map_err(|_| {
            let text = "Service is unable to assume provided role. Please verify role's TrustPolicy";
            ServiceError::invalid_input(text)
        })?;
    }
    match what.text("CrawlerSecurityConfiguration").filter(|name| !name.is_empty()) {
        Some(name) => workload::encryption(cloud, caller, name)
            .map(|_| ())
            .map_err(|_| ServiceError::invalid_input(format!("Security configuration {name} not found."))),
        None => Ok(()),
    }
}

/// Returns a crawler.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    Ok(GetOutput { crawler: find(cloud, caller, &input.name)?.view() })
}

/// Lists crawlers in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn crawlers(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListInput,
) -> Result<CrawlersOutput, ServiceError> {
    let (page, next_token) = page(cloud, caller, "GetCrawlers", &input)?;
    let crawlers = &cloud.region(caller).glue.crawlers;
    let crawlers = page.iter().filter_map(|name| Some(crawlers.get(name)?.view())).collect();
    Ok(CrawlersOutput { crawlers, next_token })
}

/// Lists the names of crawlers.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn names(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<NamesOutput, ServiceError> {
    let (crawler_names, next_token) = page(cloud, caller, "ListCrawlers", &input)?;
    Ok(NamesOutput { crawler_names, next_token })
}

fn page(
    cloud: &mut Cloud,
    caller: &Caller,
    operation: &'static str,
    input: &ListInput,
) -> Result<(Vec<String>, Option<String>), ServiceError> {
    let asked = Asked { operation, token: input.next_token.as_deref(), size: input.max_results };
    let mut names: Vec<String> = cloud.region(caller).glue.crawlers.keys().cloned().collect();
    names.retain(|name| tag::has_all(cloud, caller, &format!("crawler/{name}"), &input.tags));
    listing::page(caller, &asked, names.iter())
}

/// Changes the members that are sent, unless the crawler runs.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Nothing {
    idle(find(cloud, caller, &input.name)?)?;
    check(cloud, caller, &input.rest)?;
    let now = timestamp(cloud);
    let crawler = find(cloud, caller, &input.name)?;
    crawler.what.overwrite(input.rest);
    crawler.what.set("LastUpdated", now);
    crawler.version += 1;
    Ok(Map::new())
}

/// Deletes a crawler, unless it runs.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    idle(find(cloud, caller, &input.name)?)?;
    cloud.region(caller).glue.crawlers.remove(&input.name);
    tag::forget(cloud, caller, &format!("crawler/{}", input.name));
    Ok(Map::new())
}

/// Refuses while the crawler runs.
pub fn idle(crawler: &Crawler) -> Result<(), ServiceError> {
    if crawler.going.is_some() {
        return Err(ServiceError::with("CrawlerRunningException", "The crawler is running."));
    }
    Ok(())
}

/// Returns the crawler of that name (E068).
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Crawler, ServiceError> {
    let missing = || {
        let text = format!("Crawler entry with name {name} does not exist");
        ServiceError::with("EntityNotFoundException", text)
    };
    cloud.region(caller).glue.crawlers.get_mut(name).ok_or_else(missing)
}

impl Crawler {
    /// Returns the last crawl, and the running one, as `ListCrawls` has them.
    pub fn crawls(&self) -> Vec<Value> {
        let running =
            self.going.as_ref().map(|going| json!({ "State": "RUNNING", "StartTime": going.since }));
        let last = self.last.as_ref().map(|last| {
            json!({
                "State": match last.status.as_str() { "SUCCEEDED" => "COMPLETED", "CANCELLED" => "STOPPED", other => other },
                "StartTime": last.start_time,
                "LogGroup": last.log_group,
                "LogStream": last.log_stream,
                "MessagePrefix": last.message_prefix,
            })
        });
        running.into_iter().chain(last).collect()
    }

    /// Returns the crawler as responses have it. Without a security configuration the member is absent (E055).
    pub fn view(&self) -> Document {
        let mut answer = self.what.clone();
        if answer.text("CrawlerSecurityConfiguration") == Some("") {
            answer.0.swap_remove("CrawlerSecurityConfiguration");
        }
        if let Some(schedule) = answer.text("Schedule").map(str::to_owned) {
            answer.set("Schedule", json!({ "ScheduleExpression": schedule, "State": "SCHEDULED" }));
        }
        // E246: path and name of the role, and members that are always present.
        if let Some(role) = answer.text("Role").map(|role| role_path(role).to_owned()) {
            answer.set("Role", role);
        }
        answer.0.entry("Classifiers").or_insert_with(|| json!([]));
        answer.0.entry("CrawlElapsedTime").or_insert_with(|| json!(0));
        let policy =
            json!({ "UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE" });
        answer.0.entry("SchemaChangePolicy").or_insert(policy);
        if let Some(targets) = answer.0.get_mut("Targets").and_then(Value::as_object_mut) {
            fill_targets(targets);
        }
        for time in ["CreationTime", "LastUpdated"] {
            if let Some(seconds) = answer.0.get(time).and_then(Value::as_f64) {
                answer.set(time, seconds.floor());
            }
        }
        answer.set("State", if self.going.is_some() { "RUNNING" } else { "READY" });
        answer.set("Version", self.version);
        if let Some(last) = self.last.as_ref().and_then(|last| serde_json::to_value(last).ok()) {
            answer.set("LastCrawl", last);
        }
        answer
    }
}

/// The kinds of targets.
const ALL_TARGETS: [&str; 8] = [
    "S3Targets",
    "JdbcTargets",
    "MongoDBTargets",
    "DynamoDBTargets",
    "CatalogTargets",
    "DeltaTargets",
    "IcebergTargets",
    "HudiTargets",
];

/// Adds the lists that are always present (E246).
fn fill_targets(targets: &mut Map<String, Value>) {
    for kind in ["S3Targets", "JdbcTargets", "DynamoDBTargets", "CatalogTargets"] {
        targets.entry(kind).or_insert_with(|| json!([]));
    }
    for kind in ["S3Targets", "JdbcTargets"] {
        for target in targets.get_mut(kind).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(target) = target.as_object_mut() {
                target.entry("Exclusions").or_insert_with(|| json!([]));
            }
        }
    }
}

/// A crawl that runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunningCrawl {
    pub since: Timestamp,
}

/// The result of the last crawl, as responses have it.
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

/// Starts a crawl, unless one runs.
pub fn start(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    let since = cloud.now();
    let crawler = find(cloud, caller, &input.name)?;
    idle(crawler)?;
    crawler.going = Some(RunningCrawl { since });
    schedule::begin(cloud, caller, Work::Crawl { crawler: input.name });
    Ok(Map::new())
}

/// Stops the running crawl.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn stop(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    if find(cloud, caller, &input.name)?.going.is_none() {
        return Err(ServiceError::with(
            "CrawlerNotRunningException",
            format!("Crawler with name {} is not running.", input.name),
        ));
    }
    schedule::cancel(cloud, caller, &Work::Crawl { crawler: input.name.clone() });
    close(cloud, caller, &input.name, "CANCELLED", None);
    Ok(Map::new())
}

/// Runs a crawl that is due.
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
    let message_prefix = cloud.random.uuid();
    let Some(crawler) = cloud.region(owner).glue.crawlers.get_mut(name) else { return };
    let Some(going) = crawler.going.take() else { return };
    crawler.last = Some(LastCrawl {
        error_message,
        log_group: log_group(&crawler.what),
        log_stream: name.to_owned(),
        message_prefix,
        start_time: going.since,
        status: status.to_owned(),
    });
}

/// Returns the log group of a crawler (E091).
fn log_group(what: &Document) -> String {
    let role = role_path(what.text("Role").unwrap_or_default());
    match configuration(what) {
        Some(configuration) => format!("/aws-glue/crawlers-role/{role}-{configuration}"),
        None => "/aws-glue/crawlers".to_owned(),
    }
}

fn configuration(what: &Document) -> Option<&str> {
    what.text("CrawlerSecurityConfiguration").filter(|name| !name.is_empty())
}

fn crawl(cloud: &mut Cloud, owner: &Caller, what: &Document) -> Result<(), WorkloadError> {
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

/// Returns the connections of all targets.
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
    let Some(first) = first_object(cloud, &workload.worker, path)? else { return Ok(()) };
    let bytes = read_object(cloud, &workload.worker, &first)?;
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
    let now = timestamp(cloud);
    put_table(cloud, &workload.worker, &database, found, now, 0)
}

fn in_words(cloud: &mut Cloud, stop: WorkloadError) -> String {
    match stop {
        // E093: a crawler reports less than a job.
        WorkloadError::NoWayToKms => "Internal Service Exception".to_owned(),
        WorkloadError::Refused(ServiceError { message: Some(text), .. }) => text,
        WorkloadError::Refused(refusal) => error_text(cloud, &refusal, "AWSGlue", 400),
    }
}
