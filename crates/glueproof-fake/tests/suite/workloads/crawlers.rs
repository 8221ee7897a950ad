//! Crawlers: what a crawl finds, where it logs under which key, and why it fails.

use glueproof_fake::{Clock, FakeCloud};
use serde_json::{Value, json};

use super::support::{
    ROLE, bucket, cloud, configuration, disable, glue, key, key_for_logs, logs, refused, s3, settings, wait,
};

fn crawler(more: &Value) -> Value {
    let mut crawler = json!({
        "Name": "c", "Role": ROLE, "DatabaseName": "d", "TablePrefix": "raw_",
        "Targets": { "S3Targets": [{ "Path": "s3://data/in/events/" }] },
    });
    crawler.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    crawler
}

fn data(cloud: &FakeCloud) {
    bucket(cloud);
    assert_eq!(s3(cloud, "PUT", "/data/in/events/1.csv", "Id, Name\n1,a\n").status(), 200);
    glue(cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d" } }));
}

fn read(cloud: &FakeCloud) -> Value {
    glue(cloud, "GetCrawler", &json!({ "Name": "c" }))["Crawler"].clone()
}

fn crawl(cloud: &FakeCloud, clock: &Clock) -> Value {
    glue(cloud, "StartCrawler", &json!({ "Name": "c" }));
    wait(clock);
    read(cloud)["LastCrawl"].clone()
}

#[test]
fn a_crawl_writes_tables_of_what_it_finds() {
    let (cloud, clock) = cloud();
    data(&cloud);
    glue(&cloud, "CreateCrawler", &crawler(&json!({})));
    assert_eq!(read(&cloud)["State"], "READY");
    glue(&cloud, "StartCrawler", &json!({ "Name": "c" }));
    assert_eq!(read(&cloud)["State"], "RUNNING");
    for operation in ["StartCrawler", "UpdateCrawler", "DeleteCrawler"] {
        let (code, _) = refused(&cloud, operation, &json!({ "Name": "c" }));
        assert_eq!(code, "CrawlerRunningException", "{operation}");
    }
    wait(&clock);
    let crawled = read(&cloud);
    assert_eq!((&crawled["State"], &crawled["LastCrawl"]["Status"]), (&json!("READY"), &json!("SUCCEEDED")));
    assert_eq!(crawled["LastCrawl"]["LogGroup"], "/aws-glue/crawlers");
    let table =
        glue(&cloud, "GetTable", &json!({ "DatabaseName": "d", "Name": "raw_events" }))["Table"].clone();
    let columns = json!([{ "Name": "id", "Type": "string" }, { "Name": "name", "Type": "string" }]);
    assert_eq!(table["StorageDescriptor"]["Columns"], columns);
    let stream = json!({ "logGroupName": "/aws-glue/crawlers", "logStreamName": "c" });
    assert_eq!(logs(&cloud, "GetLogEvents", &stream)["events"].as_array().unwrap().len(), 2);
}

#[test]
fn a_configuration_encrypts_the_logs_of_a_crawl() {
    let (cloud, clock) = cloud();
    data(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    let filed = "arn:aws:iam::123456789012:role/service-role/worker";
    glue(&cloud, "CreateCrawler", &crawler(&json!({ "CrawlerSecurityConfiguration": "all", "Role": filed })));
    let last = crawl(&cloud, &clock);
    assert_eq!(last["Status"], "SUCCEEDED", "{last}");
    assert_eq!(last["LogGroup"], "/aws-glue/crawlers-role/service-role/worker-all");
    let groups = logs(&cloud, "DescribeLogGroups", &json!({}))["logGroups"].clone();
    assert_eq!((&groups[0]["logGroupName"], &groups[0]["kmsKeyId"]), (&last["LogGroup"], &json!(key)));
    disable(&cloud, &key);
    assert_eq!(crawl(&cloud, &clock)["Status"], "FAILED");
}

#[test]
fn a_crawl_needs_the_key_of_the_catalog_it_writes_to() {
    let (cloud, clock) = cloud();
    data(&cloud);
    let key = key(&cloud);
    settings(&cloud, Some(&key), None);
    glue(&cloud, "CreateCrawler", &crawler(&json!({})));
    disable(&cloud, &key);
    let last = crawl(&cloud, &clock);
    assert_eq!(last["Status"], "FAILED");
    let reason = last["ErrorMessage"].as_str().unwrap();
    assert!(reason.starts_with(&format!("{key} is disabled. (Service: AWSKMS;")), "{reason}");
}

#[test]
fn a_crawl_can_be_stopped() {
    let (cloud, clock) = cloud();
    data(&cloud);
    glue(&cloud, "CreateCrawler", &crawler(&json!({})));
    assert_eq!(refused(&cloud, "StopCrawler", &json!({ "Name": "c" })).0, "CrawlerNotRunningException");
    glue(&cloud, "StartCrawler", &json!({ "Name": "c" }));
    glue(&cloud, "StopCrawler", &json!({ "Name": "c" }));
    wait(&clock);
    assert_eq!(read(&cloud)["LastCrawl"]["Status"], "CANCELLED");
    let tables = glue(&cloud, "GetTables", &json!({ "DatabaseName": "d" }));
    assert_eq!(tables["TableList"], json!([]));
}

#[test]
fn definitions_are_made_changed_listed_and_removed() {
    let (cloud, _) = cloud();
    let with = json!({ "CrawlerSecurityConfiguration": "none" });
    assert_eq!(refused(&cloud, "CreateCrawler", &crawler(&with)).0, "InvalidInputException");
    glue(&cloud, "CreateCrawler", &crawler(&json!({ "Description": "old" })));
    assert_eq!(refused(&cloud, "CreateCrawler", &crawler(&json!({}))).0, "AlreadyExistsException");
    assert_eq!(read(&cloud).get("CrawlerSecurityConfiguration"), None);
    glue(&cloud, "CreateSecurityConfiguration", &json!({ "Name": "s", "EncryptionConfiguration": {} }));
    glue(&cloud, "UpdateCrawler", &json!({ "Name": "c", "CrawlerSecurityConfiguration": "s" }));
    let changed = read(&cloud);
    assert_eq!(
        (&changed["Description"], &changed["CrawlerSecurityConfiguration"]),
        (&json!("old"), &json!("s"))
    );
    assert_eq!(glue(&cloud, "ListCrawlers", &json!({}))["CrawlerNames"], json!(["c"]));
    assert_eq!(glue(&cloud, "GetCrawlers", &json!({}))["Crawlers"][0]["Version"], 2);
    glue(&cloud, "DeleteCrawler", &json!({ "Name": "c" }));
    let gone = ("EntityNotFoundException".to_owned(), "Crawler entry with name c does not exist".to_owned());
    assert_eq!(refused(&cloud, "GetCrawler", &json!({ "Name": "c" })), gone);
}

#[test]
fn a_crawler_has_the_members_that_the_service_always_returns_e246() {
    let (cloud, _) = cloud();
    data(&cloud);
    glue(
        &cloud,
        "CreateCrawler",
        &crawler(&json!({ "Role": "arn:aws:iam::123456789012:role/filed/worker" })),
    );
    let read = read(&cloud);
    assert_eq!(read["Role"], "filed/worker");
    assert_eq!((&read["Classifiers"], &read["CrawlElapsedTime"]), (&json!([]), &json!(0)));
    let policy = json!({ "UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE" });
    assert_eq!(read["SchemaChangePolicy"], policy);
    assert_eq!(read["Targets"]["JdbcTargets"], json!([]));
    assert_eq!(read["Targets"]["S3Targets"][0]["Exclusions"], json!([]));
    assert_eq!(read["CreationTime"], json!(1_590_621_822.0), "without a fraction of a second");
    let (code, _) = refused(&cloud, "CreateCrawler", &json!({ "Name": "x", "Role": ROLE, "Targets": {} }));
    assert_eq!(code, "InvalidInputException");
}
