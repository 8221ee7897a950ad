//! Makes the calls that show each law of pagination, for created items and a page size. The expectations cover only the
//! created items, because other callers may create and delete items at any time.
//! Must not choose sizes.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::case::{Body, Step};
use crate::generate::{CreatedItems, Item, List, text};
use crate::model::{Assertion, Expect, Predicate, Role};

/// Names a list with another page size.
const OTHERWISE: &str = "listed otherwise";
/// Names a page that is read again.
const ONCE: &str = "listed once";

fn each(list: &List, made: &CreatedItems, holds: fn(Value) -> Predicate) -> Vec<Assertion> {
    made.items.iter().map(|item| list.holds(holds(item.mark.clone()))).collect()
}

/// The list contains at least one of the created items, if there are any. A list without them proves nothing.
fn something(list: &List, made: &CreatedItems) -> Assertion {
    let marks: Vec<&Value> = made.items.iter().map(|item| &item.mark).collect();
    list.holds(if marks.is_empty() { Predicate::Present(true) } else { Predicate::HasOneOf(json!(marks)) })
}

/// The list contains the same created items as the response to another step.
fn same_as(list: &List, made: &CreatedItems, step: &str) -> Predicate {
    let marks: Vec<&Value> = made.items.iter().map(|item| &item.mark).collect();
    Predicate::SameItems(json!({ "as": list.listed(step, ""), "of": marks }))
}

pub(super) fn whole_list(list: &List, made: &CreatedItems, size: usize) -> Vec<Step> {
    made.then([list.all(Some(size), |_| ()).expecting(Expect::Ok(each(list, made, Predicate::HasItem)))])
}

pub(super) fn no_item_twice(list: &List, made: &CreatedItems, size: usize) -> Vec<Step> {
    let mut all = each(list, made, Predicate::AtMostOnce);
    all.push(something(list, made));
    made.then([list.all(Some(size), |_| ()).expecting(Expect::Ok(all))])
}

pub(super) fn page_size(list: &List, made: &CreatedItems, size: usize) -> Vec<Step> {
    let most = list.holds(Predicate::MaxItems(size as u64));
    let pages = list.all(Some(size), |follow| follow.each.push(most));
    made.then([pages.expecting(Expect::Ok(vec![something(list, made)]))])
}

pub(super) fn tokens_end(list: &List, made: &CreatedItems, size: usize) -> Vec<Step> {
    let pages = list.all(Some(size), |follow| {
        follow.must_end = true;
        follow.idle += made.items.len();
    });
    made.then([pages.expecting(Expect::Ok(vec![something(list, made)]))])
}

pub(super) fn any_page_size(
    list: &List,
    made: &CreatedItems,
    size: usize,
    other: Option<usize>,
) -> Vec<Step> {
    let first = list.all(Some(size), |_| ()).named(OTHERWISE).role(Role::Observe);
    made.then([
        first.expecting(Expect::Ok(vec![something(list, made)])),
        list.all(other, |_| ()).expecting(Expect::Ok(vec![list.holds(same_as(list, made, OTHERWISE))])),
    ])
}

/// The other items are listed once each. The item that changes meanwhile is listed at most once.
fn undisturbed<'i>(list: &List, others: impl Iterator<Item = &'i Item>, changed: &Item) -> Expect {
    let once = |item: &Item| {
        [Predicate::HasItem(item.mark.clone()), Predicate::AtMostOnce(item.mark.clone())]
            .map(|h| list.holds(h))
    };
    let changed = list.holds(Predicate::AtMostOnce(changed.mark.clone()));
    Expect::Ok(others.flat_map(once).chain([changed]).collect())
}

pub(super) fn deleted_meanwhile(list: &List, made: &CreatedItems, size: usize, which: usize) -> Vec<Step> {
    let Some(deleted) = made.items.get(which) else { return made.steps() };
    let others = made.items.iter().enumerate().filter(|(at, _)| *at != which).map(|(_, item)| item);
    let pages = list.all(Some(size), |follow| follow.between.push(deleted.delete.clone()));
    made.then([pages.expecting(undisturbed(list, others, deleted))])
}

pub(super) fn created_meanwhile(list: &List, made: &CreatedItems, size: usize, letter: u8) -> Vec<Step> {
    let Some(Body::Json(input)) = made.items.first().map(|item| &item.make.body) else {
        return made.steps();
    };
    let created = list.item(letter, input);
    let pages = list.all(Some(size), |follow| follow.between.push(created.make.clone()));
    made.then([pages.expecting(undisturbed(list, made.items.iter(), &created))])
}

pub(super) fn token_again(list: &List, made: &CreatedItems, size: usize) -> Vec<Step> {
    let go_on = || list.all_after(Some(size), list.token());
    let listed = Expect::Ok(vec![list.holds(Predicate::MinItems(1))]);
    made.then([
        list.first_page(size),
        go_on().named(ONCE).role(Role::Arrange).expecting(listed),
        go_on().expecting(Expect::Ok(vec![list.holds(same_as(list, made, ONCE))])),
    ])
}

pub(super) fn token_other_size(
    list: &List,
    made: &CreatedItems,
    size: usize,
    other: Option<usize>,
) -> Vec<Step> {
    let go_on = |size| list.all_after(size, list.token());
    let listed = Expect::Ok(vec![list.holds(Predicate::MinItems(1))]);
    let same = Expect::Ok(vec![list.holds(same_as(list, made, ONCE))]);
    made.then([
        list.first_page(size),
        go_on(Some(size)).named(ONCE).role(Role::Arrange).expecting(listed),
        go_on(other).expecting(Expect::Either(vec![same, list.refusal()])),
    ])
}

pub(super) fn altered_token(list: &List, made: &CreatedItems, size: usize, how: &str) -> Vec<Step> {
    let altered = json!({ "$altered": how, "of": list.token() });
    made.then([
        list.first_page(size),
        // A target that refuses every token proves nothing.
        list.page_after(Some(size), list.token()).role(Role::Arrange).expecting(Expect::ok()),
        list.page_after(Some(size), altered).expecting(list.refusal()),
    ])
}

pub(super) fn stale_token(list: &List, made: &CreatedItems, size: usize, kept: usize) -> Vec<Step> {
    let doomed = made.items.iter().enumerate().filter(|(at, _)| *at != kept);
    let goes_on = list.holds(Predicate::LacksItem(list.first_listed()));
    let either = Expect::Either(vec![Expect::Ok(vec![goes_on]), list.refusal()]);
    let deletions = doomed.map(|(_, item)| item.delete.clone());
    let act = list.page_after(Some(size), list.token()).expecting(either);
    let mut first = list.first_page(size);
    if let Expect::Ok(all) = &mut first.expect {
        all.push(list.holds(Predicate::MinItems(1)));
    }
    made.then([first].into_iter().chain(deletions).chain([act]))
}

/// Tokens that the service never returned, by their form.
pub(super) fn foreign_tokens() -> Vec<(&'static str, BoxedStrategy<String>)> {
    let bytes = proptest::collection::vec(any::<u8>(), 16..=64).no_shrink();
    vec![
        ("a token in plain words", text::plain(8, 40)),
        ("a token of random bytes", bytes.prop_map(|bytes| text::base64(&bytes)).boxed()),
    ]
}
