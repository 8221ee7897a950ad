//! Shrinks a failing case against the target, within a budget of calls and time. The shrunk case must show the same
//! violation.

use std::time::Instant;

use proptest::strategy::ValueTree;
use serde_json::Value;

use crate::case::{Body, Case};
use crate::check::{Placeholder, Violation};
use crate::model::{Expect, Role};

use super::execute::{CaseVerdict, Execution};
use super::plan::Budget;

/// A violation with the case and the calls that show it.
#[derive(Debug, Clone)]
pub struct FailingCase {
    /// The case.
    pub case: Case,
    /// Its execution.
    pub execution: Execution,
    /// The violation.
    pub violation: Violation,
}

impl FailingCase {
    /// Without the steps after the violation, but for those that clear up.
    pub(super) fn up_to_violation(mut self) -> Self {
        let rest = self.case.steps.split_off(self.violation.step + 1);
        self.case.steps.extend(rest.into_iter().filter(|step| step.role == Role::Remove));
        self
    }

    fn is_same_violation(&self, other: &Violation, case: &Case) -> bool {
        let operation = |case: &Case, step: usize| case.steps.get(step).map(|s| s.operation.clone());
        self.violation.kind == other.kind
            && operation(&self.case, self.violation.step) == operation(case, other.step)
    }
}

/// Shrinks values, then drops steps that no other step needs. Of a walk, drops calls.
pub async fn shrink<T, F>(tree: &mut T, first: FailingCase, budget: Budget, mut attempt: F) -> FailingCase
where
    T: ValueTree<Value = Case>,
    F: AsyncFnMut(&Case) -> Execution,
{
    if first.case.is_concurrent() {
        // Concurrent calls meet by chance: an execution that holds proves nothing.
        return first;
    }
    if first.case.steps.iter().any(|step| step.expect == Expect::Reference) {
        return shrink_walk(first.up_to_violation(), budget, attempt).await;
    }
    let start = Instant::now();
    let mut spent = 0;
    let mut best = first.up_to_violation();
    let mut more = tree.simplify();
    while more && spent < budget.calls && start.elapsed() < budget.time {
        let case = tree.current();
        let execution = attempt(&case).await;
        spent += execution.calls.max(1);
        more = match same_violation(&best, case, execution) {
            Some(failing) => {
                best = failing;
                tree.simplify()
            }
            None => tree.complicate(),
        };
    }
    let mut at = best.case.steps.len();
    while at > 0 && spent < budget.calls && start.elapsed() < budget.time {
        at -= 1;
        let Some(case) = without_step(&best.case, at, best.violation.step) else { continue };
        let execution = attempt(&case).await;
        spent += execution.calls.max(1);
        best = same_violation(&best, case, execution).unwrap_or(best);
    }
    best
}

/// Removes calls from a walk in blocks of halving size, while the violation remains. Any call can go, because no call
/// refers to another by name.
async fn shrink_walk<F>(mut best: FailingCase, budget: Budget, mut attempt: F) -> FailingCase
where
    F: AsyncFnMut(&Case) -> Execution,
{
    let start = Instant::now();
    let mut spent = 0;
    let mut size = best.case.steps.len() / 2;
    while size > 0 {
        let mut removed = false;
        let mut end = best.violation.step;
        while end > 0 {
            let from = end.saturating_sub(size);
            let mut case = best.case.clone();
            let mut at = 0..;
            case.steps.retain(|step| {
                let inside = at.next().is_some_and(|at| (from..end).contains(&at));
                !inside || step.expect != Expect::Reference
            });
            end = from;
            if case.steps.len() == best.case.steps.len() {
                continue;
            }
            if spent >= budget.calls || start.elapsed() >= budget.time {
                return best;
            }
            let execution = attempt(&case).await;
            spent += execution.calls.max(1);
            if let Some(failing) = same_violation(&best, case, execution) {
                best = failing;
                removed = true;
            }
        }
        // Repeats the last pass after a removal, because other calls may no longer be needed.
        size = if size == 1 && removed { 1 } else { size / 2 };
    }
    best
}

fn same_violation(best: &FailingCase, case: Case, execution: Execution) -> Option<FailingCase> {
    match &execution.verdict {
        CaseVerdict::Violated(violation) if best.is_same_violation(violation, &case) => {
            let violation = violation.clone();
            Some(FailingCase { case, execution, violation }.up_to_violation())
        }
        _ => None,
    }
}

/// Returns the case without a step. Returns `None` if another step refers to the step, or if an expectation depends on
/// the state that the step creates.
pub(super) fn without_step(case: &Case, at: usize, violating: usize) -> Option<Case> {
    let step = case.steps.get(at)?;
    let free = at != violating && matches!(step.role, Role::Context | Role::Observe);
    let is_referred_to = step.name.as_ref().is_some_and(|name| case.steps.iter().any(|s| refers_to(s, name)));
    if !free || is_referred_to {
        return None;
    }
    let mut shorter = case.clone();
    shorter.steps.remove(at);
    Some(shorter)
}

fn refers_to(step: &crate::case::Step, name: &str) -> bool {
    let body = match &step.body {
        Body::Json(value) => value_refers_to(value, name),
        Body::Text(_) => false,
    };
    let within = step.follow.iter().any(|follow| {
        let each = Expect::Ok(follow.each.clone());
        expectation_refers_to(&each, name) || follow.between.iter().any(|step| refers_to(step, name))
    });
    let awaits = step.until.iter().any(|until| expectation_refers_to(until, name));
    body || within || awaits || expectation_refers_to(&step.expect, name)
}

fn expectation_refers_to(expect: &Expect, name: &str) -> bool {
    match expect {
        Expect::Same(step) => step == name,
        Expect::If(branch) => {
            branch.accepted == name
                || expectation_refers_to(&branch.then, name)
                || expectation_refers_to(&branch.otherwise, name)
        }
        Expect::Either(all) => all.iter().any(|e| expectation_refers_to(e, name)),
        Expect::Ok(assertions) => {
            assertions.iter().filter_map(|a| a.holds.template()).any(|value| value_refers_to(value, name))
        }
        Expect::Any | Expect::Absent | Expect::Reference | Expect::Refused { .. } => false,
    }
}

fn value_refers_to(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => {
            matches!(Placeholder::read(map), Some(Placeholder::Reference { step, .. }) if step == name)
                || map.values().any(|inner| value_refers_to(inner, name))
        }
        Value::Array(items) => items.iter().any(|item| value_refers_to(item, name)),
        _ => false,
    }
}
