//! The differences in a case run on two targets, and the conforming side. A rule that one holds and the other violates
//! decides; where both hold it, what they answer is compared as far as it is the same every time. Pure.

use serde_json::{Map, Value};

use crate::case::Case;
use crate::check::{Violation, ViolationKind};
use crate::client::CallFailure;
use crate::model::{Level, Lifecycle, ServiceModel};
use crate::redact::{Redacted, RedactedAnswer, redacted};
use crate::rule::Rule;
use crate::run::{CaseVerdict, Execution, unresolved_violation};

use super::pair::{BothExecutions, Pair};
use super::report::ConformingSide;

/// The kind of difference between two responses to the same call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DifferenceKind {
    /// One is a success and one an error, or they are different errors.
    Outcome(String, String),
    /// A member only the first has.
    OnlyA(String),
    /// A member only the second has.
    OnlyB(String),
    /// A member that both have, each in its own way.
    Other(String),
}

/// A difference between two targets in a case.
#[derive(Debug, Clone)]
pub(super) struct Difference {
    pub right: ConformingSide,
    /// The violation and its place; `right` names the conforming side.
    pub violation: Violation,
    /// The operation that shows it.
    pub operation: String,
    /// The differences of the responses that show it. Only one if no rule decides which side conforms.
    pub kinds: Vec<DifferenceKind>,
}

impl Difference {
    /// Returns whether it is the same difference in another execution or in a simpler case.
    pub fn is_like(&self, other: &Self) -> bool {
        let unsaid = self.right == ConformingSide::Undecided;
        let same =
            if unsaid { self.kinds == other.kinds } else { self.violation.kind == other.violation.kind };
        self.right == other.right && self.operation == other.operation && same
    }

    /// Returns whether it is repeated unchanged: a value that varies each time is no difference between targets.
    pub fn is_repeated_by(&self, other: &Self) -> bool {
        let unsaid = self.right == ConformingSide::Undecided;
        let values =
            |difference: &Self| (difference.violation.expected.clone(), difference.violation.actual.clone());
        self.is_like(other) && (!unsaid || values(self) == values(other))
    }
}

/// The result of a case for a rule and a target.
#[derive(Debug, Clone)]
pub(super) enum CaseResult {
    Held,
    Violated(Violation),
    /// It could not be judged: something before it did not go as it must.
    Blocked(Violation),
    NoResponse(CallFailure),
}

impl CaseResult {
    pub fn of(execution: &Execution) -> Self {
        match execution.verdict.clone() {
            CaseVerdict::Held => Self::Held,
            CaseVerdict::Violated(violation) => Self::Violated(violation),
            CaseVerdict::SetupFailed(violation) => Self::Blocked(violation),
            CaseVerdict::Unresolved(unresolved) => {
                Self::Blocked(unresolved_violation(&unresolved, execution))
            }
            CaseVerdict::NoResponse(failure) => Self::NoResponse(failure),
        }
    }
}

/// Returns the differences that a case shows. An assumed rule makes neither side right.
pub(super) fn differences(
    pair: Pair<'_>,
    rule: &Rule,
    case: &Case,
    both: &BothExecutions,
) -> Vec<Difference> {
    let responses = ResponsePair::of(pair, case, both);
    let one = |right, violation: Violation| {
        let kinds = responses.kinds(pair.model, violation.step);
        let operation = case.steps.get(violation.step).map(|step| step.operation.clone()).unwrap_or_default();
        vec![Difference {
            right,
            violation,
            operation,
            kinds: kinds.into_iter().map(|(kind, ..)| kind).collect(),
        }]
    };
    match (CaseResult::of(&both.a), CaseResult::of(&both.b)) {
        (CaseResult::Held | CaseResult::Violated(_), CaseResult::Held | CaseResult::Violated(_))
            if rule.evidence.level == Level::Assumed =>
        {
            responses.undecided_differences(pair.model, case)
        }
        (CaseResult::Held, CaseResult::Held) => responses.undecided_differences(pair.model, case),
        (CaseResult::Held, CaseResult::Violated(violation)) => one(ConformingSide::A, violation),
        (CaseResult::Violated(violation), CaseResult::Held) => one(ConformingSide::B, violation),
        (CaseResult::Violated(a), CaseResult::Violated(b)) if !responses.are_alike(pair.model, &a, &b) => {
            let actual = format!("{}: {}; {}: {}", pair.a.name, a.actual, pair.b.name, b.actual);
            one(ConformingSide::Neither, Violation { actual, ..b })
        }
        _ => Vec::new(),
    }
}

/// The responses of two targets to the steps of a case, without parts that vary.
struct ResponsePair {
    a: Vec<Redacted>,
    b: Vec<Redacted>,
}

/// A way, and what each of the two has there.
type DifferingValues = (DifferenceKind, String, String);

impl ResponsePair {
    fn of(pair: Pair<'_>, case: &Case, both: &BothExecutions) -> Self {
        Self {
            a: redacted(pair.model, &pair.a.region, case, &both.a.transcript),
            b: redacted(pair.model, &pair.b.region, case, &both.b.transcript),
        }
    }

