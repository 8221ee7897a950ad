//! Encryption: what lies at rest, under whose key, and what happens when that key is disabled.

use http::Method;
use serde_json::json;

use super::support::{at_rest, cloud, get, key, kms, put, send};

const SSE: &str = "x-amz-server-side-encryption";
const KEY: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const SECRET: &str = "the recipe of the sauce";

#[test]
fn every_object_is_ciphertext_at_rest() {
    let cloud = cloud();
    let (_, arn) = key(&cloud);
    let wanted: [&[(&str, &str)]; 4] =
        [&[], &[(SSE, "AES256")], &[(SSE, "aws:kms")], &[(SSE, "aws:kms"), (KEY, &arn)]];
    for (number, headers) in wanted.into_iter().enumerate() {
        let path = format!("/bucket/{number}");
        let said =
            if headers.len() < 2 && !headers.contains(&(SSE, "aws:kms")) { "AES256" } else { "aws:kms" };
        assert_eq!(put(&cloud, &path, headers, SECRET).ok().header(SSE), said, "{headers:?}");
        let read = get(&cloud, &path).ok();
        assert_eq!((&*read.text(), read.header(SSE)), (SECRET, said));
    }
    assert_eq!(get(&cloud, "/bucket/3").header(KEY), arn);
    assert_eq!(cloud.at_rest().iter().filter(|stored| stored.service == "s3").count(), 4);
    assert!(!at_rest(&cloud, SECRET) && !at_rest(&cloud, "sauce"));
}

#[test]
fn a_disabled_key_opens_nothing_until_it_is_enabled_again() {
    let cloud = cloud();
    let (id, arn) = key(&cloud);
    put(&cloud, "/bucket/a", &[(SSE, "aws:kms"), (KEY, &id)], SECRET).ok();
    kms(&cloud, "DisableKey", &json!({ "KeyId": id }));
    let shut = get(&cloud, "/bucket/a");
    assert_eq!(shut.refusal(), (400, "KMS.DisabledException".to_owned()));
    assert_eq!(shut.element("Message"), format!("{arn} is disabled."), "E072");
    let write = put(&cloud, "/bucket/b", &[(SSE, "aws:kms"), (KEY, &id)], "x");
    assert_eq!(write.refusal(), (400, "KMS.DisabledException".to_owned()));
    let copy = put(&cloud, "/bucket/c", &[("x-amz-copy-source", "/bucket/a")], "");
    assert_eq!(copy.refusal(), (400, "KMS.DisabledException".to_owned()));
    assert_eq!(
        send(&cloud, Method::HEAD, "/bucket/a", &[], "").ok().header(KEY),
        arn,
        "no key is needed for this"
    );
    kms(&cloud, "EnableKey", &json!({ "KeyId": id }));
    assert_eq!(get(&cloud, "/bucket/a").ok().text(), SECRET);
    let missing = put(&cloud, "/bucket/d", &[(SSE, "aws:kms"), (KEY, "alias/none")], "x");
    assert_eq!(missing.refusal(), (400, "KMS.NotFoundException".to_owned()));
}

#[test]
fn a_bucket_s_default_is_for_later_writes_that_say_nothing() {
    let cloud = cloud();
    let (_, arn) = key(&cloud);
    put(&cloud, "/bucket/before", &[], "x").ok();
    let default = format!(
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{arn}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"
    );
    assert_eq!(get(&cloud, "/bucket?encryption").ok().element("SSEAlgorithm"), "AES256");
    put(&cloud, "/bucket?encryption", &[], &default).ok();
    let shown = get(&cloud, "/bucket?encryption").ok();
    assert_eq!(
        (shown.element("SSEAlgorithm"), shown.element("KMSMasterKeyID")),
        ("aws:kms".to_owned(), arn.clone())
    );
    put(&cloud, "/bucket/after", &[], "x").ok();
    put(&cloud, "/bucket/own", &[(SSE, "AES256")], "x").ok();
    assert_eq!(send(&cloud, Method::DELETE, "/bucket?encryption", &[], "").status, 204);
    put(&cloud, "/bucket/last", &[], "x").ok();
    for (name, said) in [("before", "AES256"), ("after", "aws:kms"), ("own", "AES256"), ("last", "AES256")] {
        assert_eq!(get(&cloud, &format!("/bucket/{name}")).ok().header(SSE), said, "{name}");
    }
    let after = get(&cloud, "/bucket/after");
    assert_eq!(
        (after.header(KEY), after.header("x-amz-server-side-encryption-bucket-key-enabled")),
        (&*arn, "true")
    );
}

#[test]
fn headers_that_contradict_each_other_are_refused() {
    let cloud = cloud();
    let (_, arn) = key(&cloud);
    for (headers, status, code) in [
        (vec![(KEY, &*arn)], 400, "InvalidArgument"),
        (vec![(SSE, "AES256"), (KEY, &*arn)], 400, "InvalidArgument"),
        (vec![(SSE, "rot13")], 400, "InvalidEncryptionAlgorithmError"),
        (
            vec![(SSE, "aws:kms"), ("x-amz-server-side-encryption-context", "no base64!")],
            400,
            "InvalidArgument",
        ),
        (vec![("x-amz-server-side-encryption-customer-algorithm", "AES256")], 501, "NotImplemented"),
    ] {
        assert_eq!(
            put(&cloud, "/bucket/a", &headers, "x").refusal(),
            (status, code.to_owned()),
            "{headers:?}"
        );
    }
    assert_eq!(get(&cloud, "/bucket/a").status, 404);
}
