//! One rule on two targets: its cases, one after the other; what differs is tried again, and counts only if it comes
//! again. Shrinks nothing.

use crate::case::Case;
use crate::check::Violation;
use crate::client::DEFAULT_REGION;
use crate::generate::GeneratorContext;
use crate::rule::Rule;
use crate::run::{
    Execution, FailingCase, FindingStep, Outcome, Plan, Reason, ReportedResponse, RuleResult, build_finding,
    generate_trees,
};

use super::difference::{CaseResult, Difference, differences};
use super::pair::{BothExecutions, Pair};
use super::report::ConformingSide;

/// After so many blocked cases, the other cases of the rule count as blocked too.
const MAX_BLOCKED_CASES: u64 = 2;

/// The responses of two targets, call by call.
pub(super) type StepResponses = Vec<(Option<ReportedResponse>, Option<ReportedResponse>)>;

/// A difference that came twice.
#[derive(Debug, Clone)]
pub(super) struct ConfirmedDifference {
    /// Place of the rule among all that are compared.
    pub rule: usize,
    pub right: ConformingSide,
    pub difference: Difference,
    /// Place of the case among those of the rule.
    pub case: usize,
    /// As if a run had found it; of the one who is wrong, or of the second.
    pub result: RuleResult,
    /// The responses of both, call by call.
    pub responses: StepResponses,
    /// Set if a call was polled to its time limit before the difference was seen.
    pub waited: bool,
}

/// The result of comparing one rule.
#[derive(Debug, Default)]
pub(super) struct ComparedRule {
    pub found: Vec<ConfirmedDifference>,
    pub cases: u64,
    pub exchanges: u64,
    pub unsteady: u64,
    pub leftovers: Vec<String>,
    /// The reason why it could not be compared.
    pub unjudged: Option<String>,
    /// Set if a target did not answer.
    pub silent: bool,
}

/// The number of cases that could be judged, and the obstacle of one that could not.
#[derive(Default)]
struct SideTally {
    judged: u64,
    blocked_cases: u64,
    blocked_case: Option<(usize, Violation)>,
}

impl SideTally {
    fn count(&mut self, result: &CaseResult, case: usize, control: bool, waited: bool) {
        match result {
            CaseResult::Held | CaseResult::Violated(_) => self.judged += u64::from(!control),
            CaseResult::Blocked(violation) => {
                self.blocked_cases += if waited { MAX_BLOCKED_CASES } else { 1 };
                self.blocked_case = Some((case, violation.clone()));
            }
            CaseResult::NoResponse(_) => {}
        }
    }

    fn is_blocked(&self) -> bool {
        self.judged == 0 && self.blocked_cases >= MAX_BLOCKED_CASES
    }
}

/// Compares one rule.
pub(super) async fn compare(
    pair: Pair<'_>,
    (index, rule): (usize, &Rule),
    plan: Plan,
    stopped: &(dyn Fn() -> bool + Sync),
) -> ComparedRule {
    let mut compared = ComparedRule::default();
    let cases =
        match generate_trees(GeneratorContext { model: pair.model, region: DEFAULT_REGION }, rule, plan) {
            Ok(cases) => cases,
            Err(why) => return ComparedRule { unjudged: Some(why.to_string()), ..compared },
        };
    let (mut a, mut b) = (SideTally::default(), SideTally::default());
    for (at, one) in cases.iter().enumerate().filter(|(_, one)| !one.case.is_concurrent()) {
        if stopped() {
            compared.unjudged = Some("interrupted".to_owned());
            return compared;
        }
        compared.cases += 1;
        let both = compared.execute(pair, rule, &one.case).await;
        let (result, other) = (CaseResult::of(&both.a), CaseResult::of(&both.b));
        if let CaseResult::NoResponse(why) =
            [&result, &other].into_iter().find(|s| matches!(s, CaseResult::NoResponse(_))).unwrap_or(&result)
        {
            compared.unjudged = Some(why.to_string());
            compared.silent = true;
            return compared;
        }
        a.count(&result, at, one.control, both.waited());
        b.count(&other, at, one.control, both.waited());
        let reason = one.control.then_some(&Reason::ControlFailed);
        let seen = differences(pair, rule, &one.case, &both);
        Box::pin(compared.confirm(pair, (index, rule), (at, &one.case), seen, reason, both)).await;
        // As in a run: one violation is enough, and what stands in the way of two cases does so of all.
        if compared.found.iter().any(|found| found.right != ConformingSide::Undecided)
            || a.is_blocked()
            || b.is_blocked()
        {
            break;
        }
    }
    for (right, able, other) in [(ConformingSide::A, &a, &b), (ConformingSide::B, &b, &a)] {
        let Some((at, violation)) = &other.blocked_case else { continue };
        if able.judged > 0 && other.judged == 0 && !rule.test.needs_refusal() {
            let case = &cases[*at].case;
            let operation =
                case.steps.get(violation.step).map(|step| step.operation.clone()).unwrap_or_default();
            let difference = Difference { right, violation: violation.clone(), operation, kinds: Vec::new() };
            let both = compared.execute(pair, rule, case).await;
            compared.keep(pair, (index, rule), (*at, case), difference, Some(&Reason::SetupFailed), &both);
        }
    }
    compared
}

