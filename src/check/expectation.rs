//! Checks one response against one expectation.
//! Must not call a target.
//! The entry point is [`check_expectation`].

use regex::Regex;
use serde_json::Value;

use crate::case::Case;
use crate::client::Response;
use crate::model::{Assertion, Expect, Predicate, REDACTED, ServiceModel};

use super::foreign::{hide_foreign, listed_member, without_foreign_items};
use super::json::{contains, count, decodes_to, described, equal, same_json, show};
use super::template::resolve;
use super::transcript::{PerformedStep, find_step};
use super::violation::{ExpectedOutcome, Violation, ViolationKind};

/// The step whose response is checked.
#[derive(Clone, Copy)]
pub(crate) struct StepContext<'a> {
    /// The service of the case.
    pub model: &'a ServiceModel,
    /// The case.
    pub case: &'a Case,
    /// Index of the step.
    pub step: usize,
    /// The steps performed so far.
    pub transcript: &'a [PerformedStep],
}

impl StepContext<'_> {
    /// The service that the step calls.
    fn called_service(&self) -> &ServiceModel {
        let service = self.case.steps.get(self.step).map(|step| step.service.as_str());
        service.and_then(|name| self.model.service(name)).unwrap_or(self.model)
    }

    /// An answer in a few words, without what is secret.
    pub(super) fn describe(&self, response: &Response) -> String {
        let shown = |json| {
            without_foreign_items(
                self.called_service(),
                self.operation(),
                self.called_service().redacted(json),
            )
        };
        described(response, response.json.clone().map(shown).as_ref())
    }

    /// The operation that the step calls.
    fn operation(&self) -> &str {
        self.case.steps.get(self.step).map_or("", |step| step.operation.as_str())
    }

    /// Returns a value of the response in words, without what is secret or belongs to others.
    fn visible(&self, assertion: &Assertion, value: &Value) -> String {
        let model = self.called_service();
        let refers_to_secret = |template| refers_to_secret(*self, template);
        if model.is_secret(&assertion.at) || assertion.holds.template().is_some_and(refers_to_secret) {
            return REDACTED.to_owned();
        }
        let mut value = model.redacted(value.clone());
        if listed_member(model, self.operation())
            .is_some_and(|member| assertion.at.strip_prefix('/') == Some(member))
        {
            hide_foreign(&mut value);
        }
        show(&value)
    }

    fn violation(
        &self,
        kind: ViolationKind,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Violation {
        Violation::new(self.step, kind, expected, actual)
    }
}

/// The violation, if the answer is not what was expected.
pub(crate) fn check_expectation(
    context: StepContext<'_>,
    expect: &Expect,
    response: &Response,
) -> Option<Violation> {
    match expect {
        // The reference judges the whole transcript: see `reference_check`.
        Expect::Any | Expect::Reference => None,
        Expect::Ok(assertions) => check_accepted(context, assertions, response),
        Expect::Refused { codes, except, message } => {
            check_refused(context, (codes, except), message.as_deref(), response)
        }
        Expect::Either(all) => check_either(context, all, response),
        Expect::Absent => check_absent(context, response),
        Expect::Same(step) => check_same(context, step, response),
        Expect::If(branch) => {
            let earlier = response_to(context, &branch.accepted)?;
            check_expectation(
                context,
                if earlier.is_success() { &branch.then } else { &branch.otherwise },
                response,
            )
        }
    }
}

/// The response to an earlier step, if it has one.
fn response_to<'a>(context: StepContext<'a>, step: &str) -> Option<&'a Response> {
    find_step(step, context.case, context.transcript)?.exchange.outcome.as_ref().ok()
}

fn check_absent(context: StepContext<'_>, response: &Response) -> Option<Violation> {
    let model = context.called_service();
    let absent = &model.refusals.absent;
    let operation = context.case.steps.get(context.step).map_or("", |s| s.operation.as_str());
    let view = model.resource_of(operation).map_or("", |(resource, _)| resource.view.read.as_str());
    let holds =
        |body: &Value| body.pointer(view).is_some_and(|v| v.as_object().is_none_or(|o| !o.is_empty()));
    let is_gone = if response.is_success() {
        response.json.as_ref().is_some_and(|body| !holds(body))
    } else {
        response.is_client_error() && model.refusals.say_absent(response.error_code())
    };
    let expected = || format!("nothing there any more ({})", absent.join(" or "));
    (!is_gone).then(|| context.violation(ViolationKind::StillThere, expected(), context.describe(response)))
}

fn check_accepted(
    context: StepContext<'_>,
    assertions: &[Assertion],
    response: &Response,
) -> Option<Violation> {
    if !response.is_success() {
        let kind =
            if response.is_server_error() { ViolationKind::ServerError } else { ViolationKind::Refused };
        let violation = context.violation(kind, "success (2xx)", context.describe(response));
        return Some(violation.of_outcome(ExpectedOutcome::Success));
    }
    if !response.json.as_ref().is_some_and(Value::is_object) {
        return Some(context.violation(
            ViolationKind::NotAnObject,
            "a JSON object",
            context.describe(response),
        ));
    }
    assertions.iter().find_map(|assertion| check_assertion(context, assertion, response))
}

