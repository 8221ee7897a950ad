//! The end of the report for people: verdict, scores, what was judged and how, and what to do next.

use super::model::{Report, Score, Verdict};
use crate::model::Level;
use crate::run::{Outcome, Presence};

use super::cluster::Cause;
use super::page::{Ink, Page};
use super::shell::word;
use super::terminal::count;

/// Writes the block.
pub(super) fn block(page: &mut Page, report: &Report, causes: &[Cause<'_>]) {
    page.blank();
    page.rule();
    let (ink, verdict) = match report.verdict {
        Verdict::Conforms => (Ink::Green, "CONFORMS"),
        Verdict::Deviates => (Ink::Red, "DEVIATES"),
        Verdict::Incomplete => (Ink::Yellow, "INCOMPLETE"),
    };
    page.inked_field(0, "verdict", ink, &format!("{verdict}: {}", why(report, causes)));
    page.field(0, "conformance", &score(report.summary.conformance, "documented rules"));
    page.field(0, "parity", &score(report.summary.parity, "documented and observed rules"));
    page.field(0, "rules", &outcomes(report));
    page.field(0, "target", &target(report));
    page.field(0, "capabilities", &capabilities(report));
    page.field(0, "suite", &suite(report));
    page.field(0, "seed", &report.seed.to_string());
    page.field(0, "work", &work(report));
    next(page, report, causes);
}

/// The verdict in a sentence.
pub(super) fn why(report: &Report, causes: &[Cause<'_>]) -> String {
    let failed = |level| {
        let of_level = report.results.iter().filter(|r| r.evidence.level == level);
        of_level.filter(|r| r.outcome == Outcome::Failed).count()
    };
    let causes_of = |level| count(causes.iter().filter(|c| c.level() == level).count(), "cause");
    let (documented, observed) = (failed(Level::Documented), failed(Level::Observed));
    let closed = report.results.iter().filter(|r| r.closed_gap().is_some()).count();
    match (report.verdict, documented) {
        (Verdict::Deviates, 0) if closed > 0 => {
            let them = if closed == 1 { "it" } else { "them" };
            format!("{} closed, and the list still has {them}", count(closed, "known gap"))
        }
        (Verdict::Deviates, 0) => {
            format!("{} violated, {}", count(observed, "observed rule"), causes_of(Level::Observed))
        }
        (Verdict::Deviates, some) => {
            format!("{} violated, {}", count(some, "documented rule"), causes_of(Level::Documented))
        }
        (Verdict::Conforms, _) => {
            let known = report.summary.known;
            let gaps = if known == 0 { String::new() } else { format!(", known gaps ({known}) aside") };
            format!("every documented rule that was run holds{gaps}")
        }
        (Verdict::Incomplete, _) => match report.summary.errored {
            0 => "nothing is violated, and not everything was run".to_owned(),
            errored => format!("nothing is violated, and {errored} of the rules could not be judged"),
        },
    }
}

/// Rounded down: only what is whole is 100%.
pub(super) fn score(score: Score, what: &str) -> String {
    match (score.held * 100).checked_div(score.of) {
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
    let parts = [(Presence::Tested, "tested"), (Presence::Absent, "absent")].map(|(presence, word)| {
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

/// How much was done.
pub(super) fn work(report: &Report) -> String {
    let summary = &report.summary;
    let duration = duration(report.duration_ms);
    format!("{} cases, {} exchanges in {duration}", summary.cases, summary.exchanges)
}

/// `850 ms`, `12.3 s`, `2 min 5 s`.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// What to type next, once something deviates.
fn next(page: &mut Page, report: &Report, causes: &[Cause<'_>]) {
    let (Verdict::Deviates, Some(cause)) = (report.verdict, causes.first()) else { return };
    let rule = cause.representative;
    page.blank();
    page.line(0, Ink::Dim, "To have a rule explained, and to see it fail again:");
    page.verbatim(2, &format!("glueproof explain {}", argument(&rule.id)));
    if let Some(replay) = rule.finding.as_ref().and_then(|finding| finding.reproduce.replay.as_ref()) {
        page.verbatim(2, replay);
    }
}

/// Ids hold brackets, which shells would match against file names.
fn argument(id: &str) -> String {
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if plain { id.to_owned() } else { word(id) }
}
