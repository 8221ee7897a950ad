//! Grouping: few causes, true titles, every failed rule exactly once.

use std::collections::BTreeSet;

use glueproof::check::{ExpectedOutcome, ViolationKind};
use glueproof::model::{Family, Level};
use glueproof::report::{Cause, causes};
use glueproof::run::{FindingStep, Outcome, RuleResult};
use serde_json::json;

use super::fixture::{constraints, evidence, failed, lax, passed, step};

/// The titles, after a look at what must hold of every grouping.
pub fn titles(results: &[RuleResult]) -> Vec<String> {
    let found = causes(results);
    let mut grouped: Vec<&str> = found.iter().flat_map(|c| &c.rules).map(|r| r.id.as_str()).collect();
    grouped.sort_unstable();
    let failed: BTreeSet<&str> =
        results.iter().filter(|r| r.outcome == Outcome::Failed).map(|r| r.id.as_str()).collect();
    assert_eq!(grouped, failed.into_iter().collect::<Vec<_>>(), "every failed rule once");
    let is_own = |c: &Cause<'_>| c.rules.iter().any(|rule| std::ptr::eq(*rule, c.representative));
    assert!(found.iter().all(is_own), "a representative is one of its rules");
    found.into_iter().map(|cause| cause.title).collect()
}

#[test]
fn a_target_without_validation_has_one_cause() {
    let results = constraints(|_, _, _| lax("glue/X/invalid/y/z"));
    assert_eq!(results.len(), 225);
    assert_eq!(titles(&results), ["all 9 operations validate nothing"]);
}

#[test]
fn operations_that_check_nothing_are_causes() {
    let results = constraints(|operation, _, _| {
        let id = format!("glue/{operation}/invalid/A/b");
        if operation.contains("ResourcePolicy") { lax(&id) } else { passed(&id) }
    });
    assert_eq!(
        titles(&results),
        [
            "DeleteResourcePolicy validates nothing",
            "GetResourcePolicy validates nothing",
            "PutResourcePolicy validates nothing"
        ]
    );
    assert!(causes(&results).iter().all(|cause| cause.parts == ["25 accepted"] && cause.rules.len() == 25));
}

#[test]
fn kinds_and_members_are_causes() {
    let results = constraints(|operation, member, kind| {
        let unchecked = kind == "enum" || member == "Name" && operation == "PutResourcePolicy";
        if unchecked { lax("glue/X/invalid/y/z") } else { passed("glue/X/invalid/y/z") }
    });
    assert_eq!(
        titles(&results),
        [
            "`enum` is never checked",
            "PutResourcePolicy does not check Name (length.max, length.min, pattern, required)",
        ]
    );
}

#[test]
fn a_kind_that_holds_somewhere_is_not_said_to_be_never_checked() {
    let results = constraints(|operation, _, kind| {
        let id = "glue/X/invalid/y/z";
        if kind == "pattern" && operation != "PutResourcePolicy" { lax(id) } else { passed(id) }
    });
    assert_eq!(titles(&results), ["`pattern` is not always checked (8 operations)"]);
}

#[test]
fn the_edges_of_a_kind_are_a_cause() {
    let results = constraints(|operation, _, kind| {
        let id = format!("glue/{operation}/boundary/y/z");
        if kind == "length.max" { failed(&id, 400, Some("InvalidInputException")) } else { passed(&id) }
    });
    let results: Vec<RuleResult> = results
        .into_iter()
        .map(|r| RuleResult { id: r.id.replace("/invalid/", "/boundary/"), family: Family::Boundary, ..r })
        .collect();
    assert_eq!(titles(&results), ["values just inside `length.max` are refused (9 operations)"]);
}

#[test]
fn wrong_errors_are_a_cause() {
    let results = constraints(|_, member, _| {
        let id = "glue/X/invalid/y/z";
        if member == "Name" { failed(id, 500, Some("InternalError")) } else { passed(id) }
    });
    assert_eq!(titles(&results), ["invalid input is answered with InternalError (9 operations)"]);
}

