//! Judges the pages of a list that were followed: each by itself, their end, and all of them as one response. Decides which
//! token to go on with.
//! Must not call a target.
//! The entry points are [`next_page`] and [`judge_pages`].

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::case::{Case, Follow, Step};
use crate::client::{Exchange, Response};
use crate::model::{Expect, Role, ServiceModel};

use super::expectation::{StepContext, check_expectation};
use super::sdk_view::sdk_mismatch;
use super::transcript::{Followed, Performed, Span};
use super::verdict::StepVerdict;
use super::violation::{Violation, ViolationKind};

/// The decision on the next page.
#[derive(Debug, Clone, PartialEq)]
pub enum NextPage {
    /// Read the page of this token.
    With(Value),
    /// No further page is needed.
    Over,
}

/// The end of the pages.
enum PageEnd {
    /// The last page has no token.
    End,
    /// The pages lead in circles; the evidence in words.
    Circles(String),
    /// The limit of pages is reached.
    TooFar,
    /// There may be more pages.
    Open(Value),
}

/// Joins the pages of a step into one performed step.
#[must_use]
pub fn joined(follow: &Follow, followed: Followed) -> Option<Performed> {
    let (first, last) = (followed.pages.first()?, followed.pages.last()?);
    let failure = followed.between.iter().find_map(|call| call.exchange.outcome.as_ref().err());
    let outcome = match (&last.exchange.outcome, failure) {
        (Err(failure), _) | (_, Some(failure)) => Err(failure.clone()),
        (Ok(answer), None) => Ok(join(follow, &followed, answer)),
    };
    let retries = followed.pages.iter().map(|page| page.exchange.retries).sum();
    let exchange = Exchange { request: first.exchange.request.clone(), outcome, retries };
    let span = Span { invoked: first.span.invoked, returned: last.span.returned };
    let (step, sent) = (first.step, first.sent.clone());
    Some(Performed { step, sent, exchange, span, followed: Some(Box::new(followed)), earlier: 0 })
}

/// Returns the last response with the items of all pages. An error response is returned unchanged.
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

/// Returns the token of a page, unless the token is absent, null or empty.
fn token<'p>(follow: &Follow, page: &'p Response) -> Option<&'p Value> {
    let token = page.json.as_ref().filter(|_| page.is_success())?.get(&follow.next)?;
    (!token.is_null() && token != "").then_some(token)
}

