//! The resource policy: set and deleted under conditions, read alone and in the list. The condition tables contain the
//! allowed responses of conditional calls; this file contains the effect of an accepted call, and what reads must show.
//! Must not judge the validity of a policy.
//! The entry points are [`may_write`], [`may_read`], [`put`], [`delete`], [`get`] and [`list`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{Cell, CellKey, ConditionValue, Presence};

use super::call::{Call, Operation};
use super::law::{self, AllowedOutcomes, Law, ListPage, Mismatch, Reference};
use super::state::{ConcurrentWriters, Policy, State, Time, canonical_text};

const EXISTS: &str = "PolicyExistsCondition";
const HASH: &str = "PolicyHashCondition";
const NOT_FOUND: &str = "EntityNotFoundException";

/// The allowed outcomes of a put or a delete, from its cells. There are several if the hash in force is not
/// known, because no answer told it.
pub(super) fn may_write(reference: &Reference, state: &State, call: &Call) -> AllowedOutcomes {
    let situations: Vec<CellKey> = hash_choices(reference, state, call)
        .into_iter()
        .map(|hash| {
            let mut conditions = BTreeMap::from([(HASH.to_owned(), hash)]);
            if call.operation == Operation::PutResourcePolicy {
                let exists = call
                    .text(EXISTS)
                    .map_or(ConditionValue::Absent, |word| ConditionValue::Value(word.to_owned()));
                conditions.insert(EXISTS.to_owned(), exists);
            }
            let state = if state.policy.is_some() { Presence::Present } else { Presence::Absent };
            CellKey { state, conditions }
        })
        .collect();
    let table = reference.table(call.operation);
    let cells = situations.iter().filter_map(|s| Some((s, table?.cells.get(s)?)));
    let all = cells.map(|(situation, cell)| judged(reference, call, situation, cell));
    all.reduce(|one, other| {
        AllowedOutcomes { accepted: one.accepted || other.accepted, ..one }.or_refused(other.codes)
    })
    .unwrap_or_else(|| open(reference, call))
}

/// A cell whose evidence does not count leaves everything open that the operation declares.
fn judged(reference: &Reference, call: &Call, situation: &CellKey, entry: &Cell) -> AllowedOutcomes {
    let may = AllowedOutcomes {
        accepted: entry.accepts(),
        codes: entry.codes().map(str::to_owned).collect(),
        law: format!("{}/condition/{}", call.operation.name(), situation.path()),
        evidence: entry.evidence.clone(),
        because: format!("the situation is: {situation}"),
    };
    if reference.counts(&entry.evidence) {
        may
    } else {
        AllowedOutcomes { accepted: true, ..may }.or_refused(reference.declared(call.operation))
    }
}

/// For a condition that no table knows, which no valid call holds.
fn open(reference: &Reference, call: &Call) -> AllowedOutcomes {
    reference
        .accepted(Law::PolicySet, "no table knows the condition")
        .or_refused(reference.declared(call.operation))
}

/// The possible values of the hash condition in this state.
fn hash_choices(reference: &Reference, state: &State, call: &Call) -> Vec<ConditionValue> {
    let Some(sent) = call.text(HASH) else { return vec![ConditionValue::Absent] };
    let known = state.hashes.policy_of(sent);
    let otherwise = if known.is_some() { ConditionValue::Former } else { ConditionValue::Foreign };
    match &state.policy {
        Some(policy) if policy.hash.as_deref() == Some(sent) => vec![ConditionValue::Current],
        // The put in force was not answered: a hash the caller has can only be its hash if it was told for
        // the same policy before, or if hashes of different policies may be equal.
        Some(policy) if policy.hash.is_none() => match known {
            Some(text) if *text == policy.text || !reference.enforces(Law::OtherPolicyOtherHash) => {
                vec![ConditionValue::Current, otherwise]
            }
            _ => vec![otherwise],
        },
        _ => vec![otherwise],
    }
}

/// The allowed outcomes of a read.
pub(super) fn may_read(reference: &Reference, state: &State, call: &Call) -> AllowedOutcomes {
    let none = state.policy.is_none();
    let there = if none { "there is no policy" } else { "there is a policy" };
    if call.operation == Operation::GetResourcePolicy {
        return if none {
            reference.refused(Law::PolicyAbsent, NOT_FOUND, there)
        } else {
            reference.accepted(Law::PolicyRead, there)
        };
    }
    let mut may = reference.accepted(Law::PoliciesListed, there);
    if none && !reference.enforces(Law::PoliciesEmpty) {
        may = may.or_refused([NOT_FOUND]);
    }
    // Rules on pages cover tokens.
    if law::continues(&call.input) { may.or_refused(["InvalidInputException"]) } else { may }
}

/// The state after a put that was accepted.
pub(super) fn put(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: Option<&Value>,
) -> Result<State, Mismatch> {
    let text = canonical_text(call.text("PolicyInJson").unwrap_or_default());
    let former = state.policy.as_deref();
    let policy = Policy {
        text: text.clone(),
        hash: None,
        first: former.is_none(),
        created: former.and_then(|p| p.created).filter(|_| reference.enforces(Law::CreatedKept)),
        updated: None,
        not_before: former.and_then(|p| p.updated.max(p.not_before)),
    };
    match body {
        None => Ok(state.clone().with_policy(policy)),
        Some(body) => with_hash(reference, state, policy, body),
    }
}

