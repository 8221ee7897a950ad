//! Runs rules on a target: checks that the target responds, saves account-wide state, runs all rules on several threads
//! and restores the state.
//!
//! Emits events and returns results; must not print or write a file. The entry point is [`Runner`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::Handle;

use crate::case::Case;
use crate::client::Target;
use crate::known::KnownGaps;
use crate::model::{Capability, Specs};
use crate::rule::Rule;

use super::account_backup::{restore_account_state, save_account_state};
use super::cancel::CancelToken;
use super::completion::complete_results;
use super::event::Event;
use super::known_gap::apply_known_gap;
use super::plan::Plan;
use super::preflight::{PreflightError, preflight};
use super::reason::Reason;
use super::result::{Outcome, Presence, RuleResult, TargetInfo};
use super::rule::{RuleContext, RuleOutcome, run_rule};
use super::scheduler::{exclusive_resources, locks_of, run_all};

/// The number of rules in a row without a response after which the target counts as gone.
pub const SILENT_RULES: u32 = 5;

/// The settings with which rules run.
pub struct Runner<'s> {
    /// The target.
    pub target: &'s Target,
    /// The specs of the rules.
    pub specs: &'s Specs,
    /// The number of cases, the seed, the budget for shrinking.
    pub plan: Plan,
    /// Rules that are expected to fail.
    pub gaps: &'s KnownGaps,
    /// Receives events.
    pub emit: &'s (dyn Fn(Event) + Sync),
    /// Ends the run early.
    pub cancel: CancelToken,
}

/// The results of a run.
#[derive(Debug)]
pub struct RunResults {
    /// One for each rule, in the order of the rules.
    pub results: Vec<RuleResult>,
    /// The cases of findings, by rule id.
    pub cases: BTreeMap<String, Case>,
    /// The target.
    pub target: TargetInfo,
    /// True if some rules were not run although they should have been.
    pub incomplete: bool,
    /// The reason why the run ended early, if the target refused the run's own caller.
    pub ended: Option<PreflightError>,
}

