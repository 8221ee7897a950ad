//! The constraints of the model: codes, texts and paths, at every depth.

use glueproof_fake::FakeCloud;
use glueproof_spec::Edition;
use serde_json::{Value, json};

use crate::support::{Answer, call, cloud};

const SINGLE_LINE: &str = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*";

#[track_caller]
fn refused(operation: &str, input: &Value, code: &str, message: &str) {
    let answer = call(&cloud(), operation, input);
    assert_eq!((answer.status, answer.code(), answer.message()), (400, code.to_owned(), message.to_owned()));
}

#[track_caller]
fn invalid(operation: &str, input: &Value, message: &str) {
    refused(operation, input, "ValidationException", message);
}

fn create(encryption: &Value) -> Value {
    json!({ "Name": "a", "EncryptionConfiguration": encryption })
}

#[test]
fn numbers_out_of_range() {
    let low = "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: \
               Member must have value greater than or equal to 1";
    let high = "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: \
                Member must have value less than or equal to 1000";
    for operation in ["GetSecurityConfigurations", "GetResourcePolicies"] {
        invalid(operation, &json!({ "MaxResults": 0 }), low);
        invalid(operation, &json!({ "MaxResults": 1001 }), high);
    }
    let beyond_an_int = call(&cloud(), "GetResourcePolicies", &json!({ "MaxResults": 3_000_000_000_i64 }));
    assert_eq!(beyond_an_int.code(), "ValidationException");
}

#[test]
fn page_sizes_the_service_itself_refuses() {
    let message = "MaxResults size must be between 1 and 200";
    for size in [201, 1000] {
        refused(
            "GetSecurityConfigurations",
            &json!({ "MaxResults": size }),
            "InvalidInputException",
            message,
        );
    }
    for (operation, size) in
        [("GetSecurityConfigurations", 1), ("GetSecurityConfigurations", 200), ("GetResourcePolicies", 1000)]
    {
        assert_eq!(call(&cloud(), operation, &json!({ "MaxResults": size })).status, 200, "E035");
    }
}

#[test]
fn a_second_s3_encryption_is_refused_before_its_content_is_looked_at() {
    let key = "arn:aws:kms:eu-central-1:123456789012:key/x";
    let two = json!({ "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS" }, { "KmsKeyArn": key }] });
    let message = "S3 EncryptionConfiguration list cannot be greater than one";
    refused("CreateSecurityConfiguration", &create(&two), "InvalidInputException", message);
    let one = json!({ "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS" }] });
    assert_eq!(call(&cloud(), "CreateSecurityConfiguration", &create(&one)).status, 200, "E039");
}

#[test]
fn the_model_goes_before_the_limits_of_the_service() {
    let input = create(&json!({ "S3Encryption": [{ "S3EncryptionMode": "NO" }, {}] }));
    assert_eq!(call(&cloud(), "CreateSecurityConfiguration", &input).code(), "ValidationException");
}

#[test]
fn required_members() {
    invalid(
        "GetSecurityConfiguration",
        &json!({}),
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    );
    invalid(
        "CreateSecurityConfiguration",
        &json!({ "Name": null }),
        "2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be \
         null; Value null at 'encryptionConfiguration' failed to satisfy constraint: Member must not be null",
    );
    invalid(
        "PutDataCatalogEncryptionSettings",
        &json!({ "DataCatalogEncryptionSettings": { "EncryptionAtRest": {} } }),
        "1 validation error detected: Value null at \
         'dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode' failed to satisfy constraint: \
         Member must not be null",
    );
}

#[test]
fn lengths_count_characters() {
    let ask = |name: String| call(&cloud(), "GetSecurityConfiguration", &json!({ "Name": name }));
    let long = "x".repeat(256);
    assert_eq!(
        ask(long.clone()).message(),
        format!(
            "1 validation error detected: Value '{long}' at 'name' failed to satisfy constraint: \
             Member must have length less than or equal to 255"
        ),
        "E063"
    );
    assert_eq!(
        ask(String::new()).message(),
        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: \
         Member must have length greater than or equal to 1"
    );
    assert_eq!(ask("\u{1f600}".repeat(255)).code(), "EntityNotFoundException", "255 characters, 1020 bytes");
    assert_eq!(ask("\u{1f600}".repeat(256)).code(), "ValidationException");
    assert_eq!(ask("x".repeat(100_000)).code(), "ValidationException");
}

#[test]
fn patterns_are_shown_without_anchors() {
    invalid(
        "DeleteSecurityConfiguration",
        &json!({ "Name": "a\nb" }),
        &format!(
            "1 validation error detected: Value 'a\nb' at 'name' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: {SINGLE_LINE}"
        ),
    );
}

