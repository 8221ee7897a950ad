//! The resource policy: documents and hashes.

use glueproof::model::Level;
use glueproof::reference::{Answer, ConcurrentWriters, State};
use serde_json::json;

use super::walk::{DELETE, FAILED, GET, LIST, NOT_FOUND, PUT, Walk, policy, put, put_if, shown};

const LIST_OF: &str = "GetResourcePoliciesResponseList";

#[test]
fn a_policy_is_read_from_put_to_deletion() {
    let mut walk = Walk::new(Level::Assumed);
    walk.refused(GET, json!({}), NOT_FOUND)
        .refused(DELETE, json!({}), NOT_FOUND)
        .ok(PUT, put("a"), json!({ "PolicyHash": "h1" }))
        .ok(GET, json!({}), shown("a", "h1", 1.0, 1.0))
        .refused(PUT, put_if("b", "h9"), FAILED)
        .ok(PUT, put_if("b", "h1"), json!({ "PolicyHash": "h2" }))
        .refused(DELETE, json!({ "PolicyHashCondition": "h1" }), FAILED)
        .ok(GET, json!({}), shown("b", "h2", 1.0, 2.0))
        .ok(DELETE, json!({ "PolicyHashCondition": "h2" }), json!({}))
        .refused(GET, json!({}), NOT_FOUND)
        .ok(LIST, json!({}), json!({ LIST_OF: [] }));
    assert_eq!(walk.state.policy_hash(), None);
}

#[test]
fn layout_and_order_of_members_do_not_matter() {
    let mut walk = Walk::new(Level::Assumed).with_policy("a", "h1");
    let laid_out = r#"{ "Statement" : [ { "Effect" : "Allow", "Sid" : "a" } ], "Version" : "2012-10-17" }"#;
    walk.ok(GET, json!({}), json!({ "PolicyInJson": laid_out, "PolicyHash": "h1" }));
}

#[test]
fn a_read_of_another_policy_or_hash_is_wrong_at_every_level() {
    for level in [Level::Documented, Level::Observed, Level::Assumed] {
        let walk = Walk::new(level).with_policy("a", "h1").with_policy("b", "h2");
        let stale = walk.wrong_ok(GET, json!({}), shown("a", "h1", 1.0, 1.0));
        assert_eq!(stale.law, "GetResourcePolicy/valid/policy-is-the-last-one-set");
        assert_eq!(stale.evidence.level, Level::Documented);
        let hash = walk.wrong_ok(GET, json!({}), shown("b", "h1", 1.0, 1.0));
        assert_eq!(hash.law, "GetResourcePolicy/valid/hash-is-the-one-put-returned");
        let gone = walk.wrong(GET, json!({}), Answer::refused(NOT_FOUND));
        assert!(gone.expected.contains("accepted, because there is a policy"), "{gone}");
        walk.wrong_ok(GET, json!({}), json!({ "PolicyHash": "h2" }));
    }
    let none = Walk::new(Level::Documented);
    none.wrong_ok(GET, json!({}), shown("a", "h1", 1.0, 1.0));
}

#[test]
fn a_refused_put_leaves_policy_and_hash() {
    let mut walk = Walk::new(Level::Documented).with_policy("a", "h1");
    let before = walk.state.clone();
    walk.refused(PUT, put_if("b", "h9"), FAILED);
    assert_eq!(walk.state, before);
    walk.wrong_ok(GET, json!({}), shown("b", "h1", 1.0, 1.0));
}

#[test]
fn the_last_hash_is_what_a_condition_must_name_not_the_first() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1").with_policy("b", "h2");
    walk.wrong_ok(PUT, put_if("c", "h1"), json!({ "PolicyHash": "h3" }));
    walk.wrong(PUT, put_if("c", "h2"), Answer::refused(FAILED));
}

