//! Jobs: made, read, listed, changed and removed. Must not run one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::bookmark::Bookmark;
use super::document::Document;
use super::job_run::Run;
use super::listing::{self, Asked};
use super::{role, table, tag};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A job with its runs and its bookmark.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// As it was made, and when.
    pub what: Document,
    /// Its runs, oldest first.
    pub runs: Vec<Run>,
    /// Where the last run that kept one left off.
    pub bookmark: Option<Bookmark>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    name: String,
    role: String,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(flatten)]
    rest: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateInput {
    job_name: String,
    job_update: Document,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    job_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameOutput {
    job_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    job: Document,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct JobsOutput {
    jobs: Vec<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamesOutput {
    job_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A new one, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    role::pass(cloud, caller, &input.role)?;
    if cloud.region(caller).glue.jobs.contains_key(&input.name) {
        return Err(ServiceError::bare("AlreadyExistsException"));
    }
    let mut what = input.rest;
    // E066.
    if what.0.get("Command").and_then(|command| command["Name"].as_str()).is_none_or(str::is_empty) {
        return Err(ServiceError::invalid_input("Command name should not be null or empty"));
    }
    let now = table::moment(cloud);
    what.set("Name", input.name.as_str());
    what.set("Role", input.role);
    what.set("CreatedOn", now.clone());
    what.set("LastModifiedOn", now);
    tag::set(cloud, caller, &format!("job/{}", input.name), input.tags);
    let job = Job { what, runs: Vec::new(), bookmark: None };
    cloud.region(caller).glue.jobs.insert(input.name.clone(), job);
    Ok(CreateOutput { name: input.name })
}

/// The one of that name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    Ok(GetOutput { job: find(cloud, caller, &input.job_name)?.what.clone() })
}

/// A page in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn jobs(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<JobsOutput, ServiceError> {
    let (page, next_token) = page(cloud, caller, "GetJobs", &input)?;
    let jobs = &cloud.region(caller).glue.jobs;
    let jobs = page.iter().filter_map(|name| Some(jobs.get(name)?.what.clone())).collect();
    Ok(JobsOutput { jobs, next_token })
}

/// The same, names alone.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn names(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<NamesOutput, ServiceError> {
    let (job_names, next_token) = page(cloud, caller, "ListJobs", &input)?;
    Ok(NamesOutput { job_names, next_token })
}

fn page(
    cloud: &mut Cloud,
    caller: &Caller,
    operation: &'static str,
    input: &ListInput,
) -> Result<(Vec<String>, Option<String>), ServiceError> {
    let asked = Asked { operation, token: input.next_token.as_deref(), size: input.max_results };
    listing::page(caller, &asked, cloud.region(caller).glue.jobs.keys())
}

/// Another definition in place of the one there is; what is left out is gone.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Result<NameOutput, ServiceError> {
    let now = table::moment(cloud);
    let job = find(cloud, caller, &input.job_name)?;
    let mut what = input.job_update;
    let role = what.text("Role").or(job.what.text("Role")).unwrap_or_default().to_owned();
    what.set("Name", input.job_name.as_str());
    what.set("Role", role.as_str());
    what.set("CreatedOn", job.what.0.get("CreatedOn").cloned().unwrap_or_default());
    what.set("LastModifiedOn", now);
    role::pass(cloud, caller, &role)?;
    find(cloud, caller, &input.job_name)?.what = what;
    Ok(NameOutput { job_name: input.job_name })
}

/// Gone with its runs; what is not there is as good as gone, for no error of the operation would say so.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<NameOutput, ServiceError> {
    cloud.region(caller).glue.jobs.remove(&input.job_name);
    tag::forget(cloud, caller, &format!("job/{}", input.job_name));
    Ok(NameOutput { job_name: input.job_name })
}

/// The job of that name.
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Job, ServiceError> {
    let found = cloud.region(caller).glue.jobs.get_mut(name);
    found.ok_or_else(|| ServiceError::bare("EntityNotFoundException"))
}

impl Job {
    /// Its arguments, with those of a run over the usual ones.
    pub fn arguments(&self, of_run: &Document) -> Map<String, Value> {
        let mut arguments =
            self.what.0.get("DefaultArguments").and_then(Value::as_object).cloned().unwrap_or_default();
        arguments.extend(of_run.0.clone());
        let fixed = self.what.0.get("NonOverridableArguments").and_then(Value::as_object);
        arguments.extend(fixed.cloned().unwrap_or_default());
        arguments
    }

    /// The names of the connections it uses.
    pub fn connections(&self) -> Vec<String> {
        let listed = self.what.0.get("Connections").and_then(|list| list["Connections"].as_array());
        listed.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// How many runs there may be at once.
    pub fn most_at_once(&self) -> u64 {
        let property = self.what.0.get("ExecutionProperty").and_then(|it| it["MaxConcurrentRuns"].as_u64());
        property.unwrap_or(1)
    }
}
