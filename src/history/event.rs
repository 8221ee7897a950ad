//! A history as data: operations with their times, the bound of a search, and the verdict.
//! Must not know the effect of an operation.
//! The entry points are [`Event`] and [`Verdict`].

/// One operation of one client. Times are of one clock for all clients, in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<Op> {
    /// The client.
    pub client: usize,
    /// The call and its outcome.
    pub op: Op,
    /// Before this it cannot have taken effect.
    pub invoked: u64,
    /// After this it cannot take effect; nothing where no answer came, or one that leaves it open.
    pub returned: Option<u64>,
    /// It only looks: it may tell something about a state, but the state is no other for it. Such operations
    /// cost the search nothing.
    pub reads: bool,
}

impl<Op: Clone> Event<Op> {
    /// The same operation, free to take effect at any time after its call, or never.
    pub(super) fn released(&self) -> Self {
        Self { returned: None, ..self.clone() }
    }

    /// The same operation as it stood at a moment: answered, or not yet.
    pub(super) fn under_way_at(&self, moment: u64) -> Self {
        Self { returned: self.returned.filter(|returned| *returned < moment), ..self.clone() }
    }
}

/// The bound of a search.
pub struct Budget<'a> {
    /// Configurations it may look at.
    pub states: usize,
    /// True if the time is up; asked now and then.
    pub expired: &'a dyn Fn() -> bool,
}

impl Budget<'_> {
    /// A bound on configurations alone.
    #[must_use]
    pub fn of_states(states: usize) -> Self {
        Self { states, expired: &|| false }
    }
}

/// The verdict on a history.
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
        /// The time of that response: everything answered before can be explained.
        at: u64,
    },
    /// The bound was reached before either was certain.
    OutOfBudget,
}
