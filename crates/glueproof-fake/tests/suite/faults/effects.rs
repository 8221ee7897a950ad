//! A fault of each kind does what its summary says.

use glueproof_fake::{FakeCloud, Injection};
use serde_json::json;

use crate::support::{call, cloud, create, policy, put_policy};

fn with(name: &str) -> FakeCloud {
    let cloud = cloud();
    cloud.inject(Injection::new(name.parse().unwrap()));
    cloud
}

#[test]
fn a_constraint_that_is_dropped_is_dropped_alone() {
    let cloud = with("unenforced/CreateSecurityConfiguration/Name/length.max");
    assert_eq!(create(&cloud, &"a".repeat(300)).status, 200);
    assert_eq!(create(&cloud, "").code(), "ValidationException");
    cloud.clear_faults();
    assert_eq!(create(&cloud, &"b".repeat(300)).code(), "ValidationException");
}

#[test]
fn a_constraint_that_is_drawn_too_tight_refuses_the_edge() {
    let cloud = with("overdone/CreateSecurityConfiguration/Name/length.max");
    assert_eq!(create(&cloud, &"a".repeat(254)).status, 200);
    assert_eq!(create(&cloud, &"a".repeat(255)).code(), "ValidationException");
}

#[test]
fn requests_are_edited() {
    let cloud = with("put-ignores-the-hash");
    put_policy(&cloud, "glue:GetTable");
    let again =
        json!({ "PolicyInJson": policy("glue:GetJob"), "PolicyHashCondition": "AAAAAAAAAAAAAAAAAAAAAA==" });
    assert_eq!(call(&cloud, "PutResourcePolicy", &again).status, 200);
    cloud.clear_faults();
    assert_eq!(call(&cloud, "PutResourcePolicy", &again).code(), "ConditionCheckFailureException");
}

#[test]
fn stale_state_is_read() {
    let cloud = with("configuration-reads-are-stale");
    let read = |name: &str| call(&cloud, "GetSecurityConfiguration", &json!({ "Name": name })).status;
    create(&cloud, "a");
    assert_eq!(read("a"), 400);
    create(&cloud, "b");
    assert_eq!((read("a"), read("b")), (200, 400));
}

#[test]
fn a_fault_of_two_shows_both_and_can_be_for_one_operation() {
    let cloud = cloud();
    cloud.inject(
        Injection::new("everything-is-valid-and-refused".parse().unwrap()).on("GetSecurityConfiguration"),
    );
    assert_eq!(create(&cloud, "a").status, 200);
    let refused = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "a" }));
    assert_eq!(refused.code(), "OperationTimeoutException");
}
