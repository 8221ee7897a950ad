//! Targets that are right where they respond, but lack an operation, fail now and then, or lose a write. Each has its own
//! outcome, exit code and sentence.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use glueproof::fake::{FakeCloud, Fault, Injection};
use glueproof::report::{Report, Verdict};
use glueproof::run::{Outcome, ReasonKind};
use http::{Request, Response};

use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Ended, Setting, cloud};

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

/// The right server, but for calls that this function answers. It is given the number of the call among those of its
/// operation.
fn but(
    of: &'static str,
    other: impl Fn(u64, &Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync + 'static,
) -> Answers {
    let (right, number) = (fake(&cloud()), AtomicU64::new(0));
    Arc::new(move |request| {
        let concerned = of.is_empty() || operation(&request) == of;
        let other = concerned.then(|| other(number.fetch_add(1, Ordering::Relaxed), &request)).flatten();
        other.map_or_else(|| right(request), Some)
    })
}

/// Runs rules one at a time, so that the numbers of calls are the same in every run.
fn run(server: Answers, only: &str, more: &[&str]) -> (Ended, Report, Setting) {
    let (setting, server) = (Setting::new(), Socket::serve(server));
    let url = server.url();
    let usual = ["run", &url, "--capability", "core", "--only", only, "--jobs", "1", "--json", "report.json"];
    let ended =
        setting.run(&[&usual[..], more, &["--junit", "junit.xml", "--markdown", "summary.md"]].concat());
    let report = setting.report("report.json");
    (ended, report, setting)
}

/// The text without the line breaks of a narrow page.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn count(report: &Report, outcome: Outcome) -> usize {
    report.results.iter().filter(|result| result.outcome == outcome).count()
}

