//! Objects: written, read whole and in part, under conditions, copied, deleted.

use http::Method;

use super::support::{cloud, get, put, send};

#[test]
fn objects_read_back_with_their_metadata() {
    let cloud = cloud();
    let said = [
        ("content-type", "text/plain"),
        ("cache-control", "no-store"),
        ("content-encoding", "zstd"),
        ("x-amz-meta-team", "data"),
    ];
    let written = put(&cloud, "/bucket/dir/a%20key+%C3%A4", &said, "hello").ok();
    assert_eq!(written.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    let read = get(&cloud, "/bucket/dir/a%20key+%C3%A4").ok();
    assert_eq!(read.text(), "hello");
    for (name, value) in said {
        assert_eq!(read.header(name), value);
    }
    assert_eq!((read.header("content-length"), read.header("accept-ranges")), ("5", "bytes"));
    assert_eq!(read.header("last-modified"), "Tue, 14 Nov 2023 22:13:20 GMT");
    assert!(!read.header("x-amz-request-id").is_empty());
    let head = send(&cloud, Method::HEAD, "/bucket/dir/a%20key+%C3%A4", &[], "").ok();
    assert_eq!((head.header("content-length"), head.body.len()), ("5", 0));
    assert_eq!(get(&cloud, "/bucket/dir").refusal(), (404, "NoSuchKey".to_owned()));
}

#[test]
fn ranges_are_cut_as_http_has_them() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[], "0123456789").ok();
    for (range, part, said) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=8-100", "89", "bytes 8-9/10"),
    ] {
        let read = send(&cloud, Method::GET, "/bucket/a", &[("range", range)], "");
        assert_eq!((read.status, &*read.text(), read.header("content-range")), (206, part, said), "{range}");
    }
    let beyond = send(&cloud, Method::GET, "/bucket/a", &[("range", "bytes=10-")], "");
    assert_eq!(beyond.refusal(), (416, "InvalidRange".to_owned()));
    put(&cloud, "/bucket/empty", &[], "").ok();
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(send(&cloud, method, "/bucket/empty", &[("range", "bytes=-1")], "").status, 416);
    }
}

#[test]
fn conditions_on_reading_decide() {
    let cloud = cloud();
    let etag = put(&cloud, "/bucket/a", &[], "x").ok().header("etag").to_owned();
    let (before, after) = ("Tue, 14 Nov 2023 22:13:19 GMT", "Tue, 14 Nov 2023 22:13:20 GMT");
    for (name, value, status) in [
        ("if-match", &*etag, 200),
        ("if-match", "\"other\"", 412),
        ("if-none-match", &*etag, 304),
        ("if-none-match", "\"other\"", 200),
        ("if-modified-since", before, 200),
        ("if-modified-since", after, 304),
        ("if-unmodified-since", before, 412),
        ("if-unmodified-since", after, 200),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = send(&cloud, method.clone(), "/bucket/a", &[(name, value)], "");
            assert_eq!(answer.status, status, "{method} {name}: {value}");
        }
    }
}

#[test]
fn conditional_writes_keep_existing_objects() {
    let cloud = cloud();
    assert_eq!(
        put(&cloud, "/bucket/a", &[("if-match", "\"x\"")], "no").refusal(),
        (404, "NoSuchKey".to_owned())
    );
    let etag = put(&cloud, "/bucket/a", &[("if-none-match", "*")], "first").ok().header("etag").to_owned();
    let refused = (412, "PreconditionFailed".to_owned());
    assert_eq!(put(&cloud, "/bucket/a", &[("if-none-match", "*")], "no").refusal(), refused);
    assert_eq!(put(&cloud, "/bucket/a", &[("if-match", "\"x\"")], "no").refusal(), refused);
    assert_eq!(get(&cloud, "/bucket/a").text(), "first");
    put(&cloud, "/bucket/a", &[("if-match", &etag)], "second").ok();
    assert_eq!(get(&cloud, "/bucket/a").text(), "second");
}

#[test]
fn a_copy_has_the_bytes_and_the_old_or_new_metadata() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[("x-amz-meta-k", "old"), ("content-type", "text/plain")], "x").ok();
    let source = ("x-amz-copy-source", "/bucket/a");
    assert!(!put(&cloud, "/bucket/b", &[source], "").ok().element("ETag").is_empty());
    let kept = get(&cloud, "/bucket/b").ok();
    assert_eq!((&*kept.text(), kept.header("x-amz-meta-k")), ("x", "old"));
    let anew = [source, ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-k", "new")];
    put(&cloud, "/bucket/c", &anew, "").ok();
    assert_eq!(get(&cloud, "/bucket/c").header("x-amz-meta-k"), "new");
    assert_eq!(put(&cloud, "/bucket/a", &[source], "").refusal(), (400, "InvalidRequest".to_owned()));
    let missing = put(&cloud, "/bucket/b", &[("x-amz-copy-source", "/bucket/none")], "");
    assert_eq!(missing.refusal(), (404, "NoSuchKey".to_owned()));
}

#[test]
fn many_are_deleted_at_once_and_each_is_told_of() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[], "x").ok();
    put(&cloud, "/bucket/b", &[], "x").ok();
    let body = "<Delete><Object><Key>a</Key></Object><Object><Key>never</Key></Object></Delete>";
    let answer = send(&cloud, Method::POST, "/bucket?delete", &[], body).ok();
    assert_eq!(answer.elements("Key"), ["a", "never"]);
    assert_eq!(get(&cloud, "/bucket?list-type=2").elements("Key"), ["b"]);
    let quiet = "<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>";
    assert!(send(&cloud, Method::POST, "/bucket?delete", &[], quiet).ok().elements("Key").is_empty());
    assert!(get(&cloud, "/bucket?list-type=2").elements("Key").is_empty());
}
