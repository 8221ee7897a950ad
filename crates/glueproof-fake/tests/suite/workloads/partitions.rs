//! Partitions and versions of tables, and operations on several resources.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{bucket, cloud, disable, enable, glue, job, key, refused, settings, try_glue};

fn table(cloud: &FakeCloud) {
    glue(cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d" } }));
    let keys = json!([{ "Name": "year", "Type": "string" }, { "Name": "month", "Type": "string" }]);
    glue(
        cloud,
        "CreateTable",
        &json!({ "DatabaseName": "d", "TableInput": { "Name": "t", "PartitionKeys": keys } }),
    );
}

fn with(more: &Value) -> Value {
    let mut input = json!({ "DatabaseName": "d", "TableName": "t" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

fn values(listed: &Value) -> Vec<String> {
    let text = |partition: &Value| {
        let values = partition["Values"].as_array().unwrap();
        values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join("/")
    };
    listed["Partitions"].as_array().unwrap().iter().map(text).collect()
}

#[test]
fn partitions_are_created_read_updated_and_deleted() {
    let (cloud, _) = cloud();
    table(&cloud);
    let input = |values: Value| json!({ "Values": values, "Parameters": { "a": "1" } });
    glue(&cloud, "CreatePartition", &with(&json!({ "PartitionInput": input(json!(["2024", "01"])) })));
    let list =
        json!([input(json!(["2024", "02"])), input(json!(["2025", "01"])), input(json!(["2024", "01"]))]);
    let batch = glue(&cloud, "BatchCreatePartition", &with(&json!({ "PartitionInputList": list })));
    assert_eq!(batch["Errors"].as_array().unwrap().len(), 1);
    assert_eq!(batch["Errors"][0]["ErrorDetail"]["ErrorCode"], "AlreadyExistsException");
    for (expression, found) in [
        (json!(null), vec!["2024/01", "2024/02", "2025/01"]),
        (json!("year = '2024'"), vec!["2024/01", "2024/02"]),
        (json!("year = '2024' AND month > '01'"), vec!["2024/02"]),
        (json!("year = '2025' OR (month = '02')"), vec!["2024/02", "2025/01"]),
        (json!("month <> 1"), vec!["2024/02"]),
        (json!("year = '2024' AND (month = '02' OR year = '2025')"), vec!["2024/02"]),
        (json!("NOT (year='2024') OR `month` in (2, 3)"), vec!["2024/02", "2025/01"]),
        (json!("year BETWEEN 2024 AND '2024' AND month NOT IN ('01')"), vec!["2024/02"]),
        (json!("year LIKE '%_5' AND year IS NOT NULL"), vec!["2025/01"]),
    ] {
        let listed = glue(&cloud, "GetPartitions", &with(&json!({ "Expression": expression })));
        assert_eq!(values(&listed), found, "{expression}");
    }
    let (code, _) = refused(&cloud, "GetPartitions", &with(&json!({ "Expression": "year RLIKE '2%'" })));
    assert_eq!(code, "InvalidInputException");
    let new = json!({ "PartitionValueList": ["2024", "02"], "PartitionInput": { "Values": ["2024", "03"] } });
    glue(&cloud, "UpdatePartition", &with(&new));
    let wanted = json!([{ "Values": ["2024", "03"] }, { "Values": ["2024", "02"] }]);
    let got = glue(&cloud, "BatchGetPartition", &with(&json!({ "PartitionsToGet": wanted })));
    assert_eq!(values(&got), ["2024/03"]);
    glue(&cloud, "DeletePartition", &with(&json!({ "PartitionValues": ["2024", "01"] })));
    let (code, _) = refused(&cloud, "GetPartition", &with(&json!({ "PartitionValues": ["2024", "01"] })));
    assert_eq!(code, "EntityNotFoundException");
    let rest = json!([{ "Values": ["2024", "03"] }, { "Values": ["2025", "01"] }, { "Values": ["x", "y"] }]);
    let deleted = glue(&cloud, "BatchDeletePartition", &with(&json!({ "PartitionsToDelete": rest })));
    assert_eq!(deleted["Errors"].as_array().unwrap().len(), 1);
    assert_eq!(values(&glue(&cloud, "GetPartitions", &with(&json!({})))), [] as [&str; 0]);
    let short = with(&json!({ "PartitionInput": { "Values": ["2024"] } }));
    assert_eq!(refused(&cloud, "CreatePartition", &short).0, "InvalidInputException");
}

#[test]
fn partitions_are_encrypted_as_the_settings_say() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    table(&cloud);
    settings(&cloud, Some(&key), None);
    glue(&cloud, "CreatePartition", &with(&json!({ "PartitionInput": { "Values": ["secret-year", "01"] } })));
    let stored = cloud.at_rest();
    let partition = stored.iter().find(|item| item.item.starts_with("partition/d/t/")).unwrap();
    assert!(!partition.bytes.windows(6).any(|bytes| bytes == b"Values"));
    let read = with(&json!({ "PartitionValues": ["secret-year", "01"] }));
    disable(&cloud, &key);
    assert_eq!(refused(&cloud, "GetPartition", &read).0, "GlueEncryptionException");
    enable(&cloud, &key);
    assert!(try_glue(&cloud, "GetPartition", &read).is_ok());
}

#[test]
fn an_update_stores_the_former_version_of_a_table() {
    let (cloud, _) = cloud();
    table(&cloud);
    let update = |more: &Value| {
        let mut input = json!({ "DatabaseName": "d", "TableInput": { "Name": "t", "Description": "new" } });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        try_glue(&cloud, "UpdateTable", &input)
    };
    let versions = || {
        let listed = glue(&cloud, "GetTableVersions", &with(&json!({})));
        let ids = listed["TableVersions"].as_array().unwrap().iter();
        ids.map(|one| one["VersionId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    update(&json!({})).unwrap();
    assert_eq!(versions(), ["1", "0"]);
    update(&json!({ "SkipArchive": true })).unwrap();
    assert_eq!(versions(), ["2", "0"]);
    assert_eq!(update(&json!({ "VersionId": "1" })).unwrap_err().0, "ConcurrentModificationException");
    update(&json!({ "VersionId": "2" })).unwrap();
}

#[test]
fn batches_and_searches_find_what_exists() {
    let (cloud, _) = cloud();
    bucket(&cloud);
    table(&cloud);
    glue(
        &cloud,
        "UpdateDatabase",
        &json!({ "Name": "d", "DatabaseInput": { "Name": "d", "Description": "x" } }),
    );
    assert_eq!(glue(&cloud, "GetDatabase", &json!({ "Name": "d" }))["Database"]["Description"], "x");
    let found = glue(&cloud, "SearchTables", &json!({ "SearchText": "t" }));
    assert_eq!(found["TableList"][0]["Name"], "t");
    let sorted = json!({ "SearchText": "t", "SortCriteria": [{ "FieldName": "Name" }] });
    let (_, text) = refused(&cloud, "SearchTables", &sorted);
    assert_eq!(text, "glueproof does not implement the member SortCriteria of SearchTables");
    glue(&cloud, "CreateJob", &job("j", "with.py", &json!({})));
    let jobs = glue(&cloud, "BatchGetJobs", &json!({ "JobNames": ["j", "none"] }));
    assert_eq!((&jobs["Jobs"][0]["Name"], &jobs["JobsNotFound"]), (&json!("j"), &json!(["none"])));
    let crawlers = glue(&cloud, "BatchGetCrawlers", &json!({ "CrawlerNames": ["none"] }));
    assert_eq!(crawlers["CrawlersNotFound"], json!(["none"]));
    assert_eq!(glue(&cloud, "GetMLTransforms", &json!({}))["Transforms"], json!([]));
    let deleted =
        glue(&cloud, "BatchDeleteTable", &json!({ "DatabaseName": "d", "TablesToDelete": ["t", "none"] }));
    assert_eq!(deleted["Errors"][0]["TableName"], "none");
    assert_eq!(glue(&cloud, "GetTables", &json!({ "DatabaseName": "d" }))["TableList"], json!([]));
}
