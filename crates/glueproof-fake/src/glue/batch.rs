//! Operations on several resources at once, and lists that the fake keeps short: jobs and crawlers by name, tables to delete,
//! the search for tables, the history of crawls, and machine-learning transforms, of which there are none.
//! Must not change a resource other than by its own operations.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::catalog;
use super::crawler;
use super::document::Document;
use super::encryption_settings::own_catalog;
use super::job;
use super::listing::{self, Asked};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct JobNamesInput {
    job_names: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct JobsOutput {
    jobs: Vec<Document>,
    jobs_not_found: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CrawlerNamesInput {
    crawler_names: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CrawlersOutput {
    crawlers: Vec<Document>,
    crawlers_not_found: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteTablesInput {
    catalog_id: Option<String>,
    database_name: String,
    tables_to_delete: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorsOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchInput {
    catalog_id: Option<String>,
    search_text: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TablesOutput {
    table_list: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CrawlsInput {
    crawler_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CrawlsOutput {
    crawls: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub struct TransformsInput {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransformsOutput {
    transforms: Vec<Value>,
}

/// Returns the jobs of these names.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn jobs(cloud: &mut Cloud, caller: &Caller, input: JobNamesInput) -> Result<JobsOutput, ServiceError> {
    let (mut jobs, mut jobs_not_found) = (Vec::new(), Vec::new());
    for name in input.job_names {
        match job::find(cloud, caller, &name) {
            Ok(job) => jobs.push(job.view()),
            Err(_) => jobs_not_found.push(name),
        }
    }
    Ok(JobsOutput { jobs, jobs_not_found })
}

/// Returns the crawlers of these names.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn crawlers(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CrawlerNamesInput,
) -> Result<CrawlersOutput, ServiceError> {
    let (mut crawlers, mut crawlers_not_found) = (Vec::new(), Vec::new());
    for name in input.crawler_names {
        match crawler::find(cloud, caller, &name) {
            Ok(crawler) => crawlers.push(crawler.view()),
            Err(_) => crawlers_not_found.push(name),
        }
    }
    Ok(CrawlersOutput { crawlers, crawlers_not_found })
}

/// Deletes several tables. A failure of one is an error in the output.
pub fn delete_tables(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteTablesInput,
) -> Result<ErrorsOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let database = input.database_name.to_lowercase();
    catalog::database(cloud, caller, &database)?;
    let mut errors = Vec::new();
    for table in input.tables_to_delete {
        if let Err(error) = catalog::remove_table(cloud, caller, &database, &table.to_lowercase()) {
            errors.push(json!({ "TableName": table, "ErrorDetail": {
                "ErrorCode": error.code, "ErrorMessage": error.message.unwrap_or_default(),
            } }));
        }
    }
    Ok(ErrorsOutput { errors })
}

/// Returns the tables of all databases whose names contain the text.
pub fn search_tables(
    cloud: &mut Cloud,
    caller: &Caller,
    input: SearchInput,
) -> Result<TablesOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    let text = input.search_text.unwrap_or_default().trim_matches(['"', '*']).to_lowercase();
    let databases = &cloud.region(caller).glue.catalog.databases;
    let names = databases
        .iter()
        .flat_map(|(database, held)| held.tables.keys().map(move |table| format!("{database}/{table}")));
    let mut wanted: Vec<String> =
        names.filter(|name| name.split_once('/').is_some_and(|(_, table)| table.contains(&text))).collect();
    wanted.sort();
    let listing =
        Asked { operation: "SearchTables", token: input.next_token.as_deref(), size: input.max_results };
    let (page, next_token) = listing::page(caller, &listing, wanted.iter())?;
    let open = |name: &String| {
        let (database, table) = name.split_once('/').unwrap_or_default();
        catalog::open_table(cloud, caller, database, table)
    };
    let table_list = page.iter().map(open).collect::<Result<_, _>>()?;
    Ok(TablesOutput { table_list, next_token })
}

/// Returns the last crawl of a crawler. The fake stores no earlier ones.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn crawls(cloud: &mut Cloud, caller: &Caller, input: CrawlsInput) -> Result<CrawlsOutput, ServiceError> {
    Ok(CrawlsOutput { crawls: crawler::find(cloud, caller, &input.crawler_name)?.crawls() })
}

/// Returns no transforms: the fake has none.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn transforms(_: &mut Cloud, _: &Caller, _: TransformsInput) -> Result<TransformsOutput, ServiceError> {
    Ok(TransformsOutput { transforms: Vec::new() })
}
