//! Jobs and their runs: what a run goes through by the clock, what it writes under which key, and why it fails.

use serde_json::json;

use super::support::{
    bucket, cloud, configuration, disable, enable, encryption, failure, glue, job, key_for_logs, logs,
    read_run, refused, run, start, succeeded, wait, written,
};

#[test]
fn a_run_starts_runs_and_ends_by_the_clock() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let id = start(&cloud, "j");
    let state = || read_run(&cloud, "j", &id)["JobRunState"].as_str().unwrap().to_owned();
    assert_eq!(state(), "STARTING");
    assert_eq!(
        refused(&cloud, "StartJobRun", &json!({ "JobName": "j" })).0,
        "ConcurrentRunsExceededException"
    );
    clock.advance(std::time::Duration::from_secs(3));
    assert_eq!(state(), "RUNNING");
    wait(&clock);
    assert_eq!(state(), "SUCCEEDED");
    let done = read_run(&cloud, "j", &id);
    assert_eq!(done["ExecutionTime"], 3, "the time of the run, not of the read");
    let second = start(&cloud, "j");
    let all = glue(&cloud, "GetJobRuns", &json!({ "JobName": "j", "MaxResults": 1 }));
    assert_eq!(all["JobRuns"][0]["Id"], second.as_str(), "the latest first");
    let rest = glue(&cloud, "GetJobRuns", &json!({ "JobName": "j", "NextToken": all["NextToken"] }));
    assert_eq!(rest["JobRuns"][0]["Id"], id.as_str());
}

#[test]
fn a_run_can_be_stopped_while_it_goes_on() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let id = start(&cloud, "j");
    let stop = || glue(&cloud, "BatchStopJobRun", &json!({ "JobName": "j", "JobRunIds": [id, "jr_none"] }));
    let first = stop();
    assert_eq!(first["SuccessfulSubmissions"], json!([{ "JobName": "j", "JobRunId": id }]));
    assert_eq!(first["Errors"][0]["JobRunId"], "jr_none");
    wait(&clock);
    assert_eq!(read_run(&cloud, "j", &id)["JobRunState"], "STOPPED");
    assert_eq!(stop()["SuccessfulSubmissions"], json!([]));
    let listed = logs(&cloud, "DescribeLogGroups", &json!({}));
    assert_eq!(listed["logGroups"], json!([]), "a stopped run did nothing");
}

#[test]
fn a_configuration_encrypts_objects_logs_and_bookmarks() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    let more = json!({ "SecurityConfiguration": "all", "DefaultArguments": {
        "--output": "s3://data/out/j", "--job-bookmark-option": "job-bookmark-enable",
    } });
    glue(&cloud, "CreateJob", &job("j", "with.py", &more));
    let done = run(&cloud, &clock, "j");
    succeeded(&done);
    assert_eq!(encryption(&written(&cloud, "j", &done)), (Some("aws:kms"), Some(key.as_str())));
    let groups = logs(&cloud, "DescribeLogGroups", &json!({}))["logGroups"].clone();
    for (group, part) in groups.as_array().unwrap().iter().zip(["error", "output"]) {
        assert_eq!(group["logGroupName"], format!("/aws-glue/jobs/all-role/worker/{part}"));
        assert_eq!(group["kmsKeyId"], key.as_str());
    }
    let bookmark = || glue(&cloud, "GetJobBookmark", &json!({ "JobName": "j" }))["JobBookmarkEntry"].clone();
    assert_eq!((&bookmark()["Run"], &bookmark()["RunId"]), (&json!(1), &done["Id"]));
    disable(&cloud, &key);
    assert_eq!(refused(&cloud, "GetJobBookmark", &json!({ "JobName": "j" })).0, "GlueEncryptionException");
    enable(&cloud, &key);
    let again = run(&cloud, &clock, "j");
    succeeded(&again);
    assert_eq!((&bookmark()["Run"], &bookmark()["PreviousRunId"]), (&json!(2), &done["Id"]));
    glue(&cloud, "ResetJobBookmark", &json!({ "JobName": "j" }));
    assert_eq!(refused(&cloud, "GetJobBookmark", &json!({ "JobName": "j" })).0, "EntityNotFoundException");
}

#[test]
fn without_a_configuration_logs_go_where_all_go() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let done = run(&cloud, &clock, "j");
    succeeded(&done);
    let stream = json!({ "logGroupName": "/aws-glue/jobs/output", "logStreamName": done["Id"], "startFromHead": true });
    let events = logs(&cloud, "GetLogEvents", &stream)["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), 2, "{events}");
}

