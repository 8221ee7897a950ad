//! The way in: from a state, a call and what came of it to the states that may follow. Which resource the
//! call is about decides who judges it; nothing about any of them is known here.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::{ConditionTable, Evidence, Level, ServiceModel};

use super::call::{Answer, Call, Operation, Outcome};
use super::law::{Law, Mismatch};
use super::may::May;
use super::state::State;
use super::{configuration, policy, policy_list, settings};

/// The specs lack what the reference enforces.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the reference enforces `{0}`, which the specs do not have")]
pub struct NoEvidence(pub String);

/// The state machine: which promises count, and what conditional calls may answer.
#[derive(Debug, Clone)]
pub struct Reference {
    floor: Level,
    evidence: BTreeMap<Law, Evidence>,
    tables: BTreeMap<String, ConditionTable>,
    errors: BTreeMap<String, Vec<String>>,
}

impl Reference {
    /// The reference that enforces promises of this level and better, and leaves the rest open.
    ///
    /// # Errors
    /// When the specs do not state one of its promises on an operation they have, or lack a table.
    pub fn new(model: &ServiceModel, floor: Level) -> Result<Self, NoEvidence> {
        let exists = |id: &str| model.operations.contains_key(id.split('/').next().unwrap_or_default());
        let mut evidence = BTreeMap::new();
        for law in Law::ALL.iter().filter(|law| exists(law.behavior())) {
            let id = format!("{}/{}", model.name, law.behavior());
            match model.behaviors.iter().find(|behavior| behavior.id == id) {
                Some(behavior) => evidence.insert(*law, behavior.evidence.clone()),
                None => return Err(NoEvidence(id)),
            };
        }
        for operation in [Operation::PutResourcePolicy, Operation::DeleteResourcePolicy] {
            if !model.tables.contains_key(operation.name()) {
                return Err(NoEvidence(format!("tables/{}", operation.name())));
            }
        }
        let errors = model.operations.iter().map(|(name, o)| (name.clone(), o.errors.clone())).collect();
        Ok(Self { floor, evidence, tables: model.tables.clone(), errors })
    }

    /// The states that may follow, one of them unless the outcome leaves open whether the call took effect
    /// ([`Outcome::settles`]). A call without an answer is taken to have taken effect by now or never.
    ///
    /// # Errors
    /// When the answer is not legal in this state.
    pub fn after(&self, state: &State, call: &Call, outcome: &Outcome) -> Result<Vec<State>, Mismatch> {
        let may = self.may(state, call);
        match outcome {
            Outcome::Answered(answer) if outcome.settles() => {
                self.settled(state, call, answer, &may).map(|next| vec![next])
            }
            _ => Ok(self.unsettled(state, call, &may)),
        }
    }

    /// The states in which the call has taken effect with that outcome; none where that cannot be. The form
    /// in which a search for an order of concurrent calls asks.
    #[must_use]
    pub fn next(&self, state: &State, call: &Call, outcome: &Outcome) -> Vec<State> {
        self.after(state, call, outcome).unwrap_or_default()
    }

    /// What may come of the call in this state, in words.
    #[must_use]
    pub fn expected(&self, state: &State, call: &Call) -> String {
        self.may(state, call).to_string()
    }

    fn settled(&self, state: &State, call: &Call, answer: &Answer, may: &May) -> Result<State, Mismatch> {
        let success = answer.is_success();
        let legal = if success { may.accepted } else { may.refuses_with(answer.code.as_deref()) };
        if !legal {
            return Err(Mismatch {
                law: may.law.clone(),
                evidence: Box::new(may.evidence.clone()),
                expected: may.to_string(),
                actual: answer.in_words(),
            });
        }
        let body = success.then_some(&answer.body);
        if success { self.effect(state, call, body) } else { Ok(named(state, call)) }
    }

