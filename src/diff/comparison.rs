//! A whole comparison: all rules on both targets, several at once, then one difference of each cause shrunk. Prints
//! nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::Handle;

use crate::client::Target;
use crate::model::{Family, Specs};
use crate::rule::Rule;
use crate::run::{CancelToken, Plan, SILENT_RULES, locks_of, run_all};

use super::cause::causes;
use super::compare::{ComparedRule, compare};
use super::event::ComparisonEvent;
use super::pair::Pair;
use super::report::{ConformingSide, DiffCause, DiffSummary, DiffVerdict};

/// The comparison to make.
pub struct Comparison<'c> {
    /// The first target.
    pub a: &'c Target,
    /// The second.
    pub b: &'c Target,
    /// By what.
    pub specs: &'c Specs,
    /// The rules whose cases are carried out.
    pub rules: Vec<&'c Rule>,
    /// Cases and seed.
    pub plan: Plan,
    /// Rules run at once.
    pub jobs: usize,
    /// Hears how far it is.
    pub emit: &'c (dyn Fn(ComparisonEvent<'_>) + Sync),
    /// Ends it early.
    pub stop: CancelToken,
}

impl Comparison<'_> {
    /// Compares. Blocks; call it from no async context.
    #[must_use]
    pub fn run(&self, runtime: &Handle) -> (DiffVerdict, DiffSummary, Vec<DiffCause>) {
        let mut rules = self.rules.clone();
        rules.retain(|rule| rule.family != Family::Concurrency);
        let at_once = (self.rules.len() - rules.len()) as u64;
        (self.emit)(ComparisonEvent::Begun(rules.len()));
        let silent = AtomicU32::new(0);
        let locks = |(_, rule): &(usize, &Rule)| {
            self.specs.service(&rule.service).map(|model| locks_of(model, rule)).unwrap_or_default()
        };
        let numbered: Vec<(usize, &Rule)> = rules.iter().copied().enumerate().collect();
        let compared = run_all(&numbered, locks, self.jobs, |&rule| self.one(runtime, rule, &silent));
        let mut summary = DiffSummary { at_once, ..summary(&compared) };
        let stopped = || self.stop.is_cancelled();
        let pair = |rule: &Rule| self.pair(rule);
        let names = (self.a.name.as_str(), self.b.name.as_str());
        let causes = causes(&rules, compared, self.plan, names, (&pair, &stopped), runtime, self.emit);
        let unsaid = causes.iter().filter(|cause| cause.right == ConformingSide::Undecided);
        let unsaid: BTreeSet<&String> = unsaid.flat_map(|cause| &cause.rules).collect();
        summary.elsewhere = summary.unsaid.saturating_sub(unsaid.len() as u64);
        summary.unsaid = unsaid.len() as u64;
        let verdict = match (causes.is_empty(), summary.unjudged) {
            (false, _) => DiffVerdict::Different,
            (true, 0) => DiffVerdict::Alike,
            (true, _) => DiffVerdict::Incomplete,
        };
        (verdict, summary, causes)
    }

    fn pair(&self, rule: &Rule) -> Option<Pair<'_>> {
        let model = self.specs.service(&rule.service)?;
        Some(Pair { a: self.a, b: self.b, model })
    }

    fn one(&self, runtime: &Handle, (index, rule): (usize, &Rule), silent: &AtomicU32) -> ComparedRule {
        let gone = silent.load(Ordering::Relaxed) >= SILENT_RULES;
        let Some(pair) = self.pair(rule).filter(|_| !gone && !self.stop.is_cancelled()) else {
            let why = if gone { "a target stopped answering" } else { "interrupted" };
            return ComparedRule { unjudged: Some(why.to_owned()), ..ComparedRule::default() };
        };
        let stopped = || self.stop.is_cancelled();
        let compared = runtime.block_on(compare(pair, (index, rule), self.plan, &stopped));
        if compared.silent {
            silent.fetch_add(1, Ordering::Relaxed);
        } else if silent.load(Ordering::Relaxed) < SILENT_RULES {
            silent.store(0, Ordering::Relaxed);
        }
        compared.leftovers.iter().for_each(|what| (self.emit)(ComparisonEvent::Leftover(what)));
        (self.emit)(ComparisonEvent::Compared { differs: !compared.found.is_empty() });
        compared
    }
}

fn summary(compared: &[ComparedRule]) -> DiffSummary {
    let with = |right| {
        compared.iter().filter(|one| one.found.iter().any(|found| found.right == right)).count() as u64
    };
    let unjudged = compared.iter().filter(|one| one.unjudged.is_some()).count() as u64;
    let alike = |one: &&ComparedRule| one.unjudged.is_none() && one.found.is_empty();
    DiffSummary {
        rules: compared.len() as u64 - unjudged,
        cases: compared.iter().map(|one| one.cases).sum(),
        exchanges: compared.iter().map(|one| one.exchanges).sum(),
        alike: compared.iter().filter(alike).count() as u64,
        a_right: with(ConformingSide::A),
        b_right: with(ConformingSide::B),
        neither: with(ConformingSide::Neither),
        unsaid: with(ConformingSide::Undecided),
        unsteady: compared.iter().map(|one| one.unsteady).sum(),
        unjudged,
        ..DiffSummary::default()
    }
}
