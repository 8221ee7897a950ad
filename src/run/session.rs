//! A whole run: looks whether the target answers, saves account-wide state, tries all rules on several
//! threads, puts the state back. Emits events and gives back results; prints and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::runtime::Handle;

use crate::case::Case;
use crate::client::Target;
use crate::known::KnownGaps;
use crate::model::{Capability, ServiceModel, Specs};
use crate::rule::Rule;

use super::crew::in_turn;
use super::event::Event;
use super::gap::excuse;
use super::judge_rule::{Bench, Judged, Plan, judge_rule};
use super::preflight::{Unfit, preflight};
use super::reason::Reason;
use super::result::{Outcome, Presence, RuleResult, TargetInfo};
use super::secure::{hand_back, secure};
use super::turns::needed_alone;

/// After so many rules in a row without an answer, nobody is there any more.
pub const SILENT_RULES: u32 = 5;

/// A flag that ends a run early; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the run at the next opportunity.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the run is to end.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything a run needs.
pub struct Session<'s> {
    /// What is judged.
    pub target: &'s Target,
    /// By what.
    pub specs: &'s Specs,
    /// The rules to try.
    pub rules: Vec<&'s Rule>,
    /// Capabilities of all rules, tried or not.
    pub capabilities: BTreeSet<Capability>,
    /// How.
    pub plan: Plan,
    /// Rules that are expected not to hold.
    pub gaps: &'s KnownGaps,
    /// How many rules at once.
    pub jobs: usize,
    /// Hears what happens.
    pub emit: &'s (dyn Fn(Event) + Sync),
    /// Ends it early.
    pub stop: Stop,
}

/// What a run found out, before it is made a report.
#[derive(Debug)]
pub struct Findings {
    /// One a rule, in the order of ids.
    pub results: Vec<RuleResult>,
    /// The cases of findings, by rule.
    pub cases: BTreeMap<String, Case>,
    /// What was judged.
    pub target: TargetInfo,
    /// Whether rules were left untried that should have been tried.
    pub unjudged: bool,
}

impl Session<'_> {
    /// Runs it. Blocks; call it from no async context.
    ///
    /// # Errors
    /// When the target cannot be judged at all.
    pub fn run(&self, runtime: &Handle) -> Result<Findings, Unfit> {
        for model in self.specs.services.iter().filter(|model| model.is_core()) {
            runtime.block_on(preflight(self.target, model))?;
        }
        let target = self.target_info();
        (self.emit)(Event::Started { target: target.clone(), rules: self.rules.len(), seed: self.plan.seed });
        let states = runtime.block_on(secure(self.target, self.specs, &self.touched()))?;
        let judged = self.judge_all(runtime);
        (self.emit)(Event::CleaningUp);
        for what in runtime.block_on(hand_back(self.target, self.specs, &states)) {
            (self.emit)(Event::Leftover { what });
        }
        Ok(Self::collect(judged, target))
    }

    fn touched(&self) -> BTreeSet<String> {
        let needed =
            |rule: &&Rule| self.model(rule).map(|model| needed_alone(model, rule)).unwrap_or_default();
        self.rules.iter().flat_map(needed).collect()
    }

    fn model(&self, rule: &Rule) -> Option<&Arc<ServiceModel>> {
        self.specs.service(&rule.service)
    }

    fn judge_all(&self, runtime: &Handle) -> Vec<Judged> {
        let silent = AtomicU32::new(0);
        in_turn(&self.rules, self.specs, self.jobs, |index| self.judge_one(runtime, index, &silent))
    }

    fn judge_one(&self, runtime: &Handle, index: usize, silent: &AtomicU32) -> Judged {
        let rule = self.rules[index];
        let gone = silent.load(Ordering::Relaxed) >= SILENT_RULES;
        let Some(model) = self.model(rule).filter(|_| !gone && !self.stop.is_set()) else {
            let why = if gone { Reason::TargetSilent } else { Reason::Interrupted };
            return skipped(rule, &why);
        };
        (self.emit)(Event::RuleStarted { id: rule.id.clone() });
        let stopped = || self.stop.is_set();
        let bench = Bench { target: self.target, model, plan: self.plan, emit: self.emit, stopped: &stopped };
        let mut judged = runtime.block_on(judge_rule(bench, rule));
        if let Some(gap) = self.gaps.of(&rule.id) {
            judged.result = excuse(judged.result, gap);
        }
        if judged.silent {
            silent.fetch_add(1, Ordering::Relaxed);
        } else if silent.load(Ordering::Relaxed) < SILENT_RULES {
            silent.store(0, Ordering::Relaxed);
        }
        (self.emit)(Event::RuleFinished(Box::new(judged.result.clone())));
        judged
    }

    fn collect(judged: Vec<Judged>, target: TargetInfo) -> Findings {
        let unjudged = judged.iter().any(|j| j.result.outcome == Outcome::Skipped);
        let mut results = Vec::with_capacity(judged.len());
        let mut cases = BTreeMap::new();
        for one in judged {
            let found = one.result.finding.is_some();
            cases.extend(one.case.filter(|_| found).map(|case| (one.result.id.clone(), case)));
            results.push(one.result);
        }
        Findings { results, cases, target, unjudged }
    }

    fn target_info(&self) -> TargetInfo {
        let needs = |rule: &&Rule| self.model(rule).map(|model| rule.needs(model)).unwrap_or_default();
        let tested: BTreeSet<Capability> = self.rules.iter().flat_map(needs).collect();
        let presence = |capability: &Capability| {
            if tested.contains(capability) { Presence::Tested } else { Presence::Absent }
        };
        TargetInfo {
            kind: self.target.kind,
            url: self.target.url.clone(),
            name: self.target.name.clone(),
            capabilities: self.capabilities.iter().map(|one| (*one, presence(one))).collect(),
        }
    }
}

fn skipped(rule: &Rule, why: &Reason) -> Judged {
    let result = RuleResult::untried(rule, Outcome::Skipped, Some(why));
    Judged { result, case: None, silent: false }
}