/// The state in which the policy in force has the hash that an answer tells.
pub(super) fn with_hash(
    reference: &Reference,
    state: &State,
    mut policy: Policy,
    body: &Value,
) -> Result<State, Mismatch> {
    let Some(hash) = body.get("PolicyHash").and_then(Value::as_str).filter(|hash| !hash.is_empty()) else {
        let words = || ("the hash of the policy".to_owned(), format!("none in {body}"));
        reference.require(Law::PolicySet, false, words)?;
        return Ok(state.clone().with_policy(policy));
    };
    let known = state.hashes.policy_of(hash);
    reference.require(Law::OtherPolicyOtherHash, known.is_none_or(|text| *text == policy.text), || {
        ("a hash that no other policy has".to_owned(), format!("{hash}, the hash of another policy"))
    })?;
    let same = state.hashes.hash_of(&policy.text);
    reference.require(Law::SamePolicySameHash, same.is_none_or(|same| **same == *hash), || {
        (format!("{}, as before", same.map_or("", |same| same)), hash.to_owned())
    })?;
    let hash: Arc<str> = hash.into();
    let mut next = state.clone();
    next.hashes.learn(&hash, &policy.text);
    policy.hash = Some(hash);
    Ok(next.with_policy(policy))
}

/// The state after a delete that was accepted.
pub(super) fn delete(state: &State) -> State {
    State { policy: None, ..state.clone() }
}

/// The state after a read that showed this.
pub(super) fn get(reference: &Reference, state: &State, body: &Value) -> Result<State, Mismatch> {
    let Some(policy) = state.policy.as_deref() else { return Ok(state.clone()) };
    let text = body.get("PolicyInJson").and_then(Value::as_str).map(canonical_text);
    reference.require(Law::PolicyRead, text.as_ref() == Some(&policy.text), || {
        (format!("the policy {}", policy.text), text.as_deref().unwrap_or("no policy").to_owned())
    })?;
    let next = same_hash(reference, state, policy, body)?;
    times(reference, &next, body)
}

fn same_hash(reference: &Reference, state: &State, policy: &Policy, body: &Value) -> Result<State, Mismatch> {
    let Some(hash) = &policy.hash else { return with_hash(reference, state, policy.clone(), body) };
    let read = body.get("PolicyHash").and_then(Value::as_str);
    reference.require(Law::PolicyHash, read == Some(hash), || {
        (format!("the hash {hash}"), read.unwrap_or("no hash").to_owned())
    })?;
    Ok(state.clone())
}

/// Holds the times against what is known of them, and remembers them.
fn times(reference: &Reference, state: &State, body: &Value) -> Result<State, Mismatch> {
    let Some(policy) = state.policy.as_deref() else { return Ok(state.clone()) };
    let (created, updated) = (Time::at(body, "CreateTime"), Time::at(body, "UpdateTime"));
    let order = |law, earlier: Option<Time>, later: Option<Time>, what: &str| {
        let ordered = earlier.zip(later).is_none_or(|(earlier, later)| earlier <= later);
        reference.require(law, ordered, || (format!("{what} {}", shown(earlier)), shown(later)))
    };
    order(Law::UpdatedForward, policy.not_before, updated, "UpdateTime not before")?;
    order(Law::UpdatedAfterCreated, created, updated, "UpdateTime not before CreateTime, which is")?;
    let kept = policy.created.zip(created).is_none_or(|(was, is)| was == is)
        && policy.updated.zip(updated).is_none_or(|(was, is)| was == is);
    reference.require(Law::TimesKept, kept, || {
        let words = |c, u| format!("CreateTime {}, UpdateTime {}", shown(c), shown(u));
        (words(policy.created, policy.updated), words(created, updated))
    })?;
    let at_once = !policy.first || created.zip(updated).is_none_or(|(c, u)| c.is_near(u));
    reference.require(Law::FirstPutTimes, at_once, || {
        (format!("UpdateTime within a second of {}, the time of creation", shown(created)), shown(updated))
    })?;
    let learned =
        Policy { created: created.or(policy.created), updated: updated.or(policy.updated), ..policy.clone() };
    Ok(state.clone().with_policy(learned))
}

pub(super) fn shown(time: Option<Time>) -> String {
    time.map_or_else(|| "unknown".to_owned(), |time| time.to_string())
}

/// The state after a page that showed this.
pub(super) fn list(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: &Value,
) -> Result<State, Mismatch> {
    let laws = (Law::PoliciesListed, Law::PoliciesPage);
    let page = law::page(reference, call, body, "GetResourcePoliciesResponseList", laws)?;
    let (own, foreign): (Vec<&Value>, Vec<&Value>) = page.items.iter().partition(|item| is_own(state, item));
    nothing_else(reference, state, &foreign)?;
    own_once(reference, state, &page, own.len())?;
    let alone = page.is_whole && foreign.is_empty();
    own.first().map_or_else(|| Ok(state.clone()), |item| listed(reference, state, item, alone))
}

fn hash_of(item: &Value) -> Option<&str> {
    item.get("PolicyHash").and_then(Value::as_str)
}

/// Returns true if an item is the catalog's policy: by its hash, or by its text while the hash is not known.
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
    reference.require(law, state.others == ConcurrentWriters::Possible || foreign.is_empty(), || {
        ("no policy but the catalog's".to_owned(), format!("{} others", foreign.len()))
    })
}

/// The catalog's policy stands there once, unless it may stand on another page.
fn own_once(reference: &Reference, state: &State, page: &ListPage, found: usize) -> Result<(), Mismatch> {
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