/// Finds the end of the pages, whatever items they contain.
fn reach(follow: &Follow, pages: &[Performed]) -> PageEnd {
    let (mut tokens, mut seen, mut idle) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut open = None;
    for page in answers(pages) {
        let Some(token) = token(follow, page) else { return PageEnd::End };
        let new = on_page(follow, page).iter().filter(|item| seen.insert(item.to_string())).count();
        idle = if new == 0 { idle + 1 } else { 0 };
        if !tokens.insert(token.to_string()) {
            return PageEnd::Circles(format!("the token {} a second time", shortened(token)));
        }
        if idle >= follow.idle {
            return PageEnd::Circles(format!("{idle} pages in a row with a token and without a new item"));
        }
        open = Some(token.clone());
    }
    match open {
        Some(_) if pages.len() >= follow.most => PageEnd::TooFar,
        Some(token) => PageEnd::Open(token),
        None => PageEnd::End,
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

/// Decides on the next page of the step that is being performed.
#[must_use]
pub fn next_page(model: &ServiceModel, case: &Case, transcript: &[Performed]) -> NextPage {
    let Some(index) = transcript.len().checked_sub(1) else { return NextPage::Over };
    let step = case.steps.get(index).and_then(|step| Some((step, step.follow.as_ref()?)));
    let (Some((step, follow)), Some(followed)) = (step, &transcript[index].followed) else {
        return NextPage::Over;
    };
    let context = StepContext { model, case, step: index, transcript };
    if transcript[index].exchange.outcome.is_err() || fault(context, step, follow, followed).is_some() {
        return NextPage::Over;
    }
    match reach(follow, &followed.pages) {
        PageEnd::Open(token) => NextPage::With(token),
        PageEnd::End | PageEnd::Circles(_) | PageEnd::TooFar => NextPage::Over,
    }
}

/// Judges the pages of a step.
pub(crate) fn judge_pages(
    context: StepContext<'_>,
    step: &Step,
    follow: &Follow,
    followed: &Followed,
) -> StepVerdict {
    if let Some(violation) = meanwhile(context, follow, followed) {
        return StepVerdict::NotArranged(violation);
    }
    let violated = match step.role {
        Role::Arrange | Role::Context => StepVerdict::NotArranged,
        Role::Act | Role::Observe | Role::Remove => StepVerdict::Violated,
    };
    if let Some(violation) = fault(context, step, follow, followed) {
        return violated(violation);
    }
    let Ok(answer) = &context.transcript[context.step].exchange.outcome else { return StepVerdict::Held };
    let unended = unended(context, follow, followed);
    if let Some((violation, true)) = &unended
        && follow.must_end
    {
        return violated(violation.clone());
    }
    match (check_expectation(context, &step.expect, answer), unended) {
        (None, None) => unchanged(context, follow, followed),
        // Pages of a list with many other items were judged one by one.
        (Some(_), Some((_, false))) if !follow.each.is_empty() && has_items(follow, followed) => {
            StepVerdict::Held
        }
        // A missing item may be on a page that was not read.
        (Some(_), Some((hindrance, _))) => StepVerdict::NotArranged(hindrance),
        (Some(violation), None) => violated(violation),
        (None, Some(_)) => StepVerdict::Held,
    }
}

fn has_items(follow: &Follow, followed: &Followed) -> bool {
    items(follow, &followed.pages).next().is_some()
}

/// The violation if the pages have no end, and true if they can never have one.
fn unended(context: StepContext<'_>, follow: &Follow, followed: &Followed) -> Option<(Violation, bool)> {
    let (actual, never) = match reach(follow, &followed.pages) {
        PageEnd::End => return None,
        PageEnd::Circles(how) => (how, true),
        PageEnd::TooFar | PageEnd::Open(_) => {
            (format!("{} pages, and a token to go on with", followed.pages.len()), false)
        }
    };
    let expected = "a page without a token in the end".to_owned();
    Some((Violation::new(context.step, ViolationKind::Endless, expected, actual), never))
}

/// The first call between pages that did not succeed.
fn meanwhile(context: StepContext<'_>, follow: &Follow, followed: &Followed) -> Option<Violation> {
    let mut done = follow.between.iter().zip(&followed.between);
    done.find_map(|(step, call)| {
        check_expectation(context, &step.expect, call.exchange.outcome.as_ref().ok()?)
    })
}

/// Returns the violation of missing preparation if there was no second page, because the calls between pages were not
/// made.
fn unchanged(context: StepContext<'_>, follow: &Follow, followed: &Followed) -> StepVerdict {
    if followed.between.len() == follow.between.len() {
        return StepVerdict::Held;
    }
    let seen = answers(&followed.pages)
        .last()
        .map_or_else(|| "no answer".to_owned(), |answer| context.describe(answer));
    let (kind, expected) = (ViolationKind::Missing(follow.next.clone()), "a second page".to_owned());
    StepVerdict::NotArranged(Violation::new(context.step, kind, expected, seen))
}

/// The fault of the pages so far, whatever may follow. Only the last page is checked by itself: after a fault on an
/// earlier page no further page is read.
fn fault(context: StepContext<'_>, step: &Step, follow: &Follow, followed: &Followed) -> Option<Violation> {
    let Ok(answer) = &context.transcript[context.step].exchange.outcome else { return None };
    let last = answers(&followed.pages).last()?;
    let each = Expect::Ok(follow.each.clone());
    let alone = if follow.each.is_empty() { None } else { check_expectation(context, &each, last) };
    alone.or_else(|| lasting(context, step, follow, answer)).or_else(|| misread(context, step, last))
}

/// Returns the violation that further pages cannot resolve.
fn lasting(context: StepContext<'_>, step: &Step, follow: &Follow, answer: &Response) -> Option<Violation> {
    let Expect::Ok(assertions) = &step.expect else { return None };
    let at = format!("/{}", follow.items);
    let lasting = assertions.iter().filter(|a| a.at == at && a.holds.is_lasting()).cloned();
    check_expectation(context, &Expect::Ok(lasting.collect()), answer)
}

/// A page that the SDK deserializes to other values than the wire has.
fn misread(context: StepContext<'_>, step: &Step, page: &Response) -> Option<Violation> {
    let operation = context.model.operations.get(&step.operation)?;
    let (expected, actual) = sdk_mismatch(context.model, operation, page)?;
    Some(Violation::new(context.step, ViolationKind::Reading, expected, actual))
}