#[test]
fn paths_into_structures_and_lists() {
    let input = create(&json!({
        "S3Encryption": [{ "S3EncryptionMode": "SSE-S3" }, { "KmsKeyArn": "no key" }],
        "CloudWatchEncryption": { "CloudWatchEncryptionMode": "CSE-KMS" },
    }));
    invalid(
        "CreateSecurityConfiguration",
        &input,
        "2 validation errors detected: Value 'no key' at 'encryptionConfiguration.s3Encryption.2.member.kmsKeyArn' \
         failed to satisfy constraint: Member must satisfy regular expression pattern: \
         ^$|arn:aws[a-z0-9-]*:kms:.*; Value 'CSE-KMS' at \
         'encryptionConfiguration.cloudWatchEncryption.cloudWatchEncryptionMode' failed to satisfy constraint: \
         Member must satisfy enum value set: [DISABLED, SSE-KMS]",
    );
    invalid(
        "CreateSecurityConfiguration",
        &create(&json!({ "S3Encryption": [null] })),
        "1 validation error detected: Value null at 'encryptionConfiguration.s3Encryption.1.member' failed to \
         satisfy constraint: Member must not be null",
    );
}

#[test]
fn wrong_types_cannot_be_read() {
    let text = |input: Value| {
        let answer: Answer = call(&cloud(), "GetSecurityConfigurations", &input);
        assert_eq!((answer.status, answer.code()), (400, "SerializationException".to_owned()), "{input}");
        answer.message()
    };
    assert_eq!(text(json!({ "MaxResults": "1" })), "STRING_VALUE can not be converted to an Integer", "E062");
    assert_eq!(text(json!({ "MaxResults": 1.5 })), "NUMBER_VALUE can not be converted to an Integer");
    assert_eq!(text(json!({ "MaxResults": true })), "TRUE_VALUE can not be converted to an Integer");
    assert_eq!(text(json!({ "NextToken": 1 })), "NUMBER_VALUE can not be converted to a String");
    assert_eq!(text(json!({ "NextToken": {} })), "Start of structure or map found where not expected.");
    assert_eq!(text(json!({ "NextToken": [] })), "Start of list found where not expected");
    for encryption in [json!("x"), json!([]), json!({ "S3Encryption": {} }), json!({ "S3Encryption": [1] })] {
        let answer = call(&cloud(), "CreateSecurityConfiguration", &create(&encryption));
        assert_eq!(answer.code(), "SerializationException", "{encryption}");
    }
    // A type that is wrong anywhere goes before a value that is wrong elsewhere.
    assert_eq!(
        text(json!({ "MaxResults": 0, "NextToken": 1 })),
        "NUMBER_VALUE can not be converted to a String"
    );
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction_or_exponent() {
    for body in [r#"{"MaxResults":1.0}"#, r#"{"MaxResults":1e2}"#] {
        let request = crate::support::request("GetSecurityConfigurations", body);
        assert_eq!(crate::support::send(&cloud(), request).status, 200, "{body}");
    }
}

#[test]
fn an_answer_lists_no_more_than_a_hundred_violations() {
    let many = vec![json!({ "S3EncryptionMode": "NO" }); 5000];
    let answer = call(&cloud(), "CreateSecurityConfiguration", &create(&json!({ "S3Encryption": many })));
    assert!(answer.message().starts_with("100 validation errors detected: "));
    assert_eq!(answer.message().matches("failed to satisfy").count(), 100);
}

#[test]
fn the_edition_decides_what_exists() {
    let old = FakeCloud::builder().edition(Edition::E2018).build().unwrap();
    assert_eq!(call(&old, "GetResourcePolicies", &json!({})).code(), "UnknownOperationException");
    let role = json!({ "DataCatalogEncryptionSettings": {
        "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS-WITH-SERVICE-ROLE" } } });
    let answer = call(&old, "PutDataCatalogEncryptionSettings", &role);
    assert!(answer.message().ends_with("Member must satisfy enum value set: [DISABLED, SSE-KMS]"));
    assert_eq!(call(&cloud(), "PutDataCatalogEncryptionSettings", &role).status, 200);

    let long = json!({ "PolicyInJson": " ".repeat(10_241) });
    assert_eq!(call(&old, "PutResourcePolicy", &long).code(), "ValidationException");
    assert_eq!(call(&cloud(), "PutResourcePolicy", &long).code(), "InvalidInputException", "E031");
}