#[test]
fn without_job_init_the_configuration_has_no_effect_on_what_the_job_writes() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    let more = json!({ "SecurityConfiguration": "all" });
    glue(&cloud, "CreateJob", &job("with", "with.py", &more));
    glue(&cloud, "CreateJob", &job("without", "without.py", &more));
    let (with, without) = (run(&cloud, &clock, "with"), run(&cloud, &clock, "without"));
    succeeded(&without);
    assert_eq!(encryption(&written(&cloud, "with", &with)).0, Some("aws:kms"));
    assert_ne!(encryption(&written(&cloud, "without", &without)).0, Some("aws:kms"));
    assert_eq!(
        refused(&cloud, "GetJobBookmark", &json!({ "JobName": "without" })).0,
        "EntityNotFoundException"
    );
}

#[test]
fn the_parameter_for_sse_s3_counts_only_without_a_configuration() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    let arguments =
        |name: &str| json!({ "--encryption-type": "sse-s3", "--output": format!("s3://data/out/{name}") });
    let plain = json!({ "DefaultArguments": arguments("plain") });
    glue(&cloud, "CreateJob", &job("plain", "with.py", &plain));
    let both = json!({ "DefaultArguments": arguments("both"), "SecurityConfiguration": "all" });
    glue(&cloud, "CreateJob", &job("both", "with.py", &both));
    let (plain, both) = (run(&cloud, &clock, "plain"), run(&cloud, &clock, "both"));
    assert_eq!(encryption(&written(&cloud, "plain", &plain)), (Some("AES256"), None));
    assert_eq!(encryption(&written(&cloud, "both", &both)), (Some("aws:kms"), Some(key.as_str())));
}

#[test]
fn a_run_brings_a_configuration_of_its_own() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let input = json!({ "JobName": "j", "SecurityConfiguration": "all" });
    let id = glue(&cloud, "StartJobRun", &input)["JobRunId"].as_str().unwrap().to_owned();
    wait(&clock);
    let done = read_run(&cloud, "j", &id);
    assert_eq!(done["SecurityConfiguration"], "all");
    assert_eq!(encryption(&written(&cloud, "j", &done)).1, Some(key.as_str()));
}

#[test]
fn a_key_that_is_disabled_meanwhile_fails_the_run() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    let s3_only = json!({ "Name": "s3", "EncryptionConfiguration": {
        "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key }],
    } });
    glue(&cloud, "CreateSecurityConfiguration", &s3_only);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({ "SecurityConfiguration": "s3" })));
    let id = start(&cloud, "j");
    disable(&cloud, &key);
    wait(&clock);
    let reason = failure(&read_run(&cloud, "j", &id));
    assert!(reason.contains("is disabled") && reason.contains("Service: Amazon S3"), "{reason}");
    enable(&cloud, &key);
    succeeded(&run(&cloud, &clock, "j"));
}

#[test]
fn finished_work_stays_when_its_key_is_disabled_later() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({ "SecurityConfiguration": "all" })));
    let id = start(&cloud, "j");
    wait(&clock);
    disable(&cloud, &key);
    succeeded(&read_run(&cloud, "j", &id));
}

#[test]
fn a_name_that_no_log_group_can_have_fails_the_run() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    glue(
        &cloud,
        "CreateSecurityConfiguration",
        &json!({ "Name": "with space", "EncryptionConfiguration": {} }),
    );
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({ "SecurityConfiguration": "with space" })));
    let reason = failure(&run(&cloud, &clock, "j"));
    assert!(reason.starts_with("JobName:j and JobRunId:jr_"), "{reason}");
    assert!(reason.contains("Value '/aws-glue/jobs/with space-role/worker/error' at"), "{reason}");
    assert!(
        reason.contains("(Service: AWSGlueJobExecutor; Status Code: 400; Error Code: InvalidInputException;"),
        "{reason}"
    );
}

#[test]
fn a_script_or_a_configuration_that_is_not_there_fails_the_run() {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    glue(&cloud, "CreateJob", &job("j", "none.py", &json!({})));
    assert!(failure(&run(&cloud, &clock, "j")).contains("NoSuchKey"));
    glue(&cloud, "CreateJob", &job("k", "with.py", &json!({ "SecurityConfiguration": "none" })));
    assert!(failure(&run(&cloud, &clock, "k")).contains("EntityNotFoundException"));
}

