//! Facts of the evidence file about signatures and permissions. Each test names its fact.

use glueproof_fake::FakeCloud;
use http::Request;
use serde_json::{Value, json};

use super::support::{Signer, alice, allow_alice, enforcing, policy, root};
use crate::support::{Answer, request, send};

fn call(cloud: &FakeCloud, signer: &Signer, target: &str, input: &Value) -> Answer {
    let request = Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap();
    send(cloud, signer.sign(request))
}

fn allow(cloud: &FakeCloud, actions: &Value) {
    allow_alice(cloud, &json!([{ "Effect": "Allow", "Action": actions, "Resource": "*" }]));
}

/// The recorded service reads the body before it looks for a signature. The fake turns the caller away first, because an unsigned
/// body may cost it nothing.
#[test]
fn an_unsigned_call_is_refused_e213() {
    let refused = send(&enforcing(), request("GetConnections", "{}"));
    assert_eq!(refused.status, 400);
    let expected =
        r#"{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}"#;
    assert_eq!(refused.text, expected);
}

#[test]
fn an_authorization_header_without_parts_is_told_each_missing_part_e214() {
    let mut request = request("GetConnections", "{}");
    request.headers_mut().insert("authorization", "X".parse().unwrap());
    let refused = send(&enforcing(), request);
    assert_eq!((refused.status, &*refused.code()), (400, "IncompleteSignatureException"));
    let text = "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' \
                parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires \
                existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=X";
    assert_eq!(refused.json()["message"], text);
}

#[test]
fn a_key_policy_without_the_permission_ends_the_refusal_e236() {
    let cloud = enforcing();
    let statements = json!([{
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:user/alice" },
        "Action": ["kms:DescribeKey", "kms:PutKeyPolicy"], "Resource": "*",
    }]);
    let input = json!({ "Policy": policy(&statements), "BypassPolicyLockoutSafetyCheck": true });
    let made = call(&cloud, &root("kms"), "TrentService.CreateKey", &input).ok();
    let arn = made["KeyMetadata"]["Arn"].as_str().unwrap();
    allow(&cloud, &json!("kms:*"));
    let input = json!({ "KeyId": arn });
    call(&cloud, &alice("kms"), "TrentService.DescribeKey", &input).ok();
    let refused = call(&cloud, &alice("kms"), "TrentService.ListKeyRotations", &input);
    assert_eq!(refused.code(), "AccessDeniedException");
    assert_eq!(
        refused.message(),
        format!(
            "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: kms:ListKeyRotations on \
             resource: {arn} because no resource-based policy allows the kms:ListKeyRotations action"
        )
    );
}

#[test]
fn a_refusal_to_read_a_connection_names_the_catalog_e243() {
    let cloud = enforcing();
    allow(&cloud, &json!("kms:*"));
    let refused = call(&cloud, &alice("glue"), "AWSGlue.GetConnection", &json!({ "Name": "c" }));
    assert_eq!(
        refused.message(),
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: glue:GetConnection on resource: \
         arn:aws:glue:us-east-1:123456789012:catalog because no identity-based policy allows the glue:GetConnection \
         action"
    );
}

#[test]
fn policies_of_an_encrypted_catalog_take_permission_on_its_key_e256() {
    let cloud = enforcing();
    let made = call(&cloud, &root("kms"), "TrentService.CreateKey", &json!({})).ok();
    let key = made["KeyMetadata"]["Arn"].clone();
    let document = policy(&json!([{
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": "glue:GetTable", "Resource": "arn:aws:glue:us-east-1:123456789012:catalog",
    }]));
    let put = json!({ "PolicyInJson": document });
    call(&cloud, &root("glue"), "AWSGlue.PutResourcePolicy", &put).ok();
    allow(&cloud, &json!("glue:Get*"));
    let list = || call(&cloud, &alice("glue"), "AWSGlue.GetResourcePolicies", &json!({}));
    let policies = |answer: Answer| answer.ok()["GetResourcePoliciesResponseList"].as_array().unwrap().len();
    assert_eq!(policies(list()), 1);
    let at_rest = json!({ "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key });
    let settings = json!({ "DataCatalogEncryptionSettings": { "EncryptionAtRest": at_rest } });
    call(&cloud, &root("glue"), "AWSGlue.PutDataCatalogEncryptionSettings", &settings).ok();
    let refused = list();
    assert_eq!(refused.code(), "GlueEncryptionException");
    assert!(refused.message().contains("is not authorized to perform: kms:"), "{}", refused.text);
    allow(&cloud, &json!(["glue:Get*", "kms:GenerateDataKey"]));
    assert_eq!(policies(list()), 1);
}

#[test]
fn a_crawler_with_a_role_that_glue_cannot_assume_is_refused_e247() {
    let cloud = enforcing();
    let input = json!({
        "Name": "c", "Role": "arn:aws:iam::123456789012:role/team/writer",
        "Targets": { "S3Targets": [{ "Path": "s3://data/in/" }] },
    });
    let refused = call(&cloud, &root("glue"), "AWSGlue.CreateCrawler", &input);
    assert_eq!(refused.code(), "InvalidInputException");
    let text = "Service is unable to assume provided role. Please verify role's TrustPolicy";
    assert_eq!(refused.message(), text);
}
