//! The document of 2018, read a second time and by hand: nine operations, eight structures, every member
//! with its type and limits, and every error an operation may answer with.

use std::collections::BTreeSet;

use glueproof::model::{Bounds, Edition, Kind, Member, ServiceModel};

use super::specs;

const SETTINGS: &str = "object DataCatalogEncryptionSettings";
const LINE: &str = "text 1..255 on one line";
const KEY: &str = "text like arn:aws:kms:.*";

/// Operation, its request, its response, its errors.
type Page = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const OPERATIONS: [Page; 9] = [
    (
        "GetDataCatalogEncryptionSettings",
        &[("CatalogId", LINE)],
        &[("DataCatalogEncryptionSettings", SETTINGS)],
        &["InternalServiceException", "InvalidInputException", "OperationTimeoutException"],
    ),
    (
        "PutDataCatalogEncryptionSettings",
        &[
            ("CatalogId", LINE),
            ("DataCatalogEncryptionSettings", "required object DataCatalogEncryptionSettings"),
        ],
        &[],
        &["InternalServiceException", "InvalidInputException", "OperationTimeoutException"],
    ),
    (
        "PutResourcePolicy",
        &[
            ("PolicyInJson", "required text 2..10240"),
            ("PolicyHashCondition", LINE),
            ("PolicyExistsCondition", "MUST_EXIST | NOT_EXIST | NONE"),
        ],
        &[("PolicyHash", LINE)],
        &[
            "EntityNotFoundException",
            "InternalServiceException",
            "OperationTimeoutException",
            "InvalidInputException",
            "ConditionCheckFailureException",
        ],
    ),
    (
        "GetResourcePolicy",
        &[],
        &[
            ("PolicyInJson", "text 2..10240"),
            ("PolicyHash", LINE),
            ("CreateTime", "time"),
            ("UpdateTime", "time"),
        ],
        &[
            "EntityNotFoundException",
            "InternalServiceException",
            "OperationTimeoutException",
            "InvalidInputException",
        ],
    ),
    (
        "DeleteResourcePolicy",
        &[("PolicyHashCondition", LINE)],
        &[],
        &[
            "EntityNotFoundException",
            "InternalServiceException",
            "OperationTimeoutException",
            "InvalidInputException",
            "ConditionCheckFailureException",
        ],
    ),
    (
        "CreateSecurityConfiguration",
        &[
            ("Name", "required text 1..255 on one line"),
            ("EncryptionConfiguration", "required object EncryptionConfiguration"),
        ],
        &[("Name", LINE), ("CreatedTimestamp", "time")],
        &[
            "AlreadyExistsException",
            "InvalidInputException",
            "InternalServiceException",
            "OperationTimeoutException",
            "ResourceNumberLimitExceededException",
        ],
    ),
    (
        "DeleteSecurityConfiguration",
        &[("Name", "required text 1..255 on one line")],
        &[],
        &[
            "EntityNotFoundException",
            "InvalidInputException",
            "InternalServiceException",
            "OperationTimeoutException",
        ],
    ),
    (
        "GetSecurityConfiguration",
        &[("Name", "required text 1..255 on one line")],
        &[("SecurityConfiguration", "object SecurityConfiguration")],
        &[
            "EntityNotFoundException",
            "InvalidInputException",
            "InternalServiceException",
            "OperationTimeoutException",
        ],
    ),
    (
        "GetSecurityConfigurations",
        &[("MaxResults", "number 1..1000"), ("NextToken", "text")],
        &[("SecurityConfigurations", "list of SecurityConfiguration"), ("NextToken", "text")],
        &[
            "EntityNotFoundException",
            "InvalidInputException",
            "InternalServiceException",
            "OperationTimeoutException",
        ],
    ),
];