#[test]
fn definitions_are_made_changed_listed_and_removed() {
    let (cloud, _) = cloud();
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({ "GlueVersion": "4.0" })));
    assert_eq!(refused(&cloud, "CreateJob", &job("j", "with.py", &json!({}))).0, "AlreadyExistsException");
    let nameless = job("k", "with.py", &json!({ "Command": {} }));
    let expected =
        ("InvalidInputException".to_owned(), "Command name should not be null or empty".to_owned());
    assert_eq!(refused(&cloud, "CreateJob", &nameless), expected);
    let update =
        json!({ "JobName": "j", "JobUpdate": { "Command": { "Name": "glueetl" }, "Description": "new" } });
    glue(&cloud, "UpdateJob", &update);
    let read = glue(&cloud, "GetJob", &json!({ "JobName": "j" }))["Job"].clone();
    assert_eq!(
        (read["Description"].as_str(), read.get("GlueVersion")),
        (Some("new"), None),
        "an update replaces"
    );
    assert_eq!(glue(&cloud, "ListJobs", &json!({}))["JobNames"], json!(["j"]));
    assert_eq!(glue(&cloud, "GetJobs", &json!({}))["Jobs"][0]["Name"], "j");
    glue(&cloud, "DeleteJob", &json!({ "JobName": "j" }));
    assert_eq!(refused(&cloud, "GetJob", &json!({ "JobName": "j" })).0, "EntityNotFoundException");
    assert_eq!(refused(&cloud, "StartJobRun", &json!({ "JobName": "j" })).0, "EntityNotFoundException");
}

#[test]
fn a_job_has_the_members_that_the_service_always_returns_e248() {
    let (cloud, _) = cloud();
    bucket(&cloud);
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let read = glue(&cloud, "GetJob", &json!({ "JobName": "j" }))["Job"].clone();
    assert_eq!(read["ExecutionProperty"], json!({ "MaxConcurrentRuns": 1 }));
    assert_eq!((&read["MaxRetries"], &read["Timeout"]), (&json!(0), &json!(2880)));
    assert_eq!((&read["MaxCapacity"], &read["AllocatedCapacity"]), (&json!(10.0), &json!(10)));
    let twice = json!({ "WorkerType": "G.1X", "NumberOfWorkers": 2, "MaxCapacity": 2.0 });
    let (code, text) = refused(&cloud, "CreateJob", &job("k", "with.py", &twice));
    assert_eq!(code, "InvalidInputException");
    assert_eq!(text, "Please do not set Max Capacity if using Worker Type and Number of Workers.");
}

#[test]
fn a_run_has_the_capacity_of_its_start() {
    let (cloud, _) = cloud();
    bucket(&cloud);
    glue(
        &cloud,
        "CreateJob",
        &job("j", "with.py", &json!({ "ExecutionProperty": { "MaxConcurrentRuns": 9 } })),
    );
    let run = |more: serde_json::Value| {
        let mut input = json!({ "JobName": "j" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let id = glue(&cloud, "StartJobRun", &input)["JobRunId"].as_str().unwrap().to_owned();
        read_run(&cloud, "j", &id)
    };
    let given = run(json!({ "WorkerType": "G.2X", "NumberOfWorkers": 3, "Timeout": 7 }));
    assert_eq!((&given["WorkerType"], &given["NumberOfWorkers"]), (&json!("G.2X"), &json!(3)));
    assert_eq!((&given["MaxCapacity"], &given["Timeout"]), (&json!(6.0), &json!(7)));
    assert_eq!(run(json!({ "AllocatedCapacity": 4 }))["MaxCapacity"], json!(4.0));
    assert_eq!(run(json!({}))["MaxCapacity"], json!(10.0));
    let again = json!({ "JobName": "j", "JobRunId": "jr_1" });
    let (code, text) = refused(&cloud, "StartJobRun", &again);
    assert_eq!(code, "InvalidInputException");
    assert_eq!(text, "glueproof does not implement the member JobRunId of StartJobRun");
}

#[test]
fn names_of_jobs_are_listed_by_tags() {
    let (cloud, _) = cloud();
    bucket(&cloud);
    for (name, team) in [("a", "red"), ("b", "blue")] {
        glue(&cloud, "CreateJob", &job(name, "with.py", &json!({ "Tags": { "team": team } })));
    }
    let listed = glue(&cloud, "ListJobs", &json!({ "Tags": { "team": "blue" } }));
    assert_eq!(listed["JobNames"], json!(["b"]));
    assert_eq!(glue(&cloud, "ListJobs", &json!({}))["JobNames"], json!(["a", "b"]));
}
