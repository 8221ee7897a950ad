//! Judges pages that were followed: each by itself, whether they end, and all of them as one answer. Says
//! with which token to go on, and sends nothing.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::case::{Case, Follow, Step};
use crate::client::{Exchange, Response};
use crate::model::{Expect, Role, ServiceModel};

use super::expectation::{Place, check};
use super::judge::StepVerdict;
use super::reading;
use super::template::{Performed, Span};
use super::violation::{Violation, ViolationKind};

/// The calls of a step that follows pages.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The pages, in order.
    pub pages: Vec<Performed>,
    /// What was done between the first page and the second.
    pub between: Vec<Performed>,
}

/// Whether to read another page.
#[derive(Debug, Clone, PartialEq)]
pub enum Onward {
    /// With this token.
    With(Value),
    /// There is none, or nothing to be learnt from one.
    Over,
}

/// How far the pages got.
enum Reach {
    /// To a page without a token.
    End,
    /// To where they lead in circles: what shows it.
    Circles(String),
    /// To more pages than anybody reads.
    TooFar,
    /// There may be more.
    Open(Value),
}

/// The step as if there had been one page.
#[must_use]
pub fn joined(follow: &Follow, followed: Followed) -> Option<Performed> {
    let (first, last) = (followed.pages.first()?, followed.pages.last()?);
    let failure = followed.between.iter().find_map(|call| call.exchange.outcome.as_ref().err());
    let outcome = match (&last.exchange.outcome, failure) {
        (Err(failure), _) | (_, Some(failure)) => Err(failure.clone()),
        (Ok(answer), None) => Ok(join(follow, &followed, answer)),
    };
    let exchange = Exchange { request: first.exchange.request.clone(), outcome };
    let span = Span { invoked: first.span.invoked, returned: last.span.returned };
    let (step, sent) = (first.step, first.sent.clone());
    Some(Performed { step, sent, exchange, span, followed: Some(Box::new(followed)), earlier: 0 })
}

/// The last answer with the items of all; a refusal stays what it is.
fn join(follow: &Follow, followed: &Followed, last: &Response) -> Response {
    let mut whole = last.clone();
    if let (true, Some(body)) = (last.is_success(), &mut whole.json)
        && body.get(&follow.items).is_some_and(Value::is_array)
    {
        body[&follow.items] = json!(items(follow, &followed.pages).collect::<Vec<_>>());
        whole.body = Bytes::from(body.to_string());
    }
    whole
}

fn answers(pages: &[Performed]) -> impl Iterator<Item = &Response> {
    pages.iter().filter_map(|page| page.exchange.outcome.as_ref().ok())
}

fn on_page<'p>(follow: &Follow, page: &'p Response) -> &'p [Value] {
    let items = page.json.as_ref().and_then(|body| body.get(&follow.items)).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn items<'p>(follow: &'p Follow, pages: &'p [Performed]) -> impl Iterator<Item = &'p Value> {
    answers(pages).flat_map(|page| on_page(follow, page))
}

/// The token a page hands out: neither nothing nor an empty text.
fn token<'p>(follow: &Follow, page: &'p Response) -> Option<&'p Value> {
    let token = page.json.as_ref().filter(|_| page.is_success())?.get(&follow.next)?;
    (!token.is_null() && token != "").then_some(token)
}

/// How far the pages got, whatever is on them.
fn reach(follow: &Follow, pages: &[Performed]) -> Reach {
    let (mut tokens, mut seen, mut idle) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut open = None;
    for page in answers(pages) {
        let Some(token) = token(follow, page) else { return Reach::End };
        let new = on_page(follow, page).iter().filter(|item| seen.insert(item.to_string())).count();
        idle = if new == 0 { idle + 1 } else { 0 };
        if !tokens.insert(token.to_string()) {
            return Reach::Circles(format!("the token {} a second time", shortened(token)));
        }
        if idle >= follow.idle {
            return Reach::Circles(format!("{idle} pages in a row with a token and without a new item"));
        }
        open = Some(token.clone());
    }
    match open {
        Some(_) if pages.len() >= follow.most => Reach::TooFar,
        Some(token) => Reach::Open(token),
        None => Reach::End,
    }
}

