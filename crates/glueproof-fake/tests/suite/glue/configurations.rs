//! Security configurations: their life, the quota, pages.

use std::collections::BTreeSet;

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use crate::support::{call, cloud, create};

fn page(cloud: &FakeCloud, input: &Value) -> (Vec<String>, String) {
    let answer = call(cloud, "GetSecurityConfigurations", input).ok();
    let items = answer["SecurityConfigurations"].as_array().unwrap();
    let names = items.iter().map(|item| item["Name"].as_str().unwrap().to_owned()).collect();
    (names, answer["NextToken"].as_str().unwrap().to_owned())
}

fn delete(cloud: &FakeCloud, name: &str) {
    assert_eq!(call(cloud, "DeleteSecurityConfiguration", &json!({ "Name": name })).ok(), json!({}));
}

fn five() -> FakeCloud {
    let cloud = cloud();
    for name in ["e", "b", "d", "a", "c"] {
        create(&cloud, name).ok();
    }
    cloud
}

#[test]
fn a_configuration_reads_back_as_it_was_made() {
    let cloud = cloud();
    let key = "arn:aws:kms:us-east-1:123456789012:key/k";
    for (name, encryption) in [
        (
            "full",
            json!({
                "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key }],
                "CloudWatchEncryption": { "CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key },
                "JobBookmarksEncryption": { "JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": key },
                "DataQualityEncryption": { "DataQualityEncryptionMode": "SSE-KMS", "KmsKeyArn": key },
            }),
        ),
        (
            "off",
            json!({
                "S3Encryption": [{ "S3EncryptionMode": "DISABLED" }],
                "CloudWatchEncryption": { "CloudWatchEncryptionMode": "DISABLED" },
                "JobBookmarksEncryption": { "JobBookmarksEncryptionMode": "DISABLED" },
            }),
        ),
        ("empty key", json!({ "S3Encryption": [{ "S3EncryptionMode": "SSE-S3", "KmsKeyArn": "" }] })),
        ("nothing", json!({})),
        ("no element", json!({ "S3Encryption": [] })),
    ] {
        let input = json!({ "Name": name, "EncryptionConfiguration": encryption });
        let made = call(&cloud, "CreateSecurityConfiguration", &input).ok();
        let read = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": name })).ok();
        let expected = json!({ "SecurityConfiguration": {
            "Name": name, "CreatedTimeStamp": made["CreatedTimestamp"], "EncryptionConfiguration": encryption } });
        assert_eq!(read, expected, "E032, E034, E038, E044");
    }
}

#[test]
fn a_name_is_used_once() {
    let cloud = cloud();
    create(&cloud, "a").ok();
    let again = create(&cloud, "a");
    assert_eq!((again.status, again.code()), (400, "AlreadyExistsException".to_owned()), "E049");
    delete(&cloud, "a");
    for operation in ["GetSecurityConfiguration", "DeleteSecurityConfiguration"] {
        assert_eq!(
            call(&cloud, operation, &json!({ "Name": "a" })).code(),
            "EntityNotFoundException",
            "E052"
        );
    }
    create(&cloud, "a").ok();
}

#[test]
fn the_quota_is_250_unless_told_otherwise() {
    let cloud = cloud();
    for index in 0..250 {
        create(&cloud, &format!("n{index}")).ok();
    }
    let over = create(&cloud, "one more");
    assert_eq!((over.status, over.code()), (400, "ResourceNumberLimitExceededException".to_owned()), "E047");
    assert_eq!(create(&cloud, "n0").code(), "AlreadyExistsException");
    delete(&cloud, "n0");
    create(&cloud, "one more").ok();

    let small = FakeCloud::builder().security_configuration_quota(1).build().unwrap();
    create(&small, "a").ok();
    assert_eq!(create(&small, "b").code(), "ResourceNumberLimitExceededException");
}

#[test]
fn an_empty_list_is_a_list() {
    let answer = call(&cloud(), "GetSecurityConfigurations", &json!({}));
    assert_eq!(answer.text, r#"{"NextToken":"","SecurityConfigurations":[]}"#, "E033");
}

#[test]
fn pages_are_the_set_whatever_their_size() {
    let cloud = five();
    for size in 1..=6 {
        let (mut seen, mut token) = (Vec::new(), String::new());
        for index in 0..5 {
            let (names, next) = page(&cloud, &json!({ "MaxResults": size, "NextToken": token }));
            assert!(names.len() <= size);
            seen.extend(names);
            token = next;
            assert_eq!(token.is_empty(), (index + 1) * size >= 5, "page {index} of size {size}");
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e"], "page size {size}");
    }
}

#[test]
fn a_last_page_that_is_full_ends_the_list() {
    let (names, token) = page(&five(), &json!({ "MaxResults": 5 }));
    assert_eq!((names.len(), &*token), (5, ""), "E032");
}

#[test]
fn without_a_page_size_a_page_holds_a_hundred() {
    let cloud = cloud();
    for index in 0..101 {
        create(&cloud, &format!("n{index:03}")).ok();
    }
    let (first, token) = page(&cloud, &json!({}));
    let (second, end) = page(&cloud, &json!({ "NextToken": token }));
    assert_eq!((first.len(), second, &*end), (100, vec!["n100".to_owned()], ""));
}

#[test]
fn changes_between_pages_neither_lose_nor_repeat_others() {
    let cloud = five();
    let (first, token) = page(&cloud, &json!({ "MaxResults": 2 }));
    assert_eq!(first, ["a", "b"]);
    delete(&cloud, "a");
    delete(&cloud, "b");
    delete(&cloud, "d");
    create(&cloud, "aa").ok();
    create(&cloud, "cc").ok();
    let (rest, end) = page(&cloud, &json!({ "NextToken": token }));
    assert_eq!((rest, &*end), (vec!["c".to_owned(), "cc".to_owned(), "e".to_owned()], ""));
}

#[test]
fn a_token_whose_rest_is_gone_leads_to_an_empty_last_page() {
    let cloud = five();
    let (_, token) = page(&cloud, &json!({ "MaxResults": 4 }));
    delete(&cloud, "e");
    assert_eq!(page(&cloud, &json!({ "NextToken": token })), (Vec::new(), String::new()));
}

#[test]
fn foreign_tokens_are_refused() {
    let cloud = five();
    let (_, token) = page(&cloud, &json!({ "MaxResults": 2 }));
    let mut foreign: BTreeSet<String> =
        ["x", "b", "garbage token", "\u{1f600}", "AAAA", " ", "null"].map(str::to_owned).into();
    foreign.extend([format!("{token}A"), format!(" {token}"), token[1..].to_owned(), token.to_uppercase()]);
    for index in 0..token.len() {
        let other = if &token[index..=index] == "A" { "B" } else { "A" };
        foreign.insert(format!("{}{other}{}", &token[..index], &token[index + 1..]));
    }
    for token in foreign {
        let answer = call(&cloud, "GetSecurityConfigurations", &json!({ "NextToken": token }));
        assert_eq!(answer.code(), "InvalidInputException", "{token}");
    }
    let elsewhere = call(&cloud, "GetResourcePolicies", &json!({ "NextToken": token }));
    assert_eq!(elsewhere.code(), "InvalidInputException");
}
