//! One mutant before the rules that are meant to catch it: the cheap ones first, until one notices. Knows no fault's
//! meaning.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::runtime::Handle;

use super::outcome::{Fate, MutantResult};
use crate::client::{CallLimits, DEFAULT_REGION, Target, TargetSetup};
use crate::fake::transport::Connector;
use crate::fake::{BuildError, FakeCloud, Fault, Injection, SeedError};
use crate::model::Specs;
use crate::rule::{Catalog, Rule};
use crate::run::{Budget, Outcome};
use crate::suite::{Suite, SuiteError};

/// Account and region of every mutant.
const ACCOUNT: &str = "123456789012";

/// The poll timeout for a mutant. The correct fake finishes all work at once.
const POLL_TIMEOUT: Duration = Duration::from_millis(60);

/// The reason why a mutant could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// There is no fake to be broken.
    #[error("the embedded fake cannot start: {0}")]
    Fake(#[from] BuildError),
    /// The fake's callers cannot be set up.
    #[error("the callers of the embedded fake cannot be set up: {0}")]
    Caller(#[from] SeedError),
    /// The rule cannot be run.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// A fault that says which rules catch it, and there are none such.
    #[error("the fault `{fault}` is meant to be caught by `{pattern}`, which is no rule")]
    NoRule {
        /// The fault.
        fault: &'static str,
        /// The pattern.
        pattern: String,
    },
}

/// The context in which mutants are tried.
#[derive(Clone, Copy)]
pub struct MutationContext<'b> {
    /// The specs to test against.
    pub specs: &'b Specs,
    /// The rules of that.
    pub catalog: &'b Catalog,
    /// Cases a rule, at least.
    pub cases: usize,
    /// Seed of everything generated.
    pub seed: u64,
    /// True to try every rule that may kill the mutant; false to stop at the first that does.
    pub full: bool,
    /// The runtime for calls.
    pub runtime: &'b Handle,
}

impl<'b> MutationContext<'b> {
    /// The rules meant to catch a fault, cheap ones first.
    ///
    /// # Errors
    /// Returns an error if a pattern of the fault matches no rule.
    pub fn intended_rules(&self, fault: Fault) -> Result<Vec<&'b Rule>, TrialError> {
        let mut meant: Vec<&Rule> = Vec::new();
        for pattern in fault.caught_by() {
            let mut found = self.catalog.rules.iter().filter(|rule| rule.is_named(pattern)).peekable();
            if found.peek().is_none() && !fault.is_derived() {
                return Err(TrialError::NoRule { fault: fault.name(), pattern: pattern.clone() });
            }
            meant.extend(found);
        }
        meant.sort_by_key(|rule| (rule.test.effort(), &rule.id));
        meant.dedup_by_key(|rule| &rule.id);
        Ok(meant)
    }

    /// Tries a mutant.
    ///
    /// # Errors
    /// Returns an error if it cannot be tried.
    pub fn run_mutant(&self, fault: Fault) -> Result<MutantResult, TrialError> {
        let (mut calls, mut first, mut red) = (0, None, Vec::new());
        for rule in self.intended_rules(fault)? {
            let (noticed, exchanges) = self.notices(fault, rule)?;
            if first.is_none() {
                calls += exchanges;
            }
            if noticed {
                red.push(rule.id.clone());
                first.get_or_insert(rule);
                if !self.full {
                    break;
                }
            }
        }
        let fate = match (first, fault.equivalent()) {
            (Some(rule), None) => Fate::Killed { rule: rule.id.clone(), level: rule.evidence.level, calls },
            (Some(rule), Some(_)) => Fate::NotEquivalent { rule: rule.id.clone() },
            (None, Some(reason)) => Fate::Equivalent { reason: reason.to_owned() },
            (None, None) => Fate::Survived,
        };
        Ok(MutantResult { name: fault.name().to_owned(), summary: fault.summary().to_owned(), fate, red })
    }

    /// Returns true if the rule fails on a new fake with the fault, and the number of calls it took.
    ///
    /// # Errors
    /// Returns an error if there is no fake.
    pub fn notices(&self, fault: Fault, rule: &Rule) -> Result<(bool, u64), TrialError> {
        let (red, calls) = self.run_rule_on_fake(Some(fault), rule)?;
        // A rule that fails without the fault as well says nothing about the fault.
        Ok((red && !self.run_rule_on_fake(None, rule)?.0, calls))
    }

    /// Returns true if the rule fails on the fake without any fault.
    ///
    /// # Errors
    /// Returns an error if there is no fake.
    pub fn fails_without_fault(&self, rule: &Rule) -> Result<bool, TrialError> {
        Ok(self.run_rule_on_fake(None, rule)?.0)
    }

    fn run_rule_on_fake(&self, fault: Option<Fault>, rule: &Rule) -> Result<(bool, u64), TrialError> {
        let cloud = FakeCloud::builder().account(ACCOUNT).region(DEFAULT_REGION).judged()?.build()?;
        if let Some(fault) = fault {
            cloud.inject(Injection::new(fault));
        }
        let throttling = self.specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned());
        let limits = CallLimits {
            throttling: throttling.collect(),
            poll_timeout: Some(POLL_TIMEOUT),
            ..CallLimits::default()
        };
        let setup = TargetSetup { name: "mutant", specs: self.specs, limits };
        let client = SharedHttpClient::new(Connector::new(cloud));
        let target = Target::in_process(setup, client, ACCOUNT, DEFAULT_REGION);
        // Findings are not shrunk: only the outcome matters here.
        let budget = Budget { calls: 0, time: Duration::ZERO };
        let suite = Suite::new(&target)
            .specs(self.specs)
            .cases(self.cases)
            .seed(self.seed)
            .budget(budget)
            .confirmations(0);
        let judged = suite.runtime(self.runtime).run_rule(rule)?;
        Ok((
            matches!(judged.outcome, Outcome::Failed | Outcome::Noted | Outcome::Unimplemented),
            judged.exchanges,
        ))
    }
}
