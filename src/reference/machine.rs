//! Steps of the reference: from a state, a call and its outcome to the possible next states.
//! Must not know a resource: the resource of the call decides.
//! The entry point is [`Reference::after`].

use serde_json::Value;

use super::call::{Answer, Call, Operation, Outcome};
use super::law::{AllowedOutcomes, Mismatch, Reference};
use super::state::State;
use super::{configuration, policy, settings};

impl Reference {
    /// The states that may follow, one of them unless the outcome leaves open whether the call took effect
    /// ([`Outcome::settles`]). A call without an answer is taken to have taken effect by now or never.
    ///
    /// # Errors
    /// Returns an error if the answer is not legal in this state.
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

    /// Describes the allowed outcomes of the call in this state.
    #[must_use]
    pub fn expected(&self, state: &State, call: &Call) -> String {
        self.may(state, call).to_string()
    }

    fn settled(
        &self,
        state: &State,
        call: &Call,
        answer: &Answer,
        may: &AllowedOutcomes,
    ) -> Result<State, Mismatch> {
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

    fn unsettled(&self, state: &State, call: &Call, may: &AllowedOutcomes) -> Vec<State> {
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

    fn may(&self, state: &State, call: &Call) -> AllowedOutcomes {
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
            O::GetResourcePolicies => policy::list(self, state, call, read),
            O::CreateSecurityConfiguration => configuration::create(self, state, call, body),
            O::DeleteSecurityConfiguration => Ok(configuration::delete(state, call)),
            O::GetSecurityConfiguration => configuration::get(self, state, call, read),
            O::GetSecurityConfigurations => configuration::list(self, state, call, read),
            O::PutDataCatalogEncryptionSettings => Ok(settings::put(self, state, call)),
            O::GetDataCatalogEncryptionSettings => settings::get(self, state, read),
        }
    }
}

/// The same state, but for remembering that a name of ours was used.
fn named(state: &State, call: &Call) -> State {
    configuration::named(state, call)
}