#[test]
fn missing_operations_are_a_cause() {
    let unknown = |id: &str| failed(id, 400, Some("UnknownOperationException"));
    let results = [
        unknown("glue/GetResourcePolicies/valid/input"),
        unknown("glue/GetResourcePolicies/valid/Policies/present"),
        unknown("glue/GetResourcePolicies/pagination/whole-list"),
        failed("glue/GetResourcePolicies/pagination/foreign-token", 400, Some("Other")),
        unknown("glue/GetResourcePolicies/invalid/MaxResults/type"),
        passed("glue/GetResourcePolicies/invalid/MaxResults/range.max"),
        passed("glue/PutResourcePolicy/valid/input"),
    ];
    assert_eq!(
        titles(&results),
        [
            "GetResourcePolicies answers valid calls with UnknownOperationException; it is probably not implemented",
            "GetResourcePolicies was wrong about foreign-token"
        ]
    );
}

#[test]
fn one_requirement_in_many_operations_is_a_cause() {
    let results: Vec<_> = ["A", "B", "C", "D"].map(|op| lax(&format!("glue/{op}/wire/request-id"))).into();
    assert_eq!(titles(&results), ["4 operations fail the rule: an operation does what wire request-id says"]);
    let results = [
        lax("glue/GetA/valid/A.CreatedTimeStamp/present"),
        lax("glue/GetAs/valid/As[].CreatedTimeStamp/present"),
    ];
    assert_eq!(
        titles(&results),
        ["`present` fails in GetA and GetAs: answers with a wrong value at /Member"]
    );
}

#[test]
fn one_sentence_is_a_cause() {
    let mut results =
        [lax("glue/A/condition/one"), lax("glue/A/sequence/two"), lax("glue/A/condition/three")];
    for rule in &mut results[..2] {
        rule.finding.as_mut().unwrap().violated = "the hash is ignored".to_owned();
    }
    assert_eq!(titles(&results), ["the hash is ignored", "A was wrong about three"]);
}

#[test]
fn too_strict_is_not_too_lax() {
    let refused = |id: &str| failed(id, 400, Some("InvalidInputException"));
    let results = [
        refused("glue/A/boundary/Name/pattern"),
        refused("glue/A/boundary/Name/length.max"),
        passed("glue/A/valid/input"),
        lax("glue/A/invalid/Name/pattern"),
        passed("glue/A/invalid/Name/enum"),
    ];
    assert_eq!(
        titles(&results),
        ["A refuses valid Name (length.max, pattern)", "not enforced: A does what invalid Name pattern says"]
    );
}

#[test]
fn readbacks_after_the_call_do_not_hide_what_it_answered() {
    let mut rule = lax("glue/PutX/invalid/A/enum");
    let steps = &mut rule.finding.as_mut().unwrap().steps;
    steps.push(step("GetX", serde_json::json!({}), 400, Some("EntityNotFoundException")));
    let mut other = rule.clone();
    other.id = "glue/PutX/invalid/B/enum".to_owned();
    let results = [rule, other, passed("glue/PutX/invalid/C/required")];
    assert_eq!(titles(&results), ["PutX does not check `enum`"]);
}

#[test]
fn the_shortest_finding_represents_and_documented_causes_come_first() {
    let mut long = lax("glue/A/invalid/A/enum");
    let again = long.finding.as_ref().unwrap().steps[0].clone();
    long.finding.as_mut().unwrap().steps.push(again);
    let observed = |id| RuleResult { evidence: evidence(Level::Observed), ..lax(id) };
    let results = [
        long,
        lax("glue/A/invalid/B/enum"),
        passed("glue/A/invalid/C/required"),
        observed("glue/C/wire/x"),
        observed("glue/D/wire/x"),
        observed("glue/E/wire/x"),
    ];
    let found = causes(&results);
    assert_eq!(found[0].representative.id, "glue/A/invalid/B/enum");
    let levels: Vec<_> = found.iter().map(Cause::level).collect();
    assert_eq!(levels, [Level::Documented, Level::Observed]);
}

#[test]
fn failed_rules_without_a_finding_and_strange_ids_are_kept() {
    let closed = RuleResult {
        outcome: Outcome::Failed,
        reason: Some("a known gap, and it holds".to_owned()),
        ..passed("glue/A/valid/input")
    };
    let strange = RuleResult { id: "strange".to_owned(), ..lax("glue/A/invalid/x") };
    assert_eq!(
        titles(&[closed, strange]),
        ["a known gap, and it holds", "not enforced: A does what invalid x says"]
    );
}

