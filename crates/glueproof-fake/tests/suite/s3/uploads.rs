//! Bodies as SDKs send them today: in chunks, with checksums behind or in front, and digests of all kinds.

use http::Method;

use super::support::{cloud, get, put, send};

const CHUNKED: &[(&str, &str)] = &[
    ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ("content-encoding", "aws-chunked"),
    ("x-amz-decoded-content-length", "11"),
    ("x-amz-trailer", "x-amz-checksum-crc32"),
];

fn chunks(checksum: &str) -> String {
    format!("6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:{checksum}\r\n\r\n")
}

#[test]
fn chunks_are_put_together_and_their_checksum_kept() {
    let cloud = cloud();
    let written = put(&cloud, "/bucket/a", CHUNKED, &chunks("DUoRhQ==")).ok();
    assert_eq!(written.header("x-amz-checksum-crc32"), "DUoRhQ==");
    let read = send(&cloud, Method::GET, "/bucket/a", &[("x-amz-checksum-mode", "ENABLED")], "").ok();
    assert_eq!((&*read.text(), read.header("x-amz-checksum-crc32")), ("hello world", "DUoRhQ=="));
    assert_eq!((read.header("content-encoding"), read.header("x-amz-checksum-type")), ("", "FULL_OBJECT"));
}

#[test]
fn signed_chunks_are_read_too() {
    let cloud = cloud();
    let headers = [
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ("content-encoding", "aws-chunked,gzip"),
        ("x-amz-decoded-content-length", "5"),
    ];
    let body = "5;chunk-signature=ad80c730\r\nhello\r\n0;chunk-signature=b6c6ea8a\r\n\r\n";
    put(&cloud, "/bucket/a", &headers, body).ok();
    let read = get(&cloud, "/bucket/a").ok();
    assert_eq!((&*read.text(), read.header("content-encoding")), ("hello", "gzip"));
}

#[test]
fn damaged_bodies_are_refused_and_nothing_is_kept() {
    let cloud = cloud();
    let wrong_length: Vec<_> =
        CHUNKED.iter().map(|(name, value)| (*name, if *value == "11" { "12" } else { *value })).collect();
    for (headers, body, code) in [
        (CHUNKED, chunks("AAAAAA=="), "BadDigest"),
        (&wrong_length, chunks("DUoRhQ=="), "IncompleteBody"),
        (CHUNKED, "6\r\nhello".to_owned(), "IncompleteBody"),
        (CHUNKED, "zz\r\nhello\r\n0\r\n\r\n".to_owned(), "IncompleteBody"),
        (CHUNKED, "ffffffffffffffff\r\nhello\r\n0\r\n\r\n".to_owned(), "IncompleteBody"),
        (CHUNKED, "b\r\nhello world\r\n0\r\nno colon\r\n\r\n".to_owned(), "MalformedTrailerError"),
        (&[("x-amz-checksum-sha256", "AAAA")], "x".to_owned(), "BadDigest"),
        (&[("content-md5", "XUFAKrxLKna5cZ2REBfFkg==")], "not hello".to_owned(), "BadDigest"),
        (&[("content-md5", "short")], "x".to_owned(), "InvalidDigest"),
        (
            &[("x-amz-content-sha256", "0000000000000000000000000000000000000000000000000000000000000000")],
            "x".to_owned(),
            "XAmzContentSHA256Mismatch",
        ),
    ] {
        assert_eq!(put(&cloud, "/bucket/a", headers, &body).refusal(), (400, code.to_owned()), "{body:?}");
    }
    assert_eq!(get(&cloud, "/bucket/a").refusal(), (404, "NoSuchKey".to_owned()));
}

#[test]
fn right_digests_pass() {
    let cloud = cloud();
    for (name, value) in [
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("x-amz-checksum-crc32", "NhCmhg=="),
        ("x-amz-checksum-crc32c", "mnG7TA=="),
        ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
        ("x-amz-content-sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
    ] {
        put(&cloud, "/bucket/a", &[(name, value)], "hello").ok();
    }
}

#[test]
fn presigned_addresses_are_addresses_of_objects() {
    let cloud = cloud();
    let signature = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20231114%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20231114T221320Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0";
    put(&cloud, &format!("/bucket/a?{signature}"), &[], "x").ok();
    let before = "AWSAccessKeyId=test&Signature=AAAA%3D&Expires=1700000060";
    assert_eq!(get(&cloud, &format!("/bucket/a?{before}")).ok().text(), "x");
    assert_eq!(
        get(&cloud, &format!("/bucket/a?response-content-type=text%2Fcsv&{signature}"))
            .ok()
            .header("content-type"),
        "text/csv"
    );
}
