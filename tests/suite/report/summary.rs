//! Scores, verdict and exit code.

use glueproof::model::Level::{self, Assumed, Documented, Observed};
use glueproof::report::{Score, Verdict};
use glueproof::report::{VerdictPolicy, exit_code, summarize, verdict};
use glueproof::run::Outcome::{
    self, Blocked, Errored, Failed, Flaky, Known, Noted, Passed, Skipped, Unimplemented,
};
use glueproof::run::RuleResult;

use super::fixture::{evidence, passed};

type Judged<'r> = &'r [(Level, Outcome)];

fn results(all: Judged<'_>) -> Vec<RuleResult> {
    let rule = |(level, outcome): &(Level, Outcome)| RuleResult {
        evidence: evidence(*level),
        outcome: *outcome,
        ..passed("glue/Op/valid/input")
    };
    all.iter().map(rule).collect()
}

#[test]
fn verdicts() {
    use Verdict::{Conforms, Deviates, Incomplete};
    let table: &[(Judged<'_>, bool, bool, Verdict)] = &[
        (&[(Documented, Passed)], false, false, Conforms),
        (&[(Documented, Passed), (Documented, Skipped)], false, false, Conforms),
        (&[(Documented, Known), (Assumed, Noted)], false, false, Conforms),
        (&[(Documented, Passed), (Observed, Failed)], false, false, Conforms),
        (&[(Documented, Passed), (Observed, Failed)], true, false, Deviates),
        (&[(Documented, Passed), (Observed, Failed)], false, true, Incomplete),
        (&[(Documented, Failed), (Documented, Passed)], false, false, Deviates),
        (&[(Documented, Failed), (Documented, Errored)], false, true, Deviates),
        (&[(Documented, Passed), (Assumed, Errored)], false, false, Incomplete),
        (&[(Documented, Passed), (Documented, Skipped)], false, true, Incomplete),
        (&[(Documented, Skipped), (Observed, Skipped)], false, false, Incomplete),
        (&[(Assumed, Failed), (Documented, Passed)], true, false, Conforms),
        (&[], false, false, Incomplete),
    ];
    for (all, parity, unjudged, expected) in table {
        let policy = VerdictPolicy { parity: *parity, ..VerdictPolicy::default() };
        assert_eq!(verdict(&results(all), policy, *unjudged), *expected, "{all:?} {parity} {unjudged}");
    }
}

/// Rules of operations that are not implemented, blocked rules and flaky rules.
#[test]
fn a_policy_decides_about_unimplemented_and_flaky_rules() {
    use Verdict::{Conforms, Deviates, Incomplete};
    let usual = VerdictPolicy::default();
    let allowing = VerdictPolicy { allow_unimplemented: true, ..usual };
    let strict = VerdictPolicy { strict_flaky: true, ..usual };
    let of = |all, policy| verdict(&results(all), policy, false);
    let unimplemented: Judged<'_> = &[(Documented, Passed), (Documented, Unimplemented)];
    assert_eq!((of(unimplemented, usual), of(unimplemented, allowing)), (Deviates, Conforms));
    let flaky: Judged<'_> = &[(Documented, Passed), (Documented, Flaky)];
    assert_eq!((of(flaky, usual), of(flaky, strict)), (Conforms, Deviates));
    let observed: Judged<'_> = &[(Documented, Passed), (Observed, Unimplemented), (Observed, Flaky)];
    assert_eq!((of(observed, usual), of(observed, strict)), (Conforms, Conforms));
    assert_eq!(of(&[(Documented, Passed), (Documented, Blocked)], usual), Incomplete);
}

#[test]
fn exit_codes() {
    assert_eq!([Verdict::Conforms, Verdict::Deviates, Verdict::Incomplete].map(exit_code), [0, 1, 3]);
}

#[test]
fn scores_count_what_was_judged() {
    let summary = summarize(&results(&[
        (Documented, Passed),
        (Documented, Passed),
        (Documented, Failed),
        (Documented, Known),
        (Documented, Errored),
        (Documented, Skipped),
        (Observed, Passed),
        (Observed, Failed),
        (Assumed, Passed),
        (Assumed, Noted),
    ]));
    assert_eq!(summary.conformance, Score { held: 2, of: 4 });
    assert_eq!(summary.parity, Score { held: 3, of: 6 });
    let counts =
        [summary.passed, summary.failed, summary.noted, summary.errored, summary.known, summary.skipped];
    assert_eq!(counts, [4, 2, 1, 1, 1, 1]);
    assert_eq!((summary.cases, summary.exchanges), (80, 240));
}
