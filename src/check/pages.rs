//! Judges the pages of a list that were followed: each by itself, their end, and all of them as one response. Decides which
//! token to go on with.
//! Must not call a target.
//! The entry points are [`next_page`] and [`judge_pages`].

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::case::{Case, Follow, Step};
use crate::client::{Exchange, Response};
use crate::model::{Expect, ServiceModel};

use super::expectation::{StepContext, check_expectation};
use super::json::first_chars;
use super::sdk_view::sdk_mismatch;
use super::transcript::{CallInterval, FollowedPages, PerformedStep};
use super::violation::{StepVerdict, Violation, ViolationKind};

/// The number of characters of a token in a violation.
const MAX_TOKEN_CHARS: usize = 40;

/// The decision on the next page.
#[derive(Debug, Clone, PartialEq)]
pub enum NextPage {
    /// Read the page of this token.
    Token(Value),
    /// No further page is needed.
    Last,
}

/// The end of the pages.
enum PageEnd {
    /// The last page has no token.
    End,
    /// The pages lead in circles; the evidence in words.
    Cycle(String),
    /// The limit of pages is reached.
    TooManyPages,
    /// There may be more pages.
    Open(Value),
}

/// Joins the pages of a step into one performed step.
#[must_use]
pub fn join_pages(follow: &Follow, followed: FollowedPages) -> Option<PerformedStep> {
    let (first, last) = (followed.pages.first()?, followed.pages.last()?);
    let failure = followed.between.iter().find_map(|call| call.exchange.outcome.as_ref().err());
    let outcome = match (&last.exchange.outcome, failure) {
        (Err(failure), _) | (_, Some(failure)) => Err(failure.clone()),
        (Ok(response), None) => Ok(join_responses(follow, &followed, response)),
    };
    let retries = followed.pages.iter().map(|page| page.exchange.retries).sum();
    let exchange = Exchange { request: first.exchange.request.clone(), outcome, retries };
    let interval = CallInterval { invoked: first.interval.invoked, returned: last.interval.returned };
    let (step, sent) = (first.step, first.sent.clone());
    Some(PerformedStep {
        step,
        sent,
        exchange,
        interval,
        followed: Some(Box::new(followed)),
        poll_attempts: 0,
    })
}

/// Returns the last response with the items of all pages. An error response is returned unchanged.
fn join_responses(follow: &Follow, followed: &FollowedPages, last: &Response) -> Response {
    let mut whole = last.clone();
    if let (true, Some(body)) = (last.is_success(), &mut whole.json)
        && body.get(&follow.items).is_some_and(Value::is_array)
    {
        body[&follow.items] = json!(items(follow, &followed.pages).collect::<Vec<_>>());
        whole.body = Bytes::from(body.to_string());
    }
    whole
}

fn responses(pages: &[PerformedStep]) -> impl Iterator<Item = &Response> {
    pages.iter().filter_map(|page| page.exchange.outcome.as_ref().ok())
}

fn items_of_page<'p>(follow: &Follow, page: &'p Response) -> &'p [Value] {
    let items = page.json.as_ref().and_then(|body| body.get(&follow.items)).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn items<'p>(follow: &'p Follow, pages: &'p [PerformedStep]) -> impl Iterator<Item = &'p Value> {
    responses(pages).flat_map(|page| items_of_page(follow, page))
}

/// Returns the token of a page, unless the token is absent, null or empty.
fn token<'p>(follow: &Follow, page: &'p Response) -> Option<&'p Value> {
    let token = page.json.as_ref().filter(|_| page.is_success())?.get(&follow.next)?;
    (!token.is_null() && token != "").then_some(token)
}

/// Finds the end of the pages, whatever items they contain.
fn find_page_end(follow: &Follow, pages: &[PerformedStep]) -> PageEnd {
    let (mut tokens, mut seen, mut idle) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut open = None;
    for page in responses(pages) {
        let Some(token) = token(follow, page) else { return PageEnd::End };
        let new = items_of_page(follow, page).iter().filter(|item| seen.insert(item.to_string())).count();
        idle = if new == 0 { idle + 1 } else { 0 };
        if !tokens.insert(token.to_string()) {
            return PageEnd::Cycle(format!(
                "the token {} a second time",
                first_chars(&token.to_string(), MAX_TOKEN_CHARS)
            ));
        }
        if idle >= follow.idle {
            return PageEnd::Cycle(format!("{idle} pages in a row with a token and without a new item"));
        }
        open = Some(token.clone());
    }
    match open {
        Some(_) if pages.len() >= follow.most => PageEnd::TooManyPages,
        Some(token) => PageEnd::Open(token),
        None => PageEnd::End,
    }
}

/// Decides on the next page of the step that is being performed.
#[must_use]
pub fn next_page(model: &ServiceModel, case: &Case, transcript: &[PerformedStep]) -> NextPage {
    let Some(index) = transcript.len().checked_sub(1) else { return NextPage::Last };
    let step = case.steps.get(index).and_then(|step| Some((step, step.follow.as_ref()?)));
    let (Some((step, follow)), Some(followed)) = (step, &transcript[index].followed) else {
        return NextPage::Last;
    };
    let context = StepContext { model, case, step: index, transcript };
    if transcript[index].exchange.outcome.is_err() || check_page(context, step, follow, followed).is_some() {
        return NextPage::Last;
    }
    match find_page_end(follow, &followed.pages) {
        PageEnd::Open(token) => NextPage::Token(token),
        PageEnd::End | PageEnd::Cycle(_) | PageEnd::TooManyPages => NextPage::Last,
    }
}

