//! Titles of causes: they state what all rules of the cause share.

use glueproof::check::{ExpectedOutcome, ViolationKind};
use glueproof::model::Family;
use glueproof::report::causes;
use glueproof::run::{Outcome, Reason, RuleResult};

use super::causes::titles;
use super::fixture::{constraints, failed, lax, passed};

/// Returns the rule with another requirement, violated in this way.
fn violated(
    mut rule: RuleResult,
    requirement: &str,
    kind: ViolationKind,
    outcome: ExpectedOutcome,
) -> RuleResult {
    requirement.clone_into(&mut rule.requirement);
    let finding = rule.finding.as_mut().unwrap();
    finding.violated = kind.sentence(&finding.steps.last().unwrap().operation);
    (finding.kind, finding.expected_outcome) = (Some(kind), Some(outcome));
    rule
}

/// Returns a required refusal with one of these codes.
fn refusal(codes: &[&str]) -> ExpectedOutcome {
    ExpectedOutcome::Refusal(codes.iter().map(|code| (*code).to_owned()).collect())
}

fn wrong_value(at: &str) -> ViolationKind {
    ViolationKind::Value(at.to_owned())
}

#[test]
fn an_operation_that_answers_everything_with_a_server_error_is_one_cause() {
    let down = |id: &str| {
        violated(failed(id, 500, None), "It works.", ViolationKind::ServerError, ExpectedOutcome::Success)
    };
    let assumed = |id: &str| RuleResult { outcome: Outcome::Noted, ..down(id) };
    let short = lax("glue/B/pagination/M");
    let results = [
        assumed("glue/A/boundary/M/null"),
        down("glue/A/boundary/M/range.max"),
        down("glue/A/invalid/M/type"),
        down("glue/A/pagination/M"),
        down("glue/A/valid/input"),
        assumed("glue/A/valid/none"),
        down("glue/A/wire/not-an-object"),
        violated(short, "A page is full.", wrong_value("/L"), ExpectedOutcome::Other),
    ];
    assert_eq!(
        titles(&results),
        [
            "A answers valid calls with status 500; it is probably not implemented",
            "B answers with a wrong value at /L"
        ]
    );
    let shown = causes(&results)[0].representative;
    assert_eq!(shown.family, Family::Boundary, "a valid call shows it");
}

#[test]
fn most_operations_without_validation_are_one_cause_that_lists_them() {
    let results = constraints(|operation, _, kind| {
        let id = format!("glue/{operation}/invalid/A/b");
        match (operation, kind) {
            ("GetResourcePolicy", "enum") => lax(&id),
            ("GetResourcePolicy", _) => passed(&id),
            ("PutResourcePolicy", "pattern") => failed(&id, 500, None),
            ("PutResourcePolicy", "enum") => failed(&id, 400, Some("Odd")),
            _ => lax(&id),
        }
    });
    assert_eq!(
        titles(&results),
        ["8 of 9 operations validate nothing", "GetResourcePolicy does not check `enum`"]
    );
    let parts = &causes(&results)[0].parts;
    assert_eq!(parts.len(), 8);
    assert_eq!(parts[0], "CreateSecurityConfiguration: 25 rules (25 accepted)");
    assert_eq!(
        parts[7],
        "PutResourcePolicy: 25 rules (15 accepted, 5 answered with a server error, 5 refused with a wrong code)"
    );
}

#[test]
fn titles_state_the_common_violation() {
    let malformed = |operation: &str, status, kind| {
        let rule = failed(&format!("glue/{operation}/wire/malformed-json"), status, None);
        let requirement = format!("{operation} refuses a body that is not JSON with a client error.");
        violated(rule, &requirement, kind, refusal(&[]))
    };
    let text = |operation: &str, status, kind, outcome| {
        let rule = failed(&format!("glue/{operation}/wire/error-message"), status, None);
        let requirement = format!("{operation} gives an error's text in the member its model names.");
        violated(rule, &requirement, kind, outcome)
    };
    let results = [
        malformed("GetA", 200, ViolationKind::Accepted),
        malformed("GetAs", 500, ViolationKind::ServerError),
        text("GetA", 200, ViolationKind::Accepted, refusal(&[])).with_reason(&Reason::SetupFailed),
        text("GetAs", 400, ViolationKind::WrongCode, refusal(&["X"])),
        text("PutA", 400, ViolationKind::ErrorForm, ExpectedOutcome::Other),
    ];
    assert_eq!(
        titles(&results),
        [
            "GetA, GetAs and PutA fail the rule: an operation gives an error's text in the member its model names \
             (1 could not be judged)",
            "not enforced in GetA and GetAs: an operation refuses a body that is not JSON with a client error",
        ]
    );
    assert_eq!(causes(&results)[0].representative.operation, "PutA", "a judged rule shows it");
    assert_eq!(
        causes(&results[2..4])[0].representative.operation,
        "GetAs",
        "an unexpected error comes before an unjudged rule"
    );
}

