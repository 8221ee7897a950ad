//! The calls around a call: those that make what it needs, and those that observe its effect. Works from the resources of
//! the specs.
//! Must not know a service.
//! The entry point is [`LifecycleSteps`].

use std::sync::Arc;

use serde_json::{Value, json};

use crate::case::{Body, Step};
use crate::model::{Expect, Lifecycle, Predicate, Resource, Role, ServiceModel};

use super::context::GeneratorContext;
use super::list::List;
use super::resource::{ACT, all_pages, read_back};

const MADE: &str = "made";
const BEFORE: &str = "before";

/// Puts steps around a call. Owns the model, because strategies keep it.
#[derive(Clone)]
pub(crate) struct LifecycleSteps {
    model: Arc<ServiceModel>,
    operation: String,
}

impl LifecycleSteps {
    pub fn new(context: GeneratorContext<'_>, operation: &str) -> Self {
        Self { model: Arc::clone(context.model), operation: operation.to_owned() }
    }

    pub fn model(&self) -> &ServiceModel {
        &self.model
    }

    /// The resource that the call is about, and the effect of the call on it.
    pub fn resource(&self) -> Option<(&Resource, Lifecycle)> {
        self.model.resource_of(&self.operation)
    }

    /// The operation whose valid input makes what the call needs, if it needs anything.
    pub fn needs(&self) -> Option<&str> {
        match self.resource() {
            Some((resource, Lifecycle::Read | Lifecycle::Delete | Lifecycle::List)) => resource.maker(),
            _ => None,
        }
    }

    /// The operation that makes another state than the call does. A refused call must leave that state unchanged.
    pub fn other_state(&self) -> Option<&str> {
        match self.resource() {
            Some((resource, Lifecycle::Put)) => resource.put.as_deref(),
            _ => self.needs(),
        }
    }

    fn step(&self, operation: &str, input: Value) -> Step {
        Step::new(&self.model.name, operation, input)
    }

    /// The call accepted, after the call that makes what it needs and before the read of its effect. `made` is a valid
    /// input of the maker, if there is one; it makes the resource that the call names.
    pub fn accepted(&self, input: &Value, made: Option<Value>) -> Vec<Step> {
        let mut steps = Vec::new();
        if let (Some(maker), Some(made)) = (self.needs(), made) {
            let made = self.pointed_at(made, input);
            let creation = self.step(maker, made.clone()).named(MADE).role(Role::Arrange);
            steps.push(creation.expecting(Expect::ok()));
            steps.extend(self.there_before(input, maker, &made));
        }
        steps.push(self.step(&self.operation, input.clone()).named(ACT));
        steps.extend(self.seen_after(input));
        self.assert_read_back(&mut steps);
        self.assert_listed(&mut steps);
        steps
    }

    /// The call refused with one of the codes, with an unchanged state after it. The call has the identifiers of `made`,
    /// unless they are invalid.
    pub fn refused(&self, body: Body, base: &Value, made: Option<Value>, codes: &[String]) -> Vec<Step> {
        let act = Step { body, ..self.step(&self.operation, Value::Null) };
        let act = act.named(ACT).expecting(Expect::refused(codes.iter().cloned()));
        match self.resource() {
            Some((resource, Lifecycle::Create)) => self.refused_create(resource, act, base, codes),
            Some((resource, Lifecycle::Put)) => self.refused_change(resource, act, &json!({}), made),
            Some((resource, Lifecycle::Delete)) => {
                let identifiers = Value::Object(resource.identifiers_in(made.as_ref().unwrap_or(base)));
                self.refused_change(resource, act, &identifiers, made)
            }
            _ => vec![act],
        }
    }

    /// An input of a call with the identifiers of another input.
    pub fn pointed_at(&self, mut input: Value, other: &Value) -> Value {
        if let (Some((resource, _)), Some(object)) = (self.resource(), input.as_object_mut()) {
            for name in &resource.identifiers {
                if let (true, Some(value)) = (object.contains_key(name), other.get(name)) {
                    object.insert(name.clone(), value.clone());
                }
            }
        }
        input
    }

