//! Resources that are there at all times, in one state or another: after a call, another state is made and seen, so that
//! what the call is to show cannot have been there all along. Works from the resources of the specs; knows no service.

use proptest::prelude::*;
use serde_json::Value;

use crate::case::Step;
use crate::model::{Expect, Lifecycle, Resource, Role};

use super::cases::Material;
use super::lifecycle::{Around, identifiers, read_back};
use super::value::{self, Pin};

/// Name of the call that makes the other state.
const OTHER: &str = "other";

/// Makes another state than a call is about.
#[derive(Clone)]
pub(super) struct Contrast {
    around: Around,
    resource: Resource,
    put: String,
    read: String,
}

impl Contrast {
    /// For calls that put or read what is never absent.
    pub fn of(around: &Around) -> Option<Self> {
        let (resource, role) = around.resource()?;
        let lasts = resource.is_account_wide() && resource.delete.is_none();
        let asked = matches!(role, Lifecycle::Put | Lifecycle::Read);
        let (put, read) = (resource.put.clone()?, resource.read.clone()?);
        (lasts && asked).then(|| Self { around: around.clone(), resource: resource.clone(), put, read })
    }

    /// Inputs of a put, each with what is not in that state.
    pub fn beside<T: std::fmt::Debug + 'static>(
        &self,
        material: Material<'_>,
        states: impl Strategy<Value = T> + 'static,
        written: fn(&T) -> &Value,
    ) -> BoxedStrategy<(T, Value)> {
        let viewed = self.around.model().viewed(&self.resource).unwrap_or_default();
        let members: Vec<String> =
            self.around.model().members(viewed).map(|member| member.name.clone()).collect();
        (states, value::input(material, &self.put, Pin::default()))
            .prop_filter("one state contradicts the other", move |(state, other)| {
                let state = written(state);
                members.iter().any(|name| contradict(state.get(name), other.get(name)))
            })
            .boxed()
    }

    /// The calls that make the other state and see it.
    pub fn steps(&self, other: &Value) -> [Step; 2] {
        let model = self.around.model();
        let seen = read_back(model, &self.resource, &self.put, other, OTHER);
        let step = |operation: &str, input| Step::new(&model.name, operation, input).role(Role::Context);
        [
            step(&self.put, other.clone()).named(OTHER),
            step(&self.read, identifiers(&self.resource, other)).expecting(Expect::Ok(seen)),
        ]
    }
}

/// Whether nothing could hold both.
fn contradict(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (None | Some(Value::Null), _) | (_, None | Some(Value::Null)) => false,
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            one.iter().any(|(name, value)| contradict(Some(value), other.get(name)))
        }
        (one, other) => one != other,
    }
}