impl Runner<'_> {
    /// Runs rules, at most `jobs` at the same time. `capabilities` are those of all rules, run or not. Blocks; must not be
    /// called in an async context.
    ///
    /// # Errors
    /// Returns an error if the target cannot be judged at all.
    pub fn run(
        &self,
        rules: &[&Rule],
        capabilities: &BTreeSet<Capability>,
        jobs: usize,
        runtime: &Handle,
    ) -> Result<RunResults, PreflightError> {
        for model in self.specs.services.iter().filter(|model| model.is_core()) {
            runtime.block_on(preflight(self.target, model))?;
        }
        let target = self.target_info(rules, capabilities);
        (self.emit)(Event::Started { target: target.clone(), rules: rules.len(), seed: self.plan.seed });
        let touched = rules.iter().flat_map(|rule| {
            self.specs
                .service(&rule.service)
                .map(|model| exclusive_resources(model, rule))
                .unwrap_or_default()
        });
        let states = runtime.block_on(save_account_state(self.target, self.specs, &touched.collect()))?;
        let (silent, refused) = (AtomicU32::new(0), OnceLock::new());
        let locks = |rule: &&Rule| {
            self.specs.service(&rule.service).map(|model| locks_of(model, rule)).unwrap_or_default()
        };
        let outcomes =
            run_all(rules, locks, jobs, |rule| self.run_unless_ended(runtime, rule, &silent, &refused));
        (self.emit)(Event::CleaningUp);
        for what in runtime.block_on(restore_account_state(self.target, self.specs, &states)) {
            (self.emit)(Event::Leftover { what });
        }
        Ok(RunResults { ended: refused.into_inner(), ..join_outcomes(outcomes, rules, target) })
    }

    /// Runs one rule and applies its known gap. Neither checks the target nor saves its state.
    #[must_use]
    pub fn run_rule(&self, rule: &Rule, runtime: &Handle) -> RuleOutcome {
        let Some(model) = self.specs.service(&rule.service) else {
            return not_run(rule, &Reason::Interrupted);
        };
        let context = RuleContext {
            target: self.target,
            model,
            plan: self.plan,
            emit: self.emit,
            cancel: &self.cancel,
        };
        let mut outcome = runtime.block_on(run_rule(context, rule));
        if let Some(gap) = self.gaps.of(&rule.id) {
            outcome.result = apply_known_gap(outcome.result, gap);
        }
        outcome
    }

    fn run_unless_ended(
        &self,
        runtime: &Handle,
        rule: &Rule,
        silent: &AtomicU32,
        refused: &OnceLock<PreflightError>,
    ) -> RuleOutcome {
        if let Some(error) = refused.get() {
            return not_run(rule, &Reason::CallerRefused(error.to_string()));
        }
        if silent.load(Ordering::Relaxed) >= SILENT_RULES {
            return not_run(rule, &Reason::TargetSilent);
        }
        if let Some(reason) = self.cancel.reason() {
            return not_run(rule, &reason);
        }
        (self.emit)(Event::RuleStarted { id: rule.id.clone() });
        let refusals = self.target.refusals_of_caller();
        let mut outcome = self.run_rule(rule, runtime);
        if outcome.result.outcome != Outcome::Passed && self.target.refusals_of_caller() != refusals {
            outcome = self.check_caller_refused(runtime, outcome, rule, refused);
        }
        if outcome.silent {
            silent.fetch_add(1, Ordering::Relaxed);
        } else if silent.load(Ordering::Relaxed) < SILENT_RULES {
            silent.store(0, Ordering::Relaxed);
        }
        (self.emit)(Event::RuleFinished(Box::new(outcome.result.clone())));
        outcome
    }

    /// Ends the run and replaces the outcome if the target refuses every call of the run's own caller by now.
    fn check_caller_refused(
        &self,
        runtime: &Handle,
        outcome: RuleOutcome,
        rule: &Rule,
        refused: &OnceLock<PreflightError>,
    ) -> RuleOutcome {
        let core = self.specs.services.iter().filter(|model| model.is_core());
        let found = core.map(|model| runtime.block_on(preflight(self.target, model))).find_map(Result::err);
        match found {
            Some(error @ (PreflightError::CallerRefused { .. } | PreflightError::Failing { .. })) => {
                let reason = Reason::CallerRefused(refused.get_or_init(|| error).to_string());
                let result = RuleResult::not_run(rule, Outcome::Errored, Some(&reason));
                RuleOutcome { result, case: None, silent: false, succeeded: BTreeSet::new() }
            }
            _ => outcome,
        }
    }

    fn target_info(&self, rules: &[&Rule], capabilities: &BTreeSet<Capability>) -> TargetInfo {
        let needs = |rule: &&Rule| {
            self.specs.service(&rule.service).map(|model| rule.needs(model)).unwrap_or_default()
        };
        let tested: BTreeSet<Capability> = rules.iter().flat_map(needs).collect();
        let presence = |capability: &Capability| {
            if tested.contains(capability) { Presence::Tested } else { Presence::Absent }
        };
        TargetInfo {
            kind: self.target.kind,
            url: self.target.url.clone(),
            name: self.target.name.clone(),
            capabilities: capabilities.iter().map(|one| (*one, presence(one))).collect(),
        }
    }
}

fn join_outcomes(outcomes: Vec<RuleOutcome>, rules: &[&Rule], target: TargetInfo) -> RunResults {
    let incomplete = outcomes.iter().any(|outcome| outcome.result.outcome == Outcome::Skipped);
    let mut results = Vec::with_capacity(outcomes.len());
    let (mut cases, mut succeeded) = (BTreeMap::new(), BTreeSet::new());
    for RuleOutcome { result, case, succeeded: own, .. } in outcomes {
        succeeded.extend(own);
        let found = result.finding.is_some();
        cases.extend(case.filter(|_| found).map(|case| (result.id.clone(), case)));
        results.push(result);
    }
    complete_results(&mut results, rules, &succeeded);
    RunResults { results, cases, target, incomplete, ended: None }
}

fn not_run(rule: &Rule, why: &Reason) -> RuleOutcome {
    let result = RuleResult::not_run(rule, Outcome::Skipped, Some(why));
    RuleOutcome { result, case: None, silent: false, succeeded: BTreeSet::new() }
}
