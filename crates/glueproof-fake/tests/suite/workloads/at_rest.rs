//! Data that was written encrypted stays hidden: neither in what is stored, nor in what `Debug` says of the cloud, nor
//! in a refusal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glueproof_fake::FakeCloud;
use serde_json::json;

use super::support::{
    PASSWORD, bucket, cloud, configuration, connection, disable, glue, job, key, key_for_logs, logs, run, s3,
    settings, succeeded, try_glue,
};

const SECRET: &str = "sesame-seeds-are-secret";

fn used() -> (FakeCloud, String) {
    let (cloud, clock) = cloud();
    bucket(&cloud);
    // Before anything is encrypted, so that even what lies in the open is not shown.
    glue(&cloud, "CreateConnection", &connection("plain"));
    let catalog_key = key(&cloud);
    settings(&cloud, Some(&catalog_key), Some((&catalog_key, true)));
    glue(&cloud, "CreateConnection", &connection("sealed"));
    let database = json!({ "DatabaseInput": { "Name": "d", "Description": SECRET } });
    glue(&cloud, "CreateDatabase", &database);
    let table = json!({ "DatabaseName": "d", "TableInput": { "Name": "t", "Parameters": { "of": SECRET } } });
    glue(&cloud, "CreateTable", &table);
    configuration(&cloud, "all", &key_for_logs(&cloud));
    let more = json!({ "SecurityConfiguration": "all", "DefaultArguments": {
        "--output": "s3://data/out/j", "--job-bookmark-option": "job-bookmark-enable", "--token": SECRET,
    } });
    glue(&cloud, "CreateJob", &job("j", "with.py", &more));
    succeeded(&run(&cloud, &clock, "j"));
    (cloud, catalog_key)
}

/// Returns what a stolen disk contains: the bytes of every item and the saved state, with every text of base64 decoded.
fn stolen(cloud: &FakeCloud) -> Vec<Vec<u8>> {
    let saved = cloud.snapshot().to_json().unwrap();
    let decoded = saved.split('"').filter_map(|part| STANDARD.decode(part).ok());
    let items = cloud.at_rest().into_iter().map(|item| item.bytes);
    items.chain(decoded).chain([saved.clone().into_bytes()]).collect()
}

fn lies_open(cloud: &FakeCloud, text: &str) -> bool {
    stolen(cloud).iter().any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[test]
fn nothing_that_is_encrypted_lies_open() {
    let (cloud, clock) = cloud();
    let (catalog_key, data_key) = (key(&cloud), key_for_logs(&cloud));
    bucket(&cloud);
    settings(&cloud, Some(&catalog_key), Some((&catalog_key, true)));
    glue(&cloud, "CreateConnection", &connection("sealed"));
    glue(&cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d", "Description": SECRET } }));
    let table = json!({ "Name": "t", "Parameters": { "of": SECRET } });
    glue(&cloud, "CreateTable", &json!({ "DatabaseName": "d", "TableInput": table }));
    configuration(&cloud, "all", &data_key);
    let more = json!({ "SecurityConfiguration": "all", "DefaultArguments": {
        "--output": "s3://data/out/j", "--job-bookmark-option": "job-bookmark-enable",
    } });
    glue(&cloud, "CreateJob", &job("j", "with.py", &more));
    let done = run(&cloud, &clock, "j");
    succeeded(&done);
    let object = format!("/data/out/j/run-{}-part-r-00000", done["Id"].as_str().unwrap());
    let object = String::from_utf8(s3(&cloud, "GET", &object, "").into_body().to_vec()).unwrap();
    let group = logs(&cloud, "DescribeLogGroups", &json!({}))["logGroups"][0]["logGroupName"].clone();
    let events = logs(&cloud, "FilterLogEvents", &json!({ "logGroupName": group }));
    let event = events["events"][0]["message"].as_str().unwrap();
    let bookmark = glue(&cloud, "GetJobBookmark", &json!({ "JobName": "j" }));
    let bookmark = bookmark["JobBookmarkEntry"]["JobBookmark"].as_str().unwrap();
    for text in [PASSWORD, SECRET, &object, event, bookmark] {
        assert!(text.len() > 4, "{text} is too short to look for");
        assert!(!lies_open(&cloud, text), "{text}");
    }
    // The same is found where nothing encrypts it.
    settings(&cloud, None, None);
    let plain = json!({ "DatabaseInput": { "Name": "e", "Description": SECRET } });
    glue(&cloud, "CreateDatabase", &plain);
    assert!(lies_open(&cloud, SECRET));
}

#[test]
fn debug_shows_nothing_of_it() {
    let (cloud, _) = used();
    let shown = format!("{cloud:?} {cloud:#?}");
    for secret in [PASSWORD, SECRET, "correct+horse"] {
        assert!(!shown.contains(secret), "{secret}");
    }
    assert!(shown.contains("Sealed(…)") && shown.contains("Plain(…)"), "both kinds are there");
}

#[test]
fn refusals_say_nothing_of_it() {
    let (cloud, key) = used();
    disable(&cloud, &key);
    for (operation, input) in [
        ("GetConnection", json!({ "Name": "sealed" })),
        ("GetDatabase", json!({ "Name": "d" })),
        ("GetTable", json!({ "DatabaseName": "d", "Name": "t" })),
        ("CreateDatabase", json!({ "DatabaseInput": { "Name": "e", "Description": SECRET } })),
        ("CreateDatabase", json!({ "DatabaseInput": SECRET })),
        ("CreateJob", json!({ "Name": [SECRET], "Role": "r", "Command": {} })),
    ] {
        let refusal = format!("{:?}", try_glue(&cloud, operation, &input).unwrap_err());
        assert!(!refusal.contains(SECRET), "{operation}: {refusal}");
    }
}
