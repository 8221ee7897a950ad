//! Runs rules on a target: checks that the target responds, saves account-wide state, runs all rules on several threads
//! and restores the state.
//!
//! Emits events and returns results; must not print or write a file. The entry point is [`Runner`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::case::Case;
use crate::client::Target;
use crate::known::KnownGaps;
use crate::model::{Capability, Specs};
use crate::rule::{Locks, Rule};

use super::account_backup::{restore_account_state, save_account_state};
use super::cancel::CancelToken;
use super::completion::complete_results;
use super::event::Event;
use super::known_gap::apply_known_gap;
use super::other_regions::{OtherRegion, open_other_regions};
use super::plan::{Budget, Plan};
use super::preflight::{PreflightError, preflight};
use super::reason::Reason;
use super::result::{Outcome, Presence, RuleResult, TargetInfo};
use super::rule::{RuleContext, RuleOutcome, run_rule};
use super::scheduler::{default_jobs, exclusive_resources, is_slow, locks_of, run_all, run_in_places};

/// The number of rules in a row without a response after which the target counts as gone.
pub const SILENT_RULES: u32 = 5;
/// The number of rules that run at the same time in each other region: most of the rest wait for account-wide resources.
const REGION_JOBS: usize = 6;
/// The capability of rules that may run in other regions: others use resources that are not bound to a region.
const CORE: [Capability; 1] = [Capability::Core];

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
    /// Prevents that rules run in other regions of a slow endpoint.
    pub one_region: bool,
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
    /// Runs rules, at most `jobs` at the same time, by default as many as suit the target. `capabilities` are those of all rules, run or not. Blocks; must not be
    /// called in an async context.
    ///
    /// # Errors
    /// Returns an error if the target cannot be judged at all.
    pub fn run(
        &self,
        rules: &[&Rule],
        capabilities: &BTreeSet<Capability>,
        jobs: Option<usize>,
        runtime: &Handle,
    ) -> Result<RunResults, PreflightError> {
        for model in self.specs.services.iter().filter(|model| model.is_core()) {
            runtime.block_on(preflight(self.target, model))?;
        }
        let target = self.target_info(rules, capabilities);
        (self.emit)(Event::Started { target: target.clone(), rules: rules.len(), seed: self.plan.seed });
        let touched = self.touched(rules);
        let states = runtime.block_on(save_account_state(self.target, self.specs, &touched))?;
        let (silent, refused) = (AtomicU32::new(0), OnceLock::new());
        let locks = |rule: &&Rule| {
            self.specs.service(&rule.service).map(|model| locks_of(model, rule)).unwrap_or_default()
        };
        let jobs = jobs.unwrap_or_else(|| default_jobs(self.target));
        let judge =
            |runner: &Runner<'_>, rule: &Rule| runner.run_unless_ended(runtime, rule, &silent, &refused);
        let others = self.open_other_regions(rules, runtime);
        let outcomes = if others.is_empty() {
            run_all(rules, locks, jobs, |rule| judge(self, rule))
        } else {
            self.run_in_regions(rules, locks, jobs, &others, judge)
        };
        (self.emit)(Event::CleaningUp);
        for other in others {
            for what in runtime.block_on(other.close(self.specs)) {
                (self.emit)(Event::Leftover { what });
            }
        }
        for what in runtime.block_on(restore_account_state(self.target, self.specs, &states)) {
            (self.emit)(Event::Leftover { what });
        }
        Ok(RunResults { ended: refused.into_inner(), ..join_outcomes(outcomes, rules, target) })
    }

    /// Returns the account-wide resources that rules change.
    fn touched(&self, rules: &[&Rule]) -> BTreeSet<String> {
        let of_rule = |rule: &&Rule| Some(exclusive_resources(self.specs.service(&rule.service)?, rule));
        rules.iter().filter_map(of_rule).flatten().collect()
    }

    fn open_other_regions(&self, rules: &[&Rule], runtime: &Handle) -> Vec<OtherRegion> {
        if self.one_region || !is_slow(self.target) {
            return Vec::new();
        }
        let touched = self.touched(rules);
        let others = runtime.block_on(open_other_regions(self.target, self.specs, rules, &touched));
        if !others.is_empty() {
            let time = self.target.shortest_response_time().unwrap_or_default();
            (self.emit)(Event::OtherRegions {
                response_ms: u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
                regions: others.iter().map(|other| other.target.region.clone()).collect(),
            });
        }
        others
    }

    /// Runs rules in the region of the run and in other ones. Then the rules that did not pass run again in the region of
    /// the run alone, and that outcome counts.
    fn run_in_regions(
        &self,
        rules: &[&Rule],
        locks: impl Fn(&&Rule) -> Locks,
        jobs: usize,
        others: &[OtherRegion],
        judge: impl Fn(&Runner<'_>, &Rule) -> RuleOutcome + Sync,
    ) -> Vec<RuleOutcome> {
        let emit_passed = |event: Event| match event {
            Event::Shrinking { .. } => {}
            Event::RuleFinished(result) if result.outcome != Outcome::Passed => {}
            event => (self.emit)(event),
        };
        let plan = Plan { confirmations: 0, budget: Budget { calls: 0, time: Duration::ZERO }, ..self.plan };
        let all_jobs: Vec<usize> = std::iter::once(jobs).chain(others.iter().map(|_| REGION_JOBS)).collect();
        let is_of_core = |rule: &Rule| {
            self.specs.service(&rule.service).is_some_and(|model| rule.needs(model) == CORE.into())
        };
        let may_run = |rule: &&Rule, place: usize| place == 0 || is_of_core(rule);
        let mut outcomes = run_in_places(rules, &locks, &all_jobs, may_run, |rule, place| {
            let target = place.checked_sub(1).map_or(self.target, |other| &others[other].target);
            let cancel = self.cancel.clone();
            judge(&Runner { target, plan, emit: &emit_passed, cancel, ..*self }, rule)
        });
        let again: Vec<usize> =
            (0..rules.len()).filter(|index| outcomes[*index].result.outcome != Outcome::Passed).collect();
        let judged = run_all(&again, |index| locks(&rules[*index]), jobs, |index| judge(self, rules[*index]));
        for (index, outcome) in again.into_iter().zip(judged) {
            outcomes[index] = outcome;
        }
        outcomes
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
