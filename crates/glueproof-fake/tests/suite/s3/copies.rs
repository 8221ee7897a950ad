//! Copies onto the same key, copies into parts, attributes, parts and tags.

use http::Method;
use serde_json::json;

use super::support::{cloud, get, key, kms, put, send};

const SSE: &str = "x-amz-server-side-encryption";
const KEY: &str = "x-amz-server-side-encryption-aws-kms-key-id";

#[test]
fn a_copy_onto_itself_takes_over_encryption() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[], "hello").ok();
    let copy = |headers: &[(&str, &str)]| {
        put(&cloud, "/bucket/a", &[&[("x-amz-copy-source", "/bucket/a")], headers].concat(), "")
    };
    let unchanged = copy(&[]);
    assert_eq!(unchanged.refusal(), (400, "InvalidRequest".to_owned()));
    assert!(unchanged.element("Message").contains("without changing"), "{}", unchanged.text());
    let (_, arn) = key(&cloud);
    let copied = copy(&[(SSE, "aws:kms"), (KEY, &arn)]).ok();
    assert_eq!((copied.header(SSE), copied.header(KEY)), ("aws:kms", &*arn));
    // E255: the answer has the checksum.
    assert!(!copied.element("ChecksumCRC64NVME").is_empty(), "{}", copied.text());
    assert_eq!(copied.element("ChecksumType"), "FULL_OBJECT");
    assert_eq!(get(&cloud, "/bucket/a").ok().text(), "hello");
    // A default that the bucket has got since.
    put(&cloud, "/bucket/b", &[], "hello").ok();
    let rule = format!(
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{arn}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
    );
    put(&cloud, "/bucket?encryption", &[], &rule).ok();
    let copied = put(&cloud, "/bucket/b", &[("x-amz-copy-source", "/bucket/b")], "").ok();
    assert_eq!((copied.header(SSE), copied.header(KEY)), ("aws:kms", &*arn));
    assert_eq!(
        put(&cloud, "/bucket/b", &[("x-amz-copy-source", "/bucket/b")], "").refusal().1,
        "InvalidRequest"
    );
}

#[test]
fn parts_are_copied_from_objects() {
    let cloud = cloud();
    put(&cloud, "/bucket/source", &[], "hello world").ok();
    let begun = send(
        &cloud,
        Method::POST,
        "/bucket/joined?uploads",
        &[("x-amz-checksum-algorithm", "CRC32"), ("x-amz-tagging", "a=b")],
        "",
    )
    .ok();
    let id = begun.element("UploadId");
    let part = |number: u32, headers: &[(&str, &str)]| {
        let path = format!("/bucket/joined?partNumber={number}&uploadId={id}");
        put(&cloud, &path, &[&[("x-amz-copy-source", "/bucket/source")], headers].concat(), "")
    };
    let copied = part(1, &[("x-amz-copy-source-range", "bytes=0-4")]).ok();
    let etag = copied.element("ETag").replace("&quot;", "").replace('"', "");
    assert_eq!(etag, "5d41402abc4b2a76b9719d911017c592");
    for range in ["bytes=0-11", "bytes=4-", "0-4", "bytes=5-4"] {
        let answer = part(1, &[("x-amz-copy-source-range", range)]);
        assert_eq!(answer.refusal(), (400, "InvalidArgument".to_owned()), "{range}");
        assert!(!answer.element("Message").is_empty());
    }
    let stale = part(1, &[("x-amz-copy-source-if-match", "\"0\"")]);
    assert_eq!(stale.refusal(), (412, "PreconditionFailed".to_owned()));
    let complete = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    send(&cloud, Method::POST, &format!("/bucket/joined?uploadId={id}"), &[], complete).ok();
    assert_eq!(get(&cloud, "/bucket/joined").ok().text(), "hello");
    // E255: a part of an object.
    let read = get(&cloud, "/bucket/joined?partNumber=1");
    assert_eq!(
        (read.status, read.header("content-range"), read.header("x-amz-mp-parts-count")),
        (206, "bytes 0-4/5", "1")
    );
    assert_eq!(get(&cloud, "/bucket/joined?partNumber=2").refusal().1, "InvalidPartNumber");
    let attributes = [("x-amz-object-attributes", "ETag,Checksum,ObjectParts,ObjectSize,StorageClass")];
    let answer = send(&cloud, Method::GET, "/bucket/joined?attributes", &attributes, "").ok();
    assert_eq!(
        (answer.element("ObjectSize"), answer.element("StorageClass")),
        ("5".to_owned(), "STANDARD".to_owned())
    );
    assert_eq!(
        (answer.element("PartsCount"), answer.element("PartNumber")),
        ("1".to_owned(), "1".to_owned()),
        "{}",
        answer.text()
    );
    assert_eq!(get(&cloud, "/bucket/joined?tagging").ok().elements("Key"), ["a"]);
}