    fn refused_create(&self, resource: &Resource, act: Step, base: &Value, codes: &[String]) -> Vec<Step> {
        let Some(read) = &resource.read else { return vec![act] };
        // The name that was sent, if it is a text; else the name that the request would have had.
        let sent = match &act.body {
            Body::Json(sent) => sent.clone(),
            Body::Text(_) => Value::Null,
        };
        let is_text = |name: &String| sent.get(name).is_some_and(Value::is_string);
        let named = if resource.identifiers.iter().all(is_text) { &sent } else { base };
        // The read may refuse an illegal name.
        let nothing = Expect::Either(vec![Expect::Absent, Expect::refused(codes.iter().cloned())]);
        let look = self
            .step(read, Value::Object(resource.identifiers_in(named)))
            .role(Role::Observe)
            .expecting(nothing);
        vec![act, look]
    }

    fn refused_change(
        &self,
        resource: &Resource,
        act: Step,
        which: &Value,
        made: Option<Value>,
    ) -> Vec<Step> {
        let (Some(maker), Some(read), Some(made)) = (resource.maker(), &resource.read, made) else {
            return vec![act];
        };
        let look = || self.step(read, which.clone());
        vec![
            self.step(maker, made).role(Role::Context).expecting(Expect::ok()),
            look().named(BEFORE).role(Role::Context).expecting(Expect::ok()),
            act,
            look().role(Role::Observe).expecting(Expect::Same(BEFORE.to_owned())),
        ]
    }

    /// A resource to delete must be read first: its absence afterwards proves nothing otherwise.
    fn there_before(&self, input: &Value, maker: &str, made: &Value) -> Option<Step> {
        let (resource, role) = self.resource()?;
        let read = resource.read.as_deref().filter(|_| role == Lifecycle::Delete)?;
        let seen = read_back(&self.model, resource, maker, made, MADE);
        Some(
            self.step(read, Value::Object(resource.identifiers_in(input)))
                .role(Role::Arrange)
                .expecting(Expect::Ok(seen)),
        )
    }

    fn seen_after(&self, input: &Value) -> Option<Step> {
        let (resource, role) = self.resource()?;
        let read = resource.read.as_deref()?;
        let look = self.step(read, Value::Object(resource.identifiers_in(input))).role(Role::Observe);
        match role {
            Lifecycle::Create | Lifecycle::Put => Some(look),
            Lifecycle::Delete => Some(look.expecting(Expect::Absent)),
            Lifecycle::Read | Lifecycle::List => None,
        }
    }

    /// Lists must show what was made.
    fn assert_listed(&self, steps: &mut [Step]) {
        let made = steps.iter().find(|step| step.name.as_deref() == Some(MADE)).map(|step| step.body.clone());
        let (Some(list), Some(Body::Json(input))) = (List::of(&self.model, &self.operation), made) else {
            return;
        };
        for act in steps.iter_mut().filter(|step| step.name.as_deref() == Some(ACT)) {
            act.follow = all_pages(&self.model, &self.operation);
            act.expect = Expect::Ok(vec![list.holds(Predicate::HasItem(list.mark(MADE, &input)))]);
        }
    }

    /// Reads must give back what was written.
    fn assert_read_back(&self, steps: &mut [Step]) {
        let Some((resource, role)) = self.resource() else { return };
        let writer = match role {
            Lifecycle::Create | Lifecycle::Put => ACT,
            Lifecycle::Read => MADE,
            Lifecycle::Delete | Lifecycle::List => return,
        };
        let read = resource.read.as_deref();
        let written = steps
            .iter()
            .find(|s| s.name.as_deref() == Some(writer))
            .map(|s| (s.operation.clone(), s.body.clone()));
        let Some((maker, Body::Json(input))) = written else { return };
        let assertions = read_back(&self.model, resource, &maker, &input, writer);
        if let Some(last) = steps.iter_mut().rev().find(|s| Some(s.operation.as_str()) == read) {
            last.expect = Expect::Ok(assertions);
        }
    }
}
