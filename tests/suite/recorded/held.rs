//! No rule faults what the real service answered.

use std::collections::BTreeSet;

use glueproof::model::Confidence;
use glueproof::run::CaseVerdict;

use super::{recorded, suite};

#[test]
fn every_recorded_answer_passes() {
    for answer in recorded() {
        let verdicts = answer.verdicts();
        for (rule, verdict) in &verdicts {
            // Some answers hold nothing that a rule could look at: no text, no member.
            let fair = matches!(verdict, CaseVerdict::Held | CaseVerdict::SetupFailed(_));
            assert!(fair, "{rule} on {} of {}: {verdict:?}", answer.id, answer.source);
        }
        let held = verdicts.iter().filter(|(_, verdict)| matches!(verdict, CaseVerdict::Held)).count();
        assert!(held > 0, "nothing looked at {}: {verdicts:?}", answer.id);
    }
}

/// Refusals are judged by the rules they are the evidence of, not by the protocol's alone.
#[test]
fn every_recorded_refusal_is_what_a_rule_expects() {
    let refusals = recorded().into_iter().filter(|answer| answer.status >= 400 && answer.operation.is_some());
    for answer in refusals {
        let verdicts = answer.verdicts();
        let by_rule = verdicts.iter().filter(|(rule, _)| !rule.contains("/wire/"));
        let by_rule: Vec<_> = by_rule.map(|(rule, verdict)| (rule, verdict)).collect();
        assert!(!by_rule.is_empty(), "no rule stands on {}", answer.id);
        assert!(by_rule.iter().all(|(_, verdict)| matches!(verdict, CaseVerdict::Held)), "{by_rule:?}");
    }
}

/// Responses of the owned operations in the specs' evidence whose body was recorded.
#[test]
fn the_recordings_are_those_of_the_evidence() {
    let there: BTreeSet<String> = recorded().into_iter().map(|answer| answer.id).collect();
    assert!(there.len() >= 20, "{there:?}");
    for id in &there {
        let source = suite().model.sources.get(id).unwrap_or_else(|| panic!("{id} is no evidence"));
        assert!(matches!(source.confidence, Confidence::Recorded | Confidence::Reported), "{id}");
    }
}
