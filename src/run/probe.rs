//! Detects the capabilities of a target before a run: by read-only calls, and by the behaviors that the specs name as
//! probes. Must not judge a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::{CallFailure, Request, Response, Target};
use crate::model::{Capability, ServiceModel, Specs};
use crate::rule::{Catalog, Rule};

use super::cancel::CancelToken;
use super::plan::Plan;
use super::preflight::is_harmless;
use super::result::Outcome;
use super::rule::{RuleContext, run_rule};

/// Returns the capabilities of the target: the core, and each one of which every service answers a read-only call as a
/// service that has the operation. If the target does not answer, only the core is returned.
pub async fn detect_capabilities(
    target: &Target,
    specs: &Specs,
    cancel: &CancelToken,
) -> BTreeSet<Capability> {
    let mut found = BTreeMap::from([(Capability::Core, true)]);
    let probed: BTreeSet<Capability> =
        specs.services.iter().flat_map(|model| model.probes.keys().copied()).collect();
    for model in &specs.services {
        let all: BTreeSet<Capability> = model.operations.values().map(|o| o.capability).collect();
        for capability in all.into_iter().filter(|one| *one != Capability::Core && !probed.contains(one)) {
            let Ok(understood) = has_capability(target, model, capability).await else {
                return BTreeSet::from([Capability::Core]);
            };
            *found.entry(capability).or_insert(true) &= understood;
        }
    }
    found.extend(self::probe_capabilities(target, specs, cancel).await);
    found.into_iter().filter_map(|(name, all)| all.then_some(name)).collect()
}

/// The capabilities for which the specs name behaviors, and whether one of those holds.
async fn probe_capabilities(
    target: &Target,
    specs: &Specs,
    cancel: &CancelToken,
) -> BTreeMap<Capability, bool> {
    let catalog = Catalog::new(specs);
    let mut found = BTreeMap::new();
    for model in &specs.services {
        for (capability, rules) in &model.probes {
            let mut holds = false;
            for rule in rules.iter().filter_map(|id| catalog.find(id)) {
                holds = holds || !cancel.is_cancelled() && is_held(target, model, rule, cancel).await;
            }
            found.insert(*capability, holds);
        }
    }
    found
}

async fn is_held(target: &Target, model: &Arc<ServiceModel>, rule: &Rule, cancel: &CancelToken) -> bool {
    let plan = Plan { cases: 1, seed: 0, ..Plan::default() };
    let context = RuleContext { target, model, plan, emit: &|_| {}, cancel };
    run_rule(context, rule).await.result.outcome == Outcome::Passed
}

async fn has_capability(
    target: &Target,
    model: &ServiceModel,
    capability: Capability,
) -> Result<bool, CallFailure> {
    let operations = model.operations.values().filter(|operation| operation.capability == capability);
    for operation in operations.filter(|operation| is_harmless(model, operation)) {
        let request = Request::plain(&model.name, &operation.name, &json!({}));
        if is_implemented_response(model, &target.call(&target.alias(), request).await.outcome?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns true if a response comes from the operation: an output, or an error other than an unknown operation or a refused
/// caller.
fn is_implemented_response(model: &ServiceModel, response: &Response) -> bool {
    let code = response.error_code();
    let unknown = code.is_some_and(|code| model.refusals.unknown_operation.iter().any(|known| known == code));
    let refused = response.caller_refusal().is_none()
        && response.is_client_error()
        && response.status != 404
        && code.is_some()
        && !unknown;
    response.json.as_ref().is_some_and(Value::is_object) && (response.is_success() || refused)
}
