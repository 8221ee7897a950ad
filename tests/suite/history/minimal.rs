//! The part of a violation that is left after everything irrelevant is left out.

use glueproof::history::{Budget, Event, minimize};

use super::register::Op::{Read, Swap, Write};
use super::register::{Op, event, legal, pending, step};

fn minimal(history: &[Event<Op>]) -> Vec<Op> {
    let minimal = minimize(history, &[0], step, &Budget::of_states(1_000_000)).unwrap();
    assert_eq!(minimal.start, [0], "so short a history has no later beginning");
    let part: Vec<Event<Op>> = minimal.events.iter().map(|i| history[*i].clone()).collect();
    assert!(!legal(&part), "{part:?} is legal");
    part.into_iter().map(|event| event.op).collect()
}

#[test]
fn a_stale_read_keeps_the_write_it_saw_and_the_one_it_missed() {
    let history = [
        event(1, Write(9), 0, 5),
        event(1, Write(1), 10, 20),
        event(3, Read(1), 22, 24),
        event(2, Write(2), 30, 40),
        event(4, Read(2), 42, 44),
        event(3, Read(1), 50, 60),
        event(3, Write(4), 70, 80),
        event(3, Read(4), 90, 95),
    ];
    // Without Write(1) the read would be of a value that was never written: another violation.
    let left = minimal(&history);
    assert!(left.contains(&Write(1)) && left.last() == Some(&Read(1)), "{left:?}");
    assert!(left.contains(&Write(2)) || left.contains(&Read(2)), "{left:?}");
    assert!(left.len() <= 4, "{left:?}");
}

#[test]
fn two_winners_are_two_calls() {
    let history = [
        event(1, Read(0), 0, 5),
        event(3, Read(0), 6, 8),
        event(1, Swap(0, 1, true), 10, 20),
        event(2, Swap(0, 2, true), 12, 22),
        event(3, Swap(0, 3, false), 12, 22),
        event(3, Read(2), 30, 40),
    ];
    assert_eq!(minimal(&history), [Swap(0, 1, true), Swap(0, 2, true)]);
}

#[test]
fn calls_that_a_remaining_call_depends_on_remain() {
    // The second swap needs the first; the two winners need it too.
    let history = [
        event(1, Swap(0, 1, true), 0, 5),
        event(2, Read(1), 6, 8),
        event(1, Swap(1, 2, true), 10, 20),
        event(2, Swap(1, 3, true), 12, 22),
    ];
    assert_eq!(minimal(&history), [Swap(0, 1, true), Swap(1, 2, true), Swap(1, 3, true)]);
}

#[test]
fn a_pending_call_that_could_explain_is_not_left_out_to_make_a_violation() {
    // Write(1) is read, so without it the first read would be what nothing explains.
    let history = [
        pending(1, Write(1), 0),
        pending(4, Write(5), 0),
        event(2, Read(1), 10, 20),
        event(2, Write(2), 30, 40),
        event(3, Read(1), 50, 60),
    ];
    let left = minimal(&history);
    assert_eq!(left, [Write(1), Read(1), Write(2), Read(1)]);
}

#[test]
fn a_legal_history_has_no_violation_to_show() {
    let history = [event(1, Write(1), 0, 5), event(2, Read(1), 6, 8)];
    assert_eq!(minimize(&history, &[0], step, &Budget::of_states(100)), None);
}