fn shortened(token: &Value) -> String {
    const SHOWN: usize = 40;
    let text = token.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether the step just carried out, as far as it is, needs another page.
#[must_use]
pub fn onward(model: &ServiceModel, case: &Case, transcript: &[Performed]) -> Onward {
    let Some(index) = transcript.len().checked_sub(1) else { return Onward::Over };
    let step = case.steps.get(index).and_then(|step| Some((step, step.follow.as_ref()?)));
    let (Some((step, follow)), Some(followed)) = (step, &transcript[index].followed) else {
        return Onward::Over;
    };
    let place = Place { model, case, step: index, transcript };
    if transcript[index].exchange.outcome.is_err() || fault(place, step, follow, followed).is_some() {
        return Onward::Over;
    }
    match reach(follow, &followed.pages) {
        Reach::Open(token) => Onward::With(token),
        Reach::End | Reach::Circles(_) | Reach::TooFar => Onward::Over,
    }
}

/// Judges the pages of a step.
pub(super) fn judge(place: Place<'_>, step: &Step, follow: &Follow, followed: &Followed) -> StepVerdict {
    if let Some(violation) = meanwhile(place, follow, followed) {
        return StepVerdict::NotArranged(violation);
    }
    let violated = match step.role {
        Role::Arrange | Role::Context => StepVerdict::NotArranged,
        Role::Act | Role::Observe | Role::Remove => StepVerdict::Violated,
    };
    if let Some(violation) = fault(place, step, follow, followed) {
        return violated(violation);
    }
    let Ok(answer) = &place.transcript[place.step].exchange.outcome else { return StepVerdict::Held };
    let unended = unended(place, follow, followed);
    if let Some((violation, true)) = &unended
        && follow.must_end
    {
        return violated(violation.clone());
    }
    match (check(place, &step.expect, answer), unended) {
        (None, None) => unchanged(place, follow, followed),
        // What is not there yet might still come.
        (Some(_), Some((hindrance, _))) => StepVerdict::NotArranged(hindrance),
        (Some(violation), None) => violated(violation),
        (None, Some(_)) => StepVerdict::Held,
    }
}

/// That the pages came to no end, if they did not, and whether they never will.
fn unended(place: Place<'_>, follow: &Follow, followed: &Followed) -> Option<(Violation, bool)> {
    let (actual, never) = match reach(follow, &followed.pages) {
        Reach::End => return None,
        Reach::Circles(how) => (how, true),
        Reach::TooFar | Reach::Open(_) => {
            (format!("{} pages, and a token to go on with", followed.pages.len()), false)
        }
    };
    let expected = "a page without a token in the end".to_owned();
    Some((Violation::new(place.step, ViolationKind::Endless, expected, actual), never))
}

/// What was to be done between pages and could not be.
fn meanwhile(place: Place<'_>, follow: &Follow, followed: &Followed) -> Option<Violation> {
    let mut done = follow.between.iter().zip(&followed.between);
    done.find_map(|(step, call)| check(place, &step.expect, call.exchange.outcome.as_ref().ok()?))
}

/// Where there was no second page, nothing was changed before it.
fn unchanged(place: Place<'_>, follow: &Follow, followed: &Followed) -> StepVerdict {
    if followed.between.len() == follow.between.len() {
        return StepVerdict::Held;
    }
    let seen = answers(&followed.pages)
        .last()
        .map_or_else(|| "no answer".to_owned(), |answer| place.describe(answer));
    let (kind, expected) = (ViolationKind::Missing(follow.next.clone()), "a second page".to_owned());
    StepVerdict::NotArranged(Violation::new(place.step, kind, expected, seen))
}

/// What is wrong about the pages so far, whatever may follow. Only the last page is looked at by itself:
/// with a fault on any other there would have been no page after it.
fn fault(place: Place<'_>, step: &Step, follow: &Follow, followed: &Followed) -> Option<Violation> {
    let Ok(answer) = &place.transcript[place.step].exchange.outcome else { return None };
    let last = answers(&followed.pages).last()?;
    let each = Expect::Ok(follow.each.clone());
    let alone = if follow.each.is_empty() { None } else { check(place, &each, last) };
    alone.or_else(|| lasting(place, step, follow, answer)).or_else(|| misread(place, step, last))
}

/// What no further page can mend.
fn lasting(place: Place<'_>, step: &Step, follow: &Follow, answer: &Response) -> Option<Violation> {
    let Expect::Ok(assertions) = &step.expect else { return None };
    let at = format!("/{}", follow.items);
    let lasting = assertions.iter().filter(|a| a.at == at && a.holds.is_lasting()).cloned();
    check(place, &Expect::Ok(lasting.collect()), answer)
}

/// A page that the SDK reads otherwise than it stands on the wire.
fn misread(place: Place<'_>, step: &Step, page: &Response) -> Option<Violation> {
    let operation = place.model.operations.get(&step.operation)?;
    let (expected, actual) = reading::disagreement(place.model, operation, page)?;
    Some(Violation::new(place.step, ViolationKind::Reading, expected, actual))
}
