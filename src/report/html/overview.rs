//! The top of a page about one target: verdict, scores, what was judged and how. Lists no rules.

use maud::{Markup, html};

use super::super::model::{Report, Score, Verdict};
use crate::run::Presence;

use super::super::cluster::Cause;
use super::super::escape::on_one_line;
use super::super::wording;

/// The verdict, in colour and in words.
pub(super) fn verdict(report: &Report, causes: &[Cause<'_>]) -> Markup {
    html! {
        section.verdict.(report.verdict.name()) aria-labelledby="verdict" {
            h2 #verdict { (word(report.verdict)) }
            p { (wording::verdict_reason(report, causes)) }
        }
    }
}

/// The verdict as people read it.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conforms => "Conforms",
        Verdict::Deviates => "Deviates",
        Verdict::Incomplete => "Incomplete",
    }
}

/// Scores, capabilities, and the facts of the run.
pub(super) fn facts(report: &Report) -> Markup {
    let summary = &report.summary;
    html! {
        section.facts aria-label="Scores and facts" {
            (score("Conformance", summary.conformance, "documented rules"))
            (score("Parity", summary.parity, "documented and observed rules"))
            dl {
                @if let Some(coverage) = wording::implemented(report) { (fact("Operations", &coverage)) }
                (fact("Rules", &wording::outcomes(report)))
                dt { "Capabilities" }
                dd { (capabilities(report)) }
                (fact("Suite", &wording::suite(report)))
                (fact("Seed", &report.seed.to_string()))
                (fact("Started", &report.started))
                (fact("Work", &wording::work(report)))
            }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { dt { (name) } dd { (on_one_line(value)) } }
}

fn score(name: &str, score: Score, what: &str) -> Markup {
    html! {
        div.score {
            h3 { (name) }
            p.percent { (percent(score)) }
            (bar(score))
            p.words { (score.held) " of " (score.of) " " (what) " hold" }
        }
    }
}

/// Rounded down: only what is whole is 100 %.
pub(super) fn percent(score: Score) -> String {
    score.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}

/// The score as a bar; the words beside it say the same.
pub(super) fn bar(score: Score) -> Markup {
    let (held, of) = (score.held.min(score.of), score.of.max(1));
    html! {
        svg.bar viewBox={ "0 0 " (of) " 1" } preserveAspectRatio="none" aria-hidden="true" {
            rect.whole width=(of) height="1" {}
            rect.held width=(held) height="1" {}
        }
    }
}

fn capabilities(report: &Report) -> Markup {
    html! {
        @for (name, presence) in &report.target.capabilities {
            @let word = match presence { Presence::Tested => "tested", Presence::Absent => "absent", Presence::Unselected => "not asked for" };
            span class={ "chip " (if *presence == Presence::Tested { "tested" } else { "absent" }) } { (name.name()) " " (word) } " "
        }
        @if report.target.capabilities.is_empty() { "none" }
    }
}
