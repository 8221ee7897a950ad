//! A report with what the parts of its page look up in it: causes, sources of evidence, anchors.
//! Must not render. The entry point is [`ReportPage`].

use std::collections::BTreeMap;

use crate::model::{Family, Source};
use crate::run::{Outcome, RuleResult};

use super::super::cluster::{Cause, causes};
use super::super::model::Report;
use super::pack::Packer;

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
    /// Creates the page of a report.
    pub(super) fn new(report: &'r Report, sources: &'r Sources, packer: Packer) -> Self {
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
