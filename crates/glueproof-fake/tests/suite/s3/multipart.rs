//! Objects in parts: begun, filled, completed as they should be, given up, listed.

use glueproof_fake::FakeCloud;
use http::Method;

use super::support::{Answer, at_rest, cloud, get, key, kms, put, send};

const LARGE: usize = 5 * 1024 * 1024;

fn begin(cloud: &FakeCloud, headers: &[(&str, &str)]) -> String {
    send(cloud, Method::POST, "/bucket/big?uploads", headers, "").ok().element("UploadId")
}

fn part(cloud: &FakeCloud, id: &str, number: usize, body: &str) -> Answer {
    put(cloud, &format!("/bucket/big?partNumber={number}&uploadId={id}"), &[], body)
}

fn complete(cloud: &FakeCloud, id: &str, parts: &[(usize, &str)]) -> Answer {
    let part = |(number, etag)| format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    let parts: Vec<String> = parts.iter().copied().map(part).collect();
    let body = format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts.concat());
    send(cloud, Method::POST, &format!("/bucket/big?uploadId={id}"), &[], body)
}

#[test]
fn parts_make_a_whole_in_the_order_of_their_numbers() {
    let cloud = cloud();
    let id = begin(&cloud, &[("x-amz-meta-k", "v"), ("content-type", "text/plain")]);
    let last = part(&cloud, &id, 7, "the end").ok().header("etag").to_owned();
    let first = part(&cloud, &id, 2, &"x".repeat(LARGE)).ok().header("etag").to_owned();
    assert_eq!(get(&cloud, "/bucket/big").refusal(), (404, "NoSuchKey".to_owned()), "not there yet");
    assert_eq!(get(&cloud, &format!("/bucket/big?uploadId={id}")).ok().elements("PartNumber"), ["2", "7"]);
    assert_eq!(get(&cloud, "/bucket?uploads").ok().elements("UploadId"), std::slice::from_ref(&id));
    let etag = complete(&cloud, &id, &[(2, &first), (7, &last)]).ok().element("ETag");
    assert!(etag.contains("-2"), "{etag}");
    let whole = get(&cloud, "/bucket/big").ok();
    assert_eq!((whole.body.len(), whole.header("x-amz-meta-k")), (LARGE + 7, "v"));
    assert!(whole.text().ends_with("xthe end"));
    assert_eq!(complete(&cloud, &id, &[(2, &first)]).refusal(), (404, "NoSuchUpload".to_owned()));
    assert!(get(&cloud, "/bucket?uploads").ok().elements("UploadId").is_empty());
}

#[test]
fn wrong_lists_of_parts_are_refused_and_the_upload_stays() {
    let cloud = cloud();
    let id = begin(&cloud, &[]);
    let first = part(&cloud, &id, 1, "small").ok().header("etag").to_owned();
    let second = part(&cloud, &id, 2, "small too").ok().header("etag").to_owned();
    for (parts, code) in [
        (vec![(2, &*second), (1, &*first)], "InvalidPartOrder"),
        (vec![(1, &*first), (3, "\"0\"")], "InvalidPart"),
        (vec![(1, &*second)], "InvalidPart"),
        (vec![(1, &*first), (2, &*second)], "EntityTooSmall"),
        (vec![], "MalformedXML"),
    ] {
        assert_eq!(complete(&cloud, &id, &parts).refusal(), (400, code.to_owned()));
    }
    complete(&cloud, &id, &[(2, &second)]).ok();
    assert_eq!(get(&cloud, "/bucket/big").text(), "small too");
}

#[test]
fn an_upload_that_is_given_up_is_gone() {
    let cloud = cloud();
    let id = begin(&cloud, &[]);
    let path = format!("/bucket/big?uploadId={id}");
    assert_eq!(send(&cloud, Method::DELETE, &path, &[], "").status, 204);
    for answer in
        [send(&cloud, Method::DELETE, &path, &[], ""), part(&cloud, &id, 1, "x"), get(&cloud, &path)]
    {
        assert_eq!(answer.refusal(), (404, "NoSuchUpload".to_owned()));
    }
}

#[test]
fn parts_are_ciphertext_at_rest_from_the_first_on() {
    let cloud = cloud();
    let (id, arn) = key(&cloud);
    let headers =
        [("x-amz-server-side-encryption", "aws:kms"), ("x-amz-server-side-encryption-aws-kms-key-id", &*arn)];
    let upload = begin(&cloud, &headers);
    let etag = part(&cloud, &upload, 1, "not for your eyes").ok().header("etag").to_owned();
    assert!(!at_rest(&cloud, "not for your eyes"));
    kms(&cloud, "DisableKey", &serde_json::json!({ "KeyId": id }));
    assert_eq!(complete(&cloud, &upload, &[(1, &etag)]).refusal(), (400, "KMS.DisabledException".to_owned()));
    kms(&cloud, "EnableKey", &serde_json::json!({ "KeyId": id }));
    complete(&cloud, &upload, &[(1, &etag)]).ok();
    let whole = get(&cloud, "/bucket/big").ok();
    assert_eq!(
        (&*whole.text(), whole.header("x-amz-server-side-encryption-aws-kms-key-id")),
        ("not for your eyes", &*arn)
    );
    assert!(!at_rest(&cloud, "not for your eyes"));
}
