//! A fault is found, in few calls, and the right one is called right.

use glueproof::diff::{ConformingSide, DiffReport, DiffVerdict};
use glueproof::model::Level;

use super::{cause, compared, titles};

const POLICY: [&str; 4] = ["--only", "ResourcePolicy/", "--cases", "2"];

#[track_caller]
fn different(a: &str, b: &str, more: &[&str]) -> DiffReport {
    let (ended, report) = compared(&[&[a, b], more].concat());
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert_eq!(report.verdict, DiffVerdict::Different);
    for cause in &report.causes {
        assert!(ended.stdout.contains(&cause.title), "{}: {ended:#?}", cause.title);
    }
    report
}

#[test]
fn a_target_that_violates_a_rule_is_wrong_on_either_side() {
    for (a, b, right) in [
        ("fake", "fake+get-without-hash", ConformingSide::A),
        ("fake+get-without-hash", "fake", ConformingSide::B),
    ] {
        let report = different(a, b, &POLICY);
        assert!(report.causes.iter().all(|cause| cause.right == right), "{:?}", titles(&report));
        assert!(report.causes.len() < 5, "{:?}", titles(&report));
        let cause = cause(&report, "glue/GetResourcePolicy/valid/hash-is-the-one-put-returned");
        assert!(cause.title.contains("PolicyHash is missing from answers of GetResourcePolicy"), "{cause:?}");
        let last = cause.shown.steps.last().unwrap();
        let has = |answer: &Option<glueproof::run::ReportedResponse>| {
            answer.as_ref().unwrap().body.get("PolicyHash").is_some()
        };
        assert_eq!(
            (has(&last.a), has(&last.b)),
            (right == ConformingSide::A, right == ConformingSide::B),
            "{last:?}"
        );
        assert_eq!(cause.shown.steps.len(), 2, "{cause:?}");
    }
}

#[test]
fn a_rule_its_evidence_and_the_fewest_calls_stand_with_it() {
    let report =
        different("fake", "fake+put-ignores-the-hash", &["--only", "PutResourcePolicy/", "--cases", "2"]);
    assert!(report.causes.iter().all(|cause| cause.right == ConformingSide::A), "{:?}", titles(&report));
    let cause = cause(&report, "glue/PutResourcePolicy/condition/present/absent/foreign");
    let shown = &cause.shown;
    assert_eq!(shown.expected, "refusal with ConditionCheckFailureException");
    assert_eq!(shown.evidence.level, Level::Documented);
    let calls: Vec<&str> = shown.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(calls, ["PutResourcePolicy", "PutResourcePolicy"]);
    let last = shown.steps.last().unwrap();
    assert_eq!(last.a.as_ref().unwrap().error.as_deref(), Some("ConditionCheckFailureException"));
    assert_eq!(last.b.as_ref().unwrap().status, 200);
}

#[test]
fn a_long_sequence_is_made_short() {
    let report = different(
        "fake",
        "fake+put-swaps-existence",
        &["--only", "PutResourcePolicy/sequence/any-order", "--cases", "3"],
    );
    for cause in &report.causes {
        assert!(cause.shown.steps.len() <= 4, "{:#?}", cause.shown);
    }
}

/// As an emulator would have it that does not know one error, in however many operations.
#[test]
fn one_answer_instead_of_another_is_one_cause() {
    // Each operation has such a rule, which is assumed.
    let only = ["--only", "*/wire/content-type", "--cases", "1"];
    let report = different("fake", "fake+any-content-type", &only);
    assert_eq!(report.causes.len(), 1, "{:?}", titles(&report));
    assert!(report.causes[0].rules.len() > 5, "{report:#?}");
}

#[test]
fn both_can_be_wrong_in_their_own_ways() {
    let only = ["--only", "PutResourcePolicy/condition/absent/MUST_EXIST/absent"];
    let report = different("fake+must-exist-is-another-error", "fake+put-ignores-existence", &only);
    assert_eq!(report.causes.len(), 1, "{:?}", titles(&report));
    assert_eq!(report.causes[0].right, ConformingSide::Neither);
    assert!(report.causes[0].shown.actual.contains("fake+put-ignores-existence: 200"), "{report:#?}");
}

#[test]
fn a_difference_without_a_rule_has_no_right_side() {
    let only = ["--only", "GetResourcePolicy/valid/input", "--cases", "2"];
    let report = different("fake", "fake+an-unknown-member", &only);
    assert!(
        report.causes.iter().all(|cause| cause.right == ConformingSide::Undecided),
        "{:?}",
        titles(&report)
    );
    assert!(
        titles(&report).iter().any(|title| title.ends_with(" on fake+an-unknown-member only")),
        "{report:#?}"
    );
    assert_eq!(report.summary.unsaid, 1, "{:?}", report.summary);
}

/// The same difference in cases of other rules follows the rule that judges it.
#[test]
fn a_difference_that_a_rule_judges_is_reported_once() {
    let only = ["--only", "GetResourcePolicy/valid/input", "--only", "tResourcePolicy/wire/output-members"];
    let report = different("fake", "fake+an-unknown-member", &only);
    assert!(report.causes.iter().all(|cause| cause.right == ConformingSide::A), "{:?}", titles(&report));
    assert_eq!((report.summary.unsaid, report.summary.elsewhere), (0, 1), "{:?}", report.summary);
}