impl ComparedRule {
    async fn execute(&mut self, pair: Pair<'_>, rule: &Rule, case: &Case) -> BothExecutions {
        let both = pair.execute(rule, case).await;
        self.exchanges += both.calls() as u64;
        self.leftovers.extend(both.leftovers().cloned());
        both
    }

    /// Keeps the differences that come again, unless the rule has shown them before.
    async fn confirm(
        &mut self,
        pair: Pair<'_>,
        (index, rule): (usize, &Rule),
        (at, case): (usize, &Case),
        mut seen: Vec<Difference>,
        reason: Option<&Reason>,
        first: BothExecutions,
    ) {
        seen.retain(|difference| !self.found.iter().any(|found| found.difference.is_like(difference)));
        if seen.is_empty() {
            return;
        }
        let both = if first.waited() { first } else { self.execute(pair, rule, case).await };
        let again = differences(pair, rule, case, &both);
        for difference in seen {
            if again.iter().any(|again| again.is_repeated_by(&difference)) {
                let reason = reason.filter(|_| difference.right != ConformingSide::Undecided);
                self.keep(pair, (index, rule), (at, case), difference, reason, &both);
            } else {
                self.unsteady += 1;
            }
        }
    }

    fn keep(
        &mut self,
        pair: Pair<'_>,
        (index, rule): (usize, &Rule),
        (case, of): (usize, &Case),
        difference: Difference,
        reason: Option<&Reason>,
        both: &BothExecutions,
    ) {
        let (result, responses) = finding_of_difference(pair, rule, of, &difference, reason, both);
        let (right, waited) = (difference.right, both.waited());
        self.found.push(ConfirmedDifference {
            rule: index,
            right,
            difference,
            case,
            result,
            responses,
            waited,
        });
    }
}

/// A difference as a run would show it, with what each of the two answered.
pub(super) fn finding_of_difference(
    pair: Pair<'_>,
    rule: &Rule,
    case: &Case,
    difference: &Difference,
    reason: Option<&Reason>,
    both: &BothExecutions,
) -> (RuleResult, StepResponses) {
    let of = |execution: &Execution| {
        let (case, execution, violation) = (case.clone(), execution.clone(), difference.violation.clone());
        build_finding(pair.model, &FailingCase { case, execution, violation })
    };
    let (a, b) = (of(&both.a), of(&both.b));
    let answer = |steps: &[FindingStep], at: usize| steps.get(at).and_then(|step| step.response.clone());
    let many = a.steps.len().max(b.steps.len());
    let responses = (0..many).map(|at| (answer(&a.steps, at), answer(&b.steps, at))).collect();
    let longer = if difference.right == ConformingSide::B || a.steps.len() > b.steps.len() { a } else { b };
    let result = RuleResult { finding: Some(longer), ..RuleResult::not_run(rule, Outcome::Failed, reason) };
    (result, responses)
}
