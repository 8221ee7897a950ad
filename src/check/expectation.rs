//! Holds one answer against one expectation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::Value;

use crate::case::Case;
use crate::client::Response;
use crate::model::{Assertion, Expect, Predicate, REDACTED, ServiceModel};

use super::template::{Performed, index_of, performed, resolve};
use super::violation::{ExpectedOutcome, Violation, ViolationKind};

/// An answer in its place.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub model: &'a ServiceModel,
    pub case: &'a Case,
    pub step: usize,
    pub transcript: &'a [Performed],
}

impl Place<'_> {
    /// The service that the step calls.
    fn called(&self) -> &ServiceModel {
        let service = self.case.steps.get(self.step).map(|step| step.service.as_str());
        service.and_then(|name| self.model.service(name)).unwrap_or(self.model)
    }

    /// An answer in a few words, without what is secret.
    pub(super) fn describe(&self, answer: &Response) -> String {
        described(answer, answer.json.clone().map(|json| self.called().redacted(json)).as_ref())
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
pub(super) fn check(place: Place<'_>, expect: &Expect, answer: &Response) -> Option<Violation> {
    match expect {
        // Lawfulness is a matter of the whole transcript: see `lawful`.
        Expect::Any | Expect::Reference => None,
        Expect::Ok(assertions) => accepted(place, assertions, answer),
        Expect::Refused { codes, except, message } => {
            refused(place, (codes, except), message.as_deref(), answer)
        }
        Expect::Either(all) => either(place, all, answer),
        Expect::Absent => gone(place, answer),
        Expect::Same(step) => same(place, step, answer),
        Expect::If(branch) => {
            let came = outcome(place, &branch.accepted)?;
            check(place, if came.is_success() { &branch.then } else { &branch.otherwise }, answer)
        }
    }
}

/// What an earlier step was answered, if it was.
fn outcome<'a>(place: Place<'a>, step: &str) -> Option<&'a Response> {
    let earlier = index_of(place.case, step).and_then(|i| performed(place.transcript, i))?;
    earlier.exchange.outcome.as_ref().ok()
}

fn gone(place: Place<'_>, answer: &Response) -> Option<Violation> {
    let model = place.called();
    let absent = &model.refusals.absent;
    let operation = place.case.steps.get(place.step).map_or("", |s| s.operation.as_str());
    let view = model.resource_of(operation).map_or("", |(resource, _)| resource.view.read.as_str());
    let holds =
        |body: &Value| body.pointer(view).is_some_and(|v| v.as_object().is_none_or(|o| !o.is_empty()));
    let is_gone = if answer.is_success() {
        answer.json.as_ref().is_some_and(|body| !holds(body))
    } else {
        answer.is_client_error() && model.refusals.say_absent(answer.error_code())
    };
    let expected = || format!("nothing there any more ({})", absent.join(" or "));
    (!is_gone).then(|| place.violation(ViolationKind::StillThere, expected(), place.describe(answer)))
}

fn accepted(place: Place<'_>, assertions: &[Assertion], answer: &Response) -> Option<Violation> {
    if !answer.is_success() {
        let kind = if answer.is_server_error() { ViolationKind::ServerError } else { ViolationKind::Refused };
        let violation = place.violation(kind, "success (2xx)", place.describe(answer));
        return Some(violation.of_outcome(ExpectedOutcome::Success));
    }
    if !answer.json.as_ref().is_some_and(Value::is_object) {
        return Some(place.violation(ViolationKind::NotAnObject, "a JSON object", place.describe(answer)));
    }
    assertions.iter().find_map(|assertion| assert(place, assertion, answer))
}

fn refused(
    place: Place<'_>,
    (codes, except): (&[String], &[String]),
    message: Option<&str>,
    answer: &Response,
) -> Option<Violation> {
    let expected = || match codes {
        [] if except.is_empty() => "a client error (4xx)".to_owned(),
        [] => format!("a client error (4xx) other than {}", except.join(", ")),
        codes => format!("refusal with {}", codes.join(" or ")),
    };
    let violated = |kind| {
        let violation = place.violation(kind, expected(), place.describe(answer));
        Some(violation.of_outcome(ExpectedOutcome::Refusal(codes.to_vec())))
    };
    if answer.is_success() {
        return violated(ViolationKind::Accepted);
    }
    if answer.is_server_error() {
        return violated(ViolationKind::ServerError);
    }
    let code = answer.error_code().unwrap_or_default();
    let names = |list: &[String]| list.iter().any(|c| c == code);
    let allowed = (codes.is_empty() || names(codes)) && !names(except);
    if !allowed || !(400..500).contains(&answer.status) {
        return violated(ViolationKind::WrongCode);
    }
    let text = answer.error_message();
    message.filter(|wanted| text != Some(wanted)).map(|wanted| {
        let actual = text.map_or_else(|| "no text".to_owned(), |t| format!("the text {t:?}"));
        place.violation(ViolationKind::WrongMessage, format!("the text {wanted:?}"), actual)
    })
}