#[test]
fn listed_objects_have_their_checksum_e255() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[("x-amz-checksum-crc32", "NhCmhg==")], "hello").ok();
    let listed = get(&cloud, "/bucket?list-type=2").ok();
    assert_eq!(
        (listed.element("ChecksumAlgorithm"), listed.element("ChecksumType")),
        ("CRC32".to_owned(), "FULL_OBJECT".to_owned())
    );
}

#[test]
fn tags_of_buckets_and_objects() {
    let cloud = cloud();
    let tags = |pairs: &[(&str, &str)]| {
        let tag = |(key, value): &(&str, &str)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
        let tags: Vec<String> = pairs.iter().map(tag).collect();
        format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.concat())
    };
    assert_eq!(get(&cloud, "/bucket?tagging").refusal(), (404, "NoSuchTagSet".to_owned()));
    put(&cloud, "/bucket?tagging", &[], &tags(&[("team", "blue")])).ok();
    assert_eq!(get(&cloud, "/bucket?tagging").ok().elements("Value"), ["blue"]);
    send(&cloud, Method::DELETE, "/bucket?tagging", &[], "").ok();
    assert_eq!(get(&cloud, "/bucket?tagging").refusal().1, "NoSuchTagSet");
    put(&cloud, "/bucket/a", &[("x-amz-tagging", "team=blue&cost=1%2B1")], "x").ok();
    let read = get(&cloud, "/bucket/a?tagging").ok();
    assert_eq!(
        (read.elements("Key"), read.elements("Value")),
        (vec!["cost".to_owned(), "team".to_owned()], vec!["1+1".to_owned(), "blue".to_owned()])
    );
    assert_eq!(get(&cloud, "/bucket/a").ok().header("x-amz-tagging-count"), "2");
    let copy = [
        ("x-amz-copy-source", "/bucket/a"),
        ("x-amz-tagging-directive", "REPLACE"),
        ("x-amz-tagging", "x=y"),
    ];
    put(&cloud, "/bucket/b", &copy, "").ok();
    assert_eq!(get(&cloud, "/bucket/b?tagging").ok().elements("Key"), ["x"]);
    put(&cloud, "/bucket/c", &copy[..1], "").ok();
    assert_eq!(get(&cloud, "/bucket/c?tagging").ok().elements("Key"), ["cost", "team"]);
    put(&cloud, "/bucket/a?tagging", &[], &tags(&[("x", "y")])).ok();
    send(&cloud, Method::DELETE, "/bucket/a?tagging", &[], "").ok();
    assert!(get(&cloud, "/bucket/a?tagging").ok().elements("Key").is_empty());
    let many: Vec<(String, String)> = (0..11).map(|n| (format!("k{n}"), String::new())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (&**key, &**value)).collect();
    assert_eq!(put(&cloud, "/bucket/a?tagging", &[], &tags(&many)).refusal(), (400, "BadRequest".to_owned()));
    assert_eq!(put(&cloud, "/bucket/a?tagging", &[], &tags(&[("aws:x", "")])).refusal().1, "InvalidTag");
}

#[test]
fn refusals_of_kms_are_handed_on_e231() {
    let cloud = cloud();
    let (id, arn) = key(&cloud);
    put(&cloud, "/bucket/a", &[(SSE, "aws:kms"), (KEY, &arn)], "x").ok();
    let write = || put(&cloud, "/bucket/b", &[(SSE, "aws:kms"), (KEY, &arn)], "x");
    kms(&cloud, "DisableKey", &json!({ "KeyId": id }));
    for answer in [get(&cloud, "/bucket/a"), write()] {
        assert_eq!(answer.refusal(), (400, "KMS.DisabledException".to_owned()));
        assert_eq!(answer.element("Message"), format!("{arn} is disabled."));
    }
    kms(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": id }));
    for answer in [get(&cloud, "/bucket/a"), write()] {
        assert_eq!(answer.refusal(), (400, "KMS.KMSInvalidStateException".to_owned()));
        assert_eq!(answer.element("Message"), format!("{arn} is pending deletion."));
    }
}

#[test]
fn keys_that_are_not_there_are_named_e232() {
    let cloud = cloud();
    let absent = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    for (key, message) in [
        ("fake-key-id", "Invalid keyId 'fake-key-id'".to_owned()),
        ("11111111-2222-3333-4444-555555555555", format!("Key '{absent}' does not exist")),
        (absent, format!("Key '{absent}' does not exist")),
        (
            "arn:aws:kms:eu-west-3:123456789012:key/11111111-2222-3333-4444-555555555555",
            "Invalid arn eu-west-3".to_owned(),
        ),
    ] {
        let answer = put(&cloud, "/bucket/a", &[(SSE, "aws:kms"), (KEY, key)], "x");
        assert_eq!(answer.refusal(), (400, "KMS.NotFoundException".to_owned()), "{key}");
        assert_eq!(answer.element("Message").replace("&apos;", "'"), message);
    }
}
