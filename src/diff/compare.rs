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

use super::pair::{Both, Pair};
use super::report::Right;
use super::weigh::{Contrast, Said, contrasts};

/// So many cases that something stands in the way of say that it stands in the way of all.
const STUCK: u64 = 2;

/// The responses of two targets, call by call.
pub(super) type Answers = Vec<(Option<ReportedResponse>, Option<ReportedResponse>)>;

/// A difference that came twice.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Place of the rule among all that are compared.
    pub rule: usize,
    pub right: Right,
    pub contrast: Contrast,
    /// Place of the case among those of the rule.
    pub case: usize,
    /// As if a run had found it; of the one who is wrong, or of the second.
    pub result: RuleResult,
    /// The responses of both, call by call.
    pub answers: Answers,
    /// Set if a call was polled to its time limit before the difference was seen.
    pub waited: bool,
}

/// The result of comparing one rule.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub found: Vec<Found>,
    pub cases: u64,
    pub exchanges: u64,
    pub unsteady: u64,
    pub leftovers: Vec<String>,
    /// Why it could not be compared.
    pub unjudged: Option<String>,
    /// Set if a target did not answer.
    pub silent: bool,
}

/// The number of cases that could be judged, and the obstacle of one that could not.
#[derive(Default)]
struct Side {
    judged: u64,
    hindrances: u64,
    hindered: Option<(usize, Violation)>,
}

impl Side {
    fn hear(&mut self, said: &Said, case: usize, control: bool, waited: bool) {
        match said {
            Said::Held | Said::Violated(_) => self.judged += u64::from(!control),
            Said::Hindered(violation) => {
                self.hindrances += if waited { STUCK } else { 1 };
                self.hindered = Some((case, violation.clone()));
            }
            Said::Broken(_) => {}
        }
    }

    fn is_stuck(&self) -> bool {
        self.judged == 0 && self.hindrances >= STUCK
    }
}

/// Compares one rule.
pub(super) async fn compare(
    pair: Pair<'_>,
    (index, rule): (usize, &Rule),
    plan: Plan,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Compared {
    let mut compared = Compared::default();
    let cases =
        match generate_trees(GeneratorContext { model: pair.model, region: DEFAULT_REGION }, rule, plan) {
            Ok(cases) => cases,
            Err(why) => return Compared { unjudged: Some(why.to_string()), ..compared },
        };
    let (mut a, mut b) = (Side::default(), Side::default());
    for (at, one) in cases.iter().enumerate().filter(|(_, one)| !one.case.is_concurrent()) {
        if stopped() {
            compared.unjudged = Some("interrupted".to_owned());
            return compared;
        }
        compared.cases += 1;
        let both = compared.execute(pair, rule, &one.case).await;
        let (said, other) = (Said::of(&both.a), Said::of(&both.b));
        if let Said::Broken(why) =
            [&said, &other].into_iter().find(|s| matches!(s, Said::Broken(_))).unwrap_or(&said)
        {
            compared.unjudged = Some(why.to_string());
            compared.silent = true;
            return compared;
        }
        a.hear(&said, at, one.control, both.waited());
        b.hear(&other, at, one.control, both.waited());
        let reason = one.control.then_some(&Reason::ControlFailed);
        let seen = contrasts(pair, rule, &one.case, &both);
        Box::pin(compared.confirm(pair, (index, rule), (at, &one.case), seen, reason, both)).await;
        // As in a run: one violation is enough, and what stands in the way of two cases does so of all.
        if compared.found.iter().any(|found| found.right != Right::Unsaid) || a.is_stuck() || b.is_stuck() {
            break;
        }
    }
    for (right, able, other) in [(Right::A, &a, &b), (Right::B, &b, &a)] {
        let Some((at, violation)) = &other.hindered else { continue };
        if able.judged > 0 && other.judged == 0 && !rule.test.needs_refusal() {
            let case = &cases[*at].case;
            let operation =
                case.steps.get(violation.step).map(|step| step.operation.clone()).unwrap_or_default();
            let contrast = Contrast { right, violation: violation.clone(), operation, ways: Vec::new() };
            let both = compared.execute(pair, rule, case).await;
            compared.keep(pair, (index, rule), (*at, case), contrast, Some(&Reason::SetupFailed), &both);
        }
    }
    compared
}

impl Compared {
    async fn execute(&mut self, pair: Pair<'_>, rule: &Rule, case: &Case) -> Both {
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
        mut seen: Vec<Contrast>,
        reason: Option<&Reason>,
        first: Both,
    ) {
        seen.retain(|contrast| !self.found.iter().any(|found| found.contrast.is_like(contrast)));
        if seen.is_empty() {
            return;
        }
        let both = if first.waited() { first } else { self.execute(pair, rule, case).await };
        let again = contrasts(pair, rule, case, &both);
        for contrast in seen {
            if again.iter().any(|again| again.came_again(&contrast)) {
                let reason = reason.filter(|_| contrast.right != Right::Unsaid);
                self.keep(pair, (index, rule), (at, case), contrast, reason, &both);
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
        contrast: Contrast,
        reason: Option<&Reason>,
        both: &Both,
    ) {
        let (result, answers) = shown(pair, rule, of, &contrast, reason, both);
        let (right, waited) = (contrast.right, both.waited());
        self.found.push(Found { rule: index, right, contrast, case, result, answers, waited });
    }
}

/// A difference as a run would show it, with what each of the two answered.
pub(super) fn shown(
    pair: Pair<'_>,
    rule: &Rule,
    case: &Case,
    contrast: &Contrast,
    reason: Option<&Reason>,
    both: &Both,
) -> (RuleResult, Answers) {
    let of = |execution: &Execution| {
        let (case, execution, violation) = (case.clone(), execution.clone(), contrast.violation.clone());
        build_finding(pair.model, &FailingCase { case, execution, violation })
    };
    let (a, b) = (of(&both.a), of(&both.b));
    let answer = |steps: &[FindingStep], at: usize| steps.get(at).and_then(|step| step.response.clone());
    let many = a.steps.len().max(b.steps.len());
    let answers = (0..many).map(|at| (answer(&a.steps, at), answer(&b.steps, at))).collect();
    let longer = if contrast.right == Right::B || a.steps.len() > b.steps.len() { a } else { b };
    let result = RuleResult { finding: Some(longer), ..RuleResult::not_run(rule, Outcome::Failed, reason) };
    (result, answers)
}