fn check_refused(
    context: StepContext<'_>,
    (codes, except): (&[String], &[String]),
    message: Option<&str>,
    response: &Response,
) -> Option<Violation> {
    let expected = || match codes {
        [] if except.is_empty() => "a client error (4xx)".to_owned(),
        [] => format!("a client error (4xx) other than {}", except.join(", ")),
        codes => format!("refusal with {}", codes.join(" or ")),
    };
    let violated = |kind| {
        let violation = context.violation(kind, expected(), context.describe(response));
        Some(violation.of_outcome(ExpectedOutcome::Refusal(codes.to_vec())))
    };
    if response.is_success() {
        return violated(ViolationKind::Accepted);
    }
    if response.is_server_error() {
        return violated(ViolationKind::ServerError);
    }
    let code = response.error_code().unwrap_or_default();
    let names = |list: &[String]| list.iter().any(|c| c == code);
    let allowed = (codes.is_empty() || names(codes)) && !names(except);
    if !allowed || !(400..500).contains(&response.status) {
        return violated(ViolationKind::WrongCode);
    }
    let text = response.error_message();
    message.filter(|wanted| text != Some(wanted)).map(|wanted| {
        let actual = text.map_or_else(|| "no text".to_owned(), |t| format!("the text {t:?}"));
        context.violation(ViolationKind::WrongMessage, format!("the text {wanted:?}"), actual)
    })
}

fn check_either(context: StepContext<'_>, all: &[Expect], response: &Response) -> Option<Violation> {
    let mut violations = Vec::new();
    for expect in all {
        violations.push(check_expectation(context, expect, response)?);
    }
    let expected = alternatives(violations.iter().map(|violation| violation.expected.as_str()));
    let outcome = violations.iter().map(|violation| violation.outcome.clone()).reduce(ExpectedOutcome::or)?;
    // All alternatives have the same response. The one that got furthest describes the violation best.
    let furthest = violations.into_iter().max_by_key(|v| matches!(v.kind, ViolationKind::Value(_)))?;
    Some(Violation { outcome, expected, ..furthest })
}

/// Joins alternatives, each once.
fn alternatives<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct.join(", or ")
}

fn check_same(context: StepContext<'_>, step: &str, response: &Response) -> Option<Violation> {
    let earlier = response_to(context, step)?;
    let alike = match (earlier.is_success(), response.is_success()) {
        (true, true) => match (&earlier.json, &response.json) {
            (Some(a), Some(b)) => equal(a, b),
            (a, b) => a.is_none() && b.is_none(),
        },
        (false, false) => earlier.error_code() == response.error_code(),
        _ => false,
    };
    let text = || format!("the same answer as before: {}", context.describe(earlier));
    (!alike).then(|| context.violation(ViolationKind::Changed, text(), context.describe(response)))
}

/// Returns the violation, if the response does not meet an assertion about one of its values.
fn check_assertion(
    context: StepContext<'_>,
    assertion: &Assertion,
    response: &Response,
) -> Option<Violation> {
    let actual = response.json.as_ref().and_then(|body| body.pointer(&assertion.at)).filter(|v| !v.is_null());
    let visible = |value: &Value| context.visible(assertion, value);
    let expected = unmet(context, &assertion.holds, actual, &visible)?;
    let shown = actual.map_or_else(|| "absent".to_owned(), visible);
    let kind = if actual.is_none() && !assertion.at.is_empty() {
        ViolationKind::Missing(assertion.at.trim_start_matches('/').replace('/', "."))
    } else {
        ViolationKind::Value(assertion.at.clone())
    };
    let at = if assertion.at.is_empty() { "the body" } else { &assertion.at };
    Some(context.violation(kind, format!("{at} {expected}"), shown))
}

/// Returns the requirement on a value in words, if the value does not meet it.
fn unmet(
    context: StepContext<'_>,
    holds: &Predicate,
    actual: Option<&Value>,
    show: &impl Fn(&Value) -> String,
) -> Option<String> {
    let items = actual.and_then(Value::as_array);
    match holds {
        Predicate::Present(_) => actual.is_none().then(|| "present".to_owned()),
        Predicate::Absent(_) => actual.is_some().then(|| "absent".to_owned()),
        Predicate::MaxItems(most) => items
            .is_some_and(|items| items.len() as u64 > *most)
            .then(|| format!("with at most {most} elements")),
        Predicate::MinItems(least) => (items.map_or(0, Vec::len)
            < usize::try_from(*least).unwrap_or(usize::MAX))
        .then(|| format!("with at least {least} elements")),
        Predicate::Matches(pattern) => {
            let text = actual.and_then(Value::as_str);
            let found = Regex::new(pattern).is_ok_and(|regex| text.is_some_and(|text| regex.is_match(text)));
            (!found).then(|| format!("matching `{pattern}`"))
        }
        compared => match resolve(compared.template()?, context.case, context.transcript) {
            Ok(wanted) => compare(compared, &wanted, actual, show),
            Err(unresolved) => Some(format!("comparable ({unresolved})")),
        },
    }
}

