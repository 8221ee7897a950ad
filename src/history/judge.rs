//! The verdict on a history, within a bound. How it is found is the search's business.

use std::hash::Hash;

use super::event::Event;
use super::search::Search;

/// How long a search may go on.
pub struct Budget<'a> {
    /// Configurations it may look at.
    pub states: usize,
    /// Whether the time is up; asked now and then.
    pub expired: &'a dyn Fn() -> bool,
}

impl Budget<'_> {
    /// A bound on configurations alone.
    #[must_use]
    pub fn of_states(states: usize) -> Self {
        Self { states, expired: &|| false }
    }
}

/// What a history says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// One by one in this order, by index, the operations explain every answer. Those without an answer that
    /// are not in it never took effect.
    Linearizable(Vec<usize>),
    /// No order does.
    Violation {
        /// The shortest beginning that violates, by index: what was called until the answer that nothing
        /// explains had come.
        prefix: Vec<usize>,
        /// When that answer came: everything answered before can be explained.
        at: u64,
    },
    /// The bound was reached before either was certain.
    OutOfBudget,
}

/// Judges a history that began in one of the initial states. `step` answers every state in which the
/// operation has taken effect with its outcome, none where that cannot be; for operations without an answer
/// it says what taking effect would mean.
///
/// Intervals that touch count as overlapping, so that a coarse clock raises no false alarm.
pub fn judge<Op, S: Clone + Eq + Hash>(
    history: &[Event<Op>],
    initial: &[S],
    step: impl Fn(&S, &Op) -> Vec<S>,
    budget: &Budget<'_>,
) -> Verdict {
    let all: Vec<&Event<Op>> = history.iter().collect();
    judge_all(&all, initial, &step, budget)
}

/// The same, for a selection.
pub(super) fn judge_all<Op, S: Clone + Eq + Hash>(
    history: &[&Event<Op>],
    initial: &[S],
    step: &impl Fn(&S, &Op) -> Vec<S>,
    budget: &Budget<'_>,
) -> Verdict {
    Search::new(history, step).run(initial, budget)
}
