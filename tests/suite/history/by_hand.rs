//! Histories whose verdict is plain to see.

use glueproof::history::{Budget, Event, Verdict, judge};

use super::register::Op::{Read, Swap, Write};
use super::register::{event, legal, pending, step, verdict};

#[test]
fn nothing_is_linearizable() {
    assert_eq!(verdict(&[]), Verdict::Linearizable(vec![]));
}

#[test]
fn a_read_sees_the_write_before_it_and_no_other() {
    assert!(legal(&[event(1, Write(1), 0, 10), event(2, Read(1), 20, 30)]));
    assert!(!legal(&[event(1, Write(1), 0, 10), event(2, Read(0), 20, 30)]));
    assert!(!legal(&[event(1, Write(1), 0, 10), event(2, Read(7), 20, 30)]));
}

#[test]
fn a_read_during_a_write_may_see_either() {
    assert!(legal(&[event(1, Write(1), 0, 30), event(2, Read(0), 10, 20)]));
    assert!(legal(&[event(1, Write(1), 0, 30), event(2, Read(1), 10, 20)]));
}

#[test]
fn reads_do_not_go_back_in_time() {
    let write = event(1, Write(1), 0, 100);
    assert!(legal(&[write.clone(), event(2, Read(0), 10, 20), event(3, Read(1), 30, 40)]));
    assert!(!legal(&[write, event(2, Read(1), 10, 20), event(3, Read(0), 30, 40)]));
}

#[test]
fn a_write_can_be_needed_although_it_changes_nothing_where_it_could_stand_first() {
    // Write(0) could be taken at once, but only as the last of the writes does it explain the read.
    assert!(legal(&[event(1, Write(0), 0, 50), event(2, Write(3), 10, 20), event(3, Read(0), 60, 70)]));
}

#[test]
fn one_version_has_one_winner() {
    let swap = |client, to, won| event(client, Swap(0, to, won), 0, 10);
    assert!(legal(&[swap(1, 1, true), swap(2, 2, false)]));
    assert!(!legal(&[swap(1, 1, true), swap(2, 2, true)]));
    assert!(!legal(&[swap(1, 1, false), swap(2, 2, false)]));
}

#[test]
fn a_call_without_an_answer_took_effect_or_did_not() {
    let lost = pending(1, Write(1), 0);
    assert!(legal(std::slice::from_ref(&lost)));
    assert!(legal(&[lost.clone(), event(2, Read(0), 10, 20)]));
    assert!(legal(&[lost.clone(), event(2, Read(1), 10, 20)]));
    assert!(legal(&[lost.clone(), event(2, Read(0), 10, 20), event(2, Read(1), 30, 40)]), "late");
    let twice = [event(2, Read(1), 10, 20), event(2, Write(2), 30, 40), event(2, Read(1), 50, 60)];
    let history: Vec<_> = std::iter::once(lost).chain(twice).collect();
    assert!(!legal(&history), "only once");
}

#[test]
fn a_call_without_an_answer_took_no_effect_before_it_was_made() {
    assert!(!legal(&[event(2, Read(1), 10, 20), pending(1, Write(1), 30)]));
}

#[test]
fn a_pending_swap_can_be_what_made_another_lose() {
    let lost = event(2, Swap(0, 2, false), 10, 20);
    assert!(!legal(std::slice::from_ref(&lost)));
    assert!(legal(&[pending(1, Swap(0, 1, true), 0), lost]));
}

#[test]
fn intervals_that_touch_overlap() {
    assert!(legal(&[event(1, Write(1), 0, 10), event(2, Read(0), 10, 20)]));
    assert!(!legal(&[event(1, Write(1), 0, 10), event(2, Read(0), 11, 20)]));
}

#[test]
fn a_step_may_lead_to_several_states_and_any_initial_one_may_be_right() {
    let either = |state: &u32, op: &u32| if op == state { vec![1, 2] } else { vec![] };
    let one = |client, op, at| Event { client, op, invoked: at, returned: Some(at + 1), reads: false };
    let history = [one(1, 0, 0), one(1, 2, 10)];
    let budget = Budget::of_states(100);
    assert_eq!(judge(&history, &[7, 0], either, &budget), Verdict::Linearizable(vec![0, 1]));
    assert!(matches!(judge(&history, &[7], either, &budget), Verdict::Violation { at: 1, .. }));
}

#[test]
fn the_prefix_ends_with_the_answer_that_nothing_explains() {
    let history = [
        event(1, Write(1), 0, 10),
        event(2, Read(0), 20, 30),
        event(3, Write(2), 25, 90),
        event(1, Read(5), 40, 50),
    ];
    assert_eq!(verdict(&history), Verdict::Violation { prefix: vec![0, 1, 2], at: 30 });
}

#[test]
fn bounds_of_states_and_of_time_are_kept() {
    let history: Vec<_> = (0..20).map(|i| event(i, Write(1 + u32::try_from(i).unwrap()), 0, 100)).collect();
    let history = [history, vec![event(21, Read(99), 200, 210)]].concat();
    let few = Budget::of_states(1_000);
    assert_eq!(judge(&history, &[0], step, &few), Verdict::OutOfBudget);
    let late = Budget { states: usize::MAX, expired: &|| true };
    assert_eq!(judge(&history, &[0], step, &late), Verdict::OutOfBudget);
}
