//! Fills the placeholders of behaviors with generated values. References to earlier responses stay for the run to resolve.
//! The entry point is [`scenario_steps`].

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::case::{Body, RUN, Step};
use crate::model::{Assertion, Branch, Expect, Predicate, ScenarioStep};

use super::context::{GeneratorContext, Steps};
use super::resource::all_pages;
use super::{policy, text, value};

/// A placeholder that generation fills, as JSON text, so that equal ones get one value.
type Placeholder = String;

/// The steps of a scenario, with all placeholders filled that generation fills.
pub(crate) fn scenario_steps(context: GeneratorContext<'_>, scenario: &[ScenarioStep]) -> Steps {
    let drafts: Vec<Step> = scenario.iter().map(|step| draft(context, step)).collect();
    let mut open = BTreeSet::new();
    for step in &drafts {
        if let Body::Json(input) = &step.body {
            collect(input, &mut open);
        }
        let expects = step.until.iter().chain([&step.expect]);
        expects.for_each(|expect| collect(&expect_as_value(expect), &mut open));
    }
    let open: Vec<Placeholder> = open.into_iter().collect();
    let values: Vec<BoxedStrategy<Value>> =
        open.iter().map(|placeholder| filler(context, placeholder)).collect();
    let region = context.region.to_owned();
    values
        .prop_map(move |values| {
            let filled: Map<String, Value> = open.iter().cloned().zip(values).collect();
            drafts.iter().map(|step| fill_step(step, &filled, &region)).collect()
        })
        .boxed()
}

fn draft(context: GeneratorContext<'_>, step: &ScenarioStep) -> Step {
    let (service, operation) = step.call.split_once(':').unwrap_or((&context.model.name, &step.call));
    let mut made =
        Step::new(service, operation, step.input.clone()).role(step.role).expecting(step.expectation());
    made.name.clone_from(&step.name);
    made.by.clone_from(&step.by);
    made.client = step.client;
    made.until.clone_from(&step.until);
    if step.follow {
        let model = context.model.service(service).unwrap_or(context.model);
        made.follow = all_pages(model, operation);
    }
    made
}

/// The placeholder an object is, if it is one that generation fills.
fn placeholder(value: &Value) -> Option<Placeholder> {
    let object = value.as_object()?;
    let generated = ["$name", "$policy", "$valid", "$foreign", "$repeat", "$base64"];
    object.keys().any(|key| generated.contains(&key.as_str())).then(|| value.to_string())
}

fn collect(value: &Value, open: &mut BTreeSet<Placeholder>) {
    if let Some(found) = placeholder(value) {
        open.insert(found);
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, open)),
        Value::Object(map) => map.values().for_each(|inner| collect(inner, open)),
        _ => {}
    }
}

fn filler(context: GeneratorContext<'_>, placeholder: &str) -> BoxedStrategy<Value> {
    let written: Value = serde_json::from_str(placeholder).unwrap_or_default();
    let argument = |key: &str| written.get(key).and_then(Value::as_str);
    if let Some(label) = argument("$name") {
        return Just(json!(format!("{RUN}-{label}"))).boxed();
    }
    if let Some(label) = argument("$policy") {
        let material = context.model.shapes.values().find_map(|shape| shape.traits.policy.as_ref());
        return match material {
            Some(material) => policy::valid(material, context.region, label).prop_map(Value::from).boxed(),
            None => Just(json!("{}")).boxed(),
        };
    }
    if let Some(shape) = argument("$valid") {
        return value::of_shape(context, shape);
    }
    if argument("$foreign").is_some() {
        return foreign_version();
    }
    if let Some(plain) = argument("$base64") {
        return Just(json!(text::base64(plain.as_bytes()))).boxed();
    }
    let times =
        written.get("times").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    Just(json!(argument("$repeat").unwrap_or_default().repeat(times))).boxed()
}

/// A well-formed version that no resource ever had.
pub(crate) fn foreign_version() -> BoxedStrategy<Value> {
    any::<[u8; 16]>().no_shrink().prop_map(|bytes| json!(text::base64(&bytes))).boxed()
}

fn fill_step(step: &Step, filled: &Map<String, Value>, region: &str) -> Step {
    let body = match &step.body {
        Body::Json(input) => Body::Json(fill(input, filled, region)),
        Body::Text(raw) => Body::Text(raw.clone()),
    };
    let until = step.until.as_ref().map(|until| fill_expect(until, filled, region));
    Step { body, until, expect: fill_expect(&step.expect, filled, region), ..step.clone() }
}

fn fill(value: &Value, filled: &Map<String, Value>, region: &str) -> Value {
    if let Some(found) = placeholder(value).and_then(|p| filled.get(&p)) {
        return found.clone();
    }
    match value {
        Value::String(template) => Value::String(text::fill(template, region)),
        Value::Array(items) => items.iter().map(|item| fill(item, filled, region)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, inner)| (key.clone(), fill(inner, filled, region))).collect()
        }
        other => other.clone(),
    }
}

fn fill_expect(expect: &Expect, filled: &Map<String, Value>, region: &str) -> Expect {
    match expect {
        Expect::Ok(assertions) => {
            Expect::Ok(assertions.iter().map(|a| fill_assertion(a, filled, region)).collect())
        }
        Expect::Either(all) => Expect::Either(all.iter().map(|e| fill_expect(e, filled, region)).collect()),
        Expect::If(branch) => Expect::If(Box::new(Branch {
            accepted: branch.accepted.clone(),
            then: fill_expect(&branch.then, filled, region),
            otherwise: fill_expect(&branch.otherwise, filled, region),
        })),
        other => other.clone(),
    }
}

fn fill_assertion(assertion: &Assertion, filled: &Map<String, Value>, region: &str) -> Assertion {
    let value = |v: &Value| fill(v, filled, region);
    let holds = match &assertion.holds {
        Predicate::Equals(v) => Predicate::Equals(value(v)),
        Predicate::Differs(v) => Predicate::Differs(value(v)),
        Predicate::Contains(v) => Predicate::Contains(value(v)),
        Predicate::JsonEquals(v) => Predicate::JsonEquals(value(v)),
        Predicate::Base64(v) => Predicate::Base64(value(v)),
        Predicate::HasItem(v) => Predicate::HasItem(value(v)),
        Predicate::HasOneOf(v) => Predicate::HasOneOf(value(v)),
        Predicate::LacksItem(v) => Predicate::LacksItem(value(v)),
        Predicate::AtMostOnce(v) => Predicate::AtMostOnce(value(v)),
        Predicate::SameItems(v) => Predicate::SameItems(value(v)),
        Predicate::AtLeast(v) => Predicate::AtLeast(value(v)),
        Predicate::Near(v) => Predicate::Near(value(v)),
        other => other.clone(),
    };
    Assertion { at: assertion.at.clone(), holds }
}

fn expect_as_value(expect: &Expect) -> Value {
    serde_json::to_value(expect).unwrap_or_default()
}
