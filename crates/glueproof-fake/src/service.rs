//! The seam between the router and the services that speak AWS JSON 1.1. Must not know any one service.
//! [`Service`] is what a service implements; [`Operation::new`] is a row of its table of operations.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::PreparedMaterial;
use crate::wire::json_text;
use crate::wire::json11::Dialect;
use crate::wire::type_mismatch;

/// The members of a request body.
pub type Members = Map<String, Value>;

/// An operation whose input and output are JSON: the members of the body in, the text of the output out.
type Handler = dyn Fn(&mut Cloud, &Caller, Members) -> Result<Vec<u8>, HandlerError> + Send + Sync;

/// A service that speaks AWS JSON 1.1.
pub trait Service: Send + Sync {
    /// The names of the service, and how it writes errors.
    fn dialect(&self) -> &'static Dialect;

    /// The operations of the service.
    fn operations(&self) -> &'static OperationTable;

    /// Generates the key material that a call will need. Called before the call takes the lock, because RSA keys take long.
    fn prepare(&self, _operation: &Operation, _members: &Members) -> Option<PreparedMaterial> {
        None
    }

    /// Checks the members of a request before its handler runs. Without a check of the service, its handlers check them.
    ///
    /// # Errors
    /// Returns an error if a member is missing or violates a constraint.
    fn check_input(&self, _operation: &Operation, _members: &Members) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Checks that the caller may call the operation. Handlers check it where the resource is known only to them.
    ///
    /// # Errors
    /// Returns an error if policies do not allow the call.
    fn authorize(
        &self,
        _cloud: &mut Cloud,
        _caller: &Caller,
        _operation: &Operation,
        _members: &Members,
    ) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Returns the code of the error for a member that the fake does not implement.
    fn unimplemented_code(&self) -> &'static str;

    /// Authorizes a call, checks its input, and runs its handler.
    ///
    /// # Errors
    /// The refusal of the service.
    fn run(
        &self,
        operation: &Operation,
        cloud: &mut Cloud,
        caller: &Caller,
        mut members: Members,
    ) -> Result<Vec<u8>, ServiceError> {
        self.authorize(cloud, caller, operation, &members)?;
        if operation.input == InputSource::Handler {
            members.retain(|_, value| !value.is_null());
        }
        if let Some(member) = operation.unimplemented_member(&members) {
            let text = format!("glueproof does not implement the member {member} of {}", operation.name);
            return Err(ServiceError::with(self.unimplemented_code(), text));
        }
        self.check_input(operation, &members)?;
        operation.run(cloud, caller, members)
    }
}

/// The definition that an input is validated against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputSource {
    /// The shapes of the specs. The router has validated the input before the handler runs.
    Specs,
    /// The types of the handler, with the members that the table requires.
    Handler,
}

/// An operation of a service.
pub struct Operation {
    /// The name, as in `X-Amz-Target` and in actions of policies.
    pub name: &'static str,
    /// The members that the operation requires, such as `TableInput.Name`.
    pub required: &'static [&'static str],
    /// The definition of the input.
    pub input: InputSource,
    /// The members that the fake does not implement.
    refused: &'static [&'static str],
    /// The members that have no effect on the fake by design.
    #[cfg_attr(not(test), expect(dead_code, reason = "states a decision, which a test reads"))]
    without_effect: &'static [&'static str],
    /// Returns the members that the handler reads, unless its input is a map.
    #[cfg(test)]
    pub read: fn() -> Option<&'static [&'static str]>,
    handler: Box<Handler>,
}

/// The error of a handler, or of the conversion around it.
enum HandlerError {
    /// The service refused the call.
    Service(ServiceError),
    /// The members do not fit the type of the input. The text may quote a secret.
    Input(serde_json::Error),
    /// The output cannot be written.
    Output(serde_json::Error),
}

impl Operation {
    /// An operation whose input is defined by its handler alone.
    pub fn new<I, O>(
        name: &'static str,
        handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    ) -> Self
    where
        I: DeserializeOwned + 'static,
        O: Serialize + 'static,
    {
        let handler = move |cloud: &mut Cloud, caller: &Caller, members| {
            let input = serde_json::from_value(Value::Object(members)).map_err(HandlerError::Input)?;
            let output = handler(cloud, caller, input).map_err(HandlerError::Service)?;
            let text = json_text::sorted(&output).map_err(HandlerError::Output)?;
            // An output of `()` is an empty body (E217, E218).
            Ok(if text == b"null" { Vec::new() } else { text })
        };
        Self {
            name,
            required: &[],
            input: InputSource::Handler,
            refused: &[],
            without_effect: &[],
            #[cfg(test)]
            read: crate::member_audit::fields_of::<I>,
            handler: Box::new(handler),
        }
    }

    /// The same operation with these members required.
    #[must_use]
    pub fn requires(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    /// The same operation with members that the fake does not implement. A call with one of them is refused.
    #[must_use]
    pub fn refuses(self, refused: &'static [&'static str]) -> Self {
        Self { refused, ..self }
    }

    /// The same operation with members that have no effect, because the fake has nothing that they could affect.
    #[must_use]
    pub fn without_effect_of(self, without_effect: &'static [&'static str]) -> Self {
        Self { without_effect, ..self }
    }

    /// Returns a member of the call that the fake does not implement. `false` is the same as an absent member.
    fn unimplemented_member(&self, members: &Members) -> Option<&'static str> {
        let is_given =
            |member: &&&'static str| members.get(**member).is_some_and(|value| *value != Value::Bool(false));
        self.refused.iter().find(is_given).copied()
    }

    /// Returns true if the operation declares what happens to a member that its handler does not read.
    #[cfg(test)]
    pub fn declares(&self, member: &str) -> bool {
        self.refused.contains(&member) || self.without_effect.contains(&member)
    }

    /// The same operation with its input defined by the specs.
    #[must_use]
    pub fn in_specs(self) -> Self {
        Self { input: InputSource::Specs, ..self }
    }

    fn run(&self, cloud: &mut Cloud, caller: &Caller, members: Members) -> Result<Vec<u8>, ServiceError> {
        (self.handler)(cloud, caller, members).map_err(|error| match error {
            HandlerError::Service(error) => error,
            HandlerError::Input(error) if self.input == InputSource::Specs => {
                // The input is valid by the specs, so the specs and the handler disagree.
                ServiceError::internal(format!(
                    "the specs of {} and its handler disagree: {error}",
                    self.name
                ))
            }
            HandlerError::Input(error) => ServiceError::serialization(type_mismatch::text(&error)),
            HandlerError::Output(error) => ServiceError::internal(error.to_string()),
        })
    }
}

/// The operations of a service by their names.
pub struct OperationTable(HashMap<&'static str, Operation>);

impl OperationTable {
    /// A table of these operations.
    pub fn new(operations: impl IntoIterator<Item = Operation>) -> Self {
        Self(operations.into_iter().map(|operation| (operation.name, operation)).collect())
    }

    /// Returns all operations.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.values()
    }

    /// Returns the operation of that name.
    pub fn get(&self, name: &str) -> Option<&Operation> {
        self.0.get(name)
    }
}