/// Returns true if a template refers to a secret value.
fn refers_to_secret(context: StepContext<'_>, template: &Value) -> bool {
    match template {
        Value::Object(map) => {
            let pointer = map.get("at").and_then(Value::as_str).unwrap_or_default();
            let services = context.model.others.values().map(AsRef::as_ref).chain([context.model]);
            services.into_iter().any(|model| model.is_secret(pointer))
                || map.values().any(|inner| refers_to_secret(context, inner))
        }
        Value::Array(items) => items.iter().any(|item| refers_to_secret(context, item)),
        _ => false,
    }
}

/// Compares a value, and returns the expected value in words if they differ.
fn compare(
    holds: &Predicate,
    wanted: &Value,
    actual: Option<&Value>,
    show: &impl Fn(&Value) -> String,
) -> Option<String> {
    let items = actual.and_then(Value::as_array);
    let has = |wanted: &Value| items.is_some_and(|items| count(items, wanted) > 0);
    let numbers = wanted.as_f64().zip(actual.and_then(Value::as_f64));
    let (held, words) = match holds {
        Predicate::Equals(_) => (actual.map_or(wanted.is_null(), |a| equal(wanted, a)), "equal to"),
        Predicate::Differs(_) => (actual.is_some_and(|a| !equal(wanted, a)), "other than"),
        Predicate::Contains(_) => {
            (wanted.is_null() || actual.is_some_and(|a| contains(a, wanted)), "holding")
        }
        Predicate::Base64(_) => (actual.is_some_and(|a| decodes_to(a, wanted)), "base64 of"),
        Predicate::JsonEquals(_) => (actual.is_some_and(|a| same_json(wanted, a)), "the same JSON as"),
        Predicate::HasItem(_) => (has(wanted), "with an element holding"),
        Predicate::HasOneOf(_) => {
            (wanted.as_array().into_iter().flatten().any(has), "with an element holding one of")
        }
        // An absent list proves nothing about its items.
        Predicate::LacksItem(_) => (items.is_some() && !has(wanted), "without an element holding"),
        Predicate::AtMostOnce(_) => {
            (items.is_none_or(|items| count(items, wanted) <= 1), "with no more than one element holding")
        }
        Predicate::SameItems(_) => return other_items(wanted, actual, show),
        Predicate::AtLeast(_) => (numbers.is_some_and(|(least, number)| number >= least), "not smaller than"),
        Predicate::Near(_) => {
            (numbers.is_some_and(|(one, other)| (one - other).abs() < 1.0), "less than a second from")
        }
        _ => (true, ""),
    };
    (!held).then(|| format!("{words} {}", show(wanted)))
}

/// Compares two lists by the wanted items, and returns the first difference in words.
fn other_items(wanted: &Value, actual: Option<&Value>, show: &impl Fn(&Value) -> String) -> Option<String> {
    let empty = Vec::new();
    let list = |value: Option<&'_ Value>| value.and_then(Value::as_array).unwrap_or(&empty).clone();
    let (before, after) = (list(wanted.get("as")), list(actual));
    list(wanted.get("of")).iter().find_map(|mark| match (count(&before, mark), count(&after, mark)) {
        (0, 0) => None,
        (0, _) => Some(format!("without an element holding {}, as before", show(mark))),
        (_, 0) => Some(format!("with an element holding {}, as before", show(mark))),
        _ => None,
    })
}

/// Returns true if the last response is the one that its step waits for. A missing response is not waited for.
#[must_use]
pub fn is_awaited(model: &ServiceModel, case: &Case, transcript: &[PerformedStep]) -> bool {
    let Some(last) = transcript.last() else { return true };
    let (Ok(response), Some(until)) = (&last.exchange.outcome, &case.steps[last.step].until) else {
        return true;
    };
    check_expectation(StepContext { model, case, step: last.step, transcript }, until, response).is_none()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn alternatives_are_listed_once() {
        let texts = ["success (2xx)", "/A present", "success (2xx)"];
        assert_eq!(alternatives(texts.into_iter()), "success (2xx), or /A present");
    }

    #[test]
    fn times_are_near_when_less_than_a_second_lies_between() {
        let near = |actual: Value| {
            compare(&Predicate::Near(Value::Null), &json!(10.5), Some(&actual), &show).is_none()
        };
        assert!(near(json!(10.5)) && near(json!(9.51)) && near(json!(11)));
        assert!(!near(json!(11.5)) && !near(json!(9.5)) && !near(json!("10.5")));
        assert!(compare(&Predicate::Near(Value::Null), &json!(10.5), None, &show).is_some());
    }
}
