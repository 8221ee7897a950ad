//! The execution of a job's run. Scripts are not executed. A run reads its script, detects a call of `job.init`, and writes
//! the output of any job: logs, an object for each S3 target among its arguments, and its bookmark. Everything happens as
//! the job's role, encrypted as its security configuration says.
//! Must not keep time: `schedule` does.
//! [`run`] is the entry point.

use serde_json::{Map, Value, json};

use super::bookmark::{Bookmark, BookmarkEntry};
use super::delegation::{error_text, role_name};
use super::document::Document;
use super::workload::{ObjectEncryption, Workload, WorkloadError, read_object, write_object};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;

/// Arguments with S3 locations that are not targets of a run.
const NON_TARGET_ARGUMENTS: [&str; 7] = [
    "--TempDir",
    "--extra-py-files",
    "--extra-jars",
    "--extra-files",
    "--scriptLocation",
    "--spark-event-logs-path",
    "--s3-py-modules",
];

/// The settings of one run.
#[derive(Debug)]
struct Plan {
    job: String,
    run: String,
    role: String,
    script: String,
    arguments: Document,
    configuration: Option<String>,
    connections: Vec<String>,
    log_group: String,
}

/// Returns the prefix of the log groups of a run, `…/output` and `…/error` (E088, E089).
pub fn log_group(job: &Document, configuration: Option<&str>) -> String {
    let role = role_name(job.text("Role").unwrap_or_default());
    configuration.map_or_else(
        || "/aws-glue/jobs".to_owned(),
        |configuration| format!("/aws-glue/jobs/{configuration}-role/{role}"),
    )
}

/// Executes a run.
///
/// # Errors
/// The `ErrorMessage` of the run.
pub fn run(cloud: &mut Cloud, owner: &Caller, job: &str, run: &str) -> Result<(), String> {
    let plan = plan(cloud, owner, job, run).ok_or_else(|| "the job is gone".to_owned())?;
    let workload =
        Workload::begin(cloud, owner, &plan.role, plan.configuration.as_deref(), &plan.connections)
            .map_err(|stop| in_words(cloud, stop))?;
    launch(cloud, &plan, &workload)?;
    let done = work(cloud, owner, &plan, &workload);
    let last_line = match &done {
        Ok(()) => ("output", format!("Job {} run {} succeeded", plan.job, plan.run)),
        Err(reason) => ("error", reason.clone()),
    };
    let group = format!("{}/{}", plan.log_group, last_line.0);
    let logged = workload.log(cloud, &group, &plan.run, vec![last_line.1]);
    done?;
    logged.map_err(|refusal| unlaunched(cloud, &plan, &refusal))
}

fn plan(cloud: &mut Cloud, owner: &Caller, name: &str, run: &str) -> Option<Plan> {
    let job = cloud.region(owner).glue.jobs.get(name)?;
    let known = job.runs.iter().find(|known| known.id == run)?;
    let script = job.what.0.get("Command").and_then(|command| command["ScriptLocation"].as_str());
    Some(Plan {
        job: name.to_owned(),
        run: run.to_owned(),
        role: job.what.text("Role").unwrap_or_default().to_owned(),
        script: script.unwrap_or_default().to_owned(),
        arguments: Document(job.arguments(&known.arguments)),
        configuration: known.security_configuration.clone(),
        connections: job.connections(),
        log_group: known.log_group.clone(),
    })
}

/// Opens the logs. A run does not begin without them. The group contains the name of the configuration, so some names fail
/// (E089).
fn launch(cloud: &mut Cloud, plan: &Plan, workload: &Workload) -> Result<(), String> {
    for part in ["error", "output"] {
        let group = format!("{}/{part}", plan.log_group);
        let legal = |c: char| c.is_ascii_alphanumeric() || ".-_/#".contains(c);
        if !group.chars().all(legal) {
            let member = if part == "error" { "stdErrLogGroupName" } else { "stdOutLogGroupName" };
            let text = format!(
                "1 validation error detected: Value '{group}' at 'logProperties.{member}' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
            );
            return Err(unlaunched(cloud, plan, &ServiceError::invalid_input(text)));
        }
        let line = format!("Job {} run {} started", plan.job, plan.run);
        let logged = workload.log(cloud, &group, &plan.run, vec![line]);
        logged.map_err(|refusal| unlaunched(cloud, plan, &refusal))?;
    }
    continuous(cloud, plan, workload);
    Ok(())
}

/// Starts continuous logging, which is omitted if its group cannot be created (E090).
fn continuous(cloud: &mut Cloud, plan: &Plan, workload: &Workload) {
    if plan.arguments.text("--enable-continuous-cloudwatch-log") != Some("true") {
        return;
    }
    let group = plan.arguments.text("--continuous-log-logGroup").unwrap_or("/aws-glue/jobs/logs-v2");
    let suffix = plan.configuration.as_ref().map(|name| format!("-{name}")).unwrap_or_default();
    let line = format!("Job {} run {} logs continuously", plan.job, plan.run);
    // A failure does not fail the run.
    let _ = workload.log(cloud, &format!("{group}{suffix}"), &format!("{}-driver", plan.run), vec![line]);
}

