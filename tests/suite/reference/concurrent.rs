//! The reference as the model of concurrent histories: a thousand calls of eight clients on the policy.

use std::cell::Cell;

use glueproof::history::{Budget, Event, Verdict, judge, minimize, timeline};
use glueproof::model::Level;
use glueproof::reference::{Answer, Call, ConcurrentWriters, Outcome, Reference, State};
use serde_json::json;

use super::walk::{DELETE, FAILED, GET, NOT_FOUND, PUT, policy, put, put_if, reference, shown};
use crate::history::TestRng;

const CLIENTS: u64 = 8;
/// Bound on the configurations of a search. A search without a memo needs more than any bound.
const MAX_CONFIGURATIONS: usize = 50_000;
/// Bound on the steps of all searches that shorten a violation.
const MAX_STEPS: usize = 500_000;

type Op = (Call, Outcome);

/// A policy as a service keeps it: document, hash, and the two times.
#[derive(Default)]
struct Service {
    policy: Option<(String, String, f64, f64)>,
    clock: u32,
}

impl Service {
    fn put(&mut self, label: &str, condition: Option<&str>) -> Answer {
        let current = self.policy.as_ref().map(|(_, hash, ..)| hash.as_str());
        if condition.is_some() && condition != current {
            return Answer::refused(FAILED);
        }
        self.clock += 1;
        let (now, hash) = (f64::from(self.clock), format!("hash-of-{label}"));
        let created = self.policy.as_ref().map_or(now, |(_, _, created, _)| *created);
        self.policy = Some((label.to_owned(), hash.clone(), created, now));
        Answer::ok(json!({ "PolicyHash": hash }))
    }

    fn delete(&mut self, condition: Option<&str>) -> Answer {
        match &self.policy {
            None => Answer::refused(NOT_FOUND),
            Some((_, hash, ..)) if condition.is_some_and(|condition| condition != hash) => {
                Answer::refused(FAILED)
            }
            Some(_) => {
                self.policy = None;
                Answer::ok(json!({}))
            }
        }
    }

    fn get(&self) -> Answer {
        match &self.policy {
            None => Answer::refused(NOT_FOUND),
            Some((label, hash, created, updated)) => Answer::ok(shown(label, hash, *created, *updated)),
        }
    }
}

/// Calls that take effect one after the other, at the ticks of their index, and overlap.
fn simulated(seed: u64, calls: u64) -> Vec<Event<Op>> {
    let mut dice = TestRng::of_seed(seed);
    let (mut service, mut free) = (Service::default(), [0u64; 8]);
    let mut known: Vec<Option<String>> = vec![None; 8];
    let mut history = Vec::new();
    for index in 1..=calls {
        let client = usize::try_from(dice.below(CLIENTS)).unwrap();
        let (label, condition) = (format!("p{index}"), known[client].clone());
        let (operation, input, answer) = match dice.below(10) {
            0..4 => (GET, json!({}), service.get()),
            4..8 => match condition {
                Some(hash) => (PUT, put_if(&label, &hash), service.put(&label, Some(&hash))),
                None => (PUT, put(&label), service.put(&label, None)),
            },
            8 => (PUT, put(&label), service.put(&label, None)),
            _ => (DELETE, json!({}), service.delete(None)),
        };
        let effect = index * 100;
        let invoked = free[client].max(effect.saturating_sub(100 + dice.below(600)));
        let returned = effect + 1 + dice.below(90);
        free[client] = returned + 1;
        let lost = operation != GET && dice.below(200) == 0;
        known[client] = answer.body["PolicyHash"].as_str().filter(|_| !lost).map(str::to_owned);
        let outcome = if lost { Outcome::Unanswered } else { Outcome::Answered(answer) };
        let op = (Call::new(operation, input).unwrap(), outcome);
        let returned = (!lost).then_some(returned);
        history.push(Event { client, op, invoked, returned, reads: operation == GET });
    }
    history
}

fn verdict(reference: &Reference, history: &[Event<Op>]) -> Verdict {
    let step = |state: &State, (call, outcome): &Op| reference.next(state, call, outcome);
    judge(history, &[State::new(ConcurrentWriters::None)], step, &Budget::of_states(MAX_CONFIGURATIONS))
}

