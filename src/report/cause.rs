//! Groups failed rules that most likely fail for one reason, so that a target without validation reads as a
//! handful of causes. Reads results; judges nothing and loses none: every failed rule is in one cause.
//!
//! Each round works on what the one before left. Whole operations first: those that answer valid calls with
//! one error, and those that validate nothing. Then groups of rules that share something, the largest first.
//! The rest stands alone.

use std::cmp::Reverse;

use crate::model::Level;
use crate::run::{Outcome, RuleResult};

use super::shared::largest;
use super::symptom::distance;
use super::title::alone;
use super::whole::{unanswered, unchecked};

/// Failed rules with one reason.
#[derive(Debug, Clone)]
pub struct Cause<'r> {
    /// The reason, in one line. May hold text of the target.
    pub title: String,
    /// What belongs to the title and does not fit into it, a line each; most often empty.
    pub parts: Vec<String>,
    /// The rules, in the order of their ids; never empty.
    pub rules: Vec<&'r RuleResult>,
    /// The rule with the shortest finding, of those that show the reason best and decide.
    pub representative: &'r RuleResult,
}

impl<'r> Cause<'r> {
    pub(super) fn new(title: String, mut rules: Vec<&'r RuleResult>) -> Option<Self> {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let representative = *rules.iter().min_by_key(|rule| effort(rule))?;
        Some(Self { title, parts: Vec::new(), rules, representative })
    }

    /// The same, shown by one of the rules that fit, if any does.
    pub(super) fn shown_by(self, fits: impl Fn(&RuleResult) -> bool) -> Self {
        let best = self.rules.iter().copied().filter(|rule| fits(rule)).min_by_key(|rule| effort(rule));
        Self { representative: best.unwrap_or(self.representative), ..self }
    }

    /// The strongest evidence among its rules: what decides whether it decides.
    #[must_use]
    pub fn level(&self) -> Level {
        self.rules.iter().map(|rule| rule.evidence.level).max().unwrap_or(Level::Assumed)
    }
}

/// The causes of all failed rules: documented ones first, then the larger first.
#[must_use]
pub fn causes(results: &[RuleResult]) -> Vec<Cause<'_>> {
    let mut open: Vec<&RuleResult> = results.iter().filter(|r| r.outcome == Outcome::Failed).collect();
    let mut found = unanswered(results, &mut open);
    found.extend(unchecked(results, &mut open));
    while let Some((shared, rules)) = largest(&open) {
        open.retain(|rule| !rules.iter().any(|taken| std::ptr::eq(*taken, *rule)));
        found.extend(Cause::new(shared.title(results, &rules), rules));
    }
    found.extend(open.into_iter().filter_map(|rule| Cause::new(alone(rule), vec![rule])));
    found.sort_by(|a, b| {
        b.level()
            .cmp(&a.level())
            .then(b.rules.len().cmp(&a.rules.len()))
            .then_with(|| a.rules[0].id.cmp(&b.rules[0].id))
    });
    found
}

/// What is wrong, in the words of the finding.
pub(super) fn sentence(rule: &RuleResult) -> &str {
    match (&rule.finding, &rule.reason) {
        (Some(finding), _) => &finding.violated,
        (None, Some(reason)) => reason,
        (None, None) => &rule.requirement,
    }
}

/// What shows the reason first; then what decides, then few steps, then small bodies.
fn effort(rule: &RuleResult) -> (u8, Reverse<Level>, usize, usize, &str) {
    let (far, level) = (distance(rule), Reverse(rule.evidence.level));
    match &rule.finding {
        None => (far, level, usize::MAX, 0, &rule.id),
        Some(finding) => {
            let bodies = finding.steps.iter().map(|step| step.request.body.to_string().len()).sum();
            (far, level, finding.steps.len(), bodies, &rule.id)
        }
    }
}