#[test]
fn wrong_codes_are_grouped_by_code_and_name_the_required_ones() {
    let refused = |id: &str, error, codes: &[&str]| {
        violated(failed(id, 400, Some(error)), "It is refused.", ViolationKind::WrongCode, refusal(codes))
    };
    let results = [
        refused("glue/A/condition/former-hash", "Busy", &["Stale"]),
        refused("glue/B/condition/wrong-hash", "Busy", &["Stale", "Gone"]),
        refused("glue/B/condition/exists", "Limit", &["Gone"]),
        refused("glue/B/condition/exists-not", "Limit", &["Stale"]),
    ];
    assert_eq!(
        titles(&results),
        ["A and B answer Busy where Stale is due", "B answers Limit where another error is due"]
    );
}

#[test]
fn a_refused_control_call_is_not_called_invalid_input() {
    let control = |id: &str| {
        let rule = failed(id, 400, Some("Busy"));
        violated(rule, "A refuses it.", ViolationKind::Refused, ExpectedOutcome::Success)
            .with_reason(&Reason::ControlFailed)
    };
    let results = [control("glue/A/invalid/M/type"), control("glue/B/invalid/N/enum")];
    assert_eq!(titles(&results), ["valid calls beside invalid ones are answered with Busy (A and B)"]);
}

#[test]
fn one_missing_member_and_one_pagination_are_one_cause_each() {
    let lacks = |id: &str, operation: &str, path: &str| {
        let mut rule = lax(id);
        operation.clone_into(&mut rule.finding.as_mut().unwrap().steps[0].operation);
        violated(rule, "It exists.", ViolationKind::Missing(path.to_owned()), ExpectedOutcome::Other)
    };
    let wrong = |id: &str| violated(lax(id), "Pages.", wrong_value("/As"), ExpectedOutcome::Other);
    let results = [
        lacks("glue/A/valid/spelling-of-the-time", "GetA", "A.Time"),
        lacks("glue/GetA/valid/A.Time/present", "GetA", "A.Time"),
        lacks("glue/GetAs/pagination/last", "GetAs", "NextToken"),
        wrong("glue/GetAs/pagination/MaxResults"),
        wrong("glue/GetAs/pagination/continuation"),
        lacks("glue/GetAs/valid/As[].Time/present", "GetAs", "As[].Time"),
    ];
    assert_eq!(
        titles(&results),
        [
            "Time is missing from answers of GetA and GetAs",
            "pagination of GetAs does not work (MaxResults, continuation, last)",
        ]
    );
}

#[test]
fn an_error_is_not_grouped_with_a_wrong_answer() {
    let down = failed("glue/A/wire/x", 500, None);
    let results = [
        violated(down, "x", ViolationKind::ServerError, ExpectedOutcome::Success),
        violated(lax("glue/B/wire/x"), "x", wrong_value("/X"), ExpectedOutcome::Other),
    ];
    assert_eq!(titles(&results), ["A answers with a server error", "B answers with a wrong value at /X"]);
}

#[test]
fn a_single_rule_that_is_not_enforced_is_named() {
    let accepted = |id: &str, requirement: &str, codes: &[&str]| {
        violated(lax(id), requirement, ViolationKind::Accepted, refusal(codes))
    };
    let results = [
        accepted("glue/A/invalid/Name/null", "A refuses Name given as null, and changes nothing.", &[]),
        accepted("glue/B/errors/Gone", "B answers Gone after a deletion.", &["Gone"]),
        passed("glue/A/invalid/Name/type"),
    ];
    assert_eq!(
        titles(&results),
        [
            "not enforced: A refuses Name given as null, and changes nothing",
            "not enforced: B answers Gone after a deletion"
        ]
    );
}

#[test]
fn findings_of_old_reports_are_grouped_by_their_sentences() {
    let old = |id: &str| {
        let mut rule = lax(id);
        let finding = rule.finding.as_mut().unwrap();
        (finding.kind, finding.expected_outcome) = (None, None);
        "A accepts it.".clone_into(&mut finding.violated);
        rule
    };
    let results = [old("glue/A/invalid/M/enum"), old("glue/A/condition/x"), passed("glue/A/invalid/M/type")];
    assert_eq!(titles(&results), ["A accepts it"]);
}
