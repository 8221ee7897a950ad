//! Rules that were not run, for people: the list, and one rule explained. Renders what it is given; knows
//! no spec.

use crate::model::{Capability, Evidence, Family, Source};

use super::wording::confidence_text;
use super::writer::{Style, TerminalOptions, TextWriter};

/// A rule and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDescription {
    /// Rule id.
    pub id: String,
    /// Operation the rule is about.
    pub operation: String,
    /// Family.
    pub family: Family,
    /// Capability a target needs for it.
    pub capability: Capability,
    /// One sentence.
    pub requirement: String,
    /// The evidence of the rule.
    pub evidence: Evidence,
    /// The texts of its sources, as far as they are there: ids and entries.
    pub sources: Vec<(String, Source)>,
    /// The way in which the rule is tested.
    pub how_tested: String,
}

/// All rules, a line each: id, level of evidence, capability and requirement, as far as they fit.
#[must_use]
pub fn list(rules: &[RuleDescription], options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    let widest = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0);
    for rule in rules {
        let left =
            format!("{:<widest$}  {:<10}  {:<11}", rule.id, rule.evidence.level.name(), rule.capability);
        page.pair(0, &left, &rule.requirement);
    }
    page.finish()
}

/// One rule: requirement, evidence, how it is tried.
#[must_use]
pub fn explain(rule: &RuleDescription, options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    page.line(0, Style::Cyan, &rule.id);
    page.blank();
    page.field(2, "rule", &rule.requirement);
    page.field(2, "tried", &rule.how_tested);
    page.field(2, "operation", &rule.operation);
    page.field(2, "family", rule.family.name());
    page.field(2, "capability", rule.capability.name());
    page.field(2, "evidence", rule.evidence.level.name());
    if let Some(note) = &rule.evidence.note {
        page.field(2, "", note);
    }
    page.heading("Who says so");
    for id in &rule.evidence.sources {
        let text = rule.sources.iter().find(|(known, _)| known == id).map(|(_, source)| source);
        source(&mut page, id, text);
    }
    page.finish()
}

fn source(page: &mut TextWriter, id: &str, text: Option<&Source>) {
    let Some(Source { source, says, confidence }) = text else {
        page.line(2, Style::Plain, id);
        return;
    };
    page.line(2, Style::Bold, &format!("{id}, {}", confidence_text(*confidence)));
    page.line(4, Style::Plain, says);
    page.verbatim(4, source);
}
