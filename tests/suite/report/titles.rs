//! What causes are called: by what all their rules share.

use glueproof::report::causes;
use glueproof::run::{Outcome, RuleResult};

use super::causes::titles;
use super::fixture::{constraints, failed, lax, passed};

/// The finding reworded.
fn worded(mut rule: RuleResult, requirement: &str, violated: &str, expected: &str) -> RuleResult {
    requirement.clone_into(&mut rule.requirement);
    let finding = rule.finding.as_mut().unwrap();
    violated.clone_into(&mut finding.violated);
    expected.clone_into(&mut finding.expected);
    rule
}

#[test]
fn an_operation_that_answers_everything_with_a_server_error_is_one_cause() {
    let down = |id: &str| {
        worded(failed(id, 500, None), "It works.", "A answers with a server error.", "success (2xx)")
    };
    let assumed = |id: &str| RuleResult { outcome: Outcome::Noted, ..down(id) };
    let results = [
        assumed("glue/A/boundary/M/null"),
        down("glue/A/boundary/M/range.max"),
        down("glue/A/invalid/M/type"),
        down("glue/A/pagination/M"),
        down("glue/A/valid/input"),
        assumed("glue/A/valid/none"),
        down("glue/A/wire/not-an-object"),
        worded(
            lax("glue/B/pagination/M"),
            "A page is short.",
            "B answers with a wrong value at /L.",
            "/L with 1",
        ),
    ];
    assert_eq!(
        titles(&results),
        [
            "A answers valid calls with status 500; it is probably not implemented",
            "B answers with a wrong value at /L"
        ]
    );
    assert_eq!(causes(&results)[0].representative.family, "boundary", "a valid call shows it");
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
fn titles_say_what_members_share_and_not_what_one_says() {
    let due = "a client error (4xx)";
    let malformed = |operation: &str, status, violated: &str| {
        let rule = failed(&format!("glue/{operation}/wire/malformed-json"), status, None);
        let requirement = format!("{operation} refuses a body that is not JSON with a client error.");
        worded(rule, &requirement, violated, due)
    };
    let text = |operation: &str, status, violated: &str, expected: &str| {
        let rule = failed(&format!("glue/{operation}/wire/error-message"), status, None);
        let requirement = format!("{operation} gives an error's text in the member its model names.");
        worded(rule, &requirement, violated, expected)
    };
    let why = Some("no case could be judged: the state the rule needs could not be made".to_owned());
    let results = [
        malformed("GetA", 200, "GetA accepts a call that must be refused."),
        malformed("GetAs", 500, "GetAs answers with a server error."),
        RuleResult { reason: why, ..text("GetA", 200, "GetA accepts a call that must be refused.", due) },
        text("GetAs", 400, "GetAs refuses with an error code that is not allowed here.", "refusal with X"),
        text("PutA", 400, "PutA answers an error in another form.", "the text in the member `Message`"),
    ];
    assert_eq!(
        titles(&results),
        [
            "GetA, GetAs and PutA fail the rule: an operation gives an error's text in the member its model names \
             (1 could not be judged)",
            "a body that is not JSON is not refused, in GetA and GetAs",
        ]
    );
    assert_eq!(causes(&results)[0].representative.operation, "PutA", "what could be judged shows it");
    assert_eq!(
        causes(&results[2..4])[0].representative.operation,
        "GetAs",
        "rather beside it than not judged"
    );
}

#[test]
fn wrong_codes_are_grouped_by_code_and_name_what_was_due() {
    let refused = |id: &str, error, due: &str| {
        worded(failed(id, 400, Some(error)), "It is refused.", "A refuses with a wrong code.", due)
    };
    let results = [
        refused("glue/A/condition/former-hash", "Busy", "refusal with Stale"),
        refused("glue/B/condition/wrong-hash", "Busy", "refusal with Stale or Gone"),
        refused("glue/B/condition/exists", "Limit", "refusal with Gone"),
        refused("glue/B/condition/exists-not", "Limit", "refusal with Stale"),
    ];
    assert_eq!(
        titles(&results),
        ["A and B answer Busy where Stale is due", "B answers Limit where another error is due"]
    );
}

#[test]
fn one_missing_member_and_one_pagination_are_one_cause_each() {
    let lacks = |id: &str, operation: &str, path: &str| {
        let violated = format!("{operation}'s answer lacks {path}.");
        worded(lax(id), "It is there.", &violated, "it present")
    };
    let wrong =
        |id: &str| worded(lax(id), "Pages.", "GetAs answers with a wrong value at /As.", "/As with 1");
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
    let results = [
        worded(failed("glue/A/wire/x", 500, None), "x", "A answers with a server error.", "success (2xx)"),
        worded(lax("glue/B/wire/x"), "x", "B answers with a wrong value at /X.", "/X equal to 1"),
    ];
    assert_eq!(titles(&results), ["A answers with a server error", "B answers with a wrong value at /X"]);
}

#[test]
fn a_lone_constraint_is_named() {
    let rule = worded(
        lax("glue/A/invalid/Name/null"),
        "A refuses Name given as null, and changes nothing.",
        "no",
        "x",
    );
    let due = worded(
        lax("glue/B/errors/Gone"),
        "Gone.",
        "B accepts a call that must be refused.",
        "refusal with Gone",
    );
    assert_eq!(
        titles(&[rule, due, passed("glue/A/invalid/Name/type")]),
        ["A does not refuse Name given as null", "B accepts a call that must be refused with Gone"]
    );
}
