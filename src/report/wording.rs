//! Sentences that several forms of a report share: verdict, scores, target, capabilities, suite, work.
//! Must not lay anything out.

use super::model::{Report, Score, Verdict};
use crate::model::{Confidence, Level};
use crate::run::{Outcome, Presence};

use super::cluster::Cause;

/// The verdict in a sentence.
pub(super) fn verdict_reason(report: &Report, causes: &[Cause<'_>]) -> String {
    let failed = |level| {
        let of_level = report.results.iter().filter(|r| r.evidence.level == level);
        of_level.filter(|r| r.outcome == Outcome::Failed).count()
    };
    let (documented, observed) = (failed(Level::Documented), failed(Level::Observed));
    let closed = report.results.iter().filter(|r| r.closed_gap().is_some()).count();
    match (report.verdict, documented) {
        (Verdict::Deviates, 0) if closed > 0 => {
            let them = if closed == 1 { "it" } else { "them" };
            format!("{} closed, and the list still has {them}", count(closed, "known gap"))
        }
        (Verdict::Deviates, 0) if observed == 0 => {
            let missing = report.summary.operations.of - report.summary.operations.implemented;
            match (missing, report.summary.flaky) {
                (0, flaky) => {
                    format!("{} flaky", count(usize::try_from(flaky).unwrap_or(usize::MAX), "rule"))
                }
                (1, _) => "1 operation is not implemented".to_owned(),
                (many, _) => format!("{many} operations are not implemented"),
            }
        }
        (Verdict::Deviates, _) => {
            let rules = match (documented, observed) {
                (documented, 0) => count(documented, "documented rule"),
                (0, observed) => count(observed, "observed rule"),
                (documented, observed) => {
                    format!("{documented} documented and {}", count(observed, "observed rule"))
                }
            };
            format!("{rules} violated, {}", count_causes(causes))
        }
        (Verdict::Conforms, _) => {
            let known = report.summary.known;
            let gaps = if known == 0 { String::new() } else { format!(", known gaps ({known}) aside") };
            format!("every documented rule that was run holds{gaps}")
        }
        (Verdict::Incomplete, _) => match report.summary.errored + report.summary.blocked {
            0 => "nothing is violated, and not everything was run".to_owned(),
            errored => format!("nothing is violated, and {errored} of the rules could not be judged"),
        },
    }
}

/// `implements 7 of 10 operations; of what it implements, 151 of 212 documented rules hold`, if one is not implemented.
pub(super) fn implemented(report: &Report) -> Option<String> {
    let (operations, score) = (report.summary.operations, report.summary.conformance);
    (operations.implemented < operations.of).then(|| {
        format!(
            "implements {} of {} operations; of what it implements, {} of {} documented rules hold",
            operations.implemented, operations.of, score.held, score.of
        )
    })
}

/// Rounded down: only what is whole is 100%.
pub(super) fn score(score: Score, what: &str) -> String {
    match score.percent() {
        None => format!("no {what} judged"),
        Some(percent) => format!("{} of {} {what} hold ({percent}%)", score.held, score.of),
    }
}

/// `2 passed, 1 failed`.
pub(super) fn outcomes(report: &Report) -> String {
    let summary = &report.summary;
    let counts = Outcome::ALL.map(|outcome| {
        let number = match outcome {
            Outcome::Passed => summary.passed,
            Outcome::Failed => summary.failed,
            Outcome::Noted => summary.noted,
            Outcome::Unimplemented => summary.unimplemented,
            Outcome::Blocked => summary.blocked,
            Outcome::Flaky => summary.flaky,
            Outcome::Errored => summary.errored,
            Outcome::Known => summary.known,
            Outcome::Skipped => summary.skipped,
        };
        (number > 0).then(|| format!("{number} {}", outcome.name()))
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

/// Name and address.
pub(super) fn target(report: &Report) -> String {
    let target = &report.target;
    match &target.url {
        Some(url) if *url != target.name => format!("{} at {url}", target.name),
        _ => target.name.clone(),
    }
}

/// `core, connections tested; crypto absent`.
pub(super) fn capabilities(report: &Report) -> String {
    let all = &report.target.capabilities;
    let parts =
        [(Presence::Tested, "tested"), (Presence::Absent, "absent"), (Presence::Unselected, "not asked for")]
            .map(|(presence, word)| {
                let names: Vec<&str> =
                    all.iter().filter(|(_, p)| **p == presence).map(|(name, _)| name.name()).collect();
                (!names.is_empty()).then(|| format!("{} {word}", names.join(", ")))
            });
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
}

/// Versions, with the beginning of the digest.
pub(super) fn suite(report: &Report) -> String {
    let suite = &report.suite;
    let digest = suite.specs.strip_prefix("sha256:").unwrap_or(&suite.specs);
    let digest: String = digest.chars().take(12).collect();
    format!("glueproof {}, specs {digest}, edition {}", suite.version, suite.edition)
}

/// Returns the numbers of cases and exchanges, and the duration.
pub(super) fn work(report: &Report) -> String {
    let summary = &report.summary;
    let duration = duration(report.duration_ms);
    let retries = match summary.retries {
        0 => String::new(),
        1 => ", 1 call repeated after a server error or a lost connection".to_owned(),
        many => format!(", {many} calls repeated after a server error or a lost connection"),
    };
    format!("{} cases, {} exchanges in {duration}{retries}", summary.cases, summary.exchanges)
}

/// `850 ms`, `12.3 s`, `2 min 5 s`.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// Returns `1 rule` or `2 rules`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Returns the number of causes by their evidence: `28 documented and 8 observed causes`, or `3 causes` if all have the
/// same.
pub(super) fn count_causes(causes: &[Cause<'_>]) -> String {
    let of_level = |level| causes.iter().filter(|cause| cause.level() == level).count();
    match (of_level(Level::Documented), of_level(Level::Observed)) {
        (documented, 0) => count(documented, "cause"),
        (0, observed) => count(observed, "cause"),
        (documented, observed) => {
            format!("{documented} documented and {}", count(observed, "observed cause"))
        }
    }
}

/// Returns the origin of a source in words.
pub(super) fn confidence_text(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Recorded => "recorded from the service",
        Confidence::Documented => "model or documentation",
        Confidence::Reported => "reported by a user",
        Confidence::Inferred => "concluded from something else",
    }
}

/// Returns the heading of the rules with an outcome: `Blocked: 3 rules could not be judged`.
pub(super) fn outcome_heading(outcome: Outcome, number: usize) -> String {
    let rules = count(number, "rule");
    match outcome {
        Outcome::Unimplemented => format!("Not implemented: {rules}"),
        Outcome::Blocked => format!("Blocked: {rules} could not be judged"),
        Outcome::Flaky => format!("Flaky: {rules} failed once and held when run again"),
        Outcome::Errored => format!("Errored: {rules} could not be judged"),
        Outcome::Known => format!("Known: {}, as expected", count(number, "gap")),
        Outcome::Skipped => format!("Skipped: {rules}"),
        Outcome::Passed | Outcome::Failed | Outcome::Noted => format!("{}: {rules}", outcome.name()),
    }
}
