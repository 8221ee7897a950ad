//! Pages: together they are the whole, whatever their size and whatever changes between them.

use std::collections::BTreeSet;

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{call, cloud, code, key, text};

/// All items of all pages of that size.
fn walk(cloud: &FakeCloud, operation: &str, input: &Value, list: &str, size: usize) -> Vec<Value> {
    let mut input = input.clone();
    input["Limit"] = json!(size);
    let mut items = Vec::new();
    loop {
        let page = call(cloud, operation, &input).unwrap();
        let here = page[list].as_array().unwrap();
        assert!(here.len() <= size && items.len() < 1000, "{operation}: pages without end");
        items.extend(here.clone());
        match (page["Truncated"].as_bool().unwrap(), page.get("NextMarker")) {
            (true, Some(marker)) => {
                assert_eq!(here.len(), size);
                input["Marker"] = marker.clone();
            }
            (false, None) => return items,
            other => panic!("{operation}: {other:?}"),
        }
    }
}

/// An operation with its input, the member that holds the list, and how many there are.
type Listing = (&'static str, Value, &'static str, usize);

/// A cloud with some of everything, and the calls that list it.
fn full() -> (FakeCloud, Vec<Listing>) {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    (0..6).for_each(|_| drop(key(&cloud, &json!({}))));
    for index in 0..7 {
        let alias = json!({ "AliasName": format!("alias/{index}"), "TargetKeyId": id });
        call(&cloud, "CreateAlias", &alias).unwrap();
        let tag = json!({ "KeyId": id, "Tags": [{ "TagKey": format!("k{index}"), "TagValue": "" }] });
        call(&cloud, "TagResource", &tag).unwrap();
        let grant = json!({ "KeyId": id, "GranteePrincipal": "arn:aws:iam::123456789012:root",
            "RetiringPrincipal": "arn:aws:iam::123456789012:root", "Operations": ["Encrypt"] });
        call(&cloud, "CreateGrant", &grant).unwrap();
        call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    }
    let on_key = json!({ "KeyId": id });
    let retiring = json!({ "RetiringPrincipal": "arn:aws:iam::123456789012:root" });
    let listings = vec![
        ("ListKeys", json!({}), "Keys", 7),
        ("ListAliases", json!({}), "Aliases", 7),
        ("ListAliases", on_key.clone(), "Aliases", 7),
        ("ListGrants", on_key.clone(), "Grants", 7),
        ("ListRetirableGrants", retiring, "Grants", 7),
        ("ListResourceTags", on_key.clone(), "Tags", 7),
        ("ListKeyRotations", on_key.clone(), "Rotations", 7),
        ("ListKeyPolicies", on_key, "PolicyNames", 1),
    ];
    (cloud, listings)
}

#[test]
fn pages_of_any_size_are_the_whole() {
    let (cloud, listings) = full();
    for (operation, input, list, count) in &listings {
        let whole = walk(&cloud, operation, input, list, 50);
        assert_eq!(whole.len(), *count, "{operation}");
        for size in [1, 2, 3, 7, 8] {
            assert_eq!(walk(&cloud, operation, input, list, size), whole, "{operation} by {size}");
        }
    }
}

#[test]
fn a_marker_is_good_for_its_own_listing_only() {
    let (cloud, listings) = full();
    let marker = |operation: &str, input: &Value| {
        let mut input = input.clone();
        input["Limit"] = json!(1);
        call(&cloud, operation, &input).unwrap().get("NextMarker").map(text)
    };
    let foreign = marker("ListKeys", &json!({})).unwrap();
    for (operation, input, ..) in &listings {
        let own = marker(operation, input);
        for wrong in ["x".to_owned(), foreign.clone(), own.clone().unwrap_or_default() + "A"] {
            let mut input = input.clone();
            input["Marker"] = json!(wrong);
            if *operation != "ListKeys" || wrong != foreign {
                assert_eq!(code(&cloud, operation, &input), "InvalidMarkerException", "{operation} {wrong}");
            }
        }
    }
}

#[test]
fn a_page_goes_on_where_the_last_one_ended_even_if_that_is_gone() {
    let (cloud, _) = full();
    let first = call(&cloud, "ListAliases", &json!({ "Limit": 3 })).unwrap();
    let last = text(&first["Aliases"][2]["AliasName"]);
    call(&cloud, "DeleteAlias", &json!({ "AliasName": last })).unwrap();
    let rest = call(&cloud, "ListAliases", &json!({ "Marker": first["NextMarker"] })).unwrap();
    let names: BTreeSet<String> =
        rest["Aliases"].as_array().unwrap().iter().map(|alias| text(&alias["AliasName"])).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["alias/3", "alias/4", "alias/5", "alias/6"]);
}

#[test]
fn a_page_has_1_to_1000_items() {
    let (cloud, _) = cloud();
    for limit in [0, -1, 1001] {
        assert_eq!(code(&cloud, "ListKeys", &json!({ "Limit": limit })), "ValidationException", "{limit}");
    }
    assert_eq!(code(&cloud, "ListKeys", &json!({ "Marker": "" })), "ValidationException");
}
