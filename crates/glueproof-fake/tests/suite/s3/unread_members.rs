//! Members that no handler reads are refused, checked or answered.

use http::Method;

use super::support::{cloud, get, put, send};

#[test]
fn members_that_the_fake_does_not_implement_are_refused_by_name() {
    let cloud = cloud();
    let refused = put(&cloud, "/bucket/a", &[("x-amz-object-lock-mode", "GOVERNANCE")], "x");
    assert_eq!(refused.refusal(), (501, "NotImplemented".to_owned()));
    assert!(refused.element("Message").contains("x-amz-object-lock-mode"));
    assert_eq!(get(&cloud, "/bucket/a").status, 404);
}

#[test]
fn a_bucket_has_no_acls_but_those_of_its_owner() {
    let cloud = cloud();
    for acl in [("x-amz-acl", "public-read"), ("x-amz-grant-read", "id=1")] {
        let refused = put(&cloud, "/bucket/a", &[acl], "x");
        assert_eq!(refused.refusal(), (400, "AccessControlListNotSupported".to_owned()));
    }
    put(&cloud, "/bucket/a", &[("x-amz-acl", "bucket-owner-full-control")], "x").ok();
}

#[test]
fn a_bucket_of_another_owner_than_the_expected_one_is_not_accessed() {
    let cloud = cloud();
    let own = ("x-amz-expected-bucket-owner", "123456789012");
    put(&cloud, "/bucket/a", &[own], "x").ok();
    let other = ("x-amz-expected-bucket-owner", "210987654321");
    assert_eq!(put(&cloud, "/bucket/a", &[other], "y").refusal(), (403, "AccessDenied".to_owned()));
    let source = [("x-amz-copy-source", "/bucket/a"), ("x-amz-source-expected-bucket-owner", "210987654321")];
    assert_eq!(put(&cloud, "/bucket/b", &source, "").refusal(), (403, "AccessDenied".to_owned()));
    assert_eq!(get(&cloud, "/bucket/a").ok().text(), "x");
}

#[test]
fn a_read_gets_the_headers_that_its_url_asks_for() {
    let cloud = cloud();
    put(&cloud, "/bucket/a", &[("content-type", "text/plain")], "x").ok();
    let path = "/bucket/a?response-content-type=text%2Fcsv&response-content-disposition=attachment";
    for method in [Method::GET, Method::HEAD] {
        let read = send(&cloud, method, path, &[], "").ok();
        assert_eq!(
            (read.header("content-type"), read.header("content-disposition")),
            ("text/csv", "attachment")
        );
    }
}