/// 501 to every call of an operation.
fn lacks_get_resource_policy() -> Answers {
    but("GetResourcePolicy", |_, _| Some(answer(501, r#"{"__type":"NotImplemented","Message":"not yet"}"#)))
}

#[test]
fn an_operation_that_answers_501_is_unimplemented() {
    let (ended, report, setting) = run(lacks_get_resource_policy(), "ResourcePolicy/", &[]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(report.results.iter().all(|result| {
        result.operation != "GetResourcePolicy" || result.outcome == Outcome::Unimplemented
    }));
    assert_eq!(count(&report, Outcome::Failed), 0, "{:?}", report.summary);
    let operations = report.summary.operations;
    assert_eq!(operations.implemented + 1, operations.of);
    let sentence =
        format!("implements {} of {} operations; of what it", operations.implemented, operations.of);
    assert!(in_one_line(&ended.stdout).contains(&sentence), "{}", ended.stdout);
    assert!(ended.stdout.contains("Not implemented: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("1 operation is not implemented"), "{}", ended.stdout);
    let summary = std::fs::read_to_string(setting.path("summary.md")).unwrap();
    assert!(summary.contains("It implements "), "{summary}");
    let junit = std::fs::read_to_string(setting.path("junit.xml")).unwrap();
    assert!(junit.contains("unimplemented: the target does not implement GetResourcePolicy"), "{junit}");
    assert!(!junit.contains("<failure"), "{junit}");
}

/// Emulators say it in the words of the protocol, of other protocols, of AWS's common errors, or of their router.
#[test]
fn each_way_to_say_that_an_operation_is_not_there_is_unimplemented() {
    let ways = [
        (400, r#"{"__type":"UnknownOperationException"}"#),
        (400, r#"{"__type":"InvalidAction","message":"Unknown Glue action: GetResourcePolicy"}"#),
        (400, r#"{"__type":"NotImplementedException","Message":"not in your licence"}"#),
        (400, r#"{"__type":"InvalidOperationException","message":"Unknown action: GetResourcePolicy"}"#),
        (404, "<html>not found</html>"),
    ];
    for (status, body) in ways {
        let server = but("GetResourcePolicy", move |_, _| Some(answer(status, body)));
        let (ended, report, _) = run(server, "glue/GetResourcePolicy/", &[]);
        assert_eq!(ended.code(), 1, "{body}: {ended:#?}");
        assert_eq!(count(&report, Outcome::Failed), 0, "{body}: {:?}", report.summary);
        assert!(count(&report, Outcome::Unimplemented) > 3, "{body}: {:?}", report.summary);
    }
}

#[test]
fn unimplemented_operations_can_be_left_out() {
    let (ended, report, _) = run(lacks_get_resource_policy(), "ResourcePolicy/", &["--allow-unimplemented"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_eq!(report.verdict, Verdict::Conforms);
    assert!(count(&report, Outcome::Unimplemented) > 0 && count(&report, Outcome::Passed) > 0);
}

#[test]
fn a_server_error_now_and_then_is_repeated_and_counted() {
    let server = but("", |number, _| (number % 200 == 150).then(|| answer(500, "{}")));
    let (ended, report, _) = run(server, "SecurityConfiguration", &[]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_eq!(report.verdict, Verdict::Conforms);
    assert!(report.summary.retries > 0);
    assert!(
        in_one_line(&ended.stdout).contains(" repeated after a server error or a lost connection"),
        "{}",
        ended.stdout
    );
}

#[test]
fn two_unavailable_answers_are_repeated() {
    let server = but("", |number, _| matches!(number, 50 | 51).then(|| answer(503, "{}")));
    let (ended, report, _) = run(server, "GetSecurityConfiguration/", &[]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_eq!((report.summary.retries, report.summary.flaky), (2, 0));
}

#[test]
fn a_server_error_to_every_call_is_a_violation() {
    let server = but("GetSecurityConfiguration", |_, _| Some(answer(500, "{}")));
    let (ended, report, _) = run(server, "glue/GetSecurityConfiguration/", &[]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(count(&report, Outcome::Failed) > 0);
    assert_eq!((count(&report, Outcome::Flaky), count(&report, Outcome::Unimplemented)), (0, 0));
}

/// A leftover of another rule may change the first answer; a reader can only repeat the second.
#[test]
fn a_finding_shows_the_execution_that_a_reader_can_repeat() {
    let server = but("DeleteSecurityConfiguration", |number, request| {
        (request.body() == r#"{"Name":null}"#).then(|| match number {
            0 => answer(200, "{}"),
            _ => answer(400, r#"{"__type":"EntityNotFoundException","Message":"None is not there"}"#),
        })
    });
    let (ended, report, _) = run(server, "glue/DeleteSecurityConfiguration/invalid/Name/null", &[]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let finding = report.results[0].finding.as_ref().unwrap();
    assert!(finding.actual.starts_with("400 EntityNotFoundException"), "{finding:#?}");
}

/// Commands run one after the other, which shows no race.
#[test]
fn a_race_is_repeated_by_replay_alone() {
    let racing = FakeCloud::builder().build().unwrap();
    racing.inject(Injection::new("policy-writes-are-raced".parse::<Fault>().unwrap()));
    let (_, report, _) =
        run(fake(&racing), "PutResourcePolicy/concurrency/one-first-put-wins", &["--parity"]);
    let finding = report.results[0].finding.as_ref().expect("the race is found");
    assert!(finding.reproduce.replay.is_some() && finding.steps.len() > 1, "{finding:#?}");
    let commands = &finding.reproduce;
    assert!(
        commands.curl.is_empty()
            && commands.aws_cli.is_empty()
            && commands.boto3.is_empty()
            && commands.rust.is_empty(),
        "{commands:?}"
    );
}

/// Refuses one call for no reason.
fn refuses_once() -> Answers {
    but("GetSecurityConfiguration", |number, _| {
        (number % 40 == 7).then(|| answer(400, r#"{"__type":"InvalidInputException","Message":"no"}"#))
    })
}

#[test]
fn a_failure_that_does_not_come_again_is_flaky() {
    let (ended, report, setting) = run(refuses_once(), "glue/GetSecurityConfiguration/", &[]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let flaky: Vec<_> = report.results.iter().filter(|result| result.outcome == Outcome::Flaky).collect();
    assert!(!flaky.is_empty(), "{:?}", report.summary);
    assert_eq!(count(&report, Outcome::Failed), 0, "{:?}", report.summary);
    assert_eq!(flaky[0].reason_kind, Some(ReasonKind::Flaky));
    assert!(ended.stdout.contains(" failed once and held when run again"), "{}", ended.stdout);
    let junit = std::fs::read_to_string(setting.path("junit.xml")).unwrap();
    assert!(junit.contains("flaky: the case failed once and held 2 times"), "{junit}");
    let (ended, report, _) = run(refuses_once(), "glue/GetSecurityConfiguration/", &["--strict-flaky"]);
    assert_eq!((ended.code(), report.verdict), (1, Verdict::Deviates), "{ended:#?}");
}

#[test]
fn a_lost_write_is_a_violation_however_rarely_it_comes() {
    let server = but("PutResourcePolicy", |number, request| {
        let policy = String::from_utf8_lossy(request.body()).contains("PolicyInJson");
        (policy && number % 20 == 13).then(|| answer(200, r#"{"PolicyHash":"bG9zdCBsb3N0IGxvc3QhIQ=="}"#))
    });
    let (ended, report, _) = run(server, "ResourcePolicy/", &["--all"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let intermittent = report.results.iter().filter_map(|result| result.finding.as_ref()?.intermittent);
    assert!(intermittent.clone().count() > 0, "{:#?}", report.summary);
    assert!(intermittent.clone().all(|times| times.failed < times.of));
    assert!(ended.stdout.contains("intermittent"), "{}", ended.stdout);
}

#[test]
fn a_rule_whose_state_cannot_be_created_is_blocked() {
    let server = but("CreateSecurityConfiguration", |_, _| {
        Some(answer(400, r#"{"__type":"ResourceNumberLimitExceededException","Message":"no room"}"#))
    });
    let (ended, report, setting) = run(server, "glue/GetSecurityConfiguration/", &[]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert_eq!(count(&report, Outcome::Failed), 0, "{:?}", report.summary);
    let blocked: Vec<_> = report.results.iter().filter(|result| result.outcome == Outcome::Blocked).collect();
    assert!(!blocked.is_empty());
    for result in &blocked {
        let obstacle = result.blocker.as_ref().unwrap();
        assert_eq!(obstacle.operation, "CreateSecurityConfiguration");
        assert_eq!(obstacle.answer, "400 ResourceNumberLimitExceededException");
        assert!(!obstacle.unimplemented);
    }
    let sentence = "could not be created: CreateSecurityConfiguration answered 400";
    assert!(in_one_line(&ended.stdout).contains(sentence), "{}", ended.stdout);
    let junit = std::fs::read_to_string(setting.path("junit.xml")).unwrap();
    assert!(junit.contains("blocked: ") && !junit.contains("<failure"), "{junit}");
    assert!(count(&report, Outcome::Passed) > 0, "rules without such a state are judged");
    let server = but("CreateSecurityConfiguration", |_, _| {
        Some(answer(400, r#"{"__type":"ResourceNumberLimitExceededException","Message":"no room"}"#))
    });
    let (ended, report, _) = run(server, "SecurityConfiguration/", &[]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let judges = report.results.iter().filter_map(|result| result.blocker.as_ref()?.rule.as_deref());
    assert!(
        judges.clone().count() > 0 && judges.clone().all(|id| id.contains("CreateSecurityConfiguration/"))
    );
}