fn work(cloud: &mut Cloud, owner: &Caller, plan: &Plan, workload: &Workload) -> Result<(), String> {
    let script = read_object(cloud, &workload.worker, &plan.script).map_err(|no| of_s3(cloud, &no))?;
    let initialised =
        initialises(&String::from_utf8_lossy(&script)) && !cloud.failpoint(Bug::JobInitNotDetected);
    let protection = protection(cloud, plan, workload, initialised);
    for target in targets(&plan.arguments.0) {
        let at = format!("{}/run-{}-part-r-00000", target.trim_end_matches('/'), plan.run);
        let record = json!({ "job": plan.job, "run": plan.run, "arguments": plan.arguments }).to_string();
        write_object(cloud, &workload.worker, &at, record.into_bytes(), &protection)
            .map_err(|no| of_s3(cloud, &no))?;
    }
    if initialised && plan.arguments.text("--job-bookmark-option") == Some("job-bookmark-enable") {
        keep_bookmark(cloud, owner, plan, workload)
            .map_err(|refusal| error_text(cloud, &refusal, "AWSKMS", 400))?;
    }
    Ok(())
}

/// Returns true if the script calls `job.init`, in Python or Scala, outside comments.
fn initialises(script: &str) -> bool {
    let before = |line: &str, mark: &str| line.split(mark).next().unwrap_or_default().to_owned();
    let mut code = script.lines().map(|line| before(&before(line, "#"), "//"));
    code.any(|line| line.to_lowercase().replace(' ', "").contains("job.init("))
}

/// Returns the encryption of the run's objects. A configuration applies only to a job that calls `job.init`. The parameter
/// for SSE-S3 applies only without a configuration.
fn protection(cloud: &Cloud, plan: &Plan, workload: &Workload, initialised: bool) -> ObjectEncryption {
    let sse_s3 = plan.arguments.text("--encryption-type") == Some("sse-s3");
    let applies = initialised || cloud.failpoint(Bug::JobInitNotRequired);
    match &workload.encryption {
        Some(_) if sse_s3 && cloud.failpoint(Bug::SseS3OverConfiguration) => ObjectEncryption::SseS3,
        Some(encryption) if applies => encryption.objects.clone(),
        None if sse_s3 && !cloud.failpoint(Bug::SseS3Ignored) => ObjectEncryption::SseS3,
        _ => ObjectEncryption::AsTheBucket,
    }
}

fn targets(arguments: &Map<String, Value>) -> Vec<String> {
    let of_results = arguments.iter().filter(|(name, _)| !NON_TARGET_ARGUMENTS.contains(&name.as_str()));
    let places = of_results.filter_map(|(_, value)| value.as_str().filter(|text| text.starts_with("s3://")));
    places.map(str::to_owned).collect()
}

/// Reads the bookmark of the run before, and stores that of this run.
fn keep_bookmark(
    cloud: &mut Cloud,
    owner: &Caller,
    plan: &Plan,
    workload: &Workload,
) -> Result<(), ServiceError> {
    let kept = cloud.region(owner).glue.jobs.get(&plan.job).and_then(|job| job.bookmark.clone());
    let former = match kept {
        Some(kept) => kept.read(cloud, &workload.worker)?,
        None => BookmarkEntry::default(),
    };
    let entry = BookmarkEntry {
        attempt: 0,
        job_bookmark: json!({ "run": plan.run }).to_string(),
        job_name: plan.job.clone(),
        previous_run_id: former.run_id,
        run: former.run + 1,
        run_id: Some(plan.run.clone()),
        version: former.version + 1,
    };
    let key = workload.encryption.as_ref().and_then(|encryption| encryption.bookmarks.as_deref());
    let written = Bookmark::write(cloud, &workload.worker, key, &entry)?;
    if let Some(job) = cloud.region(owner).glue.jobs.get_mut(&plan.job) {
        job.bookmark = Some(written);
    }
    Ok(())
}

/// Returns the error of a run that could not begin (E089).
fn unlaunched(cloud: &mut Cloud, plan: &Plan, refusal: &ServiceError) -> String {
    let why = error_text(cloud, refusal, "AWSGlueJobExecutor", 400);
    format!("JobName:{} and JobRunId:{} failed to execute with exception {why}", plan.job, plan.run)
}

fn of_s3(cloud: &mut Cloud, refusal: &ServiceError) -> String {
    let status = match &*refusal.code {
        "AccessDenied" => 403,
        "NoSuchBucket" | "NoSuchKey" => 404,
        _ => 400,
    };
    error_text(cloud, refusal, "Amazon S3", status)
}

fn in_words(cloud: &mut Cloud, stop: WorkloadError) -> String {
    match stop {
        // The text is Glue's own, or that of the called service. A missing resource is told by its code.
        WorkloadError::Refused(ServiceError { code, message: Some(text) })
            if code != "EntityNotFoundException" =>
        {
            text
        }
        WorkloadError::Refused(refusal) => error_text(cloud, &refusal, "AWSGlue", 400),
        none @ WorkloadError::NoWayToKms => none.to_string(),
    }
}
