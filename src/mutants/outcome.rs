//! The results of a mutation campaign, as data for text and JSON. Renders nothing.

use serde::Serialize;

use crate::model::{Capability, Level};

/// The fate of one mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fate")]
pub enum Fate {
    /// A rule noticed.
    Killed {
        /// The first to do so.
        rule: String,
        /// The evidence level of that rule.
        level: Level,
        /// Calls until then, those of rules that noticed nothing included.
        calls: u64,
    },
    /// No rule noticed: one is missing.
    Survived,
    /// No rule noticed, and none could.
    Equivalent {
        /// The reason.
        reason: String,
    },
    /// A rule noticed what none was thought to be able to notice.
    NotEquivalent {
        /// The rule.
        rule: String,
    },
}

impl Fate {
    /// Returns true if the mutant was killed, or is declared equivalent and survived.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        matches!(self, Self::Killed { .. } | Self::Equivalent { .. })
    }
}

/// One mutant.
#[derive(Debug, Clone, Serialize)]
pub struct MutantResult {
    /// The fault's name.
    pub name: String,
    /// One sentence about the fault.
    pub summary: String,
    /// The fate of the mutant.
    #[serde(flatten)]
    pub fate: Fate,
    /// The rules that it was seen to turn red. Not all there are, unless all were tried.
    pub red: Vec<String>,
}

/// Calls until the first finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// Of half of the mutants no more than this.
    pub median: u64,
    /// Of all.
    pub worst: u64,
}

/// Rules that a mutant turned red, of those there are.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// The capability the rules are of.
    pub capability: Capability,
    /// The number of rules that a mutant turned red.
    pub red: usize,
    /// The number of all rules.
    pub of: usize,
    /// The ids of the others.
    pub never: Vec<String>,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct MutantsReport {
    /// Version of this form.
    pub format: u32,
    /// Seed of everything generated.
    pub seed: u64,
    /// The number of mutants.
    pub mutants: usize,
    /// The number of killed mutants.
    pub killed: usize,
    /// The number of equivalent mutants.
    pub equivalent: usize,
    /// Calls until the first finding.
    pub calls: Calls,
    /// One a capability.
    pub coverage: Vec<Coverage>,
    /// One a mutant, in the order of the catalogue.
    pub results: Vec<MutantResult>,
}

impl MutantsReport {
    /// Puts together what came of the mutants.
    #[must_use]
    pub fn new(seed: u64, results: Vec<MutantResult>, coverage: Vec<Coverage>) -> Self {
        let count = |wanted: fn(&Fate) -> bool| results.iter().filter(|result| wanted(&result.fate)).count();
        Self {
            format: 1,
            seed,
            mutants: results.len(),
            killed: count(|fate| matches!(fate, Fate::Killed { .. })),
            equivalent: count(|fate| matches!(fate, Fate::Equivalent { .. })),
            calls: calls(&results),
            coverage,
            results,
        }
    }

    /// Returns the mutants whose fate was not expected.
    pub fn unexpected(&self) -> impl Iterator<Item = &MutantResult> {
        self.results.iter().filter(|result| !result.fate.is_expected())
    }

    /// Rules that no mutant turned red.
    pub fn never_red(&self) -> impl Iterator<Item = &str> {
        self.coverage.iter().flat_map(|coverage| coverage.never.iter().map(String::as_str))
    }
}

fn calls(results: &[MutantResult]) -> Calls {
    let mut calls: Vec<u64> = results
        .iter()
        .filter_map(|result| match &result.fate {
            Fate::Killed { calls, .. } => Some(*calls),
            _ => None,
        })
        .collect();
    calls.sort_unstable();
    let median = calls.get(calls.len() / 2).copied().unwrap_or_default();
    Calls { median, worst: calls.last().copied().unwrap_or_default() }
}