#[test]
fn a_thousand_legal_calls_pass_at_every_level() {
    for level in [Level::Documented, Level::Observed, Level::Assumed] {
        let reference = reference(level);
        for seed in 0..3 {
            let verdict = verdict(&reference, &simulated(seed, 1_000));
            assert!(matches!(verdict, Verdict::Linearizable(_)), "{level:?} {seed}");
        }
    }
}

/// Makes a late read show what was read a hundred calls before; its index.
fn make_stale(history: &mut [Event<Op>]) -> usize {
    let shows = |e: &Event<Op>| matches!(&e.op.1, Outcome::Answered(a) if e.reads && a.is_success());
    let late = (800..1_000).find(|i| shows(&history[*i])).unwrap();
    let early = (0..late - 100).rev().find(|i| shows(&history[*i])).unwrap();
    history[late].op.1 = history[early].op.1.clone();
    late
}

#[test]
fn a_stale_read_among_a_thousand_calls_is_found() {
    let reference = reference(Level::Documented);
    for seed in 0..5 {
        let mut history = simulated(seed, 1_000);
        make_stale(&mut history);
        assert!(matches!(verdict(&reference, &history), Verdict::Violation { .. }), "{seed}");
    }
}

#[test]
fn a_violation_among_a_thousand_calls_is_shown_short() {
    let reference = reference(Level::Documented);
    let mut history = simulated(1, 1_000);
    let stale = make_stale(&mut history);
    let steps = Cell::new(0);
    let step = |state: &State, (call, outcome): &Op| {
        steps.set(steps.get() + 1);
        reference.next(state, call, outcome)
    };
    let budget = Budget::of_states(MAX_CONFIGURATIONS);
    let minimal = minimize(&history, &[State::new(ConcurrentWriters::None)], step, &budget).unwrap();
    assert!(steps.get() < MAX_STEPS, "{} steps", steps.get());
    assert!(minimal.events.len() <= 4 && minimal.events.contains(&stale), "{minimal:?}");
    assert!(minimal.start.iter().all(|state| state.in_words().contains("policy")));
}

/// A call with its answer, from one time to another.
fn event(client: usize, call: (&str, serde_json::Value), answer: Answer, from: u64, to: u64) -> Event<Op> {
    let reads = call.0 == GET;
    let op = (Call::new(call.0, call.1).unwrap(), Outcome::Answered(answer));
    Event { client, op, invoked: from, returned: Some(to), reads }
}

#[test]
fn two_winning_writers_are_shown_with_the_put_that_both_read() {
    let hash = |hash: &str| Answer::ok(json!({ "PolicyHash": hash }));
    let history = [
        event(1, (PUT, put("a")), hash("h1"), 0, 1_000),
        event(2, (GET, json!({})), Answer::ok(shown("a", "h1", 1.0, 1.0)), 2_000, 3_000),
        event(1, (PUT, put_if("b", "h1")), hash("h2"), 4_000, 6_000),
        event(2, (PUT, put_if("c", "h1")), hash("h3"), 4_500, 6_500),
        event(3, (PUT, put_if("d", "h1")), Answer::refused(FAILED), 4_600, 6_600),
        event(3, (GET, json!({})), Answer::ok(shown("c", "h3", 1.0, 2.0)), 7_000, 8_000),
    ];
    let reference = reference(Level::Documented);
    assert!(matches!(verdict(&reference, &history), Verdict::Violation { .. }));
    let step = |state: &State, (call, outcome): &Op| reference.next(state, call, outcome);
    let minimal =
        minimize(&history, &[State::new(ConcurrentWriters::None)], step, &Budget::of_states(10_000));
    let kept = minimal.unwrap().events;
    assert_eq!(kept, [0, 2, 3]);
    let words = |(call, outcome): &Op| {
        let answer = match outcome {
            Outcome::Answered(answer) => answer.in_words(),
            Outcome::Unanswered => String::new(),
        };
        (call.operation.name().to_owned(), answer)
    };
    let picture = timeline(kept.iter().map(|i| &history[*i]), words);
    assert!(
        picture.contains("client 1") && picture.contains("h3") && picture.lines().count() == 7,
        "{picture}"
    );
    assert!(!picture.contains(&policy("d")));
}
