//! Bucket policies as accounts have them: no unencrypted or wrongly keyed writes, no transport without TLS.

use glueproof_fake::FakeCloud;
use http::{Method, Request};
use serde_json::{Value, json};

use super::support::{Answer, send};
use crate::iam::support::{Signer, alice, enforcing, policy, root};

const SSE: &str = "x-amz-server-side-encryption";

fn call(
    cloud: &FakeCloud,
    signer: &Signer,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("host", "localhost").header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let body = bytes::Bytes::from(body.to_owned());
    let (head, body) = cloud.handle(signer.sign(request.body(body).unwrap())).into_parts();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

fn put_policy(cloud: &FakeCloud, statements: &Value) -> Answer {
    call(cloud, &root("s3"), Method::PUT, "https://localhost/bucket?policy", &[], &policy(statements))
}

fn cloud(statements: &Value) -> FakeCloud {
    let cloud = enforcing();
    call(&cloud, &root("s3"), Method::PUT, "https://localhost/bucket", &[], "").ok();
    put_policy(&cloud, statements).ok();
    cloud
}

#[test]
fn writes_without_encryption_are_denied() {
    let deny = |condition: Value| json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*", "Condition": condition });
    let cloud = cloud(&json!([
        deny(json!({ "Null": { "s3:x-amz-server-side-encryption": "true" } })),
        deny(json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } })),
        deny(
            json!({ "Null": { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" }, "StringNotEquals": { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:123456789012:key/right" } })
        ),
    ]));
    let put = |headers: &[(&str, &str)]| {
        call(&cloud, &root("s3"), Method::PUT, "https://localhost/bucket/a", headers, "x")
    };
    let key = ("x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:us-east-1:123456789012:key/wrong");
    for headers in [&[][..], &[(SSE, "AES256")], &[(SSE, "aws:kms"), key]] {
        let answer = put(headers);
        assert_eq!(answer.refusal(), (403, "AccessDenied".to_owned()), "{headers:?}");
        assert!(
            answer.element("Message").ends_with("with an explicit deny in a resource-based policy"),
            "{}",
            answer.text()
        );
    }
    put(&[(SSE, "aws:kms")]).ok();
    let begin = call(&cloud, &root("s3"), Method::POST, "https://localhost/bucket/b?uploads", &[], "");
    assert_eq!(begin.refusal().1, "AccessDenied");
    let copy = [("x-amz-copy-source", "/bucket/a")];
    assert_eq!(
        call(&cloud, &root("s3"), Method::PUT, "https://localhost/bucket/c", &copy, "").refusal().1,
        "AccessDenied"
    );
}

#[test]
fn transport_without_tls_is_denied() {
    let cloud = cloud(&json!({
        "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    }));
    let put = |scheme: &str| {
        call(&cloud, &root("s3"), Method::PUT, &format!("{scheme}://localhost/bucket/a"), &[], "x")
    };
    put("https").ok();
    assert_eq!(put("http").refusal(), (403, "AccessDenied".to_owned()));
    // The root of the owner keeps the policy.
    call(&cloud, &root("s3"), Method::DELETE, "http://localhost/bucket?policy", &[], "").ok();
    put("http").ok();
}

#[test]
fn a_policy_lets_others_in_and_is_returned_as_it_was_put() {
    let statements = json!({
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:user/alice" },
        "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/shared/*",
    });
    let cloud = cloud(&statements);
    let put = |path: &str| {
        call(&cloud, &alice("s3"), Method::PUT, &format!("https://localhost/bucket/{path}"), &[], "x")
    };
    put("shared/a").ok();
    assert_eq!(put("other").refusal().1, "AccessDenied");
    let get = |path: &str| {
        call(&cloud, &root("s3"), Method::GET, &format!("https://localhost/bucket?{path}"), &[], "")
    };
    assert_eq!(get("policy").ok().text(), policy(&statements));
    assert_eq!(get("policyStatus").ok().element("IsPublic"), "false");
    call(&cloud, &root("s3"), Method::DELETE, "https://localhost/bucket?policy", &[], "").ok();
    assert_eq!(get("policy").refusal(), (404, "NoSuchBucketPolicy".to_owned()));
    assert_eq!(put("shared/a").refusal().1, "AccessDenied");
}

#[test]
fn malformed_policies_are_refused_with_a_text() {
    let cloud = cloud(
        &json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*" }),
    );
    let public = call(&cloud, &root("s3"), Method::GET, "https://localhost/bucket?policyStatus", &[], "");
    assert_eq!(public.ok().element("IsPublic"), "true");
    for statements in [
        json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*" }),
        json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject" }),
        json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*" }),
        json!({ "Effect": "Perhaps", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*" }),
    ] {
        let answer = put_policy(&cloud, &statements);
        assert_eq!(answer.refusal(), (400, "MalformedPolicy".to_owned()), "{statements}");
        assert!(!answer.element("Message").is_empty(), "{}", answer.text());
    }
    assert_eq!(send(&cloud, Method::GET, "/bucket?policy", &[], "").refusal().1, "AccessDenied");
}
