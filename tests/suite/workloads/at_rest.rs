//! Nothing that was written encrypted shows: neither in what `Debug` says of the cloud nor in a refusal.

use glueproof::fake::FakeCloud;
use serde_json::json;

use super::support::{
    PASSWORD, bucket, cloud, configuration, connection, disable, glue, job, key, key_for_logs, run, settings,
    succeeded, try_glue,
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
