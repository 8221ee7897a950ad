//! The models and the shorthand of these tests: a register with versions, and histories of it.

use glueproof::history::{Budget, Event, Verdict, judge};

/// An operation of a register that knows its version, with what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Saw this version.
    Read(u32),
    /// Made this version.
    Write(u32),
    /// Was to make the second of the first, and did or did not.
    Swap(u32, u32, bool),
}

use Op::{Read, Swap, Write};

/// The effect of an operation on the register.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form in which the judge asks")]
pub fn step(state: &u32, op: &Op) -> Vec<u32> {
    match *op {
        Read(seen) if seen == *state => vec![*state],
        Write(made) => vec![made],
        Swap(from, to, true) if from == *state => vec![to],
        Swap(from, _, false) if from != *state => vec![*state],
        _ => Vec::new(),
    }
}

/// An answered operation.
pub fn event(client: usize, op: Op, invoked: u64, returned: u64) -> Event<Op> {
    Event { client, op, invoked, returned: Some(returned), reads: matches!(op, Read(_)) }
}

/// An operation without an answer.
pub fn pending(client: usize, op: Op, invoked: u64) -> Event<Op> {
    Event { client, op, invoked, returned: None, reads: matches!(op, Read(_)) }
}

/// The verdict on a history of a register that began at 0.
pub fn verdict(history: &[Event<Op>]) -> Verdict {
    judge(history, &[0], step, &Budget::of_states(1_000_000))
}

/// Returns true if it is linearizable; panics where it was not decided.
pub fn legal(history: &[Event<Op>]) -> bool {
    match verdict(history) {
        Verdict::Linearizable(order) => {
            assert!(explains(history, &order), "{order:?} does not explain {history:?}");
            true
        }
        Verdict::Violation { .. } => false,
        Verdict::OutOfBudget => panic!("undecided"),
    }
}

/// Returns true if the order keeps to real time, leaves out no answered operation, and explains every answer.
pub fn explains(history: &[Event<Op>], order: &[usize]) -> bool {
    let complete = (0..history.len()).all(|i| history[i].returned.is_none() || order.contains(&i));
    let timely = order.iter().enumerate().all(|(place, later)| {
        let before =
            |earlier: &usize| history[*earlier].invoked <= history[*later].returned.unwrap_or(u64::MAX);
        order[..place].iter().all(before)
    });
    let last = order.iter().try_fold(0, |state, i| step(&state, &history[*i].op).first().copied());
    complete && timely && last.is_some()
}
