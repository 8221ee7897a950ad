//! The first page of a site of verdicts: targets and capabilities, and the scores of each version. Must not write a file.
//! Entry point: [`site`].

use std::cmp::Ordering;
use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::cluster::causes;
use super::super::comparison::Column;
use super::super::escape::on_one_line;
use super::super::model::{Report, Score};
use super::super::tally::Tally;
use super::super::wording;
use crate::model::Capability;
use crate::run::Presence;

use super::comparison::comparison_page;
use super::document::document;
use super::matrix::class;
use super::overview::{bar, percent, word};
use super::page::Sources;
use super::report::report_page;

/// The file name of the first page.
const INDEX: &str = "index.html";

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// File name.
    pub file: String,
    /// The page.
    pub html: String,
}

/// A report with its place in the site.
struct Entry<'r> {
    report: &'r Report,
    sources: &'r Sources,
    /// The target without its version.
    target: &'r str,
    version: Option<&'r str>,
    /// The file name without its ending.
    slug: String,
}

impl Entry<'_> {
    fn file(&self) -> String {
        format!("{}.html", self.slug)
    }

    /// Returns the file name of the differences from an earlier version.
    fn file_since(&self, earlier: &Self) -> String {
        format!("{}-to-{}.html", earlier.slug, self.slug)
    }
}

/// Renders the site: the first page, a page for each report, and one for two successive versions of a target.
#[must_use]
pub fn site(reports: &[(Report, Sources)]) -> Vec<Page> {
    let entries = entries(reports);
    let mut pages = vec![Page { file: INDEX.to_owned(), html: index(&entries) }];
    for entry in &entries {
        let html = report_page(entry.report, entry.sources, Some(INDEX));
        pages.push(Page { file: entry.file(), html });
    }
    for (earlier, later) in successive(&entries) {
        let columns =
            [earlier, later].map(|entry| Column { name: &entry.report.target.name, report: entry.report });
        pages.push(Page { file: later.file_since(earlier), html: comparison_page(&columns, Some(INDEX)) });
    }
    pages
}

/// Returns the reports by target, version and time.
fn entries(reports: &[(Report, Sources)]) -> Vec<Entry<'_>> {
    let mut taken = BTreeSet::from(["index".to_owned()]);
    let mut entries: Vec<Entry<'_>> = reports
        .iter()
        .map(|(report, sources)| {
            let (target, version) = target_and_version(&report.target.name);
            let plain = slug(&report.target.name);
            let numbered = (2..).map(|number| format!("{plain}-{number}"));
            let slug = std::iter::once(plain.clone()).chain(numbered).find(|slug| !taken.contains(slug));
            let slug = slug.unwrap_or(plain);
            taken.insert(slug.clone());
            Entry { report, sources, target, version, slug }
        })
        .collect();
    entries.sort_by(|a, b| {
        let by_version = by_version(a.version.unwrap_or_default(), b.version.unwrap_or_default());
        a.target.cmp(b.target).then(by_version).then_with(|| a.report.started.cmp(&b.report.started))
    });
    entries
}

/// Splits `moto 5.2.5` into `moto` and `5.2.5`. A name whose last word does not begin with a digit has no version.
fn target_and_version(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(' ') {
        Some((target, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => {
            (target.trim_end(), Some(version))
        }
        _ => (name, None),
    }
}

/// Compares versions part by part, and numbers by their value: 5.10 comes after 5.9.
fn by_version(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| -> Vec<(u64, String)> {
        version.split(['.', '-', '+']).map(|part| (part.parse().unwrap_or(0), part.to_owned())).collect()
    };
    parts(a).cmp(&parts(b))
}

fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' };
    let slug: String = name.chars().map(plain).collect();
    let slug = slug.trim_matches(['-', '.']).to_owned();
    if slug.is_empty() { "target".to_owned() } else { slug }
}

/// Returns each version of a target with the one before it.
fn successive<'e, 'r>(entries: &'e [Entry<'r>]) -> impl Iterator<Item = (&'e Entry<'r>, &'e Entry<'r>)> {
    entries.windows(2).filter_map(|pair| match pair {
        [earlier, later] if earlier.target == later.target => Some((earlier, later)),
        _ => None,
    })
}

