//! Crawlers: made, read, listed, changed and removed. Must not crawl.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::crawl::{Going, LastCrawl};
use super::document::Document;
use super::listing::{self, Asked};
use super::{role, table, tag, workload};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A crawler with its last crawl.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Crawler {
    /// As it was made, and when.
    pub what: Document,
    /// What it is doing, unless it is ready.
    pub going: Option<Going>,
    /// What came of the last crawl.
    pub last: Option<LastCrawl>,
    version: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    name: String,
    #[serde(default)]
    tags: BTreeMap<String, String>,
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

/// A new one, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Nothing {
    let mut what = input.rest;
    check(cloud, caller, &what)?;
    if cloud.region(caller).glue.crawlers.contains_key(&input.name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let now = table::moment(cloud);
    what.set("Name", input.name.as_str());
    what.set("CreationTime", now.clone());
    what.set("LastUpdated", now);
    tag::set(cloud, caller, &format!("crawler/{}", input.name), input.tags);
    let crawler = Crawler { what, going: None, last: None, version: 1 };
    cloud.region(caller).glue.crawlers.insert(input.name, crawler);
    Ok(Map::new())
}

/// The role must be the caller's to pass on, and the configuration must be there (E054).
fn check(cloud: &mut Cloud, caller: &Caller, what: &Document) -> Result<(), ServiceError> {
    if let Some(role) = what.text("Role") {
        role::pass(cloud, caller, role)?;
    }
    match what.text("CrawlerSecurityConfiguration").filter(|name| !name.is_empty()) {
        Some(name) => workload::encryption(cloud, caller, name)
            .map(|_| ())
            .map_err(|_| ServiceError::bare("InvalidInputException")),
        None => Ok(()),
    }
}

/// The one of that name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    Ok(GetOutput { crawler: find(cloud, caller, &input.name)?.answer() })
}

/// A page in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn crawlers(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListInput,
) -> Result<CrawlersOutput, ServiceError> {
    let (page, next_token) = page(cloud, caller, "GetCrawlers", &input)?;
    let crawlers = &cloud.region(caller).glue.crawlers;
    let crawlers = page.iter().filter_map(|name| Some(crawlers.get(name)?.answer())).collect();
    Ok(CrawlersOutput { crawlers, next_token })
}

/// The same, names alone.
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
    listing::page(caller, &asked, cloud.region(caller).glue.crawlers.keys())
}

/// Changes what is given, unless it crawls.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Nothing {
    idle(find(cloud, caller, &input.name)?)?;
    check(cloud, caller, &input.rest)?;
    let now = table::moment(cloud);
    let crawler = find(cloud, caller, &input.name)?;
    crawler.what.overwrite(input.rest);
    crawler.what.set("LastUpdated", now);
    crawler.version += 1;
    Ok(Map::new())
}

/// Gone, unless it crawls.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Nothing {
    idle(find(cloud, caller, &input.name)?)?;
    cloud.region(caller).glue.crawlers.remove(&input.name);
    tag::forget(cloud, caller, &format!("crawler/{}", input.name));
    Ok(Map::new())
}

/// Refused while it crawls.
pub fn idle(crawler: &Crawler) -> Result<(), ServiceError> {
    if crawler.going.is_some() {
        return Err(ServiceError::bare("CrawlerRunningException"));
    }
    Ok(())
}

/// The crawler of that name (E068).
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Crawler, ServiceError> {
    let missing = || {
        let text = format!("Crawler entry with name {name} does not exist");
        ServiceError::with("EntityNotFoundException", text)
    };
    cloud.region(caller).glue.crawlers.get_mut(name).ok_or_else(missing)
}

impl Crawler {
    /// As it is read; without a security configuration that member is absent (E055).
    fn answer(&self) -> Document {
        let mut answer = self.what.clone();
        if answer.text("CrawlerSecurityConfiguration") == Some("") {
            answer.0.swap_remove("CrawlerSecurityConfiguration");
        }
        if let Some(schedule) = answer.text("Schedule").map(str::to_owned) {
            answer.set("Schedule", json!({ "ScheduleExpression": schedule, "State": "SCHEDULED" }));
        }
        answer.set("State", if self.going.is_some() { "RUNNING" } else { "READY" });
        answer.set("Version", self.version);
        if let Some(last) = self.last.as_ref().and_then(|last| serde_json::to_value(last).ok()) {
            answer.set("LastCrawl", last);
        }
        answer
    }
}
