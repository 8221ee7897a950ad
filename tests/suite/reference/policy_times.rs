//! The policy's times: learned from reads, and what of them counts at which level.

use glueproof::model::Level;
use serde_json::{Value, json};

use super::walk::{FAILED, GET, PUT, Walk, put, put_if, shown};

fn read(created: f64, updated: f64) -> Value {
    shown("a", "h1", created, updated)
}

#[test]
fn update_time_never_goes_back() {
    for level in [Level::Documented, Level::Assumed] {
        let mut walk = Walk::new(level).with_policy("a", "h1");
        walk.ok(GET, json!({}), read(5.0, 5.0)).ok(PUT, put("b"), json!({ "PolicyHash": "h2" }));
        let back = walk.wrong_ok(GET, json!({}), shown("b", "h2", 4.0, 4.0));
        assert_eq!(back.law, "GetResourcePolicy/valid/update-time-moves-forward");
        // Also when two puts went by between the reads.
        walk.ok(PUT, put("c"), json!({ "PolicyHash": "h3" }));
        walk.wrong_ok(GET, json!({}), shown("c", "h3", 4.0, 4.0));
    }
}

#[test]
fn a_policy_is_not_updated_before_it_is_created() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1");
    let wrong = walk.wrong_ok(GET, json!({}), read(9.0, 5.0));
    assert_eq!(wrong.law, "GetResourcePolicy/valid/updated-not-before-created");
}

#[test]
fn a_first_put_creates_and_updates_at_once_where_recordings_count() {
    Walk::new(Level::Documented).with_policy("a", "h1").ok(GET, json!({}), read(1.0, 2.0));
    // A service may read its clock twice.
    Walk::new(Level::Observed).with_policy("a", "h1").ok(GET, json!({}), read(1.0, 1.001));
    let walk = Walk::new(Level::Observed).with_policy("a", "h1");
    assert_eq!(walk.wrong_ok(GET, json!({}), read(1.0, 2.0)).evidence.level, Level::Observed);
}

#[test]
fn a_refused_put_that_moves_update_time_is_wrong_where_assumptions_count() {
    let moved = |level| {
        let mut walk = Walk::new(level).with_policy("a", "h1");
        walk.ok(GET, json!({}), read(1.0, 1.0)).refused(PUT, put_if("b", "h9"), FAILED);
        walk.verdict(GET, json!({}), glueproof::reference::Answer::ok(read(1.0, 2.0)))
    };
    let mismatch = moved(Level::Assumed).unwrap_err();
    assert_eq!(mismatch.law, "PutResourcePolicy/metamorphic/refused-put-keeps-the-times");
    assert!(moved(Level::Documented).is_ok());
}

#[test]
fn create_time_is_kept_over_an_overwrite_where_assumptions_count() {
    let moved = |level| {
        let mut walk = Walk::new(level).with_policy("a", "h1");
        walk.ok(GET, json!({}), read(1.0, 1.0)).ok(PUT, put("b"), json!({ "PolicyHash": "h2" }));
        walk.verdict(GET, json!({}), glueproof::reference::Answer::ok(shown("b", "h2", 2.0, 2.0)))
    };
    assert!(moved(Level::Assumed).is_err());
    assert!(moved(Level::Observed).is_ok());
}

#[test]
fn the_same_moment_in_another_notation_is_the_same() {
    let mut walk = Walk::new(Level::Assumed).with_policy("a", "h1");
    walk.ok(GET, json!({}), read(1_590_621_822.47, 1_590_621_822.47));
    let body: Value =
        serde_json::from_str(&read(0.0, 0.0).to_string().replace("0.0", "1.59062182247E9")).unwrap();
    walk.ok(GET, json!({}), body);
}