fn index(entries: &[Entry<'_>]) -> String {
    let newest: Vec<&Entry<'_>> = entries
        .iter()
        .enumerate()
        .filter(|(at, entry)| entries.get(at + 1).is_none_or(|next| next.target != entry.target))
        .map(|(_, entry)| entry)
        .collect();
    let main = html! {
        h1 { "Verdicts" }
        p.hint { "Each target was judged by the rules of its edition of the API. Documented rules decide the verdict." }
        (capabilities(&newest))
        (versions(entries))
    };
    let suites: BTreeSet<String> = entries.iter().map(|entry| wording::suite(entry.report)).collect();
    document("glueproof: verdicts", &main, &suites.into_iter().collect::<Vec<_>>().join("; "), None)
}

/// The newest version of each target, and the rules of each capability that hold.
fn capabilities(newest: &[&Entry<'_>]) -> Markup {
    let known = |capability: &Capability| {
        newest.iter().any(|entry| entry.report.target.capabilities.contains_key(capability))
    };
    let all: Vec<Capability> = Capability::ALL.into_iter().filter(known).collect();
    html! {
        section aria-labelledby="capabilities" {
            h2 #capabilities { "Targets and capabilities" }
            p.hint { "Rules that hold, of those judged, in the newest version of each target. A number with a question mark counts rules without a verdict." }
            div.scroll role="region" aria-labelledby="capabilities" tabindex="0" {
                table.matrix {
                    thead { tr {
                        th scope="col" { "target" }
                        th scope="col" { "verdict" }
                        @for capability in &all { th scope="col" { (capability.name()) } }
                    } }
                    tbody {
                        @for entry in newest {
                            tr {
                                th scope="row" { a href=(entry.file()) { (on_one_line(&entry.report.target.name)) } }
                                td { (verdict(entry)) }
                                @for capability in &all { td { (cell(entry.report, *capability)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn verdict(entry: &Entry<'_>) -> Markup {
    let verdict = entry.report.verdict;
    html! { strong class={ "word " (verdict.name()) } { (word(verdict)) } }
}

fn cell(report: &Report, capability: Capability) -> Markup {
    let mut tally = Tally::default();
    let rules = report.results.iter().filter(|rule| rule.capability == capability);
    rules.for_each(|rule| tally.count(rule.outcome));
    let text = match report.target.capabilities.get(&capability) {
        Some(Presence::Absent) => "absent".to_owned(),
        Some(Presence::Unselected) | None => "not asked for".to_owned(),
        Some(Presence::Tested) => tally.text(),
    };
    html! { span class={ "cell " (class(tally)) } { (text) } }
}

/// Every report: the scores, version by version, with the differences from the version before.
fn versions(entries: &[Entry<'_>]) -> Markup {
    html! {
        section aria-labelledby="versions" {
            h2 #versions { "Versions" }
            p.hint { "Conformance counts documented rules, parity observed ones too." }
            div.scroll role="region" aria-labelledby="versions" tabindex="0" {
                table.scores {
                    thead { tr {
                        @for name in ["target", "judged", "verdict", "conformance", "parity", "causes", "since the version before"] {
                            th scope="col" { (name) }
                        }
                    } }
                    tbody {
                        @for (at, entry) in entries.iter().enumerate() {
                            @let earlier = at.checked_sub(1).and_then(|at| entries.get(at));
                            (version(entry, earlier.filter(|earlier| earlier.target == entry.target)))
                        }
                    }
                }
            }
        }
    }
}

fn version(entry: &Entry<'_>, earlier: Option<&Entry<'_>>) -> Markup {
    let (report, summary) = (entry.report, &entry.report.summary);
    let day = report.started.split('T').next().unwrap_or_default();
    html! {
        tr {
            th scope="row" { a href=(entry.file()) { (on_one_line(&report.target.name)) } }
            td { (on_one_line(day)) }
            td { (verdict(entry)) }
            td { (share(summary.conformance)) }
            td { (share(summary.parity)) }
            td { (causes(&report.results).len()) }
            td {
                @if let Some(earlier) = earlier {
                    a href=(entry.file_since(earlier)) { (change(earlier.report, report)) }
                } @else { span.brief { "–" } }
            }
        }
    }
}

fn share(score: Score) -> Markup {
    html! { span.percent { (percent(score)) } " " span.words { (score.held) " of " (score.of) } (bar(score)) }
}

/// Returns the numbers of rules whose outcome is better or worse than in the earlier report.
fn change(earlier: &Report, later: &Report) -> String {
    let held = |report: &Report| -> BTreeSet<String> {
        let passed = report.results.iter().filter(|rule| rule.outcome == crate::run::Outcome::Passed);
        passed.map(|rule| rule.id.clone()).collect()
    };
    let judged =
        |report: &Report| -> BTreeSet<String> { report.results.iter().map(|rule| rule.id.clone()).collect() };
    let (before, after) = (held(earlier), held(later));
    let both: BTreeSet<String> = judged(earlier).intersection(&judged(later)).cloned().collect();
    let gained = after.difference(&before).filter(|rule| both.contains(*rule)).count();
    let lost = before.difference(&after).filter(|rule| both.contains(*rule)).count();
    match (gained, lost) {
        (0, 0) => "no rule changed".to_owned(),
        (gained, lost) => format!("{gained} more hold, {lost} no longer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_last_word_that_begins_with_a_digit() {
        assert_eq!(target_and_version("moto 5.2.5"), ("moto", Some("5.2.5")));
        assert_eq!(target_and_version("my emulator"), ("my emulator", None));
        assert_eq!(target_and_version("http://127.0.0.1:5000"), ("http://127.0.0.1:5000", None));
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(by_version("5.9", "5.10"), Ordering::Less);
        assert_eq!(by_version("5.2.5", "5.2"), Ordering::Greater);
        assert_eq!(by_version("1.0-rc1", "1.0-rc1"), Ordering::Equal);
    }
}