fn either(place: Place<'_>, all: &[Expect], answer: &Response) -> Option<Violation> {
    let mut violations = Vec::new();
    for expect in all {
        violations.push(check(place, expect, answer)?);
    }
    let expected = alternatives(violations.iter().map(|violation| violation.expected.as_str()));
    let outcome = violations.iter().map(|violation| violation.outcome.clone()).reduce(ExpectedOutcome::or)?;
    // What came is the same for all; the alternative that got furthest tells best.
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

fn same(place: Place<'_>, step: &str, answer: &Response) -> Option<Violation> {
    let earlier = outcome(place, step)?;
    let alike = match (earlier.is_success(), answer.is_success()) {
        (true, true) => match (&earlier.json, &answer.json) {
            (Some(a), Some(b)) => equal(a, b),
            (a, b) => a.is_none() && b.is_none(),
        },
        (false, false) => earlier.error_code() == answer.error_code(),
        _ => false,
    };
    let text = || format!("the same answer as before: {}", place.describe(earlier));
    (!alike).then(|| place.violation(ViolationKind::Changed, text(), place.describe(answer)))
}

fn assert(place: Place<'_>, assertion: &Assertion, answer: &Response) -> Option<Violation> {
    let actual = answer.json.as_ref().and_then(|body| body.pointer(&assertion.at)).filter(|v| !v.is_null());
    let model = place.called();
    let secret = model.is_secret(&assertion.at)
        || assertion.holds.template().is_some_and(|template| refers_to_secret(place, template));
    let visible =
        |value: &Value| if secret { REDACTED.to_owned() } else { show(&model.redacted(value.clone())) };
    let fault = |expected: String| {
        let shown = actual.map_or_else(|| "absent".to_owned(), visible);
        let kind = if actual.is_none() && !assertion.at.is_empty() {
            ViolationKind::Missing(assertion.at.trim_start_matches('/').replace('/', "."))
        } else {
            ViolationKind::Value(assertion.at.clone())
        };
        let at = if assertion.at.is_empty() { "the body" } else { &assertion.at };
        Some(place.violation(kind, format!("{at} {expected}"), shown))
    };
    let wanted = |template: &Value| resolve(template, place.case, place.transcript);
    match &assertion.holds {
        Predicate::Present(_) if actual.is_none() => fault("present".to_owned()),
        Predicate::Absent(_) if actual.is_some() => fault("absent".to_owned()),
        Predicate::Present(_) | Predicate::Absent(_) => None,
        Predicate::MaxItems(most) => match actual.and_then(Value::as_array) {
            Some(items) if items.len() as u64 > *most => fault(format!("with at most {most} elements")),
            _ => None,
        },
        Predicate::MinItems(least) => {
            let count = actual.and_then(Value::as_array).map_or(0, Vec::len) as u64;
            if count < *least { fault(format!("with at least {least} elements")) } else { None }
        }
        Predicate::Matches(pattern) => {
            let found = Regex::new(pattern)
                .is_ok_and(|regex| actual.and_then(Value::as_str).is_some_and(|t| regex.is_match(t)));
            if found { None } else { fault(format!("matching `{pattern}`")) }
        }
        Predicate::Equals(template)
        | Predicate::Differs(template)
        | Predicate::Contains(template)
        | Predicate::JsonEquals(template)
        | Predicate::Base64(template)
        | Predicate::HasItem(template)
        | Predicate::HasOneOf(template)
        | Predicate::LacksItem(template)
        | Predicate::AtMostOnce(template)
        | Predicate::SameItems(template)
        | Predicate::AtLeast(template)
        | Predicate::Near(template) => match wanted(template) {
            Ok(wanted) => compare(&assertion.holds, &wanted, actual, &visible).and_then(fault),
            Err(unresolved) => fault(format!("comparable ({unresolved})")),
        },
    }
}

/// Whether what an answer is compared with comes from a place of a secret.
fn refers_to_secret(place: Place<'_>, template: &Value) -> bool {
    match template {
        Value::Object(map) => {
            let pointer = map.get("at").and_then(Value::as_str).unwrap_or_default();
            let services = place.model.others.values().map(AsRef::as_ref).chain([place.model]);
            services.into_iter().any(|model| model.is_secret(pointer))
                || map.values().any(|inner| refers_to_secret(place, inner))
        }
        Value::Array(items) => items.iter().any(|item| refers_to_secret(place, item)),
        _ => false,
    }
}

/// What should have been, if it is not.
fn compare(
    holds: &Predicate,
    wanted: &Value,
    actual: Option<&Value>,
    show: &impl Fn(&Value) -> String,
) -> Option<String> {
    let (held, words) = match holds {
        Predicate::Equals(_) => (actual.map_or(wanted.is_null(), |a| equal(wanted, a)), "equal to"),
        Predicate::Differs(_) => (actual.is_some_and(|a| !equal(wanted, a)), "other than"),
        Predicate::Contains(_) => {
            (wanted.is_null() || actual.is_some_and(|a| contains(a, wanted)), "holding")
        }
        Predicate::Base64(_) => (actual.is_some_and(|a| decodes_to(a, wanted)), "base64 of"),
        Predicate::JsonEquals(_) => (actual.is_some_and(|a| same_json(wanted, a)), "the same JSON as"),
        Predicate::HasItem(_) => {
            let items = actual.and_then(Value::as_array);
            (items.is_some_and(|items| count(items, wanted) > 0), "with an element holding")
        }
        Predicate::HasOneOf(_) => {
            let (items, marks) = (actual.and_then(Value::as_array), wanted.as_array());
            let found = |items: &Vec<Value>| marks.into_iter().flatten().any(|mark| count(items, mark) > 0);
            (items.is_some_and(found), "with an element holding one of")
        }
        Predicate::LacksItem(_) => {
            let items = actual.and_then(Value::as_array);
            // A list that is not there proves nothing about what it lacks.
            let lacks = items.is_some_and(|items| count(items, wanted) == 0);
            (lacks, "without an element holding")
        }
        Predicate::AtMostOnce(_) => {
            let count = actual.and_then(Value::as_array).map_or(0, |items| count(items, wanted));
            (count <= 1, "with no more than one element holding")
        }
        Predicate::SameItems(_) => return other_items(wanted, actual, show),
        Predicate::AtLeast(_) => {
            let (least, number) = (wanted.as_f64(), actual.and_then(Value::as_f64));
            (least.zip(number).is_some_and(|(least, number)| number >= least), "not smaller than")
        }
        Predicate::Near(_) => {
            let times = wanted.as_f64().zip(actual.and_then(Value::as_f64));
            (times.is_some_and(|(one, other)| (one - other).abs() < 1.0), "less than a second from")
        }
        _ => (true, ""),
    };
    (!held).then(|| format!("{words} {}", show(wanted)))
}

/// How many of the items hold that.
fn count(items: &[Value], wanted: &Value) -> usize {
    items.iter().filter(|item| contains(item, wanted)).count()
}

/// What a list has that another has not, or lacks that another has, of the things looked for.
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

/// Equal as JSON, numbers by value.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| equal(x, y)),
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(key, x)| y.get(key).is_some_and(|y| equal(x, y)))
        }
        _ => a == b,
    }
}

