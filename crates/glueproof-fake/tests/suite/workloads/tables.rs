//! Databases and tables: the catalog's encryption applies to what is written after it was set, and what is
//! encrypted takes the key to be read.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{cloud, connection, disable, enable, glue, key, kms, refused, settings, try_glue};

fn make(cloud: &FakeCloud, name: &str) {
    glue(cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": name, "Description": "of ours" } }));
    glue(cloud, "CreateTable", &table(name));
}

fn table(database: &str) -> Value {
    json!({ "DatabaseName": database, "TableInput": { "Name": "Events", "Parameters": { "owner": "us" } } })
}

fn read(cloud: &FakeCloud, database: &str) -> Result<Value, (String, String)> {
    try_glue(cloud, "GetDatabase", &json!({ "Name": database }))?;
    try_glue(cloud, "GetTable", &json!({ "DatabaseName": database, "Name": "events" }))
}

#[test]
fn encryption_applies_to_later_writes_alone() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    make(&cloud, "before");
    settings(&cloud, Some(&key), None);
    make(&cloud, "between");
    settings(&cloud, None, None);
    make(&cloud, "after");
    disable(&cloud, &key);
    read(&cloud, "before").unwrap();
    read(&cloud, "after").unwrap();
    assert_eq!(read(&cloud, "between").unwrap_err().0, "GlueEncryptionException");
    assert_eq!(refused(&cloud, "GetDatabases", &json!({})).0, "GlueEncryptionException");
    assert_eq!(
        refused(&cloud, "GetTables", &json!({ "DatabaseName": "between" })).0,
        "GlueEncryptionException"
    );
    enable(&cloud, &key);
    assert_eq!(read(&cloud, "between").unwrap()["Table"]["Parameters"]["owner"], "us");
    // Written again while the catalog is not encrypted, it needs no key any more.
    glue(&cloud, "UpdateTable", &table("between"));
    disable(&cloud, &key);
    let input = json!({ "DatabaseName": "between", "Name": "events" });
    assert_eq!(glue(&cloud, "GetTable", &input)["Table"]["VersionId"], "1");
}

#[test]
fn a_disabled_key_lets_nothing_be_written() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    settings(&cloud, Some(&key), None);
    disable(&cloud, &key);
    let input = json!({ "DatabaseInput": { "Name": "a" } });
    let (code, text) = refused(&cloud, "CreateDatabase", &input);
    assert_eq!(code, "GlueEncryptionException");
    assert!(text.starts_with(&format!("{key} is disabled. (Service: AWSKMS;")), "{text}");
    assert_eq!(refused(&cloud, "CreateConnection", &connection("a")).0, "GlueEncryptionException");
    enable(&cloud, &key);
    assert_eq!(refused(&cloud, "GetDatabase", &json!({ "Name": "a" })).0, "EntityNotFoundException");
}

#[test]
fn tables_under_a_deleted_key_cannot_be_read() {
    let (cloud, clock) = cloud();
    let key = key(&cloud);
    settings(&cloud, Some(&key), None);
    make(&cloud, "a");
    kms(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": key, "PendingWindowInDays": 7 }));
    assert_eq!(read(&cloud, "a").unwrap_err().0, "GlueEncryptionException");
    clock.advance(std::time::Duration::from_hours(8 * 24));
    assert_eq!(read(&cloud, "a").unwrap_err().0, "GlueEncryptionException");
    // A table that cannot be read can still be removed.
    glue(&cloud, "DeleteDatabase", &json!({ "Name": "a" }));
}

#[test]
fn without_a_key_of_ones_own_it_is_that_of_aws() {
    let (cloud, _) = cloud();
    let put = json!({ "DataCatalogEncryptionSettings": { "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" } } });
    glue(&cloud, "PutDataCatalogEncryptionSettings", &put);
    make(&cloud, "a");
    read(&cloud, "a").unwrap();
    let described = kms(&cloud, "DescribeKey", &json!({ "KeyId": "alias/aws/glue" }));
    assert_eq!(described["KeyMetadata"]["KeyManager"], "AWS");
}

#[test]
fn names_are_kept_in_lower_case_and_are_taken_once() {
    let (cloud, _) = cloud();
    make(&cloud, "Sales");
    assert_eq!(glue(&cloud, "GetDatabase", &json!({ "Name": "SALES" }))["Database"]["Name"], "sales");
    let again = json!({ "DatabaseInput": { "Name": "sAles" } });
    assert_eq!(refused(&cloud, "CreateDatabase", &again).0, "AlreadyExistsException");
    assert_eq!(refused(&cloud, "CreateTable", &table("sales")).0, "AlreadyExistsException");
    assert_eq!(refused(&cloud, "CreateTable", &table("none")).0, "EntityNotFoundException");
    glue(&cloud, "DeleteTable", &json!({ "DatabaseName": "sales", "Name": "EVENTS" }));
    assert_eq!(read(&cloud, "sales").unwrap_err().0, "EntityNotFoundException");
}

#[test]
fn missing_resources_are_named() {
    let (cloud, _) = cloud();
    let (code, text) = refused(&cloud, "CreateTable", &json!({ "TableInput": {} }));
    assert_eq!(code, "ValidationException");
    assert_eq!(
        text,
        "2 validation errors detected: Value null at 'databaseName' failed to satisfy constraint: Member must not \
         be null; Value null at 'tableInput.name' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn tables_page() {
    let (cloud, _) = cloud();
    glue(&cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d" } }));
    for name in ["a", "b", "c"] {
        glue(&cloud, "CreateTable", &json!({ "DatabaseName": "d", "TableInput": { "Name": name } }));
    }
    let first = glue(&cloud, "GetTables", &json!({ "DatabaseName": "d", "MaxResults": 2 }));
    assert_eq!(first["TableList"].as_array().unwrap().len(), 2);
    let input = json!({ "DatabaseName": "d", "MaxResults": 2, "NextToken": first["NextToken"] });
    let second = glue(&cloud, "GetTables", &input);
    assert_eq!((second["TableList"][0]["Name"].as_str(), second.get("NextToken")), (Some("c"), None));
}

#[test]
fn an_expression_selects_tables_by_name() {
    let (cloud, _) = cloud();
    glue(&cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d" } }));
    for name in ["sales_2024", "sales_2025", "users"] {
        glue(&cloud, "CreateTable", &json!({ "DatabaseName": "d", "TableInput": { "Name": name } }));
    }
    for (expression, found) in [
        ("sales*", vec!["sales_2024", "sales_2025"]),
        ("sales_.*", vec!["sales_2024", "sales_2025"]),
        ("*2025", vec!["sales_2025"]),
        ("users", vec!["users"]),
        ("user", vec![]),
        ("sales_202[4]|users", vec!["sales_2024", "users"]),
    ] {
        let listed = glue(&cloud, "GetTables", &json!({ "DatabaseName": "d", "Expression": expression }));
        let names: Vec<_> = listed["TableList"]
            .as_array()
            .unwrap()
            .iter()
            .map(|table| table["Name"].as_str().unwrap())
            .collect();
        assert_eq!(names, found, "{expression}");
    }
    let (code, text) = refused(&cloud, "GetTable", &json!({ "DatabaseName": "d", "Name": "x" }));
    assert_eq!((code.as_str(), text.as_str()), ("EntityNotFoundException", "Table x not found."));
    let (_, text) = refused(&cloud, "GetTable", &json!({ "DatabaseName": "x", "Name": "x" }));
    assert_eq!(text, "Database x not found.");
}
