//! Jobs, with their runs and bookmarks: create, read, list, update and delete.
//! Must not run a job.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::bookmark::{Bookmark, BookmarkEntry};
use super::capacity;
use super::delegation::{check_pass_role, glue_error};
use super::document::{Document, timestamp};
use super::listing::{self, Asked};
use super::tag;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::List;
use crate::tags::Tags;

/// A run of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    pub id: String,
    /// The arguments of the start. They override the default arguments of the job.
    pub arguments: Document,
    /// The capacity that the start set. It overrides the capacity of the job.
    #[serde(default)]
    pub capacity: Document,
    /// The security configuration of the run.
    pub security_configuration: Option<String>,
    /// The prefix of the log groups.
    pub log_group: String,
    pub started: Timestamp,
    /// The end, unless the run goes on.
    pub end: Option<RunEnd>,
}

/// The end of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunEnd {
    pub at: Timestamp,
    pub outcome: RunOutcome,
}

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunOutcome {
    Succeeded,
    /// The run failed for this reason.
    Failed(String),
    Stopped,
}

/// A job with its runs and its bookmark.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The members as they were sent, with the times.
    pub what: Document,
    /// The runs, oldest first.
    pub runs: List<Run>,
    /// The bookmark of the last run that stored one.
    pub bookmark: Option<Bookmark>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    name: String,
    role: String,
    #[serde(default)]
    tags: Tags,
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
    /// The tags that listed names must have, where the operation has the member.
    #[serde(default)]
    tags: Tags,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BookmarkOutput {
    job_bookmark_entry: BookmarkEntry,
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

/// Creates a job, unless the name is taken.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    check_pass_role(cloud, caller, &input.role)?;
    if cloud.region(caller).glue.jobs.contains_key(&input.name) {
        return Err(ServiceError::with(
            "AlreadyExistsException",
            format!("Job {} already exists.", input.name),
        ));
    }
    let mut what = input.rest;
    // E066.
    if what.0.get("Command").and_then(|command| command["Name"].as_str()).is_none_or(str::is_empty) {
        return Err(ServiceError::invalid_input("Command name should not be null or empty"));
    }
    capacity::check(&what)?;
    let now = timestamp(cloud);
    what.set("Name", input.name.as_str());
    what.set("Role", input.role);
    what.set("CreatedOn", now.clone());
    what.set("LastModifiedOn", now);
    tag::set(cloud, caller, &format!("job/{}", input.name), input.tags)?;
    let job = Job { what, runs: List::new(), bookmark: None };
    cloud.region(caller).glue.jobs.insert(input.name.clone(), job);
    Ok(CreateOutput { name: input.name })
}

/// Returns a job.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    Ok(GetOutput { job: find(cloud, caller, &input.job_name)?.view() })
}

/// Lists jobs in the order of names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn jobs(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<JobsOutput, ServiceError> {
    let (page, next_token) = page(cloud, caller, "GetJobs", &input)?;
    let jobs = &cloud.region(caller).glue.jobs;
    let jobs = page.iter().filter_map(|name| Some(jobs.get(name)?.view())).collect();
    Ok(JobsOutput { jobs, next_token })
}

/// Lists the names of jobs.
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
    let mut names: Vec<String> = cloud.region(caller).glue.jobs.keys().cloned().collect();
    names.retain(|name| tag::has_all(cloud, caller, &format!("job/{name}"), &input.tags));
    listing::page(caller, &asked, names.iter())
}

/// Replaces the definition of a job. Absent members are removed.
pub fn update(cloud: &mut Cloud, caller: &Caller, input: UpdateInput) -> Result<NameOutput, ServiceError> {
    let now = timestamp(cloud);
    let job = find(cloud, caller, &input.job_name)?;
    let mut what = input.job_update;
    capacity::check(&what)?;
    let role = what.text("Role").or(job.what.text("Role")).unwrap_or_default().to_owned();
    what.set("Name", input.job_name.as_str());
    what.set("Role", role.as_str());
    what.set("CreatedOn", job.what.0.get("CreatedOn").cloned().unwrap_or_default());
    what.set("LastModifiedOn", now);
    check_pass_role(cloud, caller, &role)?;
    find(cloud, caller, &input.job_name)?.what = what;
    Ok(NameOutput { job_name: input.job_name })
}

/// Deletes a job with its runs. A missing job is not an error: the operation declares none for it.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<NameOutput, ServiceError> {
    cloud.region(caller).glue.jobs.remove(&input.job_name);
    tag::forget(cloud, caller, &format!("job/{}", input.job_name));
    Ok(NameOutput { job_name: input.job_name })
}

/// Returns the bookmark of a job, which must exist.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_bookmark(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<BookmarkOutput, ServiceError> {
    let kept = find(cloud, caller, &input.job_name)?.bookmark.clone();
    let kept = kept.ok_or_else(|| no_bookmark(&input.job_name))?;
    let entry = kept.read(cloud, &caller.through("glue"));
    let job_bookmark_entry = entry.map_err(|refusal| glue_error(cloud, &refusal))?;
    Ok(BookmarkOutput { job_bookmark_entry })
}

/// Resets the bookmark of a job without decrypting it.
pub fn reset_bookmark(
    cloud: &mut Cloud,
    caller: &Caller,
    input: NameInput,
) -> Result<BookmarkOutput, ServiceError> {
    let kept = &mut find(cloud, caller, &input.job_name)?.bookmark;
    kept.take().ok_or_else(|| no_bookmark(&input.job_name))?;
    let job_bookmark = "{}".to_owned();
    Ok(BookmarkOutput {
        job_bookmark_entry: BookmarkEntry {
            job_name: input.job_name,
            job_bookmark,
            ..BookmarkEntry::default()
        },
    })
}

fn no_bookmark(job: &str) -> ServiceError {
    ServiceError::with("EntityNotFoundException", format!("Continuation for job {job} not found."))
}

/// Returns the job of that name.
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Job, ServiceError> {
    let found = cloud.region(caller).glue.jobs.get_mut(name);
    found.ok_or_else(|| ServiceError::with("EntityNotFoundException", format!("Job {name} not found.")))
}

impl Job {
    /// Returns the job as responses have it, with the members that the service always returns (E248).
    pub fn view(&self) -> Document {
        let mut view = self.what.clone();
        view.0.entry("ExecutionProperty").or_insert_with(|| json!({ "MaxConcurrentRuns": 1 }));
        view.0.entry("MaxRetries").or_insert_with(|| json!(0));
        capacity::fill(&mut view, self.command());
        view
    }

    /// Returns the name of the command.
    pub fn command(&self) -> &str {
        self.what.0.get("Command").and_then(|command| command["Name"].as_str()).unwrap_or_default()
    }

    /// Returns the arguments of a run: those of the start override the default arguments.
    pub fn arguments(&self, of_run: &Document) -> Map<String, Value> {
        let mut arguments =
            self.what.0.get("DefaultArguments").and_then(Value::as_object).cloned().unwrap_or_default();
        arguments.extend(of_run.0.clone());
        let fixed = self.what.0.get("NonOverridableArguments").and_then(Value::as_object);
        arguments.extend(fixed.cloned().unwrap_or_default());
        arguments
    }

    /// Returns the names of the connections.
    pub fn connections(&self) -> Vec<String> {
        let listed = self.what.0.get("Connections").and_then(|list| list["Connections"].as_array());
        listed.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// Returns the largest number of concurrent runs.
    pub fn max_concurrent_runs(&self) -> u64 {
        let property = self.what.0.get("ExecutionProperty").and_then(|it| it["MaxConcurrentRuns"].as_u64());
        property.unwrap_or(1)
    }
}