/// Judges the pages of a step.
pub(crate) fn judge_pages(
    context: StepContext<'_>,
    step: &Step,
    follow: &Follow,
    followed: &FollowedPages,
) -> StepVerdict {
    if let Some(violation) = check_calls_between(context, follow, followed) {
        return StepVerdict::SetupFailed(violation);
    }
    let violated = if step.role.prepares() { StepVerdict::SetupFailed } else { StepVerdict::Violated };
    if let Some(violation) = check_page(context, step, follow, followed) {
        return violated(violation);
    }
    let Ok(response) = &context.transcript[context.step].exchange.outcome else { return StepVerdict::Held };
    let unended = check_end(context, follow, followed);
    if let Some((violation, true)) = &unended
        && follow.must_end
    {
        return violated(violation.clone());
    }
    match (check_expectation(context, &step.expect, response), unended) {
        (None, None) => check_second_page(context, follow, followed),
        // Pages of a list with many other items were judged one by one.
        (Some(_), Some((_, false))) if !follow.each.is_empty() && has_items(follow, followed) => {
            StepVerdict::Held
        }
        // A missing item may be on a page that was not read.
        (Some(_), Some((violation, _))) => StepVerdict::SetupFailed(violation),
        (Some(violation), None) => violated(violation),
        (None, Some(_)) => StepVerdict::Held,
    }
}

fn has_items(follow: &Follow, followed: &FollowedPages) -> bool {
    items(follow, &followed.pages).next().is_some()
}

/// The violation if the pages have no end, and true if they can never have one.
fn check_end(
    context: StepContext<'_>,
    follow: &Follow,
    followed: &FollowedPages,
) -> Option<(Violation, bool)> {
    let (actual, never) = match find_page_end(follow, &followed.pages) {
        PageEnd::End => return None,
        PageEnd::Cycle(how) => (how, true),
        PageEnd::TooManyPages | PageEnd::Open(_) => {
            (format!("{} pages, and a token to go on with", followed.pages.len()), false)
        }
    };
    let expected = "a page without a token in the end".to_owned();
    Some((Violation::new(context.step, ViolationKind::EndlessPages, expected, actual), never))
}

/// The first call between pages that did not succeed.
fn check_calls_between(
    context: StepContext<'_>,
    follow: &Follow,
    followed: &FollowedPages,
) -> Option<Violation> {
    let mut done = follow.between.iter().zip(&followed.between);
    done.find_map(|(step, call)| {
        check_expectation(context, &step.expect, call.exchange.outcome.as_ref().ok()?)
    })
}

/// Returns the violation of missing preparation if there was no second page, because the calls between pages were not
/// made.
fn check_second_page(context: StepContext<'_>, follow: &Follow, followed: &FollowedPages) -> StepVerdict {
    if followed.between.len() == follow.between.len() {
        return StepVerdict::Held;
    }
    let seen = responses(&followed.pages)
        .last()
        .map_or_else(|| "no answer".to_owned(), |response| context.describe(response));
    let (kind, expected) = (ViolationKind::Missing(follow.next.clone()), "a second page".to_owned());
    StepVerdict::SetupFailed(Violation::new(context.step, kind, expected, seen))
}

/// The fault of the pages so far, whatever may follow. Only the last page is checked by itself: after a fault on an
/// earlier page no further page is read.
fn check_page(
    context: StepContext<'_>,
    step: &Step,
    follow: &Follow,
    followed: &FollowedPages,
) -> Option<Violation> {
    let Ok(response) = &context.transcript[context.step].exchange.outcome else { return None };
    let last = responses(&followed.pages).last()?;
    let each = Expect::Ok(follow.each.clone());
    let alone = if follow.each.is_empty() { None } else { check_expectation(context, &each, last) };
    alone
        .or_else(|| check_lasting(context, step, follow, response))
        .or_else(|| check_sdk_view(context, step, last))
}

/// Returns the violation that further pages cannot resolve.
fn check_lasting(
    context: StepContext<'_>,
    step: &Step,
    follow: &Follow,
    response: &Response,
) -> Option<Violation> {
    let Expect::Ok(assertions) = &step.expect else { return None };
    let at = format!("/{}", follow.items);
    let lasting = assertions.iter().filter(|a| a.at == at && a.holds.is_lasting()).cloned();
    check_expectation(context, &Expect::Ok(lasting.collect()), response)
}

/// A page that the SDK deserializes to other values than the wire has.
fn check_sdk_view(context: StepContext<'_>, step: &Step, page: &Response) -> Option<Violation> {
    let operation = context.model.operations.get(&step.operation)?;
    let (expected, actual) = sdk_mismatch(context.model, operation, page)?;
    Some(Violation::new(context.step, ViolationKind::SdkMismatch, expected, actual))
}
