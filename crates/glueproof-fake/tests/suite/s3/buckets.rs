//! Buckets: made, found, listed, deleted; names are everybody's.

use http::Method;

use super::support::{cloud, get, put, send};

#[test]
fn a_bucket_is_there_until_it_is_empty_and_deleted() {
    let cloud = cloud();
    assert_eq!(
        send(&cloud, Method::HEAD, "/bucket", &[], "").ok().header("x-amz-bucket-region"),
        "us-east-1"
    );
    assert_eq!(get(&cloud, "/").ok().elements("Name"), ["bucket"]);
    put(&cloud, "/bucket/a", &[], "x").ok();
    assert_eq!(
        send(&cloud, Method::DELETE, "/bucket", &[], "").refusal(),
        (409, "BucketNotEmpty".to_owned())
    );
    assert_eq!(send(&cloud, Method::DELETE, "/bucket/a", &[], "").status, 204);
    assert_eq!(send(&cloud, Method::DELETE, "/bucket", &[], "").status, 204);
    let gone = send(&cloud, Method::HEAD, "/bucket", &[], "");
    assert_eq!((gone.status, gone.body.len()), (404, 0));
    assert_eq!(get(&cloud, "/bucket").refusal(), (404, "NoSuchBucket".to_owned()));
    assert_eq!(get(&cloud, "/").ok().elements("Name"), Vec::<String>::new());
}

#[test]
fn a_bucket_name_belongs_to_its_owner() {
    let cloud = cloud();
    put(&cloud, "/bucket", &[], "").ok();
    let other = "AWS4-HMAC-SHA256 Credential=210987654321/20231114/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let taken = put(&cloud, "/bucket", &[("authorization", other)], "");
    assert_eq!(taken.refusal(), (409, "BucketAlreadyExists".to_owned()));
    assert_eq!(put(&cloud, "/Bad_Name", &[], "").refusal(), (400, "InvalidBucketName".to_owned()));
}

#[test]
fn a_bucket_is_where_its_maker_says() {
    let cloud = cloud();
    let there = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    put(&cloud, "/far-away", &[], there).ok();
    assert!(get(&cloud, "/far-away?location").ok().text().contains("eu-west-1"));
    assert!(!get(&cloud, "/bucket?location").ok().text().contains("us-east-1"));
    assert_eq!(put(&cloud, "/far-away", &[], there).refusal(), (409, "BucketAlreadyOwnedByYou".to_owned()));
    let from = "AWS4-HMAC-SHA256 Credential=test/20231114/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let wrong = put(&cloud, "/nearer", &[("authorization", from)], there);
    assert_eq!(wrong.refusal(), (400, "IllegalLocationConstraintException".to_owned()));
}

#[test]
fn a_bucket_can_be_in_the_host() {
    let cloud = cloud();
    put(&cloud, "/bucket/a/b", &[], "x").ok();
    for host in ["bucket.s3.amazonaws.com", "bucket.s3.us-east-1.amazonaws.com", "bucket.s3.localhost:4566"] {
        let request = http::Request::get("/a/b").header("host", host).body(bytes::Bytes::new()).unwrap();
        assert_eq!(cloud.handle(request).body(), "x", "{host}");
    }
}
