//! Searches for an order of concurrent operations that explains every response: depth first, over configurations that
//! have not been seen. States are numbered, because many configurations share a state and a step may be expensive.
//! Must not shorten a history.
//! The entry point is [`judge`].

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::event::{Budget, Event, Verdict};

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

/// Configurations between two checks of the clock.
const BETWEEN_LOOKS: usize = 256;

/// The operations that have taken effect, and the number of the state they left. Answered operations are known
/// by their rank in order of invocation: all below `done` have taken effect, and those in `beyond`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SearchConfiguration {
    done: usize,
    beyond: Vec<usize>,
    /// Ranks of operations without an answer that have taken effect.
    released: Vec<usize>,
    state: usize,
}

impl SearchConfiguration {
    fn begin(state: usize) -> Self {
        Self { done: 0, beyond: Vec::new(), released: Vec::new(), state }
    }

    fn after_answered(&self, rank: usize, state: usize) -> Self {
        let mut beyond = self.beyond.clone();
        insert(&mut beyond, rank);
        let run = beyond.iter().enumerate().take_while(|(i, rank)| **rank == self.done + i).count();
        let beyond = beyond.split_off(run);
        Self { done: self.done + run, beyond, released: self.released.clone(), state }
    }

    fn after_released(&self, rank: usize, state: usize) -> Self {
        let mut released = self.released.clone();
        insert(&mut released, rank);
        Self { done: self.done, beyond: self.beyond.clone(), released, state }
    }
}

fn insert(sorted: &mut Vec<usize>, rank: usize) {
    let place = sorted.partition_point(|other| *other < rank);
    sorted.insert(place, rank);
}

/// The way to a configuration: the one before it, and the event.
struct Reached {
    from: Option<usize>,
    event: usize,
}

/// The result of an exploration.
struct Explored<S> {
    /// An order that explains every answer.
    order: Option<Vec<usize>>,
    /// The states such orders end in.
    ends: HashSet<S>,
    /// The latest answer that no order got past.
    stuck_at: u64,
}

/// The possible next operations in a configuration.
struct Frontier {
    /// Until when one of `answered` must have taken effect.
    deadline: u64,
    /// Ranks, the next to be answered first.
    answered: Vec<usize>,
    /// Ranks.
    released: Vec<usize>,
}

pub(super) struct Search<'a, Op, F> {
    history: &'a [&'a Event<Op>],
    step: &'a F,
    /// Events with an answer, and when it came, in order of invocation.
    answered: Vec<(usize, u64)>,
    /// Events without, in order of invocation.
    released: Vec<usize>,
}