/// A finding of this kind, with its calls.
fn kind_of(id: &str, kind: ViolationKind, steps: Vec<FindingStep>) -> RuleResult {
    let mut rule = failed(id, 400, Some("X"));
    let finding = rule.finding.as_mut().unwrap();
    finding.violated = kind.sentence("A");
    finding.kind = Some(kind);
    finding.expected_outcome = Some(ExpectedOutcome::Other);
    finding.steps = steps;
    rule
}

fn refusal(mut rule: RuleResult, codes: &[&str]) -> RuleResult {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    rule.finding.as_mut().unwrap().expected_outcome = Some(ExpectedOutcome::Refusal(codes));
    rule
}

#[test]
fn a_sequence_belongs_to_the_rule_it_breaks() {
    let get = || vec![step("Get", json!({}), 200, None)];
    let accepted = kind_of("glue/Get/errors/NotFound", ViolationKind::Accepted, get());
    let results = [
        refusal(accepted, &["NotFound"]),
        kind_of(
            "glue/Put/sequence/any-order",
            ViolationKind::ReferenceMismatch("Get/errors/NotFound".to_owned()),
            get(),
        ),
        kind_of(
            "glue/Put/sequence/other",
            ViolationKind::ReferenceMismatch("Get/errors/Other".to_owned()),
            get(),
        ),
    ];
    assert_eq!(titles(&results).len(), 2);
    let found = causes(&results);
    assert_eq!(found[0].rules.len(), 2);
    assert_eq!(found[0].representative.id, "glue/Get/errors/NotFound");
}

#[test]
fn a_wrong_error_code_is_no_race() {
    let put = |code| step("Put", json!({}), 400, Some(code));
    let wrong = refusal(
        kind_of("glue/Put/condition/foreign", ViolationKind::WrongCode, vec![put("Limit")]),
        &["Check"],
    );
    let race = |name: &str, code| {
        let calls = vec![step("Put", json!({}), 200, None), put(code)];
        kind_of(&format!("glue/Put/concurrency/{name}"), ViolationKind::NotLinearizable(vec![1]), calls)
    };
    let results = [wrong, race("one-wins", "Limit"), race("other", "Throttled")];
    let found = causes(&results);
    assert_eq!(found.iter().map(|cause| cause.rules.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(found[0].representative.id, "glue/Put/condition/foreign");
    assert!(!found[0].title.contains("order"), "{}", found[0].title);
}

#[test]
fn operations_that_answer_every_call_with_a_server_error_are_one_cause() {
    let results = [
        failed("glue/Delete/valid/a", 500, None),
        refusal(failed("glue/Delete/errors/NotFound", 500, None), &["NotFound"]),
        failed("logs/Associate/encryption/a", 500, None),
        failed("glue/Put/valid/a", 500, None),
        passed("glue/Put/valid/b"),
    ];
    let found = titles(&results);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.contains(
            &"Delete and Associate answer valid calls with status 500; they are probably not implemented"
                .to_owned()
        ),
        "{found:?}"
    );
}

#[test]
fn a_missing_check_of_a_service_is_one_cause() {
    let accepted = |id, operation| {
        refusal(
            kind_of(id, ViolationKind::Accepted, vec![step(operation, json!({}), 200, None)]),
            &["Disabled"],
        )
    };
    let results = [
        accepted("kms/Encrypt/encryption/key-disabled", "Encrypt"),
        accepted("kms/Decrypt/encryption/key-disabled", "Decrypt"),
        accepted("glue/Get/errors/EncryptionException", "Encrypt"),
    ];
    assert_eq!(titles(&results), ["Decrypt and Encrypt accept calls that must be refused with Disabled"]);
}

#[test]
fn malformed_bodies_that_fail_alike_are_one_cause() {
    let rule = |operation: &str, name: &str| {
        let rule = failed(&format!("glue/{operation}/wire/{name}"), 500, None);
        let mut rule = refusal(rule, &["SerializationException"]);
        rule.finding.as_mut().unwrap().kind = Some(ViolationKind::ServerError);
        rule
    };
    let operations = ["A", "B", "C"];
    let results: Vec<RuleResult> = ["not-json", "array"]
        .iter()
        .flat_map(|name| operations.map(|operation| rule(operation, name)))
        .collect();
    assert_eq!(titles(&results), ["`array`, `not-json` fail in A, B and C"]);
}
