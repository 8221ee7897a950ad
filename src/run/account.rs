//! Account-wide state: looked at before a run touches it, put back afterwards.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::{Resource, ServiceModel};
use crate::target::{Answer, Request, Target};

/// What stood there before the run.
#[derive(Debug)]
pub struct AccountState {
    /// By resource: the input that puts it back, or nothing where nothing was.
    saved: BTreeMap<String, Option<Value>>,
}

impl AccountState {
    /// Looks at those of the named resources that can be looked at.
    pub async fn save(target: &Target, model: &ServiceModel, touched: &BTreeSet<String>) -> Self {
        let mut saved = BTreeMap::new();
        for resource in model.resources.iter().filter(|r| touched.contains(&r.name)) {
            let Some(read) = &resource.read else { continue };
            if let Some(answer) = call(target, model, read, &json!({})).await {
                let there = answer.is_success().then(|| put_back(model, resource, &answer)).flatten();
                saved.insert(resource.name.clone(), there);
            }
        }
        Self { saved }
    }

    /// Puts everything back. What could not be is told, one sentence each.
    pub async fn restore(&self, target: &Target, model: &ServiceModel) -> Vec<String> {
        let mut failed = Vec::new();
        for resource in &model.resources {
            let Some(saved) = self.saved.get(&resource.name) else { continue };
            let due = match (saved, &resource.put, &resource.delete) {
                (Some(input), Some(put), _) => (put, input.clone()),
                (None, _, Some(delete)) => (delete, json!({})),
                _ => continue,
            };
            let done = call(target, model, due.0, &due.1).await.is_some_and(|answer| {
                answer.is_success() || (saved.is_none() && model.refusals.say_absent(answer.error_code()))
            });
            if !done {
                failed.push(format!("{} could not be put back with {} {}", resource.name, due.0, due.1));
            }
        }
        failed
    }
}

/// The members of the answer that the resource's `put` takes.
fn put_back(model: &ServiceModel, resource: &Resource, answer: &Answer) -> Option<Value> {
    let put = resource.put.as_deref()?;
    let view = answer.json.as_ref()?.pointer(&resource.view.read)?;
    let members = model.members(&model.operations.get(put)?.input);
    let kept: Map<String, Value> = members
        .filter_map(|m| Some((m.name.clone(), view.get(&m.name).filter(|v| !v.is_null())?.clone())))
        .collect();
    (!kept.is_empty()).then_some(Value::Object(kept))
}

async fn call(target: &Target, model: &ServiceModel, operation: &str, input: &Value) -> Option<Answer> {
    let request = Request::plain(&model.name, operation, input);
    target.call(&target.alias(), request).await.outcome.ok()
}
