//! Runs of jobs: started, read, listed and stopped.
//! Must not know what a run does: `execution` does.
//! The operations are the entry points; [`finish`] ends a run that is due.

use serde::{Deserialize, Serialize};

use super::capacity;
use super::document::Document;
use super::execution;
use super::job::{self, Job, Run, RunEnd, RunOutcome};
use super::listing::{self, Asked};
use super::schedule::{self, STARTING_SECONDS, Work};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartInput {
    job_name: String,
    #[serde(default)]
    arguments: Document,
    security_configuration: Option<String>,
    /// The members that set the capacity. Members that the fake does not implement are refused.
    #[serde(flatten)]
    others: Document,
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
    job_run: RunView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    job_runs: Vec<RunView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StopOutput {
    errors: Vec<NotStopped>,
    successful_submissions: Vec<RunId>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RunId {
    job_name: String,
    job_run_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NotStopped {
    #[serde(flatten)]
    named: RunId,
    error_detail: ErrorDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorDetail {
    error_code: &'static str,
}

/// A run in responses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RunView {
    arguments: Document,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_on: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    execution_time: i64,
    #[serde(flatten)]
    capacity: Document,
    id: String,
    job_name: String,
    job_run_state: &'static str,
    last_modified_on: Timestamp,
    log_group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_configuration: Option<String>,
    started_on: Timestamp,
}

/// Starts a run, unless the job has its largest number of concurrent runs. The run's configuration overrides the job's.
pub fn start(cloud: &mut Cloud, caller: &Caller, input: StartInput) -> Result<StartOutput, ServiceError> {
    capacity::check(&input.others)?;
    let (now, id) = (cloud.now(), format!("jr_{}", cloud.random.uuid().replace('-', "")));
    let job = job::find(cloud, caller, &input.job_name)?;
    let going_on = job.runs.iter().filter(|run| run.end.is_none()).count();
    if going_on as u64 >= job.max_concurrent_runs() {
        return Err(ServiceError::with(
            "ConcurrentRunsExceededException",
            format!("Concurrent runs exceeded for {}", input.job_name),
        ));
    }
    let of_job = job.what.text("SecurityConfiguration").map(str::to_owned);
    let security_configuration = input.security_configuration.or(of_job);
    job.runs.push(Run {
        id: id.clone(),
        arguments: input.arguments,
        capacity: input.others,
        log_group: execution::log_group(&job.what, security_configuration.as_deref()),
        security_configuration,
        started: now,
        end: None,
    });
    schedule::begin(cloud, caller, Work::Run { job: input.job_name, run: id.clone() });
    Ok(StartOutput { job_run_id: id })
}

/// Executes a run that is due, and ends it.
pub fn finish(cloud: &mut Cloud, owner: &Caller, job: &str, run: &str, at: Timestamp) {
    let outcome = match execution::run(cloud, owner, job, run) {
        Ok(()) => RunOutcome::Succeeded,
        Err(reason) => RunOutcome::Failed(reason),
    };
    end(cloud, owner, job, run, RunEnd { at, outcome });
}

fn end(cloud: &mut Cloud, owner: &Caller, job: &str, run: &str, end: RunEnd) {
    let Some(job) = cloud.region(owner).glue.jobs.get_mut(job) else { return };
    if let Some(run) = job.runs.find_mut(|known| known.id == run) {
        run.end = Some(end);
    }
}

/// Returns a run.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let now = cloud.now();
    let job = job::find(cloud, caller, &input.job_name)?;
    let run = job.runs.iter().find(|run| run.id == input.run_id);
    let run = run.ok_or_else(|| {
        ServiceError::with(
            "EntityNotFoundException",
            format!("Job run {} of job {} not found.", input.run_id, input.job_name),
        )
    })?;
    Ok(GetOutput { job_run: run.view(job, &input.job_name, now) })
}

/// Lists the runs of a job, the latest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let now = cloud.now();
    let asked =
        Asked { operation: "GetJobRuns", token: input.next_token.as_deref(), size: input.max_results };
    let job = job::find(cloud, caller, &input.job_name)?;
    // The numbers count down, so that their order is that of age.
    let order = |index: usize| format!("{:010}", u32::MAX as usize - index);
    let names: Vec<String> = (0..job.runs.len()).rev().map(order).collect();
    let (page, next_token) = listing::page(caller, &asked, names.iter())?;
    let newest_first = (0..job.runs.len()).rev().zip(job.runs.iter().rev());
    let chosen = newest_first.filter(|(index, _)| page.contains(&order(*index)));
    let job_runs = chosen.map(|(_, run)| run.view(job, &input.job_name, now)).collect();
    Ok(ListOutput { job_runs, next_token })
}

/// Stops runs. A run that has ended is an error in the output.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn stop(cloud: &mut Cloud, caller: &Caller, input: StopInput) -> Result<StopOutput, ServiceError> {
    let now = cloud.now();
    let (mut errors, mut successful_submissions) = (Vec::new(), Vec::new());
    for job_run_id in input.job_run_ids {
        let work = Work::Run { job: input.job_name.clone(), run: job_run_id.clone() };
        let named = RunId { job_name: input.job_name.clone(), job_run_id: job_run_id.clone() };
        if schedule::cancel(cloud, caller, &work) {
            end(
                cloud,
                caller,
                &input.job_name,
                &job_run_id,
                RunEnd { at: now, outcome: RunOutcome::Stopped },
            );
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
    fn view(&self, job: &Job, job_name: &str, now: Timestamp) -> RunView {
        let (state, reason) = match self.end.as_ref().map(|end| &end.outcome) {
            None if now < self.started.later(STARTING_SECONDS) => ("STARTING", None),
            None => ("RUNNING", None),
            Some(RunOutcome::Succeeded) => ("SUCCEEDED", None),
            Some(RunOutcome::Failed(reason)) => ("FAILED", Some(reason.clone())),
            Some(RunOutcome::Stopped) => ("STOPPED", None),
        };
        let completed_on = self.end.as_ref().map(|end| end.at);
        let mut capacity = Document::default();
        for member in capacity::MEMBERS {
            let value = self.capacity.0.get(member).or_else(|| job.what.0.get(member));
            if let Some(value) = value {
                capacity.set(member, value.clone());
            }
        }
        // A capacity of the start replaces that of the job, whichever members name them.
        if self.capacity.0.contains_key("WorkerType") {
            capacity.0.shift_remove("MaxCapacity");
        }
        if self.capacity.0.contains_key("MaxCapacity") || self.capacity.0.contains_key("AllocatedCapacity") {
            capacity.0.shift_remove("WorkerType");
            capacity.0.shift_remove("NumberOfWorkers");
        }
        capacity::fill(&mut capacity, job.command());
        let ran_from = self.started.later(STARTING_SECONDS).seconds();
        RunView {
            arguments: Document(job.arguments(&self.arguments)),
            attempt: 0,
            completed_on,
            error_message: reason,
            execution_time: (completed_on.unwrap_or(now).seconds() - ran_from).max(0),
            capacity,
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
