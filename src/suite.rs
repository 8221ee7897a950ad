//! The facade: runs rules on a target and builds the report.
//!
//! The program, the tests of `cargo test`, mutants, benches and library users run rules through [`Suite`].
//!
//! Must not print or write a file. The entry points are [`Suite::run`] for a report and [`Suite::run_rule`] for one rule.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use tokio::runtime::{Handle, Runtime};

use crate::case::Case;
use crate::client::{Target, TargetType};
use crate::known::KnownGaps;
use crate::model::{Capability, Edition, SpecError, Specs};
use crate::report::{Report, Timing, VerdictPolicy, add_commands, build};
use crate::rule::{Catalog, FilterError, Rule, select};
use crate::run::{
    Budget, CancelToken, Event, Plan, PreflightError, Presence, RuleResult, Runner, ServiceCreated,
    delete_service_created, detect_capabilities, list_service_created,
};

/// A run that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// The embedded specs cannot be read.
    #[error("the specs cannot be used: {0}")]
    Spec(#[from] SpecError),
    /// The filters select no rule.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// All selected rules need a capability that the target does not have.
    #[error(
        "every rule chosen needs the capability `{0}`, which the target was not found to have; --capability {0} judges it anyway"
    )]
    Lacking(Capability),
    /// The target cannot be judged.
    #[error(transparent)]
    PreflightError(#[from] PreflightError),
    /// The runtime for calls cannot be started.
    #[error("the runtime for calls cannot be started: {0}")]
    Runtime(std::io::Error),
}

/// A report, with the cases of its findings by rule id.
#[derive(Debug)]
pub struct CompletedRun {
    /// The report.
    pub report: Report,
    /// The cases, as `glueproof replay` reads them.
    pub cases: BTreeMap<String, Case>,
    /// The reason why the run ended early, if the target refused the run's own caller.
    pub ended: Option<PreflightError>,
}

/// The runtime for calls: the caller's or a new one.
enum CallRuntime<'s> {
    Given(&'s Handle),
    Own(Runtime),
}

impl<'s> CallRuntime<'s> {
    fn new(given: Option<&'s Handle>) -> Result<Self, SuiteError> {
        given.map_or_else(
            || Runtime::new().map(Self::Own).map_err(SuiteError::Runtime),
            |handle| Ok(Self::Given(handle)),
        )
    }

    fn handle(&self) -> &Handle {
        match self {
            Self::Given(handle) => handle,
            Self::Own(runtime) => runtime.handle(),
        }
    }
}

/// Rules and settings for one target.
pub struct Suite<'s> {
    target: &'s Target,
    specs: Option<&'s Specs>,
    rules: Option<Vec<&'s Rule>>,
    only: Vec<String>,
    capabilities: Vec<String>,
    plan: Plan,
    gaps: Cow<'s, KnownGaps>,
    policy: VerdictPolicy,
    jobs: Option<usize>,
    one_region: bool,
    findings: Option<PathBuf>,
    emit: &'s (dyn Fn(Event) + Sync),
    cancel: CancelToken,
    runtime: Option<&'s Handle>,
}

impl<'s> Suite<'s> {
    /// Creates a suite of all rules of the current edition, with 12 cases for each rule and seed 1.
    #[must_use]
    pub fn new(target: &'s Target) -> Self {
        Self {
            target,
            specs: None,
            rules: None,
            only: Vec::new(),
            capabilities: Vec::new(),
            plan: Plan::default(),
            gaps: Cow::Owned(KnownGaps::default()),
            policy: VerdictPolicy::default(),
            jobs: None,
            one_region: false,
            findings: None,
            emit: &|_| {},
            cancel: CancelToken::default(),
            runtime: None,
        }
    }

    /// Uses these specs instead of the embedded specs of the current edition.
    #[must_use]
    pub fn specs(self, specs: &'s Specs) -> Self {
        Self { specs: Some(specs), ..self }
    }

    /// Selects rules whose id contains the filter, or matches it if it contains `*`. Several filters add up.
    #[must_use]
    pub fn only(mut self, filter: impl Into<String>) -> Self {
        self.only.push(filter.into());
        self
    }