#[test]
fn hashes_of_different_policies_differ_where_that_counts() {
    let same = || json!({ "PolicyHash": "h1" });
    let observed = Walk::new(Level::Observed).with_policy("a", "h1");
    assert_eq!(observed.wrong_ok(PUT, put("b"), same()).evidence.level, Level::Observed);
    Walk::new(Level::Documented).with_policy("a", "h1").ok(PUT, put("b"), same());
    let assumed = Walk::new(Level::Assumed).with_policy("a", "h1");
    assert_eq!(assumed.wrong_ok(PUT, put("a"), json!({ "PolicyHash": "h2" })).evidence.level, Level::Assumed);
    Walk::new(Level::Observed).with_policy("a", "h1").ok(PUT, put("a"), json!({ "PolicyHash": "h2" }));
}

#[test]
fn a_put_answers_its_hash() {
    let walk = Walk::new(Level::Documented);
    assert_eq!(walk.wrong_ok(PUT, put("a"), json!({})).law, "PutResourcePolicy/valid/hash-is-returned");
}

#[test]
fn an_overwrite_without_a_hash_is_open_if_only_documents_count() {
    let refused =
        |level| Walk::new(level).with_policy("a", "h1").verdict(PUT, put("b"), Answer::refused(FAILED));
    assert!(refused(Level::Documented).is_ok());
    assert!(refused(Level::Observed).is_err());
    let undeclared = Answer::refused("ConcurrentModificationException");
    Walk::new(Level::Documented).with_policy("a", "h1").wrong(PUT, put("b"), undeclared);
}

#[test]
fn the_list_holds_the_policy_in_force_and_no_former_one() {
    let own = shown("b", "h2", 1.0, 1.0);
    let former = shown("a", "h1", 1.0, 1.0);
    let mut walk = Walk::new(Level::Assumed).with_policy("a", "h1").with_policy("b", "h2");
    let missing = walk.wrong_ok(LIST, json!({}), json!({ LIST_OF: [] }));
    assert_eq!(missing.law, "GetResourcePolicies/valid/lists-the-catalog-policy");
    walk.wrong_ok(LIST, json!({}), json!({ LIST_OF: [own, own] }));
    let stale = walk.wrong_ok(LIST, json!({}), json!({ LIST_OF: [own, former] }));
    assert_eq!(stale.law, "GetResourcePolicies/sequence/deleted-policy-is-not-listed");
    let text = walk.wrong_ok(LIST, json!({}), json!({ LIST_OF: [shown("a", "h2", 1.0, 1.0)] }));
    assert_eq!(text.law, "GetResourcePolicies/valid/policy-text");
    walk.ok(GET, json!({}), shown("b", "h2", 1.0, 1.0));
    walk.wrong_ok(LIST, json!({}), json!({ LIST_OF: [shown("b", "h2", 1.0, 9.0)] }));
    walk.ok(LIST, json!({}), json!({ LIST_OF: [own], "NextToken": "" }));
}

#[test]
fn others_policies_may_stand_in_the_list_and_push_ours_to_another_page() {
    let grant = json!({ "PolicyInJson": policy("grant"), "PolicyHash": "h7" });
    let ours_alone = Walk::new(Level::Documented).with_policy("a", "h1");
    ours_alone.wrong_ok(LIST, json!({}), json!({ LIST_OF: [grant, shown("a", "h1", 1.0, 1.0)] }));
    let mut shared = Walk::new(Level::Assumed);
    shared.state = State::new(ConcurrentWriters::Possible);
    let mut shared = shared.with_policy("a", "h1");
    shared.ok(LIST, json!({}), json!({ LIST_OF: [grant, shown("a", "h1", 1.0, 1.0)] }));
    shared.ok(LIST, json!({ "MaxResults": 1 }), json!({ LIST_OF: [grant], "NextToken": "t" }));
    shared.ok(LIST, json!({ "NextToken": "t" }), json!({ LIST_OF: [] }));
    let both = json!({ LIST_OF: [grant, grant], "NextToken": "t" });
    let page = shared.wrong_ok(LIST, json!({ "MaxResults": 1 }), both);
    assert_eq!(page.law, "GetResourcePolicies/pagination/MaxResults");
}

#[test]
fn an_empty_list_may_be_a_refusal_unless_assumptions_count() {
    let refused = |level| Walk::new(level).verdict(LIST, json!({}), Answer::refused(NOT_FOUND));
    assert!(refused(Level::Observed).is_ok());
    assert!(refused(Level::Assumed).is_err());
}
