//! All mutants, several at once, and then a mutant for every rule that none has turned red yet. Prints nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Coverage, MutantResult, MutantsReport};
use super::trial::{MutationContext, TrialError};
use crate::fake::Fault;
use crate::model::Capability;
use crate::rule::{Locks, Rule};
use crate::run::run_all;

/// A run over many mutants.
pub struct Campaign<'c> {
    /// With what.
    pub context: MutationContext<'c>,
    /// The faults.
    pub faults: Vec<Fault>,
    /// True if `faults` is the whole catalogue: only then are rules without a killed mutant reported.
    pub whole: bool,
    /// The number of threads.
    pub jobs: usize,
    /// Receives the progress.
    pub emit: &'c (dyn Fn(Step<'_>) + Sync),
}

/// A rule, and the mutants that should turn it red: for how many rules each is meant, and which it is.
type Candidates<'r> = (&'r Rule, Vec<(usize, usize)>);

/// The progress of a campaign.
#[derive(Debug, Clone, Copy)]
pub enum Step<'s> {
    /// The number of mutants to try.
    Begun(usize),
    /// One was.
    Tried(&'s MutantResult),
    /// The number of rules that look for a mutant.
    Looking(usize),
    /// One is done looking.
    Looked,
}

impl Campaign<'_> {
    /// Tries them all.
    ///
    /// # Errors
    /// Returns an error if one cannot be tried.
    pub fn run(&self) -> Result<MutantsReport, TrialError> {
        (self.emit)(Step::Begun(self.faults.len()));
        let tried = run_all(
            &self.faults,
            |_| Locks::default(),
            self.jobs,
            |fault| -> Result<_, TrialError> {
                let result = self.context.run_mutant(*fault)?;
                (self.emit)(Step::Tried(&result));
                Ok(result)
            },
        );
        let mut results = tried.into_iter().collect::<Result<Vec<_>, _>>()?;
        if !self.whole {
            return Ok(MutantsReport::new(self.context.seed, results, Vec::new()));
        }
        self.find_mutants_of_rules(&mut results)?;
        let red: BTreeSet<&str> = results.iter().flat_map(|r| r.red.iter().map(String::as_str)).collect();
        let coverage = self.coverage(&red)?;
        Ok(MutantsReport::new(self.context.seed, results, coverage))
    }

    /// Gives every rule that no mutant has turned red the mutants that should.
    fn find_mutants_of_rules(&self, results: &mut [MutantResult]) -> Result<(), TrialError> {
        let red: BTreeSet<&String> = results.iter().flat_map(|result| &result.red).collect();
        let mut candidates: BTreeMap<&str, Candidates<'_>> = BTreeMap::new();
        for (index, fault) in self.faults.iter().enumerate().filter(|(_, f)| f.equivalent().is_none()) {
            let meant = self.context.intended_rules(*fault)?;
            for rule in meant.iter().filter(|rule| !self.context.full && !red.contains(&rule.id)) {
                candidates.entry(&rule.id).or_insert((rule, Vec::new())).1.push((meant.len(), index));
            }
        }
        let mut pending: Vec<_> = candidates.into_values().collect();
        // A mutant meant for few rules is more likely to turn each of them red.
        for (_, mutants) in &mut pending {
            mutants.sort_unstable();
        }
        (self.emit)(Step::Looking(pending.len()));
        let found = run_all(
            &pending,
            |_| Locks::default(),
            self.jobs,
            |(rule, mutants)| {
                let found = self.first_red(rule, mutants);
                (self.emit)(Step::Looked);
                found
            },
        );
        for ((rule, _), found) in pending.iter().zip(found) {
            if let Some(index) = found? {
                results[index].red.push(rule.id.clone());
            }
        }
        Ok(())
    }

    fn first_red(&self, rule: &Rule, mutants: &[(usize, usize)]) -> Result<Option<usize>, TrialError> {
        for (_, index) in mutants {
            if self.context.notices(self.faults[*index], rule)?.0 {
                return Ok(Some(*index));
            }
        }
        Ok(None)
    }

    fn coverage(&self, red: &BTreeSet<&str>) -> Result<Vec<Coverage>, TrialError> {
        let mut coverage: BTreeMap<Capability, Coverage> = BTreeMap::new();
        for rule in &self.context.catalog.rules {
            // Of an assumed rule that the fake does not hold, no fault can be shown to it.
            if !red.contains(rule.id.as_str()) && self.context.fails_without_fault(rule)? {
                continue;
            }
            let none = || Coverage { capability: rule.capability, red: 0, of: 0, never: Vec::new() };
            let of = coverage.entry(rule.capability).or_insert_with(none);
            of.of += 1;
            if red.contains(rule.id.as_str()) {
                of.red += 1;
            } else {
                of.never.push(rule.id.clone());
            }
        }
        Ok(coverage.into_values().collect())
    }
}
