//! The list of resource policies, which holds the catalog's beside those that cross-account grants made.

use std::sync::Arc;

use serde_json::Value;

use super::call::Call;
use super::json::{Time, canonical_text};
use super::law::{Law, Mismatch};
use super::machine::Reference;
use super::page::{self, Page};
use super::policy::{shown, with_hash};
use super::state::{Others, Policy, State};

/// The state after a page that showed this.
pub(super) fn list(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: &Value,
) -> Result<State, Mismatch> {
    let laws = (Law::PoliciesListed, Law::PoliciesPage);
    let page = page::of(reference, call, body, "GetResourcePoliciesResponseList", laws)?;
    let (own, foreign): (Vec<&Value>, Vec<&Value>) = page.items.iter().partition(|item| is_own(state, item));
    nothing_else(reference, state, &foreign)?;
    own_once(reference, state, &page, own.len())?;
    let alone = page.is_whole && foreign.is_empty();
    own.first().map_or_else(|| Ok(state.clone()), |item| listed(reference, state, item, alone))
}

fn hash_of(item: &Value) -> Option<&str> {
    item.get("PolicyHash").and_then(Value::as_str)
}

/// Whether an item is the catalog's policy: by its hash, or by its text while the hash is not known.
fn is_own(state: &State, item: &Value) -> bool {
    match state.policy.as_deref() {
        Some(Policy { hash: Some(hash), .. }) => hash_of(item) == Some(hash),
        Some(policy) => text_of(item).as_ref() == Some(&policy.text),
        None => false,
    }
}

/// Items that are not the catalog's policy are others', if there are others; never a former one of ours.
fn nothing_else(reference: &Reference, state: &State, foreign: &[&Value]) -> Result<(), Mismatch> {
    let former = foreign.iter().filter_map(|item| hash_of(item));
    let former: Vec<&str> = former.filter(|hash| state.hashes.policy_of(hash).is_some()).collect();
    reference.require(Law::PoliciesGone, former.is_empty(), || {
        ("no policy that is not in force any more".to_owned(), format!("listed with {}", former.join(", ")))
    })?;
    let law = if state.policy.is_some() { Law::PoliciesListed } else { Law::PoliciesEmpty };
    reference.require(law, state.others == Others::Possible || foreign.is_empty(), || {
        ("no policy but the catalog's".to_owned(), format!("{} others", foreign.len()))
    })
}

/// The catalog's policy stands there once, unless it may stand on another page.
fn own_once(reference: &Reference, state: &State, page: &Page, found: usize) -> Result<(), Mismatch> {
    let due = usize::from(state.policy.is_some());
    let complete = found == due || (found == 0 && !page.is_whole);
    reference.require(Law::PoliciesListed, complete, || {
        (format!("the catalog's policy {due} times in the list"), format!("{found} times"))
    })
}

fn text_of(item: &Value) -> Option<Arc<str>> {
    item.get("PolicyInJson").and_then(Value::as_str).map(canonical_text)
}

/// The state after the catalog's policy stood in a list like this.
fn listed(reference: &Reference, state: &State, item: &Value, alone: bool) -> Result<State, Mismatch> {
    let Some(policy) = state.policy.as_deref() else { return Ok(state.clone()) };
    reference.require(Law::PoliciesText, !alone || text_of(item).as_ref() == Some(&policy.text), || {
        (format!("the policy {}", policy.text), item.to_string())
    })?;
    let differs =
        |known: Option<Time>, member| known.zip(Time::at(item, member)).is_some_and(|(a, b)| a != b);
    let agree = !differs(policy.created, "CreateTime") && !differs(policy.updated, "UpdateTime");
    // Only where nothing can have moved the times meanwhile does a difference say anything.
    reference.require(Law::PoliciesAgree, agree || !reference.enforces(Law::TimesKept), || {
        (
            format!("CreateTime {}, UpdateTime {}", shown(policy.created), shown(policy.updated)),
            item.to_string(),
        )
    })?;
    if policy.hash.is_some() { Ok(state.clone()) } else { with_hash(reference, state, policy.clone(), item) }
}
