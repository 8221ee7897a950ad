//! Resources that always exist, in one state or another. After a call, another state is made and observed, so that the
//! effect of the call cannot have been there all along. Works from the resources of the specs.
//! Must not know a service.
//! The entry point is [`DistinctState`].

use proptest::prelude::*;
use serde_json::Value;

use crate::case::Step;
use crate::model::{Expect, Lifecycle, Resource, Role};

use super::context::GeneratorContext;
use super::lifecycle::LifecycleSteps;
use super::resource::read_back;
use super::value::{self, FixedMember};

/// Name of the call that makes the other state.
const OTHER: &str = "other";

/// Makes another state than the call does.
#[derive(Clone)]
pub(super) struct DistinctState {
    lifecycle: LifecycleSteps,
    resource: Resource,
    put: String,
    read: String,
}

impl DistinctState {
    /// The other state, for calls that put or read a resource that always exists.
    pub fn of(lifecycle: &LifecycleSteps) -> Option<Self> {
        let (resource, role) = lifecycle.resource()?;
        let lasts = resource.is_account_wide() && resource.delete.is_none();
        let asked = matches!(role, Lifecycle::Put | Lifecycle::Read);
        let (put, read) = (resource.put.clone()?, resource.read.clone()?);
        (lasts && asked).then(|| Self { lifecycle: lifecycle.clone(), resource: resource.clone(), put, read })
    }

    /// Inputs of a put, each of a state that contradicts the other.
    pub fn beside<T: std::fmt::Debug + 'static>(
        &self,
        context: GeneratorContext<'_>,
        states: impl Strategy<Value = T> + 'static,
        written: fn(&T) -> &Value,
    ) -> BoxedStrategy<(T, Value)> {
        let viewed = self.lifecycle.model().viewed(&self.resource).unwrap_or_default();
        let members: Vec<String> =
            self.lifecycle.model().members(viewed).map(|member| member.name.clone()).collect();
        (states, value::input(context, &self.put, FixedMember::default()))
            .prop_filter("one state contradicts the other", move |(state, other)| {
                let state = written(state);
                members.iter().any(|name| contradict(state.get(name), other.get(name)))
            })
            .boxed()
    }

    /// The calls that make the other state and read it.
    pub fn steps(&self, other: &Value) -> [Step; 2] {
        let model = self.lifecycle.model();
        let seen = read_back(model, &self.resource, &self.put, other, OTHER);
        let step = |operation: &str, input| Step::new(&model.name, operation, input).role(Role::Context);
        [
            step(&self.put, other.clone()).named(OTHER),
            step(&self.read, Value::Object(self.resource.identifiers_in(other))).expecting(Expect::Ok(seen)),
        ]
    }
}

/// Returns true if no state can have both values.
fn contradict(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (None | Some(Value::Null), _) | (_, None | Some(Value::Null)) => false,
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            one.iter().any(|(name, value)| contradict(Some(value), other.get(name)))
        }
        (one, other) => one != other,
    }
}