    /// Selects these rules, whatever the filters are.
    #[must_use]
    pub fn rules(self, rules: Vec<&'s Rule>) -> Self {
        Self { rules: Some(rules), ..self }
    }

    /// Selects rules of this capability and does not probe the target for it. Several capabilities add up.
    #[must_use]
    pub fn capability(mut self, name: impl Into<String>) -> Self {
        self.capabilities.push(name.into());
        self
    }

    /// Sets the minimum number of cases for each rule.
    #[must_use]
    pub fn cases(mut self, cases: usize) -> Self {
        self.plan.cases = cases;
        self
    }

    /// Sets the seed of everything generated.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// Sets the budget for shrinking a finding.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.plan.budget = budget;
        self
    }

    /// Sets how often a failed case is executed again before its violation is reported.
    #[must_use]
    pub fn confirmations(mut self, confirmations: u32) -> Self {
        self.plan.confirmations = confirmations;
        self
    }

    /// Sets the rules that are expected to fail.
    #[must_use]
    pub fn known_gaps(self, gaps: &'s KnownGaps) -> Self {
        Self { gaps: Cow::Borrowed(gaps), ..self }
    }

    /// Sets what decides the verdict besides documented rules.
    #[must_use]
    pub fn verdict_policy(self, policy: VerdictPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Sets the number of rules that run at the same time.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs: Some(jobs), ..self }
    }

    /// Sets whether all rules run in the region of the target. If not, rules of the core also run in other regions of an
    /// endpoint that answers slowly.
    #[must_use]
    pub fn one_region(self, one_region: bool) -> Self {
        Self { one_region, ..self }
    }

    /// Adds to every finding the commands that reproduce it; `dir` is the folder in which the caller saves the cases.
    #[must_use]
    pub fn findings(self, dir: &Path) -> Self {
        Self { findings: Some(dir.to_owned()), ..self }
    }

    /// Sends events to this function.
    #[must_use]
    pub fn on_event(self, emit: &'s (dyn Fn(Event) + Sync)) -> Self {
        Self { emit, ..self }
    }

    /// Sets the token that ends the run early.
    #[must_use]
    pub fn cancel(self, cancel: CancelToken) -> Self {
        Self { cancel, ..self }
    }

    /// Makes calls on this runtime instead of a new one.
    #[must_use]
    pub fn runtime(self, runtime: &'s Handle) -> Self {
        Self { runtime: Some(runtime), ..self }
    }

    /// Runs the selected rules and returns the report. Blocks; must not be called in an async context.
    ///
    /// # Errors
    /// Returns an error if no rule is selected, or if the target cannot be judged at all.
    pub fn run(&self) -> Result<Report, SuiteError> {
        self.run_with_cases().map(|completed| completed.report)
    }

    /// Runs the selected rules and returns the report with the cases of findings. Blocks; must not be called in an async
    /// context.
    ///
    /// # Errors
    /// Returns an error if no rule is selected, or if the target cannot be judged at all.
    pub fn run_with_cases(&self) -> Result<CompletedRun, SuiteError> {
        let specs = self.chosen_specs()?;
        let catalog = Catalog::new(&specs);
        let rules = match &self.rules {
            Some(rules) => rules.clone(),
            None => select(&catalog, &self.only, &self.capabilities)?,
        };
        let all = catalog.rules.iter().map(|rule| rule.capability).collect();
        let calls = CallRuntime::new(self.runtime)?;
        let runtime = calls.handle();
        // Probes run jobs, too, so the state before them counts.
        let made_before = self.list_service_created(&specs, &rules, runtime);
        let there =
            runtime.block_on(capabilities(&self.capabilities, self.target, &specs, &rules, &self.cancel));
        let probed = if is_probed(self.target) { needed(&specs, &rules) } else { BTreeSet::new() };
        let rules = retain_capable(rules, &specs, &there)?;
        let (started, clock) = (SystemTime::now(), Instant::now());
        let mut results = self.runner(&specs).run(&rules, &all, self.jobs, runtime)?;
        if let Some(before) = &made_before {
            for what in runtime.block_on(delete_service_created(self.target, &specs, before)) {
                (self.emit)(Event::Leftover { what });
            }
        }
        if let Some(dir) = &self.findings {
            add_commands(&mut results.results, &results.cases, self.target, &specs, dir);
        }
        let (cases, ended) = (std::mem::take(&mut results.cases), results.ended.take());
        let timing = Timing { started, took: clock.elapsed() };
        for (name, presence) in &mut results.target.capabilities {
            if *presence == Presence::Absent && !probed.contains(name) {
                *presence = Presence::Unselected;
            }
        }
        Ok(CompletedRun { report: build(results, &specs, self.plan.seed, self.policy, timing), cases, ended })
    }

    /// Returns the resources that services have made by themselves, if rules can cause more of them. The embedded fake ends
    /// with the run.
    fn list_service_created(
        &self,
        specs: &Specs,
        rules: &[&Rule],
        runtime: &Handle,
    ) -> Option<ServiceCreated> {
        let can_cause =
            self.target.kind != TargetType::Fake && needed(specs, rules).contains(&Capability::Workloads);
        if can_cause { runtime.block_on(list_service_created(self.target, specs)) } else { None }
    }

    /// Runs one rule, whatever the filters are. Neither checks the target nor saves its state. Blocks; must not be called
    /// in an async context.
    ///
    /// # Errors
    /// Returns an error if no runtime can be started.
    pub fn run_rule(&self, rule: &Rule) -> Result<RuleResult, SuiteError> {
        let specs = self.chosen_specs()?;
        let calls = CallRuntime::new(self.runtime)?;
        let runtime = calls.handle();
        Ok(self.runner(&specs).run_rule(rule, runtime).result)
    }

    fn chosen_specs(&self) -> Result<Cow<'s, Specs>, SuiteError> {
        match self.specs {
            Some(specs) => Ok(Cow::Borrowed(specs)),
            None => Ok(Cow::Owned(Specs::embedded(Edition::default())?)),
        }
    }

    fn runner<'r>(&'r self, specs: &'r Specs) -> Runner<'r> {
        Runner {
            target: self.target,
            specs,
            plan: self.plan,
            gaps: &self.gaps,
            emit: self.emit,
            cancel: self.cancel.clone(),
            one_region: self.one_region,
        }
    }
}

