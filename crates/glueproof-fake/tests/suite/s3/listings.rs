//! Listings: prefixes, delimiters, pages, and keys that XML could not hold as they are.

use super::support::{Answer, cloud, get, put};

fn names(answer: &Answer) -> Vec<String> {
    let prefixes = answer
        .elements("CommonPrefixes")
        .into_iter()
        .map(|prefix| prefix.replace("<Prefix>", "").replace("</Prefix>", ""));
    answer.elements("Key").into_iter().chain(prefixes).collect()
}

#[test]
fn delimiters_roll_up_what_is_below_them() {
    let cloud = cloud();
    for key in ["a", "b/1", "b/2", "b/c/3", "c/4"] {
        put(&cloud, &format!("/bucket/{key}"), &[], "x").ok();
    }
    for (query, found) in [
        ("", vec!["a", "b/1", "b/2", "b/c/3", "c/4"]),
        ("&delimiter=/", vec!["a", "b/", "c/"]),
        ("&delimiter=/&prefix=b/", vec!["b/1", "b/2", "b/c/"]),
        ("&prefix=b", vec!["b/1", "b/2", "b/c/3"]),
        ("&start-after=b/2", vec!["b/c/3", "c/4"]),
        ("&prefix=nothing", vec![]),
    ] {
        assert_eq!(names(&get(&cloud, &format!("/bucket?list-type=2{query}")).ok()), found, "{query}");
    }
    assert_eq!(names(&get(&cloud, "/bucket?delimiter=/&marker=a").ok()), ["b/", "c/"]);
}

#[test]
fn pages_have_every_entry_once_in_either_form() {
    let cloud = cloud();
    for key in ["a", "b/1", "b/2", "c", "d/1", "d/2", "e"] {
        put(&cloud, &format!("/bucket/{key}"), &[], "x").ok();
    }
    for (form, token, next) in
        [("list-type=2&", "continuation-token", "NextContinuationToken"), ("", "marker", "NextMarker")]
    {
        let (mut found, mut query) = (Vec::new(), String::new());
        for _ in 0..5 {
            let page = get(&cloud, &format!("/bucket?{form}delimiter=/&max-keys=2{query}")).ok();
            let entries = names(&page);
            assert!(entries.len() <= 2);
            found.extend(entries);
            if page.element("IsTruncated") == "false" {
                break;
            }
            query = format!("&{token}={}", page.element(next));
        }
        found.sort();
        assert_eq!(found, ["a", "b/", "c", "d/", "e"], "{token}");
    }
    let foreign = get(&cloud, "/bucket?list-type=2&continuation-token=made-up");
    assert_eq!(foreign.refusal(), (400, "InvalidArgument".to_owned()));
    assert_eq!(get(&cloud, "/bucket?list-type=2&max-keys=0").ok().element("IsTruncated"), "false");
}

#[test]
fn keys_are_encoded_where_that_is_asked_for() {
    let cloud = cloud();
    put(&cloud, "/bucket/a%20b/%2B%26%0A", &[], "x").ok();
    let listed = get(&cloud, "/bucket?list-type=2&encoding-type=url").ok();
    assert_eq!(
        (listed.element("Key"), listed.element("EncodingType")),
        ("a+b/%2B%26%0A".to_owned(), "url".to_owned())
    );
}
