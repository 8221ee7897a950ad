//! State that is treated otherwise than a call says, whatever the call means. Must not know any operation.

use serde::Deserialize;

use super::memory::Memory;
use crate::cloud::{Cloud, State};

/// How the state is mistreated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Astray {
    /// What the call did is undone, though it is answered as if it were not.
    Lost,
    /// The call looks at what was there before the last change.
    Stale,
    /// What other calls do meanwhile is lost.
    Raced,
    /// Everything is forgotten after the call.
    Forgotten,
}

/// What a call meets.
#[derive(Debug)]
pub struct Meeting<'m> {
    /// What is to go wrong.
    pub ways: Vec<Astray>,
    /// What was there when the call came in.
    pub earlier: Option<State>,
    /// Whether the call may change something.
    pub changes: bool,
    /// What was before.
    pub memory: &'m mut Memory,
}

impl Meeting<'_> {
    /// Lets a call run on the state it is astray to see.
    pub fn run<T, E>(self, cloud: &mut Cloud, call: impl FnOnce(&mut Cloud) -> Result<T, E>) -> Result<T, E> {
        let now = cloud.state.clone();
        let is_stale = self.ways.contains(&Astray::Stale);
        let seen = if is_stale { self.memory.before.clone() } else { self.earlier };
        if let Some(seen) = seen {
            cloud.state = seen;
        }
        let outcome = call(cloud);
        if is_stale || self.ways.contains(&Astray::Lost) {
            cloud.state = now;
        } else if self.ways.contains(&Astray::Forgotten) {
            cloud.reset();
        } else if outcome.is_ok() && self.changes {
            self.memory.before = Some(now);
        }
        outcome
    }
}