    fn unsettled(&self, state: &State, call: &Call, may: &May) -> Vec<State> {
        let mut states = vec![named(state, call)];
        if may.accepted
            && !call.operation.reads()
            && let Ok(done) = self.effect(state, call, None)
            && !states.contains(&done)
        {
            states.push(done);
        }
        states
    }

    fn may(&self, state: &State, call: &Call) -> May {
        use Operation as O;
        match call.operation {
            O::PutResourcePolicy | O::DeleteResourcePolicy => policy::may_write(self, state, call),
            O::GetResourcePolicy | O::GetResourcePolicies => policy::may_read(self, state, call),
            O::PutDataCatalogEncryptionSettings | O::GetDataCatalogEncryptionSettings => {
                settings::may(self, call)
            }
            _ => configuration::may(self, state, call),
        }
    }

    /// The state after the call was accepted, with that body where an answer came.
    fn effect(&self, state: &State, call: &Call, body: Option<&Value>) -> Result<State, Mismatch> {
        use Operation as O;
        let nothing = Value::Null;
        let read = body.unwrap_or(&nothing);
        match call.operation {
            O::PutResourcePolicy => policy::put(self, state, call, body),
            O::DeleteResourcePolicy => Ok(policy::delete(state)),
            O::GetResourcePolicy => policy::get(self, state, read),
            O::GetResourcePolicies => policy_list::list(self, state, call, read),
            O::CreateSecurityConfiguration => configuration::create(self, state, call, body),
            O::DeleteSecurityConfiguration => Ok(configuration::delete(state, call)),
            O::GetSecurityConfiguration => configuration::get(self, state, call, read),
            O::GetSecurityConfigurations => configuration::list(self, state, call, read),
            O::PutDataCatalogEncryptionSettings => Ok(settings::put(self, state, call)),
            O::GetDataCatalogEncryptionSettings => settings::get(self, state, read),
        }
    }

    pub(super) fn table(&self, operation: Operation) -> Option<&ConditionTable> {
        self.tables.get(operation.name())
    }

    /// Codes the operation declares.
    pub(super) fn declared(&self, operation: Operation) -> &[String] {
        self.errors.get(operation.name()).map_or(&[], Vec::as_slice)
    }

    /// Whether a promise of that evidence counts.
    pub(super) fn counts(&self, evidence: &Evidence) -> bool {
        evidence.level >= self.floor
    }

    /// Whether the promise counts.
    pub(super) fn enforces(&self, law: Law) -> bool {
        self.evidence.get(&law).is_some_and(|evidence| self.counts(evidence))
    }

    pub(super) fn evidence(&self, law: Law) -> Evidence {
        let unstated = || Evidence { level: Level::Assumed, sources: Vec::new(), note: None };
        self.evidence.get(&law).cloned().unwrap_or_else(unstated)
    }

    /// The call must be accepted, because of that promise.
    pub(super) fn accepted(&self, law: Law, because: impl Into<String>) -> May {
        let (law, evidence) = (law.behavior().to_owned(), self.evidence(law));
        May { accepted: true, codes: [].into(), law, evidence, because: because.into() }
    }

    /// The call must be refused with that code, because of that promise.
    pub(super) fn refused(&self, law: Law, code: &str, because: impl Into<String>) -> May {
        May { accepted: false, ..self.accepted(law, because) }.or_refused([code])
    }

    /// A mismatch, unless the promise holds or does not count.
    pub(super) fn require(
        &self,
        law: Law,
        holds: bool,
        words: impl FnOnce() -> (String, String),
    ) -> Result<(), Mismatch> {
        if holds || !self.enforces(law) {
            return Ok(());
        }
        let (expected, actual) = words();
        let evidence = Box::new(self.evidence(law));
        Err(Mismatch { law: law.behavior().to_owned(), evidence, expected, actual })
    }
}

/// The same state, but for remembering that a name of ours was used.
fn named(state: &State, call: &Call) -> State {
    configuration::named(state, call)
}
