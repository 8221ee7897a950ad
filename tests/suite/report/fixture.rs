//! Results made by hand, and text that must not be trusted.

use std::collections::BTreeMap;

use glueproof::check::{ExpectedOutcome, ViolationKind};
use glueproof::client::TargetType;
use glueproof::model::{Capability, Edition, Evidence, Family, Level};
use glueproof::report::{Credentials, Endpoint, VerdictPolicy, reproduce, summarize, verdict};
use glueproof::report::{Report, SuiteInfo};
use glueproof::run::{
    Finding, FindingStep, Outcome, Presence, ReportedRequest, ReportedResponse, Reproduce, RuleResult,
    TargetInfo,
};
use serde_json::{Value, json};

/// Moves the cursor, turns the direction, ends CDATA, and is refused by XML.
pub const HOSTILE: &str =
    "\u{1b}[2J\u{1b}]0;x\u{7}\0\r\n<&\"']]>\u{202e}\u{2066}\u{200f}\u{fffe}\u{ffff}\u{9b}31m\u{7f}\u{85}é😀";

/// A rule with nothing wrong.
pub fn passed(id: &str) -> RuleResult {
    let parts: Vec<&str> = id.split('/').collect();
    RuleResult {
        id: id.to_owned(),
        operation: parts[1].to_owned(),
        family: parts[2].parse().unwrap(),
        capability: Capability::Core,
        requirement: format!("{} does what {} says.", parts[1], parts[2..].join(" ")),
        evidence: evidence(Level::Documented),
        outcome: Outcome::Passed,
        reason: None,
        reason_kind: None,
        missing_permission: None,
        cases: 8,
        exchanges: 24,
        duration_ms: 120,
        retries: 0,
        blocker: None,
        finding: None,
    }
}

pub fn evidence(level: Level) -> Evidence {
    Evidence { level, sources: vec!["doc.X".to_owned()], note: None }
}

/// A rule with another outcome, and a reason.
pub fn with(id: &str, outcome: Outcome, reason: &str) -> RuleResult {
    RuleResult { outcome, reason: Some(reason.to_owned()), ..passed(id) }
}

/// A violated rule whose deciding call was answered so.
pub fn failed(id: &str, status: u16, error: Option<&str>) -> RuleResult {
    let rule = passed(id);
    let actual = error.map_or_else(|| format!("{status}"), |code| format!("{status} {code}"));
    let (kind, expected_outcome) = typed(rule.family, status);
    let finding = Finding {
        kind: Some(kind),
        expected_outcome: Some(expected_outcome),
        violated: format!("{} was wrong about {}", rule.operation, id.rsplit('/').next().unwrap()),
        expected: "something else".to_owned(),
        actual,
        steps: vec![step(&rule.operation, json!({ "Name": "a" }), status, error)],
        reproduce: Reproduce::default(),
        intermittent: None,
    };
    RuleResult { outcome: Outcome::Failed, finding: Some(finding), ..rule }
}

/// Returns the kind of violation that a response of this status shows, and the outcome that was required.
fn typed(family: Family, status: u16) -> (ViolationKind, ExpectedOutcome) {
    let refusal = ExpectedOutcome::Refusal(Vec::new());
    match (family, status) {
        (Family::Invalid, 0..400) => (ViolationKind::Accepted, refusal),
        (Family::Invalid, 500..) => (ViolationKind::ServerError, refusal),
        (Family::Invalid, _) => (ViolationKind::WrongCode, refusal),
        (Family::Valid | Family::Boundary, 400..500) => (ViolationKind::Refused, ExpectedOutcome::Success),
        (Family::Valid | Family::Boundary, 500..) => (ViolationKind::ServerError, ExpectedOutcome::Success),
        _ => (ViolationKind::Value("/Member".to_owned()), ExpectedOutcome::Other),
    }
}

/// Invalid input that was accepted.
pub fn lax(id: &str) -> RuleResult {
    failed(id, 200, None)
}

pub fn step(operation: &str, body: Value, status: u16, error: Option<&str>) -> FindingStep {
    FindingStep {
        by: None,
        lends: None,
        service: "glue".to_owned(),
        operation: operation.to_owned(),
        request: request(operation, body),
        response: Some(ReportedResponse {
            status,
            error: error.map(ToOwned::to_owned),
            body: error.map_or_else(|| json!({}), |code| json!({ "__type": code, "Message": "no" })),
        }),
    }
}

pub fn request(operation: &str, body: Value) -> ReportedRequest {
    let headers = BTreeMap::from([
        ("X-Amz-Target".to_owned(), format!("AWSGlue.{operation}")),
        ("Content-Type".to_owned(), "application/x-amz-json-1.1".to_owned()),
    ]);
    ReportedRequest { headers, body }
}

/// Commands for every finding, as a run adds them.
pub fn with_commands(mut rule: RuleResult) -> RuleResult {
    let endpoint = Endpoint {
        url: Some("http://127.0.0.1:5000"),
        region: "us-east-1",
        credentials: Credentials::Dummy,
        ca_bundle: None,
    };
    if let Some(finding) = &mut rule.finding {
        let replay =
            format!("glueproof replay glueproof-findings/{}.json", rule.id.replace(['/', '[', ']'], "-"));
        finding.reproduce = reproduce(&finding.steps, &endpoint, |service| service, Some(replay));
    }
    rule
}

pub fn report(mut results: Vec<RuleResult>) -> Report {
    results.sort_by(|a, b| a.id.cmp(&b.id));
    Report {
        format: 1,
        suite: SuiteInfo {
            version: "0.1.0".to_owned(),
            specs: format!("sha256:{}", "0123456789abcdef".repeat(4)),
            edition: Edition::Current,
        },
        target: TargetInfo {
            kind: TargetType::Endpoint,
            url: Some("http://127.0.0.1:5000".to_owned()),
            name: "moto".to_owned(),
            capabilities: BTreeMap::from([
                (Capability::Core, Presence::Tested),
                (Capability::Crypto, Presence::Absent),
            ]),
        },
        seed: 42,
        started: "2026-11-21T10:00:00Z".to_owned(),
        duration_ms: 12_345,
        verdict: verdict(&results, VerdictPolicy::default(), false),
        summary: summarize(&results),
        missing_permissions: None,
        shard: None,
        results,
    }
}

const OPERATIONS: [&str; 9] = [
    "CreateSecurityConfiguration",
    "DeleteResourcePolicy",
    "DeleteSecurityConfiguration",
    "GetDataCatalogEncryptionSettings",
    "GetResourcePolicy",
    "GetSecurityConfiguration",
    "GetSecurityConfigurations",
    "PutDataCatalogEncryptionSettings",
    "PutResourcePolicy",
];
const MEMBERS: [&str; 5] =
    ["CatalogId", "Name", "Settings.Mode", "Settings.Keys[].KmsKeyArn", "PolicyHashCondition"];
const KINDS: [&str; 5] = ["required", "length.max", "length.min", "pattern", "enum"];

/// 225 constraints on nine operations, judged by a function of operation, member and kind.
pub fn constraints(judge: impl Fn(&str, &str, &str) -> RuleResult) -> Vec<RuleResult> {
    let mut found = Vec::new();
    for operation in OPERATIONS {
        for member in MEMBERS {
            for kind in KINDS {
                let id = format!("glue/{operation}/invalid/{member}/{kind}");
                let judged = judge(operation, member, kind);
                let finding = judged.finding.clone();
                found.push(RuleResult { outcome: judged.outcome, finding, ..passed(&id) });
            }
        }
    }
    found
}
