//! The parts of a fault: each has one effect on the calls of some operations. Data only.
//! Must not apply an effect: the layers `request`, `state`, `glue_store` and `response` and the failpoints do.
//! [`FaultPart`] is the entry point.

use std::num::NonZeroU64;

use super::bug::Bug;
use super::edit::Edit;
use super::glue_store::GlueStoreFault;
use super::request::{ConstraintFault, ParserFault};
use super::response::ResponseFault;
use super::state::{StateFault, WorkFault};

/// One effect, and the operations that show it.
#[derive(Debug, Clone)]
pub struct FaultPart {
    /// The operations. Empty means all.
    pub on: Vec<String>,
    /// Limits the effect to every so many calls of an operation.
    pub every: Option<NonZeroU64>,
    /// The effect.
    pub effect: Effect,
}

/// One wrong behavior.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Refuses the call with this code and message. The handler does not run.
    Refuse(String, Option<String>),
    /// Edits the members of the request before they are validated.
    EditRequest(Vec<Edit>),
    /// Applies a refused request after editing it. The response stays the refusal.
    ApplyDespiteError(Vec<Edit>),
    /// Changes the response.
    EditResponse(Box<ResponseFault>),
    /// Mistreats the state of the whole cloud, whatever the call means.
    State(StateFault),
    /// Changes what Glue has stored around the call.
    GlueStore(GlueStoreFault),
    /// Changes the state around jobs and crawls that end.
    Work(WorkFault),
    /// Drops or tightens a constraint of the specs.
    Constraint(ConstraintFault),
    /// Accepts or refuses a request for its form.
    Parser(ParserFault),
    /// Switches a failpoint on.
    Bug(Bug),
    /// Edits every policy before it is evaluated. `Statement` is always a list.
    EditPolicies(Vec<Edit>),
    /// Edits every security configuration before a job or crawler reads it.
    EditConfigurations(Vec<Edit>),
}

impl FaultPart {
    /// Returns true if calls of the operation show the effect.
    pub fn concerns(&self, operation: &str) -> bool {
        self.on.is_empty() || self.on.iter().any(|on| on == operation)
    }

    /// Returns true if the call with this number, counted from 1, shows the effect.
    pub fn shows_at(&self, call: u64) -> bool {
        self.every.is_none_or(|every| call.is_multiple_of(every.get()))
    }
}