impl<'a, Op, F> Search<'a, Op, F> {
    pub fn new(history: &'a [&'a Event<Op>], step: &'a F) -> Self {
        let mut order: Vec<usize> = (0..history.len()).collect();
        order.sort_by_key(|event| history[*event].invoked);
        let answered = order.iter().filter_map(|event| Some((*event, history[*event].returned?))).collect();
        let released = order.into_iter().filter(|event| history[*event].returned.is_none()).collect();
        Self { history, step, answered, released }
    }

    pub fn run<S: Clone + Eq + Hash>(&self, initial: &[S], budget: &Budget<'_>) -> Verdict
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        match self.explore(initial, budget, false) {
            None => Verdict::OutOfBudget,
            Some(Explored { order: Some(order), .. }) => Verdict::Linearizable(order),
            Some(Explored { stuck_at, .. }) => self.violation(stuck_at),
        }
    }

    /// Every state in which the history can have ended; nothing where the bound was reached.
    pub fn ends<S: Clone + Eq + Hash>(&self, initial: &[S], budget: &Budget<'_>) -> Option<Vec<S>>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        self.explore(initial, budget, true).map(|explored| explored.ends.into_iter().collect())
    }

    /// Looks at one configuration after the other, until one explains every answer, or at all.
    fn explore<S: Clone + Eq + Hash>(
        &self,
        initial: &[S],
        budget: &Budget<'_>,
        all: bool,
    ) -> Option<Explored<S>>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let mut memo = Memo::new();
        let mut seen = HashSet::new();
        let mut path: Vec<Reached> = Vec::new();
        let mut found = Explored { order: None, ends: HashSet::new(), stuck_at: 0 };
        let mut stack: Vec<(SearchConfiguration, Option<usize>)> =
            initial.iter().map(|state| (SearchConfiguration::begin(memo.number(state)), None)).collect();
        let mut looked = 0;
        while let Some((configuration, from)) = stack.pop() {
            let frontier = self.frontier(&configuration);
            if frontier.answered.is_empty() {
                found.ends.insert(memo.state(configuration.state).clone());
                found.order = Some(order(&path, from));
                if !all {
                    break;
                }
            } else {
                found.stuck_at = frontier.deadline.max(found.stuck_at);
            }
            looked += 1;
            if looked > budget.states || (looked % BETWEEN_LOOKS == 0 && (budget.expired)()) {
                return None;
            }
            for (event, next) in self.successors(&mut memo, &configuration, &frontier) {
                if seen.insert(next.clone()) {
                    path.push(Reached { from, event });
                    stack.push((next, Some(path.len() - 1)));
                }
            }
        }
        Some(found)
    }

    /// Returns the possible next operations; none with a response if every response is explained.
    fn frontier(&self, configuration: &SearchConfiguration) -> Frontier {
        let mut deadline = u64::MAX;
        let mut open = Vec::new();
        let mut beyond = configuration.beyond.iter().peekable();
        for (rank, (event, returned)) in self.answered.iter().enumerate().skip(configuration.done) {
            if self.history[*event].invoked > deadline {
                break;
            }
            if beyond.next_if_eq(&&rank).is_none() {
                deadline = deadline.min(*returned);
                open.push(rank);
            }
        }
        open.sort_by_key(|rank| self.answered[*rank].1);
        let in_time = |event: &usize| self.history[*event].invoked <= deadline;
        let released = self.released.iter().take_while(|event| in_time(event)).enumerate();
        let released = released.map(|(rank, _)| rank).filter(|rank| !configuration.released.contains(rank));
        Frontier { deadline, answered: open, released: released.collect() }
    }

    /// Returns the next configurations, the most promising last.
    fn successors<S: Clone + Eq + Hash>(
        &self,
        memo: &mut Memo<S>,
        configuration: &SearchConfiguration,
        frontier: &Frontier,
    ) -> Vec<(usize, SearchConfiguration)>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let now = configuration.state;
        let mut after = |event: usize| memo.after(now, event, |s| (self.step)(s, &self.history[event].op));
        let (mut quiet, mut loud, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for rank in frontier.answered.iter().rev() {
            let (event, _) = self.answered[*rank];
            for next in after(event) {
                let successor = (event, configuration.after_answered(*rank, next));
                // A look that is right here and tells nothing new can as well be taken now: no later order
                // needs it for anything but itself.
                if next == now && self.history[event].reads {
                    return vec![successor];
                }
                if next == now { quiet.push(successor) } else { loud.push(successor) }
            }
        }
        for rank in frontier.released.iter().rev() {
            let event = self.released[*rank];
            let effects = after(event).into_iter().filter(|next| *next != now);
            all.extend(effects.map(|next| (event, configuration.after_released(*rank, next))));
        }
        all.append(&mut loud);
        all.append(&mut quiet);
        all
    }

    /// Everything called until the moment that no order got past. What was called later was never looked at.
    fn violation(&self, at: u64) -> Verdict {
        let prefix = (0..self.history.len()).filter(|event| self.history[*event].invoked <= at).collect();
        Verdict::Violation { prefix, at }
    }
}

fn order(path: &[Reached], last: Option<usize>) -> Vec<usize> {
    let mut order: Vec<usize> =
        std::iter::successors(last, |at| path[*at].from).map(|at| path[at].event).collect();
    order.reverse();
    order
}

/// The states met so far, by number, and the steps taken from them.
struct Memo<S> {
    states: Vec<S>,
    numbers: HashMap<S, usize>,
    steps: HashMap<(usize, usize), Vec<usize>>,
}

impl<S: Clone + Eq + Hash> Memo<S> {
    pub fn new() -> Self {
        Self { states: Vec::new(), numbers: HashMap::new(), steps: HashMap::new() }
    }

    /// The number of a state; equal states have one.
    pub fn number(&mut self, state: &S) -> usize {
        if let Some(number) = self.numbers.get(state) {
            return *number;
        }
        let number = self.states.len();
        self.states.push(state.clone());
        self.numbers.insert(state.clone(), number);
        number
    }

    /// The state of a number.
    pub fn state(&self, number: usize) -> &S {
        &self.states[number]
    }

    /// The states that an event leads to; `step` is asked once.
    pub fn after(&mut self, from: usize, event: usize, step: impl FnOnce(&S) -> Vec<S>) -> Vec<usize> {
        if let Some(known) = self.steps.get(&(from, event)) {
            return known.clone();
        }
        let next: Vec<usize> = step(&self.states[from]).iter().map(|state| self.number(state)).collect();
        self.steps.insert((from, event), next.clone());
        next
    }
}
