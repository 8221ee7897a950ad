//! In `enforce`, a caller needs leave of S3 for the object and of KMS for its key, and signs what they send.

use glueproof_fake::FakeCloud;
use http::{Method, Request};
use serde_json::{Value, json};

use super::support::{Answer, send};
use crate::iam::support::{Signer, alice, allow_alice, enforcing, root};

const KMS: (&str, &str) = ("x-amz-server-side-encryption", "aws:kms");

fn call(cloud: &FakeCloud, signer: &Signer, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(format!("http://localhost{path}"));
    let request = request.header("host", "localhost").header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    // Objects have bytes, buckets have none.
    let body = if path.matches('/').count() > 1 { "x" } else { "" };
    let (head, body) = cloud.handle(signer.sign(request.body(body.into()).unwrap())).into_parts();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

/// A cloud with a bucket of root's, where alice may do that and nothing else.
fn cloud(statements: &Value) -> FakeCloud {
    let cloud = enforcing();
    call(&cloud, &root("s3"), Method::PUT, "/bucket", &[]).ok();
    allow(&cloud, statements);
    cloud
}

fn allow(cloud: &FakeCloud, statements: &Value) {
    allow_alice(cloud, statements);
}

#[track_caller]
fn assert_denied(answer: &Answer, action: &str) {
    assert_eq!(answer.refusal(), (403, "AccessDenied".to_owned()));
    assert!(
        answer.element("Message").contains(&format!("not authorized to perform: {action} ")),
        "{}",
        answer.text()
    );
}

#[test]
fn anonymous_callers_have_no_rights() {
    let cloud = enforcing();
    for (method, path) in [(Method::GET, "/"), (Method::PUT, "/bucket"), (Method::GET, "/bucket/a")] {
        let answer = send(&cloud, method, path, &[], "");
        assert_eq!(answer.refusal(), (403, "AccessDenied".to_owned()), "{path}");
    }
    let wrong = Signer::new("AKIAALICE", "guessed", "s3");
    assert_eq!(
        call(&cloud, &wrong, Method::GET, "/", &[]).refusal(),
        (403, "SignatureDoesNotMatch".to_owned())
    );
    let unknown = Signer::new("AKIANOBODY", "guessed", "s3");
    assert_eq!(
        call(&cloud, &unknown, Method::GET, "/", &[]).refusal(),
        (403, "InvalidAccessKeyId".to_owned())
    );
}

#[test]
fn each_operation_needs_its_action_on_the_right_resource() {
    let cloud = cloud(&json!([
        { "Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "arn:aws:s3:::bucket/mine/*" },
        { "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket",
          "Condition": { "StringLike": { "s3:prefix": "mine/*" } } },
    ]));
    let alice = alice("s3");
    call(&cloud, &alice, Method::PUT, "/bucket/mine/a", &[]).ok();
    assert_eq!(call(&cloud, &alice, Method::GET, "/bucket/mine/a", &[]).ok().text(), "x");
    call(&cloud, &alice, Method::GET, "/bucket?list-type=2&prefix=mine%2F", &[]).ok();
    for (method, path, action) in [
        (Method::PUT, "/bucket/yours/a", "s3:PutObject"),
        (Method::GET, "/bucket/yours/a", "s3:GetObject"),
        (Method::DELETE, "/bucket/mine/a", "s3:DeleteObject"),
        (Method::GET, "/bucket?list-type=2", "s3:ListBucket"),
        (Method::GET, "/bucket?encryption", "s3:GetEncryptionConfiguration"),
        (Method::PUT, "/another", "s3:CreateBucket"),
        (Method::DELETE, "/bucket", "s3:DeleteBucket"),
        (Method::GET, "/", "s3:ListAllMyBuckets"),
    ] {
        assert_denied(&call(&cloud, &alice, method, path, &[]), action);
    }
}

#[test]
fn an_object_under_a_key_needs_leave_of_kms_too() {
    let objects = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*" });
    let cloud = cloud(&json!([objects]));
    let made = Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "TrentService.CreateKey")
        .body("{}".into())
        .unwrap();
    let made = cloud.handle(root("kms").sign(made));
    let made: Value = serde_json::from_slice(made.body()).unwrap();
    let arn = made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let under = [KMS, ("x-amz-server-side-encryption-aws-kms-key-id", &*arn)];
    let alice = alice("s3");
    let write = || call(&cloud, &alice, Method::PUT, "/bucket/a", &under);
    let read = || call(&cloud, &alice, Method::GET, "/bucket/a", &[]);
    let with_key = |action: &str, via: &str| {
        let condition = json!({ "StringEquals": {
            "kms:ViaService": format!("{via}.us-east-1.amazonaws.com"),
            "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket/a",
        }});
        let key = json!({ "Effect": "Allow", "Action": action, "Resource": arn, "Condition": condition });
        allow(&cloud, &json!([objects, key]));
    };
    assert_denied(&write(), "kms:GenerateDataKey");
    with_key("kms:GenerateDataKey", "glue");
    assert_denied(&write(), "kms:GenerateDataKey");
    with_key("kms:GenerateDataKey", "s3");
    write().ok();
    assert_denied(&read(), "kms:Decrypt");
    with_key("kms:Decrypt", "s3");
    assert_eq!(read().ok().text(), "x");
    assert_denied(&write(), "kms:GenerateDataKey");
    // The key of AWS's own is for everybody in the account who comes through S3.
    call(&cloud, &alice, Method::PUT, "/bucket/b", &[KMS]).ok();
    assert_eq!(call(&cloud, &alice, Method::GET, "/bucket/b", &[]).ok().text(), "x");
}

#[test]
fn policies_can_demand_encryption() {
    let cloud = cloud(&json!([
        { "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*" },
        { "Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*",
          "Condition": { "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } } },
    ]));
    assert_denied(&call(&cloud, &alice("s3"), Method::PUT, "/bucket/a", &[]), "s3:PutObject");
    call(&cloud, &alice("s3"), Method::PUT, "/bucket/a", &[KMS]).ok();
}
