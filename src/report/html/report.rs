//! The page about one target. Puts the parts together; renders none.

use std::collections::BTreeMap;

use maud::html;

use super::super::model::Report;
use crate::model::{Family, Source};
use crate::run::{Outcome, RuleResult};

use super::super::cluster::{Cause, causes};
use super::super::escape::on_one_line;
use super::super::wording;
use super::document::document;
use super::pack::Packer;
use super::{findings, matrix, overview};

/// Pages with more bytes are packed.
const MAX_PLAIN_BYTES: usize = 400_000;

/// The texts of the sources that evidence names, by id. A source without a text is only named.
pub type Sources = BTreeMap<String, Source>;

/// A report with what its parts look up in it.
pub(super) struct ReportPage<'r> {
    /// The report.
    pub report: &'r Report,
    /// Failed rules by cause.
    pub causes: Vec<Cause<'r>>,
    /// The texts of sources.
    pub sources: &'r Sources,
    /// Packs the parts of a large page that are folded at first.
    pub packer: Packer,
    anchors: BTreeMap<&'r str, String>,
}

impl<'r> ReportPage<'r> {
    fn new(report: &'r Report, sources: &'r Sources, packer: Packer) -> Self {
        let numbered = report.results.iter().enumerate();
        let anchors = numbered.map(|(number, rule)| (rule.id.as_str(), format!("r{number}"))).collect();
        Self { report, causes: causes(&report.results), sources, packer, anchors }
    }

    /// Returns the anchor of a rule in the page.
    pub(super) fn anchor(&self, rule: &RuleResult) -> &str {
        self.anchors.get(rule.id.as_str()).map_or("main", String::as_str)
    }

    /// Returns the anchor of the first rule of a cell, failed ones first. No operation means any.
    pub(super) fn first(&self, operation: &str, family: Family) -> &str {
        let of_cell = |rule: &&RuleResult| {
            (operation.is_empty() || rule.operation == operation) && rule.family == family
        };
        let found =
            self.report.results.iter().filter(of_cell).min_by_key(|rule| rule.outcome != Outcome::Failed);
        found.map_or("main", |rule| self.anchor(rule))
    }
}

/// Renders the report as a page. In a large page the findings beyond the first of each cause, and the other outcomes, are
/// compressed; nothing is left out.
#[must_use]
pub fn report(report: &Report, sources: &Sources) -> String {
    report_page(report, sources, None)
}

/// Renders the report as a page of a site whose first page is `home`.
pub(super) fn report_page(report: &Report, sources: &Sources, home: Option<&str>) -> String {
    let plain = page(report, sources, Packer::default(), home);
    if plain.len() <= MAX_PLAIN_BYTES { plain } else { page(report, sources, Packer::packing(), home) }
}

fn page(report: &Report, sources: &Sources, packer: Packer, home: Option<&str>) -> String {
    let page = ReportPage::new(report, sources, packer);
    let target = wording::target(report);
    let main = html! {
        h1 { (on_one_line(&target)) }
        (overview::verdict(report, &page.causes))
        (overview::facts(report))
        (matrix::matrix(&page))
        (findings::filter(&page))
        (findings::failed(&page))
        (findings::others(&page))
        @if let Some(packed) = page.packer.packed() { (packed) }
    };
    document(&format!("{target}: {}", report.verdict.name()), &main, &wording::suite(report), home)
}
