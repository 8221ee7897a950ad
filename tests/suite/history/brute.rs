//! The judge against a checker too simple to be wrong: every order of every choice of pending operations.

use glueproof::history::Event;
use proptest::prelude::*;

use super::register::{Op, event, explains, legal, pending};

/// Returns true if any order at all explains the history.
fn any_order(history: &[Event<Op>]) -> bool {
    fn extend(history: &[Event<Op>], order: &mut Vec<usize>) -> bool {
        if explains(history, order) {
            return true;
        }
        for next in 0..history.len() {
            if !order.contains(&next) {
                order.push(next);
                if extend(history, order) {
                    return true;
                }
                order.pop();
            }
        }
        false
    }
    extend(history, &mut Vec::new())
}

fn operation() -> impl Strategy<Value = Op> {
    let version = 0..3u32;
    prop_oneof![
        version.clone().prop_map(Op::Read),
        version.clone().prop_map(Op::Write),
        (version.clone(), version, any::<bool>()).prop_map(|(from, to, won)| Op::Swap(from, to, won)),
    ]
}

/// A few operations at once, each of its own client, one in four without an answer.
fn tiny_history() -> impl Strategy<Value = Vec<Event<Op>>> {
    let one = (operation(), 0..12u64, 0..8u64, 0..4u8);
    prop::collection::vec(one, 0..=6).prop_map(|all| {
        let placed = all.into_iter().enumerate().map(|(client, (op, at, lasts, luck))| {
            if luck == 0 { pending(client, op, at) } else { event(client, op, at, at + lasts) }
        });
        placed.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_judge_agrees_with_trying_every_order(history in tiny_history()) {
        prop_assert_eq!(legal(&history), any_order(&history));
    }
}

#[test]
fn the_tiny_histories_are_neither_all_legal_nor_all_illegal() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let long = (0..1_000).map(|_| tiny_history().new_tree(&mut runner).unwrap().current());
    let long: Vec<_> = long.filter(|history| history.len() >= 4).collect();
    let share = long.iter().filter(|history| legal(history)).count() * 100 / long.len();
    assert!((5..=95).contains(&share), "{share} of 100 are legal");
}
