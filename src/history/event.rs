//! One operation of a history. Knows nothing of what it does.

/// One operation of one client. Times are of one clock for all clients, in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<Op> {
    /// Who called.
    pub client: usize,
    /// What was called and what came of it.
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
