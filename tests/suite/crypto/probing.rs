//! Probes of a target before any rule is judged.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use glueproof::client::{CallLimits, Target, TargetSetup};
use glueproof::model::{Capability, Edition, Specs};
use glueproof::run::{CancelToken, detect_capabilities};
use http::Response;
use tokio::runtime::Runtime;

use crate::server::{Answers, InProcess, constant, fake};
use crate::trial::cloud;

/// The capabilities of the target, as a space-separated list.
fn found(answers: Answers) -> String {
    let specs = Specs::embedded(Edition::Current).unwrap();
    let client = SharedHttpClient::new(InProcess(answers));
    let setup = TargetSetup { name: "a test", specs: &specs, limits: CallLimits::default() };
    let target = Target::in_process(setup, client, "123456789012", "us-east-1");
    let found: BTreeSet<Capability> =
        Runtime::new().unwrap().block_on(detect_capabilities(&target, &specs, &CancelToken::default()));
    found.into_iter().map(Capability::name).collect::<Vec<_>>().join(" ")
}

/// The right answers, but for one service.
fn without(prefix: &'static str, status: u16, body: &'static str) -> Answers {
    let whole = fake(&cloud());
    std::sync::Arc::new(move |request| {
        let target = request.headers().get("x-amz-target").and_then(|t| t.to_str().ok()).unwrap_or_default();
        if target.starts_with(prefix) {
            return Some(Response::builder().status(status).body(body.into()).unwrap());
        }
        whole(request)
    })
}

#[test]
fn a_cloud_that_has_everything() {
    assert_eq!(found(fake(&cloud())), "connections core crypto logs workloads");
}

#[test]
fn a_service_that_is_not_there_is_absent_however_it_is_said() {
    for (status, body) in [
        (400, r#"{"__type":"UnknownOperationException"}"#),
        (404, r#"{"__type":"NotFound"}"#),
        (501, r#"{"__type":"NotImplemented"}"#),
        (500, "<html>"),
        (200, "<html>"),
        (400, "{}"),
    ] {
        let there = found(without("TrentService.", status, body));
        assert_eq!(there, "connections core logs workloads", "{status} {body}");
    }
}

#[test]
fn a_refusal_of_the_input_shows_a_capability_and_a_refusal_of_the_caller_does_not() {
    let invalid = r#"{"__type":"InvalidParameterException","message":"no"}"#;
    assert_eq!(found(without("Logs_20140328.", 400, invalid)), "connections core crypto logs workloads");
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    assert_eq!(found(without("Logs_20140328.", 400, denied)), "connections core crypto workloads");
}

#[test]
fn jobs_that_succeed_and_do_nothing_are_none() {
    let cloud = cloud();
    let whole = fake(&cloud);
    let idle: Answers = std::sync::Arc::new(move |request| {
        let listed = request.uri().query().is_some_and(|query| query.contains("list-type=2"));
        let nothing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
        if listed { Some(Response::new(nothing.into())) } else { whole(request) }
    });
    assert_eq!(found(idle), "connections core crypto logs");
}

#[test]
fn an_absent_target_has_only_the_core() {
    assert_eq!(found(std::sync::Arc::new(|_| None)), "core");
    assert_eq!(found(constant(404, "no such page")), "core");
}
