//! Versions of objects: kept, read, listed, hidden by delete markers, and removed.

use glueproof_fake::FakeCloud;
use http::Method;

use super::support::{Answer, at_rest, cloud, get, put, send};

fn set(cloud: &FakeCloud, status: &str) {
    let body = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
    put(cloud, "/bucket?versioning", &[], &body).ok();
}

fn delete(cloud: &FakeCloud, path: &str) -> Answer {
    send(cloud, Method::DELETE, path, &[], "").ok()
}

fn version(answer: &Answer) -> String {
    answer.header("x-amz-version-id").to_owned()
}

#[test]
fn every_version_is_kept_and_can_be_read() {
    let cloud = cloud();
    assert_eq!(get(&cloud, "/bucket?versioning").ok().element("Status"), "");
    put(&cloud, "/bucket/a", &[], "before").ok();
    set(&cloud, "Enabled");
    assert_eq!(get(&cloud, "/bucket?versioning").ok().element("Status"), "Enabled");
    let first = version(&put(&cloud, "/bucket/a", &[], "first").ok());
    let second = version(&put(&cloud, "/bucket/a", &[], "second").ok());
    assert!(!first.is_empty() && first != second);
    for (path, text) in [
        ("/bucket/a".to_owned(), "second"),
        (format!("/bucket/a?versionId={first}"), "first"),
        ("/bucket/a?versionId=null".to_owned(), "before"),
    ] {
        assert_eq!(get(&cloud, &path).ok().text(), text, "{path}");
    }
    let unknown = get(&cloud, "/bucket/a?versionId=none");
    assert_eq!(unknown.refusal(), (404, "NoSuchVersion".to_owned()));
    let copy = [("x-amz-copy-source", &*format!("/bucket/a?versionId={first}"))];
    put(&cloud, "/bucket/b", &copy, "").ok();
    assert_eq!(get(&cloud, "/bucket/b").ok().text(), "first");
    let listed = get(&cloud, "/bucket?versions&prefix=a").ok();
    assert_eq!(listed.elements("VersionId"), [second, first, "null".to_owned()]);
    assert_eq!(listed.elements("IsLatest"), ["true", "false", "false"]);
    assert!(!at_rest(&cloud, "before") && !at_rest(&cloud, "first"));
}

#[test]
fn delete_markers_hide_and_can_be_removed() {
    let cloud = cloud();
    set(&cloud, "Enabled");
    let kept = version(&put(&cloud, "/bucket/a", &[], "kept").ok());
    let marker = delete(&cloud, "/bucket/a");
    assert_eq!(marker.header("x-amz-delete-marker"), "true");
    assert_eq!(get(&cloud, "/bucket/a").refusal(), (404, "NoSuchKey".to_owned()));
    assert_eq!(get(&cloud, &format!("/bucket/a?versionId={kept}")).ok().text(), "kept");
    let read = get(&cloud, &format!("/bucket/a?versionId={}", version(&marker)));
    assert_eq!(read.refusal(), (405, "MethodNotAllowed".to_owned()));
    assert_eq!(get(&cloud, "/bucket?versions").ok().elements("DeleteMarker").len(), 1);
    let full = send(&cloud, Method::DELETE, "/bucket", &[], "");
    assert_eq!(full.refusal(), (409, "BucketNotEmpty".to_owned()));
    delete(&cloud, &format!("/bucket/a?versionId={}", version(&marker)));
    assert_eq!(get(&cloud, "/bucket/a").ok().text(), "kept");
    delete(&cloud, &format!("/bucket/a?versionId={kept}"));
    assert_eq!(get(&cloud, "/bucket/a").refusal().1, "NoSuchKey");
    delete(&cloud, "/bucket");
}

#[test]
fn suspended_versioning_replaces_the_null_version() {
    let cloud = cloud();
    set(&cloud, "Enabled");
    let kept = version(&put(&cloud, "/bucket/a", &[], "kept").ok());
    set(&cloud, "Suspended");
    put(&cloud, "/bucket/a", &[], "one").ok();
    put(&cloud, "/bucket/a", &[], "two").ok();
    let listed = get(&cloud, "/bucket?versions").ok();
    assert_eq!(listed.elements("VersionId"), ["null".to_owned(), kept.clone()]);
    delete(&cloud, "/bucket/a");
    let listed = get(&cloud, "/bucket?versions").ok();
    assert_eq!((listed.elements("Version").len(), listed.elements("DeleteMarker").len()), (1, 1));
    assert_eq!(get(&cloud, &format!("/bucket/a?versionId={kept}")).ok().text(), "kept");
}

#[test]
fn listings_of_versions_have_pages_and_prefixes() {
    let cloud = cloud();
    set(&cloud, "Enabled");
    for key in ["a", "a", "a", "dir/x", "dir/y", "z"] {
        put(&cloud, &format!("/bucket/{key}"), &[], key).ok();
    }
    let all = get(&cloud, "/bucket?versions").ok().elements("VersionId");
    assert_eq!(all.len(), 6);
    let (mut found, mut markers) = (Vec::new(), String::new());
    loop {
        let page = get(&cloud, &format!("/bucket?versions&max-keys=2{markers}")).ok();
        found.extend(page.elements("VersionId"));
        if page.element("IsTruncated") != "true" {
            break;
        }
        let (key, id) = (page.element("NextKeyMarker"), page.element("NextVersionIdMarker"));
        markers = format!("&key-marker={}&version-id-marker={id}", key.replace('/', "%2F"));
    }
    assert_eq!(found, all);
    let folded = get(&cloud, "/bucket?versions&delimiter=%2F").ok();
    assert_eq!(folded.elements("Key"), ["a", "a", "a", "z"]);
    assert!(
        folded.text().contains("<CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes>"),
        "{}",
        folded.text()
    );
}