/// Whether a value holds all that was sent. What was sent as null was not given.
fn contains(actual: &Value, sent: &Value) -> bool {
    match (actual, sent) {
        (_, Value::Null) => true,
        (Value::Object(actual), Value::Object(sent)) => sent
            .iter()
            .all(|(key, inner)| inner.is_null() || actual.get(key).is_some_and(|a| contains(a, inner))),
        (Value::Array(actual), Value::Array(sent)) => {
            actual.len() == sent.len() && actual.iter().zip(sent).all(|(a, s)| contains(a, s))
        }
        _ => equal(actual, sent),
    }
}

fn decodes_to(actual: &Value, wanted: &Value) -> bool {
    let bytes = actual.as_str().and_then(|text| STANDARD.decode(text).ok());
    bytes.zip(wanted.as_str()).is_some_and(|(bytes, wanted)| bytes == wanted.as_bytes())
}

fn same_json(a: &Value, b: &Value) -> bool {
    let parse = |v: &Value| v.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parse(a).zip(parse(b)).is_some_and(|(a, b)| equal(&a, &b))
}

/// An answer in a few words.
pub(super) fn describe(answer: &Response) -> String {
    described(answer, answer.json.as_ref())
}

fn described(answer: &Response, json: Option<&Value>) -> String {
    let body = json.map_or_else(|| shorten(&String::from_utf8_lossy(&answer.body)), show);
    match answer.error_code() {
        Some(code) => match answer.error_message() {
            Some(text) => format!("{} {code}: {}", answer.status, shorten(text)),
            None => format!("{} {code}", answer.status),
        },
        None => format!("{} {body}", answer.status),
    }
}

fn show(value: &Value) -> String {
    shorten(&value.to_string())
}

/// Enough to recognise it, on one line; the whole stands in the transcript.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 300;
    let line = text.replace('\r', "\\r").replace('\n', "\\n");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &line[..end], text.len()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn contains_wants_all_that_was_sent_and_lets_more_be() {
        let sent = json!({ "A": [{ "M": "X" }], "B": null });
        assert!(contains(&json!({ "A": [{ "M": "X", "K": 1 }], "C": 1 }), &sent));
        for wrong in [
            json!({ "A": [] }),
            json!({ "A": [{ "M": "Y" }] }),
            json!({ "A": [{ "M": "X" }, {}] }),
            json!([]),
        ] {
            assert!(!contains(&wrong, &sent), "{wrong}");
        }
    }

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

    #[test]
    fn numbers_are_equal_by_value_and_objects_in_any_order() {
        assert!(equal(&json!({ "a": 1, "b": [2.0] }), &json!({ "b": [2], "a": 1.0 })));
        assert!(!equal(&json!(1), &json!("1")));
        assert!(!equal(&json!({ "a": 1 }), &json!({ "a": 1, "b": 1 })));
    }
}