const STRUCTURES: [(&str, &[(&str, &str)]); 8] = [
    (
        "DataCatalogEncryptionSettings",
        &[
            ("EncryptionAtRest", "object EncryptionAtRest"),
            ("ConnectionPasswordEncryption", "object ConnectionPasswordEncryption"),
        ],
    ),
    (
        "EncryptionAtRest",
        &[("CatalogEncryptionMode", "required DISABLED | SSE-KMS"), ("SseAwsKmsKeyId", LINE)],
    ),
    (
        "ConnectionPasswordEncryption",
        &[("ReturnConnectionPasswordEncrypted", "required boolean"), ("AwsKmsKeyId", LINE)],
    ),
    (
        "EncryptionConfiguration",
        &[
            ("S3Encryption", "list of S3Encryption"),
            ("CloudWatchEncryption", "object CloudWatchEncryption"),
            ("JobBookmarksEncryption", "object JobBookmarksEncryption"),
        ],
    ),
    ("S3Encryption", &[("S3EncryptionMode", "DISABLED | SSE-KMS | SSE-S3"), ("KmsKeyArn", KEY)]),
    ("CloudWatchEncryption", &[("CloudWatchEncryptionMode", "DISABLED | SSE-KMS"), ("KmsKeyArn", KEY)]),
    ("JobBookmarksEncryption", &[("JobBookmarksEncryptionMode", "DISABLED | CSE-KMS"), ("KmsKeyArn", KEY)]),
    (
        "SecurityConfiguration",
        &[
            ("Name", LINE),
            ("CreatedTimeStamp", "time"),
            ("EncryptionConfiguration", "object EncryptionConfiguration"),
        ],
    ),
];

fn limits(bounds: Option<Bounds>) -> String {
    let number = |edge: Option<i64>| edge.map_or_else(String::new, |n| n.to_string());
    bounds.map_or_else(String::new, |b| format!(" {}..{}", number(b.min), number(b.max)))
}

/// The member as the loaded model has it, in the words of the tables above.
fn read(model: &ServiceModel, member: &Member) -> String {
    let traits = &member.traits;
    let pattern = match &traits.pattern {
        Some(p) if p.alphabet().is_some() => " on one line".to_owned(),
        Some(p) => format!(" like {}", p.written()),
        None => String::new(),
    };
    let what = match &model.shape(&member.target).kind {
        Kind::String => format!("text{}{pattern}", limits(traits.length)),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer | Kind::Double => format!("number{}", limits(traits.range)),
        Kind::Timestamp => "time".to_owned(),
        Kind::Blob => "bytes".to_owned(),
        Kind::Enum(values) => values.join(" | "),
        Kind::List(item) => format!("list of {}", item.target),
        Kind::Map(_) | Kind::Structure(_) => format!("object {}", member.target),
    };
    if traits.required { format!("required {what}") } else { what }
}

fn check(model: &ServiceModel, structure: &str, written: &[(&str, &str)]) {
    let loaded: Vec<(String, String)> =
        model.members(structure).map(|m| (m.name.clone(), read(model, m))).collect();
    let written: Vec<(String, String)> =
        written.iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned())).collect();
    assert_eq!(loaded, written, "{structure}");
}

#[test]
fn the_operations_are_the_nine_of_the_document() {
    let specs = specs(Edition::E2018);
    let model = specs.service("glue").unwrap();
    let names: BTreeSet<&str> = model.operations.keys().map(String::as_str).collect();
    assert_eq!(names, OPERATIONS.iter().map(|page| page.0).collect());
    for (name, request, response, errors) in OPERATIONS {
        let operation = &model.operations[name];
        check(model, &operation.input, request);
        check(model, &operation.output, response);
        let loaded: BTreeSet<&str> = operation.errors.iter().map(String::as_str).collect();
        assert_eq!(loaded, errors.iter().copied().collect(), "{name}");
    }
}

#[test]
fn the_structures_are_the_eight_of_the_document() {
    let specs = specs(Edition::E2018);
    let model = specs.service("glue").unwrap();
    let is_data = |name: &str| {
        let io = model.operations.values().any(|o| o.input == name || o.output == name);
        !io && !model.errors.contains_key(name)
    };
    let structures = model.shapes.values().filter(|s| matches!(s.kind, Kind::Structure(_)));
    let names: BTreeSet<&str> = structures.map(|s| s.name.as_str()).filter(|name| is_data(name)).collect();
    assert_eq!(names, STRUCTURES.iter().map(|(name, _)| *name).collect());
    for (name, members) in STRUCTURES {
        check(model, name, members);
    }
}
