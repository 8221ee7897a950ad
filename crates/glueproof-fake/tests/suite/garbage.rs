//! Every request gets an answer in JSON, whatever its bytes are.

use bytes::Bytes;
use glueproof_fake::FakeCloud;
use http::{HeaderValue, Method, Request};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{request, send};

const OPERATIONS: [&str; 10] = [
    "PutResourcePolicy",
    "GetResourcePolicy",
    "GetResourcePolicies",
    "DeleteResourcePolicy",
    "PutDataCatalogEncryptionSettings",
    "GetDataCatalogEncryptionSettings",
    "CreateSecurityConfiguration",
    "GetSecurityConfiguration",
    "GetSecurityConfigurations",
    "DeleteSecurityConfiguration",
];

const MEMBERS: [&str; 14] = [
    "Name",
    "EncryptionConfiguration",
    "S3Encryption",
    "S3EncryptionMode",
    "KmsKeyArn",
    "MaxResults",
    "NextToken",
    "PolicyInJson",
    "PolicyHashCondition",
    "PolicyExistsCondition",
    "CatalogId",
    "DataCatalogEncryptionSettings",
    "EncryptionAtRest",
    "ConnectionPasswordEncryption",
];

/// JSON that has the right names in the wrong places.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(vec!["SSE-KMS", "DISABLED", "MUST_EXIST", "{}", "a"]).prop_map(Value::from),
    ];
    let name = prop_oneof![4 => proptest::sample::select(MEMBERS.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}:,\"a0-9.eE\\\\u+-]{0,60}".prop_map(String::into_bytes),
        json().prop_map(|value| value.to_string().into_bytes()),
    ]
}

fn check(cloud: &FakeCloud, request: Request<Bytes>) -> Result<(), TestCaseError> {
    let answer = send(cloud, request);
    prop_assert!(answer.status == 200 || (400..500).contains(&answer.status), "{answer:?}");
    let body: Value = serde_json::from_str(&answer.text)?;
    prop_assert_eq!(body.get("__type").is_some(), answer.status != 200, "{}", answer.text);
    prop_assert!(answer.headers.contains_key("x-amzn-requestid"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_gets_an_answer(operation in 0..OPERATIONS.len(), body in bodies()) {
        let cloud = FakeCloud::new().unwrap();
        check(&cloud, request(OPERATIONS[operation], body))?;
    }

    #[test]
    fn any_headers_get_an_answer(
        target in proptest::collection::vec(32_u8..=255, 0..40),
        authorization in "(AWS4-HMAC-SHA256 )?(Credential=)?[a-z0-9/, =é]{0,60}",
        content_type in "(application/x-amz-json-1.1)?[ -~]{0,10}",
        method in "[A-Z]{1,7}",
    ) {
        let mut request = request("GetResourcePolicies", "{}");
        *request.method_mut() = Method::from_bytes(method.as_bytes())?;
        for (name, value) in [
            ("x-amz-target", &target[..]),
            ("authorization", authorization.as_bytes()),
            ("content-type", content_type.as_bytes()),
        ] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                request.headers_mut().insert(name, value);
            }
        }
        check(&FakeCloud::new().unwrap(), request)?;
    }
}

#[test]
fn names_of_a_hundred_thousand_characters_get_an_answer() {
    let cloud = FakeCloud::new().unwrap();
    let long = "\u{1f600}".repeat(100_000);
    for operation in OPERATIONS {
        for member in MEMBERS {
            let body = serde_json::json!({ member: long }).to_string();
            check(&cloud, request(operation, body)).unwrap();
        }
    }
}
