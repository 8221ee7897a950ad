//! How many rules hold of those that were judged, by operation and family. Counts; lays out nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Family;
use crate::run::{Outcome, RuleResult};

/// The name of the row that adds up.
pub(super) const ALL: &str = "all";

/// Rules of one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Passed.
    pub held: u64,
    /// Failed.
    pub failed: u64,
    /// Known gaps.
    pub known: u64,
    /// Without a verdict.
    pub errored: u64,
}

/// What a cell says at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Something failed.
    Bad,
    /// Nothing failed, yet something errored or is a known gap.
    Open,
    /// Everything judged held.
    Good,
    /// Nothing was judged.
    Nothing,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.held += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Known => self.known += 1,
            Outcome::Errored => self.errored += 1,
            Outcome::Noted | Outcome::Skipped => {}
        }
    }

    /// Rules with a verdict.
    pub(super) fn of(self) -> u64 {
        self.held + self.failed + self.known
    }

    /// `3/4`, `3/4 1?`, or a dot.
    pub(super) fn text(self) -> String {
        match (self.of(), self.errored) {
            (0, 0) => "·".to_owned(),
            (0, errored) => format!("{errored}?"),
            (of, 0) => format!("{}/{of}", self.held),
            (of, errored) => format!("{}/{of} {errored}?", self.held),
        }
    }

    pub(super) fn standing(self) -> Standing {
        match self {
            Self { failed: 1.., .. } => Standing::Bad,
            Self { errored: 1.., .. } | Self { known: 1.., .. } => Standing::Open,
            Self { held: 1.., .. } => Standing::Good,
            _ => Standing::Nothing,
        }
    }
}

/// By operation (and [`ALL`]) and family.
pub(super) type Tallies<'r> = BTreeMap<(&'r str, Family), Tally>;

/// All cells that have a rule.
pub(super) fn tallies(results: &[RuleResult]) -> Tallies<'_> {
    let mut tallies = Tallies::new();
    for result in results {
        for row in [result.operation.as_str(), ALL] {
            tallies.entry((row, result.family)).or_default().count(result.outcome);
        }
    }
    tallies
}

/// Operations that occur, and the row that adds up where there are several.
pub(super) fn rows(results: &[RuleResult]) -> Vec<&str> {
    let operations: BTreeSet<&str> = results.iter().map(|r| r.operation.as_str()).collect();
    let mut rows: Vec<&str> = operations.into_iter().collect();
    if rows.len() > 1 {
        rows.push(ALL);
    }
    rows
}

/// Returns the families that occur, in their usual order.
pub(super) fn families(results: &[RuleResult]) -> Vec<Family> {
    let present: BTreeSet<Family> = results.iter().map(|rule| rule.family).collect();
    present.into_iter().collect()
}
