//! Faults that users inject.

use glueproof_fake::{FakeCloud, Fault, Injection};
use serde_json::json;

use crate::support::{call, cloud, create, put_policy};

fn code(cloud: &FakeCloud, operation: &str) -> String {
    let answer = call(cloud, operation, &json!({}));
    if answer.status == 200 { "ok".to_owned() } else { answer.code() }
}

#[test]
fn each_fault_answers_with_its_error_and_status() {
    for (fault, status, code) in [
        (Fault::INTERNAL_SERVICE, 500, "InternalServiceException"),
        (Fault::OPERATION_TIMEOUT, 400, "OperationTimeoutException"),
        (Fault::THROTTLING, 400, "ThrottlingException"),
    ] {
        let cloud = cloud();
        cloud.inject(Injection::new(fault));
        let answer = call(&cloud, "GetSecurityConfigurations", &json!({}));
        assert_eq!((answer.status, answer.code()), (status, code.to_owned()));
    }
}

#[test]
fn a_fault_stays_until_it_is_cleared_and_changes_nothing() {
    let cloud = cloud();
    cloud.inject(Injection::new(Fault::INTERNAL_SERVICE));
    for _ in 0..10 {
        assert_eq!(create(&cloud, "a").code(), "InternalServiceException");
    }
    cloud.clear_faults();
    assert_eq!(
        call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "a" })).code(),
        "EntityNotFoundException"
    );
}

#[test]
fn a_fault_may_be_for_one_operation_and_so_many_calls() {
    let cloud = cloud();
    put_policy(&cloud, "glue:GetTable");
    cloud.inject(Injection::new(Fault::THROTTLING).on("GetResourcePolicy").times(2));
    assert_eq!(code(&cloud, "GetSecurityConfigurations"), "ok");
    assert_eq!(code(&cloud, "GetResourcePolicy"), "ThrottlingException");
    assert_eq!(code(&cloud, "GetSecurityConfigurations"), "ok");
    assert_eq!(code(&cloud, "GetResourcePolicy"), "ThrottlingException");
    assert_eq!(code(&cloud, "GetResourcePolicy"), "ok");
}

#[test]
fn faults_queue_in_the_order_of_their_injection() {
    let cloud = cloud();
    cloud.inject(Injection::new(Fault::THROTTLING).times(1));
    cloud.inject(Injection::new(Fault::OPERATION_TIMEOUT).times(1));
    cloud.inject(Injection::new(Fault::INTERNAL_SERVICE).times(0));
    let codes: Vec<_> = (0..3).map(|_| code(&cloud, "GetSecurityConfigurations")).collect();
    assert_eq!(codes, ["ThrottlingException", "OperationTimeoutException", "ok"]);
}

#[test]
fn names_lead_to_faults_and_back() {
    let all: Vec<Fault> = Fault::all().collect();
    assert!(all.len() >= 3);
    for fault in all {
        assert_eq!(fault.to_string().parse(), Ok(fault));
        assert!(!fault.name().is_empty() && !fault.summary().is_empty());
    }
    let error = "nothing".parse::<Fault>().unwrap_err();
    assert!(error.to_string().contains("internal-service, operation-timeout, throttling"), "{error}");
}
