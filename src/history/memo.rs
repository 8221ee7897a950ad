//! Numbers states, and remembers where steps lead: many configurations share a state, and a step may be dear.

use std::collections::HashMap;
use std::hash::Hash;

/// The states met so far, by number, and the steps taken from them.
pub(super) struct Memo<S> {
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