    /// Returns the differences of the responses to a step.
    fn kinds(&self, model: &ServiceModel, step: usize) -> Vec<DifferingValues> {
        let find = |all: &[Redacted]| all.iter().find(|exchange| exchange.step == step).cloned();
        match (find(&self.a), find(&self.b)) {
            (Some(a), Some(b)) => kinds(model, &a, &b),
            _ => Vec::new(),
        }
    }

    /// Returns whether two violations are the same.
    fn are_alike(&self, model: &ServiceModel, a: &Violation, b: &Violation) -> bool {
        let outcome = |(kind, ..): &DifferingValues| matches!(kind, DifferenceKind::Outcome(..));
        a.kind == b.kind && a.step == b.step && !self.kinds(model, a.step).iter().any(outcome)
    }

    /// Returns the differences on which no rule decides. Once one of the two has refused a call that the other has not, what
    /// comes after only follows from that.
    fn undecided_differences(&self, model: &ServiceModel, case: &Case) -> Vec<Difference> {
        let mut found: Vec<Difference> = Vec::new();
        for (a, b) in self.a.iter().zip(&self.b).take_while(|(a, b)| a.step == b.step) {
            let kinds = kinds(model, a, b);
            let parted = kinds.iter().any(|(kind, ..)| matches!(kind, DifferenceKind::Outcome(..)));
            for (kind, expected, actual) in kinds {
                let operation = case.steps[a.step].operation.clone();
                let differs = ViolationKind::Differs(format!("{kind:?}"));
                let violation = Violation::new(a.step, differs, expected, actual);
                let difference =
                    Difference { right: ConformingSide::Undecided, violation, operation, kinds: vec![kind] };
                if !found.iter().any(|known| known.is_like(&difference)) {
                    found.push(difference);
                }
            }
            if parted {
                break;
            }
        }
        found
    }
}

/// Returns the differences of two responses. Texts of errors and headers may differ; where they may not, rules check them.
fn kinds(model: &ServiceModel, a: &Redacted, b: &Redacted) -> Vec<DifferingValues> {
    let (Some(one), Some(other)) = (&a.answer, &b.answer) else { return Vec::new() };
    let (here, there) = (outcome(one), outcome(other));
    if here != there {
        return vec![(DifferenceKind::Outcome(here.clone(), there.clone()), here, there)];
    }
    if !(200..300).contains(&one.status) {
        return Vec::new();
    }
    let (one, other) = without_foreign_pages(model, a, &one.body, &other.body);
    let mut found = Vec::new();
    differing_members(&one, &other, "", &mut found);
    let said = |value: Option<&Value>| value.map_or_else(|| "nothing there".to_owned(), Value::to_string);
    let seen = |(place, a, b): DifferingMember<'_>| {
        let kind = match (a, b) {
            (Some(_), None) => DifferenceKind::OnlyA(place),
            (None, Some(_)) => DifferenceKind::OnlyB(place),
            _ => DifferenceKind::Other(place),
        };
        (kind, said(a), said(b))
    };
    found.into_iter().map(seen).collect()
}

/// `success`, or status and code.
fn outcome(answer: &RedactedAnswer) -> String {
    match &answer.error {
        _ if (200..300).contains(&answer.status) => "success".to_owned(),
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}

/// Two pages of a list that others add to: how far each of them goes is for the others to say, and so whether there
/// is a token and how much of the case's own is on the page.
fn without_foreign_pages(model: &ServiceModel, call: &Redacted, a: &Value, b: &Value) -> (Value, Value) {
    let (mut a, mut b) = (a.clone(), b.clone());
    let model = model.service(&call.service).unwrap_or(model);
    let shared = model
        .resource_of(&call.operation)
        .is_some_and(|(resource, role)| role == Lifecycle::List && !resource.is_account_wide());
    let pages = model.operations.get(&call.operation).and_then(|operation| operation.paginated.as_ref());
    if let (true, Some(pages), Some(one), Some(other)) = (shared, pages, a.as_object_mut(), b.as_object_mut())
    {
        let items =
            |body: &Map<String, Value>| body.get(&pages.items).and_then(Value::as_array).map(Vec::len);
        let unequal = items(one) != items(other);
        for body in [one, other] {
            body.shift_remove(&pages.output_token);
            match body.get_mut(&pages.items) {
                // No order is promised.
                Some(Value::Array(items)) if !unequal => items.sort_by_key(Value::to_string),
                _ => drop(body.shift_remove(&pages.items)),
            }
        }
    }
    (a, b)
}

type DifferingMember<'v> = (String, Option<&'v Value>, Option<&'v Value>);

/// The innermost places at which two values differ, elements of lists all under one name.
fn differing_members<'v>(a: &'v Value, b: &'v Value, at: &str, found: &mut Vec<DifferingMember<'v>>) {
    match (a, b) {
        _ if a == b => {}
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                match (one.get(name), other.get(name)) {
                    (Some(a), Some(b)) => differing_members(a, b, &at, found),
                    (a, b) => found.push((at, a, b)),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).for_each(|(a, b)| differing_members(a, b, &format!("{at}[]"), found));
        }
        _ => {
            let at = if at.is_empty() { "its body" } else { at };
            found.push((at.to_owned(), Some(a), Some(b)));
        }
    }
}