/// Returns the capabilities that are tested: those asked for by name, and of the others all for the embedded fake, those
/// that a target on this machine has, and the core alone elsewhere, where calls may cost money.
pub async fn capabilities(
    asked: &[String],
    target: &Target,
    specs: &Specs,
    rules: &[&Rule],
    cancel: &CancelToken,
) -> BTreeSet<Capability> {
    let asked = asked.iter().filter_map(|name| name.parse().ok());
    let needed = needed(specs, rules);
    let found = match target.kind {
        TargetType::Fake => needed,
        _ if is_probed(target) && needed.iter().any(|need| *need != Capability::Core) => {
            detect_capabilities(target, specs, cancel).await
        }
        _ => BTreeSet::from([Capability::Core]),
    };
    asked.chain(found).collect()
}

/// Returns the capabilities that rules need.
fn needed(specs: &Specs, rules: &[&Rule]) -> BTreeSet<Capability> {
    let needs =
        |rule: &&Rule| specs.service(&rule.service).map(|model| rule.needs(model)).unwrap_or_default();
    rules.iter().flat_map(needs).collect()
}

/// Returns whether a run finds out which capabilities the target has.
fn is_probed(target: &Target) -> bool {
    target.kind == TargetType::Fake || target.is_loopback()
}

/// Returns the rules that need no other capabilities than these.
///
/// # Errors
/// Returns an error if no rule is left.
pub fn retain_capable<'c>(
    mut rules: Vec<&'c Rule>,
    specs: &Specs,
    there: &BTreeSet<Capability>,
) -> Result<Vec<&'c Rule>, SuiteError> {
    let lacks = |rule: &Rule| {
        let needs = specs.service(&rule.service).map(|model| rule.needs(model)).unwrap_or_default();
        needs.difference(there).next().copied()
    };
    let first = rules.first().and_then(|rule| lacks(rule));
    rules.retain(|rule| lacks(rule).is_none());
    match first {
        Some(name) if rules.is_empty() => Err(SuiteError::Lacking(name)),
        _ => Ok(rules),
    }
}
