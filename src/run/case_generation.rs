//! Generates the cases of a run from its seed, before any of them is sent. Must not call a target.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

use crate::case::Case;
use crate::generate::GeneratorContext;
use crate::rule::{CaseKind, Rule};

use super::plan::Plan;

/// The maximum number of steps towards a simpler case.
const MAX_SIMPLIFY_STEPS: usize = 10_000;

/// Cases that could not be generated.
#[derive(Debug, thiserror::Error)]
#[error("no case could be generated for {rule}: {label}: {why}")]
pub struct GenerationError {
    /// The id of the rule.
    pub rule: String,
    /// The label of the kind of case.
    pub label: String,
    /// The error of proptest.
    pub why: String,
}

/// A generated case with its value tree, which simplifies it.
pub struct GeneratedCase {
    /// The case.
    pub case: Case,
    /// True for the control, which shows that refusals of other cases prove something.
    pub control: bool,
    /// Leads to simpler cases.
    pub tree: Box<dyn ValueTree<Value = Case>>,
}

impl GeneratedCase {
    /// Returns the case after all simplifications.
    #[must_use]
    pub fn simplest(mut self) -> Case {
        let mut steps = 0;
        while steps < MAX_SIMPLIFY_STEPS && self.tree.simplify() {
            steps += 1;
        }
        self.tree.current()
    }
}

/// The cases that a run by the plan tries for a rule, as long as none is violated.
///
/// # Errors
/// Returns an error if a case cannot be generated.
pub fn generate_cases(
    context: GeneratorContext<'_>,
    rule: &Rule,
    plan: Plan,
) -> Result<Vec<Case>, GenerationError> {
    Ok(generate_trees(context, rule, plan)?.into_iter().map(|drawn| drawn.case).collect())
}

/// Generates the same cases as [`generate_cases`], with their value trees.
///
/// # Errors
/// Returns an error if a case cannot be generated.
pub fn generate_trees(
    context: GeneratorContext<'_>,
    rule: &Rule,
    plan: Plan,
) -> Result<Vec<GeneratedCase>, GenerationError> {
    let kinds = rule.case_kinds(context);
    let mut runner = proptest_runner(plan.seed, rule);
    let mut cases: Vec<Case> = Vec::new();
    let mut all = Vec::new();
    for kind in ordered_kinds(&kinds, plan.cases) {
        let tree = kind.cases.new_tree(&mut runner).map_err(|why| GenerationError {
            rule: rule.id.clone(),
            label: kind.label.clone(),
            why: why.to_string(),
        })?;
        let case = tree.current();
        if !is_duplicate(&case, &cases) {
            cases.push(case.clone());
            all.push(GeneratedCase { case, control: kind.control, tree });
        }
    }
    Ok(all)
}

/// Returns a test runner whose random numbers depend on the seed and the id of the rule alone.
pub(super) fn proptest_runner(seed: u64, rule: &Rule) -> TestRunner {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(rule.id.as_bytes());
    let seed: [u8; 32] = hash.finalize().into();
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// Returns the control, then every other kind in turn, until there are enough cases.
pub(super) fn ordered_kinds(kinds: &[CaseKind], cases: usize) -> impl Iterator<Item = &CaseKind> {
    let others = kinds.iter().filter(|v| !v.control).count();
    let turns = kinds.iter().filter(|v| !v.control).cycle().take(cases.max(others));
    kinds.iter().filter(|v| v.control).chain(turns)
}

/// Returns true if the case was tried before. Concurrent calls can have another result each time, so they always count
/// as new.
pub(super) fn is_duplicate(case: &Case, tried: &[Case]) -> bool {
    !case.is_concurrent() && tried.contains(case)
}
