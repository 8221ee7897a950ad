//! The reference beside the fake: two readings of the evidence that share no code but the specs must agree on
//! every answer of any sequence of calls over a few names, policies and hashes.

use bytes::Bytes;
use glueproof::fake::{Clock, FakeCloud};
use glueproof::model::Level;
use glueproof::reference::{Answer, Call, ConcurrentWriters, Outcome, State};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::walk::reference;

const ACCOUNT: &str = "123456789012";

/// A call that still has to learn which hash it names.
#[derive(Debug, Clone)]
struct Planned {
    operation: &'static str,
    input: Value,
    hash: Option<Index>,
}

fn planned(operation: &'static str, input: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Planned> {
    input.prop_map(move |input| Planned { operation, input, hash: None }).boxed()
}

fn document(label: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Sid": label, "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
        "Action": "glue:GetTable", "Resource": format!("arn:aws:glue:us-east-1:{ACCOUNT}:catalog") }] })
    .to_string()
}

fn creation((name, mode): (&str, &str)) -> Value {
    json!({ "Name": name, "EncryptionConfiguration": {
        "S3Encryption": [{ "S3EncryptionMode": mode }],
        "CloudWatchEncryption": { "CloudWatchEncryptionMode": "DISABLED" },
        "JobBookmarksEncryption": { "JobBookmarksEncryptionMode": "DISABLED" } } })
}

fn settings() -> impl Strategy<Value = Value> {
    let at_rest = select(vec![
        None,
        Some(json!({ "CatalogEncryptionMode": "DISABLED" })),
        Some(json!({ "CatalogEncryptionMode": "SSE-KMS" })),
        Some(json!({ "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/mine" })),
    ]);
    let password = select(vec![
        None,
        Some(json!({ "ReturnConnectionPasswordEncrypted": false })),
        Some(json!({ "ReturnConnectionPasswordEncrypted": true })),
        Some(json!({ "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": "alias/other" })),
    ]);
    (at_rest, password).prop_map(|(at_rest, password)| {
        let parts = [("EncryptionAtRest", at_rest), ("ConnectionPasswordEncryption", password)];
        let given = parts.into_iter().filter_map(|(name, part)| Some((name.to_owned(), part?)));
        json!({ "DataCatalogEncryptionSettings": Value::Object(given.collect()) })
    })
}

fn put() -> impl Strategy<Value = Planned> {
    let exists = select(vec![None, None, Some("NONE"), Some("MUST_EXIST"), Some("NOT_EXIST")]);
    (select(vec!["a", "b", "c"]), exists, proptest::option::of(any::<Index>())).prop_map(
        |(label, exists, hash)| {
            let mut input = json!({ "PolicyInJson": document(label) });
            if let Some(exists) = exists {
                input["PolicyExistsCondition"] = json!(exists);
            }
            Planned { operation: "PutResourcePolicy", input, hash }
        },
    )
}

fn any_call() -> BoxedStrategy<Planned> {
    let name = || select(vec!["x", "y", "X"]);
    let named = || name().prop_map(|name| json!({ "Name": name }));
    let delete = proptest::option::of(any::<Index>()).prop_map(|hash| Planned {
        operation: "DeleteResourcePolicy",
        input: json!({}),
        hash,
    });
    let new = (name(), select(vec!["DISABLED", "SSE-S3"])).prop_map(creation);
    let none = || Just(json!({}));
    prop_oneof![
        3 => planned("CreateSecurityConfiguration", new),
        2 => planned("GetSecurityConfiguration", named()),
        2 => planned("DeleteSecurityConfiguration", named()),
        2 => planned("GetSecurityConfigurations", (1..4_i32).prop_map(|most| json!({ "MaxResults": most }))),
        5 => put(),
        3 => planned("GetResourcePolicy", none()),
        2 => delete,
        1 => planned("GetResourcePolicies", none()),
        2 => planned("PutDataCatalogEncryptionSettings", settings()),
        2 => planned("GetDataCatalogEncryptionSettings", none()),
    ]
    .boxed()
}

/// The fake's response to a call.
fn answer(cloud: &FakeCloud, operation: &str, input: &Value) -> Answer {
    let request = http::Request::post("/")
        .header("x-amz-target", format!("AWSGlue.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::from(input.to_string()))
        .unwrap();
    let response = cloud.handle(request);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let code = body.get("__type").and_then(Value::as_str).map(str::to_owned);
    Answer { status: response.status().as_u16(), code, body }
}

/// Walks both and stops at the first answer the reference does not allow.
fn agree(calls: Vec<Planned>) -> Result<(), TestCaseError> {
    let clock =
        Clock::fixed(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000));
    let cloud = FakeCloud::builder().account(ACCOUNT).clock(clock).build().unwrap();
    let (reference, mut state) = (reference(Level::Observed), State::new(ConcurrentWriters::None));
    let mut hashes = vec![json!("Zm9yZWlnbmZvcmVpZ25mbw==")];
    for Planned { operation, mut input, hash } in calls {
        cloud.clock().advance(std::time::Duration::from_millis(7));
        if let Some(index) = hash {
            input["PolicyHashCondition"] = index.get(&hashes).clone();
        }
        let answer = answer(&cloud, operation, &input);
        hashes.extend(answer.body.get("PolicyHash").cloned());
        let call = Call::new(operation, input.clone()).unwrap();
        let next = reference.after(&state, &call, &Outcome::Answered(answer));
        let next = next.map_err(|e| TestCaseError::fail(format!("{operation} {input}: {}: {e}", e.law)))?;
        prop_assert_eq!(next.len(), 1, "an answer settles what is so");
        state = next.into_iter().next().unwrap();
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_of_the_fake_is_lawful(calls in proptest::collection::vec(any_call(), 1..40)) {
        agree(calls)?;
    }
}
