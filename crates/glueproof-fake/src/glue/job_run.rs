//! Runs of jobs: started, read, listed and stopped. Must not say what a run does.

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::execution;
use super::job::{self, Job};
use super::listing::{self, Asked};
use super::work::{self, STARTING, Work};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    pub id: String,
    /// What it was started with, besides the usual arguments of its job.
    pub arguments: Document,
    /// The security configuration it works under.
    pub security_configuration: Option<String>,
    /// Where its logs go.
    pub log_group: String,
    pub started: Timestamp,
    /// Nothing while it goes on.
    pub end: Option<End>,
}

/// How a run ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct End {
    pub at: Timestamp,
    pub outcome: Outcome,
}

/// How it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Succeeded,
    /// With the reason.
    Failed(String),
    Stopped,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartInput {
    job_name: String,
    #[serde(default)]
    arguments: Document,
    security_configuration: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartOutput {
    job_run_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    job_name: String,
    run_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    job_name: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StopInput {
    job_name: String,
    job_run_ids: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    job_run: Answer,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    job_runs: Vec<Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StopOutput {
    errors: Vec<NotStopped>,
    successful_submissions: Vec<Named>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Named {
    job_name: String,
    job_run_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NotStopped {
    #[serde(flatten)]
    named: Named,
    error_detail: ErrorDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorDetail {
    error_code: &'static str,
}

/// A run as it is read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    arguments: Document,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_on: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    execution_time: i64,
    id: String,
    job_name: String,
    job_run_state: &'static str,
    last_modified_on: Timestamp,
    log_group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_configuration: Option<String>,
    started_on: Timestamp,
}

/// Starts a run, unless as many as may go on at once do. A configuration of its own counts over the job's.
pub fn start(cloud: &mut Cloud, caller: &Caller, input: StartInput) -> Result<StartOutput, ServiceError> {
    let (now, id) = (cloud.now(), format!("jr_{}", cloud.random.uuid().replace('-', "")));
    let job = job::find(cloud, caller, &input.job_name)?;
    let going_on = job.runs.iter().filter(|run| run.end.is_none()).count();
    if going_on as u64 >= job.most_at_once() {
        return Err(ServiceError::bare("ConcurrentRunsExceededException"));
    }
    let of_job = job.what.text("SecurityConfiguration").map(str::to_owned);
    let security_configuration = input.security_configuration.or(of_job);
    job.runs.push(Run {
        id: id.clone(),
        arguments: input.arguments,
        log_group: execution::log_group(&job.what, security_configuration.as_deref()),
        security_configuration,
        started: now,
        end: None,
    });
    work::begin(cloud, caller, Work::Run { job: input.job_name, run: id.clone() });
    Ok(StartOutput { job_run_id: id })
}

/// Brings a run to its end.
pub fn finish(cloud: &mut Cloud, owner: &Caller, job: &str, run: &str, at: Timestamp) {
    let outcome = match execution::run(cloud, owner, job, run) {
        Ok(()) => Outcome::Succeeded,
        Err(reason) => Outcome::Failed(reason),
    };
    end(cloud, owner, job, run, End { at, outcome });
}

fn end(cloud: &mut Cloud, owner: &Caller, job: &str, run: &str, end: End) {
    let Some(job) = cloud.region(owner).glue.jobs.get_mut(job) else { return };
    if let Some(run) = job.runs.iter_mut().find(|known| known.id == run) {
        run.end = Some(end);
    }
}

/// One run.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let now = cloud.now();
    let job = job::find(cloud, caller, &input.job_name)?;
    let run = job.runs.iter().find(|run| run.id == input.run_id);
    let run = run.ok_or_else(|| ServiceError::bare("EntityNotFoundException"))?;
    Ok(GetOutput { job_run: run.answer(job, &input.job_name, now) })
}

/// A page of a job's, the latest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let now = cloud.now();
    let asked =
        Asked { operation: "GetJobRuns", token: input.next_token.as_deref(), size: input.max_results };
    let job = job::find(cloud, caller, &input.job_name)?;
    // Numbers that count down, so that the order of names is that of age.
    let order = |index: usize| format!("{:010}", u32::MAX as usize - index);
    let names: Vec<String> = (0..job.runs.len()).rev().map(order).collect();
    let (page, next_token) = listing::page(caller, &asked, names.iter())?;
    let chosen = job.runs.iter().enumerate().rev().filter(|(index, _)| page.contains(&order(*index)));
    let job_runs = chosen.map(|(_, run)| run.answer(job, &input.job_name, now)).collect();
    Ok(ListOutput { job_runs, next_token })
}

/// Stops runs that go on; what does not is an error of its own.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn stop(cloud: &mut Cloud, caller: &Caller, input: StopInput) -> Result<StopOutput, ServiceError> {
    let now = cloud.now();
    let (mut errors, mut successful_submissions) = (Vec::new(), Vec::new());
    for job_run_id in input.job_run_ids {
        let work = Work::Run { job: input.job_name.clone(), run: job_run_id.clone() };
        let named = Named { job_name: input.job_name.clone(), job_run_id: job_run_id.clone() };
        if work::call_off(cloud, caller, &work) {
            end(cloud, caller, &input.job_name, &job_run_id, End { at: now, outcome: Outcome::Stopped });
            successful_submissions.push(named);
        } else {
            let known = cloud.region(caller).glue.jobs.get(&input.job_name);
            let known = known.is_some_and(|job| job.runs.iter().any(|run| run.id == job_run_id));
            let error_code = if known { "InvalidInputException" } else { "JobRunNotFound" };
            errors.push(NotStopped { named, error_detail: ErrorDetail { error_code } });
        }
    }
    Ok(StopOutput { errors, successful_submissions })
}

impl Run {
    fn answer(&self, job: &Job, job_name: &str, now: Timestamp) -> Answer {
        let (state, reason) = match self.end.as_ref().map(|end| &end.outcome) {
            None if now < self.started.later(STARTING) => ("STARTING", None),
            None => ("RUNNING", None),
            Some(Outcome::Succeeded) => ("SUCCEEDED", None),
            Some(Outcome::Failed(reason)) => ("FAILED", Some(reason.clone())),
            Some(Outcome::Stopped) => ("STOPPED", None),
        };
        let completed_on = self.end.as_ref().map(|end| end.at);
        let ran_from = self.started.later(STARTING).seconds();
        Answer {
            arguments: Document(job.arguments(&self.arguments)),
            attempt: 0,
            completed_on,
            error_message: reason,
            execution_time: (completed_on.unwrap_or(now).seconds() - ran_from).max(0),
            id: self.id.clone(),
            job_name: job_name.to_owned(),
            job_run_state: state,
            last_modified_on: completed_on.unwrap_or(self.started),
            log_group_name: self.log_group.clone(),
            security_configuration: self.security_configuration.clone(),
            started_on: self.started,
        }
    }
}
