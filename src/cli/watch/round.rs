//! One run on a started target: first the rules that failed last, then the others. Starts no process.
//!
//! The entry point is [`Round::judge`].

use std::collections::BTreeSet;

use tokio::runtime::Runtime;

use crate::report::Report;
use crate::report::merge::merge;
use crate::rule::Rule;
use crate::run::{CancelToken, Outcome, RuleResult};
use crate::suite::{CompletedRun, SuiteError};

use super::super::args::RunArgs;
use super::super::error::CliError;
use super::super::journals::begin;
use super::super::output;
use super::super::run::{Plan, ProgressReporter};

/// The rules of each kind that are listed after the rules that failed last.
const RULES_SHOWN: usize = 10;

/// The ids of rules that do not hold.
pub type Failing = BTreeSet<String>;

/// One run.
#[derive(Debug)]
pub struct Round<'a> {
    /// The settings.
    pub args: &'a RunArgs,
    /// The specs, rules and known gaps.
    pub plan: &'a Plan<'a>,
    /// The runtime of the calls.
    pub runtime: &'a Runtime,
    /// Ends the run early.
    pub cancel: CancelToken,
}

impl Round<'_> {
    /// Judges the target, and writes the reports unless the run ended early. Returns the report.
    ///
    /// # Errors
    /// Returns an error if the target cannot be judged or a report cannot be written.
    pub fn judge(&self, failing: &Failing) -> Result<Report, CliError> {
        let opened = self.plan.connect(self.runtime.handle())?;
        let opened = begin(opened, self.args.journal.as_deref(), self.args.wait)?;
        let rules = self.plan.rules()?;
        let (first, rest) = rules.into_iter().partition::<Vec<_>, _>(|rule| failing.contains(&rule.id));
        let run = |rules: Vec<&Rule>| {
            let reporter = ProgressReporter::new();
            self.plan.judge(&opened.target, rules, (self.runtime.handle(), self.cancel.clone()), &reporter)
        };
        let mut completed = None;
        if !first.is_empty() {
            output::print_error(&format!(
                "watch: {} that failed last run first",
                rules_in_words(first.len())
            ));
            let known = run(first)?;
            tell(&known.report.results);
            completed = Some(known);
        }
        let goes_on = !rest.is_empty() && !self.cancel.is_cancelled();
        let completed = match (completed, goes_on) {
            (Some(known), false) => known,
            (Some(known), true) => match run(rest) {
                Ok(others) => joined(known, others)?,
                // The other rules need what the target does not have.
                Err(CliError::Suite(SuiteError::Lacking(_))) => known,
                Err(error) => return Err(error),
            },
            (None, _) => run(rest)?,
        };
        self.finish(completed)
    }

    fn finish(&self, completed: CompletedRun) -> Result<Report, CliError> {
        let CompletedRun { report, cases, ended } = completed;
        let report = self.plan.named(report);
        if !self.cancel.is_cancelled() {
            self.plan.publish(&report, &cases)?;
        }
        ended.map_or(Ok(report), |why| Err(CliError::PreflightError(why)))
    }
}

/// Returns the rules that fail, after a run that may have judged some of the rules only.
pub fn failing_after(report: &Report, before: &Failing) -> Failing {
    let fails = |result: &&RuleResult| match result.outcome {
        Outcome::Passed | Outcome::Known | Outcome::Noted => false,
        Outcome::Failed | Outcome::Flaky | Outcome::Errored => true,
        Outcome::Skipped | Outcome::Blocked | Outcome::Unimplemented => before.contains(&result.id),
    };
    let judged: BTreeSet<&str> = report.results.iter().map(|result| result.id.as_str()).collect();
    let unjudged = before.iter().filter(|id| !judged.contains(id.as_str())).cloned();
    report.results.iter().filter(fails).map(|result| result.id.clone()).chain(unjudged).collect()
}

/// Returns the number with its noun.
pub fn rules_in_words(count: usize) -> String {
    if count == 1 { "1 rule".to_owned() } else { format!("{count} rules") }
}

/// Prints which of the rules hold now and which still fail.
fn tell(results: &[RuleResult]) {
    let of = |outcome| results.iter().filter(move |result: &&RuleResult| result.outcome == outcome);
    for (outcome, text) in [(Outcome::Passed, "holds now"), (Outcome::Failed, "still fails")] {
        for result in of(outcome).take(RULES_SHOWN) {
            output::print_error(&format!("watch: {text}: {}", result.id));
        }
        let more = of(outcome).count().saturating_sub(RULES_SHOWN);
        if more > 0 {
            output::print_error(&format!("watch: {text}: {more} more"));
        }
    }
}

fn joined(first: CompletedRun, mut second: CompletedRun) -> Result<CompletedRun, CliError> {
    let parts = [("the rules that failed last", first.report), ("the other rules", second.report)];
    second.cases.extend(first.cases);
    Ok(CompletedRun {
        report: merge(parts.map(|(name, report)| (name.to_owned(), report)).into())?,
        cases: second.cases,
        ended: first.ended.or(second.ended),
    })
}
