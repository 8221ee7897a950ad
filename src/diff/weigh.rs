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

use super::pair::{Both, Pair};
use super::report::Right;

/// In which way two answers to the same call differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
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
pub(super) struct Contrast {
    pub right: Right,
    /// The violation and its place; `right` names the conforming side.
    pub violation: Violation,
    /// The operation that shows it.
    pub operation: String,
    /// The differences of the responses that show it. Only one if no rule decides which side conforms.
    pub ways: Vec<Way>,
}

impl Contrast {
    /// Returns whether it is the same difference in another execution or in a simpler case.
    pub fn is_like(&self, other: &Self) -> bool {
        let unsaid = self.right == Right::Unsaid;
        let same = if unsaid { self.ways == other.ways } else { self.violation.kind == other.violation.kind };
        self.right == other.right && self.operation == other.operation && same
    }

    /// Returns whether it is repeated unchanged: a value that varies each time is no difference between targets.
    pub fn came_again(&self, other: &Self) -> bool {
        let unsaid = self.right == Right::Unsaid;
        let values =
            |contrast: &Self| (contrast.violation.expected.clone(), contrast.violation.actual.clone());
        self.is_like(other) && (!unsaid || values(self) == values(other))
    }
}

/// The result of a case for a rule and a target.
#[derive(Debug, Clone)]
pub(super) enum Said {
    Held,
    Violated(Violation),
    /// It could not be judged: something before it did not go as it must.
    Hindered(Violation),
    Broken(CallFailure),
}

impl Said {
    pub fn of(execution: &Execution) -> Self {
        match execution.verdict.clone() {
            CaseVerdict::Held => Self::Held,
            CaseVerdict::Violated(violation) => Self::Violated(violation),
            CaseVerdict::SetupFailed(violation) => Self::Hindered(violation),
            CaseVerdict::Unresolved(unresolved) => {
                Self::Hindered(unresolved_violation(&unresolved, execution))
            }
            CaseVerdict::NoResponse(failure) => Self::Broken(failure),
        }
    }
}

/// Returns the differences that a case shows. An assumed rule makes neither side right.
pub(super) fn contrasts(pair: Pair<'_>, rule: &Rule, case: &Case, both: &Both) -> Vec<Contrast> {
    let answered = Answered::of(pair, case, both);
    let one = |right, violation: Violation| {
        let ways = answered.ways(pair.model, violation.step);
        let operation = case.steps.get(violation.step).map(|step| step.operation.clone()).unwrap_or_default();
        vec![Contrast { right, violation, operation, ways: ways.into_iter().map(|(way, ..)| way).collect() }]
    };
    match (Said::of(&both.a), Said::of(&both.b)) {
        (Said::Held | Said::Violated(_), Said::Held | Said::Violated(_))
            if rule.evidence.level == Level::Assumed =>
        {
            answered.unsaid(pair.model, case)
        }
        (Said::Held, Said::Held) => answered.unsaid(pair.model, case),
        (Said::Held, Said::Violated(violation)) => one(Right::A, violation),
        (Said::Violated(violation), Said::Held) => one(Right::B, violation),
        (Said::Violated(a), Said::Violated(b)) if !answered.are_alike(pair.model, &a, &b) => {
            let actual = format!("{}: {}; {}: {}", pair.a.name, a.actual, pair.b.name, b.actual);
            one(Right::Neither, Violation { actual, ..b })
        }
        _ => Vec::new(),
    }
}

/// The responses of two targets to the steps of a case, without parts that vary.
struct Answered {
    a: Vec<Redacted>,
    b: Vec<Redacted>,
}

/// A way, and what each of the two has there.
type Seen = (Way, String, String);

impl Answered {
    fn of(pair: Pair<'_>, case: &Case, both: &Both) -> Self {
        Self {
            a: redacted(pair.model, &pair.a.region, case, &both.a.transcript),
            b: redacted(pair.model, &pair.b.region, case, &both.b.transcript),
        }
    }

    /// Returns the differences of the responses to a step.
    fn ways(&self, model: &ServiceModel, step: usize) -> Vec<Seen> {
        let find = |all: &[Redacted]| all.iter().find(|exchange| exchange.step == step).cloned();
        match (find(&self.a), find(&self.b)) {
            (Some(a), Some(b)) => ways(model, &a, &b),
            _ => Vec::new(),
        }
    }

    /// Returns whether two violations are the same.
    fn are_alike(&self, model: &ServiceModel, a: &Violation, b: &Violation) -> bool {
        let outcome = |(way, ..): &Seen| matches!(way, Way::Outcome(..));
        a.kind == b.kind && a.step == b.step && !self.ways(model, a.step).iter().any(outcome)
    }

    /// Returns the differences on which no rule decides. Once one of the two has refused a call that the other has not, what
    /// comes after only follows from that.
    fn unsaid(&self, model: &ServiceModel, case: &Case) -> Vec<Contrast> {
        let mut found: Vec<Contrast> = Vec::new();
        for (a, b) in self.a.iter().zip(&self.b).take_while(|(a, b)| a.step == b.step) {
            let ways = ways(model, a, b);
            let parted = ways.iter().any(|(way, ..)| matches!(way, Way::Outcome(..)));
            for (way, expected, actual) in ways {
                let operation = case.steps[a.step].operation.clone();
                let kind = ViolationKind::Differs(format!("{way:?}"));
                let violation = Violation::new(a.step, kind, expected, actual);
                let contrast = Contrast { right: Right::Unsaid, violation, operation, ways: vec![way] };
                if !found.iter().any(|known| known.is_like(&contrast)) {
                    found.push(contrast);
                }
            }
            if parted {
                break;
            }
        }
        found
    }
}

/// In which ways two answers differ. Texts of errors and headers are everybody's own, and have rules of their own
/// where they are not.
fn ways(model: &ServiceModel, a: &Redacted, b: &Redacted) -> Vec<Seen> {
    let (Some(one), Some(other)) = (&a.answer, &b.answer) else { return Vec::new() };
    let (here, there) = (outcome(one), outcome(other));
    if here != there {
        return vec![(Way::Outcome(here.clone(), there.clone()), here, there)];
    }
    if !(200..300).contains(&one.status) {
        return Vec::new();
    }
    let (one, other) = without_others(model, a, &one.body, &other.body);
    let mut found = Vec::new();
    places(&one, &other, "", &mut found);
    let said = |value: Option<&Value>| value.map_or_else(|| "nothing there".to_owned(), Value::to_string);
    let seen = |(place, a, b): Place<'_>| {
        let way = match (a, b) {
            (Some(_), None) => Way::OnlyA(place),
            (None, Some(_)) => Way::OnlyB(place),
            _ => Way::Other(place),
        };
        (way, said(a), said(b))
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
fn without_others(model: &ServiceModel, call: &Redacted, a: &Value, b: &Value) -> (Value, Value) {
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

type Place<'v> = (String, Option<&'v Value>, Option<&'v Value>);

/// The innermost places at which two values differ, elements of lists all under one name.
fn places<'v>(a: &'v Value, b: &'v Value, at: &str, found: &mut Vec<Place<'v>>) {
    match (a, b) {
        _ if a == b => {}
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                match (one.get(name), other.get(name)) {
                    (Some(a), Some(b)) => places(a, b, &at, found),
                    (a, b) => found.push((at, a, b)),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).for_each(|(a, b)| places(a, b, &format!("{at}[]"), found));
        }
        _ => {
            let at = if at.is_empty() { "its body" } else { at };
            found.push((at.to_owned(), Some(a), Some(b)));
        }
    }
}
