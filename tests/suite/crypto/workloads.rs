//! Rules on what jobs and crawlers write fail on a cloud that encrypts otherwise than it is told, and on no other.

use serde_json::{Map, Value, json};

use super::caught::{asked_otherwise, caught, deaf_to};
use crate::altered::servers::successes;
use crate::server::Answers;
use crate::trial::cloud;

/// Makes the thing without its security configuration.
fn without_configuration(operation: &'static str, member: &'static str) -> Answers {
    asked_otherwise(&cloud(), operation, move |input| {
        input.as_object_mut().and_then(|input| input.shift_remove(member));
    })
}

/// Makes security configurations with a part of them switched off.
fn without_part(part: &'static str, off: Value) -> Answers {
    asked_otherwise(&cloud(), "CreateSecurityConfiguration", move |input| {
        input["EncryptionConfiguration"][part] = off.clone();
    })
}

#[test]
fn jobs_that_do_nothing_about_their_configuration() {
    for rule in [
        "glue/S3Encryption/encryption/objects/SSE-KMS",
        "glue/S3Encryption/encryption/objects/SSE-S3",
        "glue/CloudWatchEncryption/encryption/logs-of-jobs/SSE-KMS",
        "glue/S3Encryption/encryption/fails/key-disabled",
    ] {
        caught(rule, without_configuration("CreateJob", "SecurityConfiguration"));
    }
    for rule in [
        "glue/StartJobRun/encryption/objects/of-the-run",
        "glue/StartJobRun/valid/names-its-configuration/of-the-run",
    ] {
        caught(rule, without_configuration("StartJobRun", "SecurityConfiguration"));
    }
}

#[test]
fn crawlers_that_do_nothing_about_their_configuration() {
    let member = "CrawlerSecurityConfiguration";
    for rule in [
        "glue/CloudWatchEncryption/encryption/logs-of-crawlers/SSE-KMS",
        "glue/CreateCrawler/valid/names-its-configuration/one",
    ] {
        caught(rule, without_configuration("CreateCrawler", member));
    }
}

#[test]
fn logs_under_a_key_that_was_not_requested() {
    let cloud = cloud();
    let always = asked_otherwise(&cloud, "CreateSecurityConfiguration", |input| {
        let key = input["EncryptionConfiguration"]["S3Encryption"][0]["KmsKeyArn"].clone();
        input["EncryptionConfiguration"]["CloudWatchEncryption"] =
            json!({ "CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key });
    });
    caught("glue/CloudWatchEncryption/encryption/logs-of-jobs/DISABLED", always);
}

#[test]
fn objects_that_need_no_key() {
    for rule in
        ["glue/S3Encryption/encryption/objects/unreadable", "glue/S3Encryption/encryption/fails/key-disabled"]
    {
        caught(rule, deaf_to(&cloud(), &["DisableKey"]));
    }
    let off = json!([{ "S3EncryptionMode": "DISABLED" }]);
    caught("glue/S3Encryption/encryption/objects/unreadable", without_part("S3Encryption", off));
}

#[test]
fn a_parameter_that_outranks_the_configuration() {
    let obeyed = asked_otherwise(&cloud(), "CreateJob", |input| {
        if input["DefaultArguments"].get("--encryption-type").is_some() {
            input.as_object_mut().and_then(|input| input.shift_remove("SecurityConfiguration"));
        }
    });
    caught("glue/S3Encryption/encryption/objects/over-sse-s3-parameter", obeyed);
}

#[test]
fn runs_that_tell_a_configuration_they_have_not() {
    let told =
        successes(&cloud(), "GetJobRun", |body| body["JobRun"]["SecurityConfiguration"] = json!("some"));
    caught("glue/StartJobRun/valid/names-its-configuration/none", told);
}

#[test]
fn runs_that_never_keep_their_bookmark() {
    let lost = successes(&cloud(), "GetJobRun", |body| {
        let run: &mut Map<String, Value> = body["JobRun"].as_object_mut().unwrap();
        run.insert("JobRunState".to_owned(), json!("FAILED"));
    });
    caught("glue/JobBookmarksEncryption/encryption/bookmark", lost);
}
