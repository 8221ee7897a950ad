//! The shortest part of a history that still violates, and for the same reason. Changes no operation.
//!
//! Leaving out an operation can make a history illegal that was legal: a read of what was written has
//! nothing to read any more. So an operation is left out only if all of these hold:
//!
//! - what remains is illegal;
//! - it is illegal at the same answer as before, so everything that could be explained still can be: nothing
//!   that remains needed the operation;
//! - it is illegal even if the operation is given back with leave to take effect at any time after its call,
//!   or never: the answer that nothing explains did not need it either.
//!
//! The rest is illegal by itself, and no operation can be left out of it by these rules. Where the bound
//! ends a trial, the operation stays.
//!
//! Before that, a history too long to read is given a later beginning. Everything called before some moment
//! is left out, for every state that it can have left behind by then; what was still under way at that moment
//! may have taken effect already, or may yet, or never. That allows more than the whole history does, so if
//! the rest is still illegal, it is illegal in the whole.

use std::hash::Hash;

use super::event::{Budget, Event, Verdict};
use super::search::{Search, judge_all};

/// Configurations one trial of leaving something out may look at, whatever the bound of all: one that needs
/// more shortens nothing worth the wait.
const TRIAL: usize = 5_000;

/// Histories no longer than this keep their beginning: people can read them whole.
const SHORT: usize = 24;

/// Operations between the first beginning that is tried and the violation.
const NEAREST: usize = 8;

/// The shortest part of a history that still violates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimal<S> {
    /// Possible initial states: those of the history, or those after the operations before it.
    pub start: Vec<S>,
    /// Its operations, by index into the history.
    pub events: Vec<usize>,
}

/// The shortest part that violates; nothing where the history does not, within the bound.
pub fn minimize<Op: Clone, S: Clone + Eq + Hash>(
    history: &[Event<Op>],
    initial: &[S],
    step: impl Fn(&S, &Op) -> Vec<S>,
    budget: &Budget<'_>,
) -> Option<Minimal<S>> {
    let all: Vec<&Event<Op>> = history.iter().collect();
    let Verdict::Violation { prefix, at } = judge_all(&all, initial, &step, budget) else { return None };
    let shrinker = Shrinker { history, step: &step, at, budget };
    let (start, events) = shrinker.later_beginning(initial, &prefix).unwrap_or((initial.to_vec(), prefix));
    Some(Minimal { events: shrinker.shrink(&start, events), start })
}

struct Shrinker<'a, Op, F> {
    history: &'a [Event<Op>],
    step: &'a F,
    /// The time of the response that no order explains.
    at: u64,
    budget: &'a Budget<'a>,
}

impl<Op: Clone, F> Shrinker<'_, Op, F> {
    /// The states and the rest of the history after a beginning as late as can be, by doubling steps.
    fn later_beginning<S: Clone + Eq + Hash>(
        &self,
        initial: &[S],
        prefix: &[usize],
    ) -> Option<(Vec<S>, Vec<usize>)>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let mut calls: Vec<u64> = prefix.iter().map(|event| self.history[*event].invoked).collect();
        calls.sort_unstable();
        let mut back = NEAREST;
        while calls.len() > SHORT && back < calls.len() && !(self.budget.expired)() {
            let begin = calls[calls.len() - back];
            let (start, rest) = self.begun_at(begin, initial, prefix)?;
            let events = rest.iter().map(|event| &self.history[*event]);
            let freed = events.map(|e| if e.invoked < begin { e.released() } else { e.clone() });
            let freed: Vec<Event<Op>> = freed.collect();
            if self.violates_at(&start, &freed.iter().collect::<Vec<_>>(), self.budget) == Some(self.at) {
                return Some((start, rest));
            }
            back *= 2;
        }
        None
    }

    /// The states that what was called before a moment can have left behind, and what was not answered by
    /// then.
    fn begun_at<S: Clone + Eq + Hash>(
        &self,
        begin: u64,
        initial: &[S],
        prefix: &[usize],
    ) -> Option<(Vec<S>, Vec<usize>)>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let before = prefix.iter().map(|event| &self.history[*event]).filter(|e| e.invoked < begin);
        let before: Vec<Event<Op>> = before.map(|event| event.under_way_at(begin)).collect();
        let start = Search::new(&before.iter().collect::<Vec<_>>(), self.step).ends(initial, self.budget)?;
        let left = |event: &&usize| self.history[**event].returned.is_none_or(|returned| returned >= begin);
        Some((start, prefix.iter().filter(left).copied().collect()))
    }

    /// Looks first: nothing stands on them, so most of them go at once.
    fn shrink<S: Clone + Eq + Hash>(&self, start: &[S], mut kept: Vec<usize>) -> Vec<usize>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let goes =
            |event: &usize| self.history[*event].reads && self.history[*event].returned != Some(self.at);
        let looks = kept.iter().copied().filter(goes).collect();
        self.leave_out(start, &mut kept, looks);
        let all = kept.clone();
        self.leave_out(start, &mut kept, all);
        kept
    }

    /// Leaves out large parts of the candidates first, then smaller ones, until no single one can go.
    fn leave_out<S: Clone + Eq + Hash>(&self, start: &[S], kept: &mut Vec<usize>, mut candidates: Vec<usize>)
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let mut size = candidates.len();
        while size > 0 && !(self.budget.expired)() {
            let before = kept.len();
            for part in candidates.chunks(size) {
                let rest: Vec<usize> = kept.iter().copied().filter(|event| !part.contains(event)).collect();
                if !(self.budget.expired)() && self.can_go(start, kept, &rest) {
                    *kept = rest;
                }
            }
            candidates.retain(|event| kept.contains(event));
            let settled = size == 1 && kept.len() == before;
            size = if settled { 0 } else { size.div_ceil(2).min(candidates.len()) };
        }
    }

    fn can_go<S: Clone + Eq + Hash>(&self, start: &[S], whole: &[usize], rest: &[usize]) -> bool
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        let trial = Budget { states: self.budget.states.min(TRIAL), expired: self.budget.expired };
        let rest_events: Vec<&Event<Op>> = rest.iter().map(|event| &self.history[*event]).collect();
        if self.violates_at(start, &rest_events, &trial) != Some(self.at) {
            return false;
        }
        let gone = whole.iter().filter(|event| !rest.contains(event)).map(|event| &self.history[*event]);
        let free: Vec<Event<Op>> = gone.filter(|event| !event.reads).map(Event::released).collect();
        let given_back: Vec<&Event<Op>> = rest_events.into_iter().chain(&free).collect();
        free.is_empty() || self.violates_at(start, &given_back, &trial).is_some()
    }

    fn violates_at<S: Clone + Eq + Hash>(
        &self,
        start: &[S],
        events: &[&Event<Op>],
        budget: &Budget<'_>,
    ) -> Option<u64>
    where
        F: Fn(&S, &Op) -> Vec<S>,
    {
        match judge_all(events, start, self.step, budget) {
            Verdict::Violation { at, .. } => Some(at),
            _ => None,
        }
    }
}
