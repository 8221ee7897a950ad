//! Resources that services make by themselves under fixed names, such as the log groups of jobs: removes those that were not
//! there before the run.
//!
//! Must not touch resources that existed before. The entry points are [`list_service_created`] and [`delete_service_created`].

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::Target;
use crate::model::{Resource, ServiceModel, Specs};

use super::account::call;
use super::undo::list_all;

/// Services and names of resources.
pub type ServiceCreated = BTreeSet<(String, String)>;

/// Returns the resources with such names that exist, or `None` if the target cannot list them.
pub async fn list_service_created(target: &Target, specs: &Specs) -> Option<ServiceCreated> {
    let mut names = ServiceCreated::new();
    for (model, resource) in resources(specs) {
        let identifier = resource.identifiers.first()?;
        for item in list_all(target, model, resource).await.ok()? {
            let name = item.get(identifier).and_then(Value::as_str);
            let name = name.filter(|name| resource.service_made.iter().any(|made| made == name));
            names.extend(name.map(|name| (model.name.clone(), name.to_owned())));
        }
    }
    Some(names)
}

/// Deletes the resources with such names that were not there before. Returns one sentence for each that is left.
pub async fn delete_service_created(target: &Target, specs: &Specs, before: &ServiceCreated) -> Vec<String> {
    let Some(after) = list_service_created(target, specs).await else { return Vec::new() };
    let mut left = Vec::new();
    for (model, resource) in resources(specs) {
        let (Some(identifier), Some(delete)) = (resource.identifiers.first(), &resource.delete) else {
            continue;
        };
        for (_, name) in after.difference(before).filter(|(service, _)| *service == model.name) {
            let outcome = call(target, model, delete, &json!({ identifier: name })).await;
            let is_gone = outcome.is_ok_and(|response| {
                response.is_success() || model.refusals.say_absent(response.error_code())
            });
            if !is_gone {
                left.push(format!("{name} could not be removed with {delete}"));
            }
        }
    }
    left
}

fn resources(specs: &Specs) -> impl Iterator<Item = (&ServiceModel, &Resource)> {
    let all =
        specs.services.iter().flat_map(|model| model.resources.iter().map(move |r| (model.as_ref(), r)));
    all.filter(|(_, resource)| !resource.service_made.is_empty())
}
