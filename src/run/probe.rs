//! Before a run: which capabilities does the target have? Asks only what looks and changes nothing; judges no rule.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::model::{CORE, ServiceModel, Specs};
use crate::target::{Answer, CallFailure, Request, Target};

use super::preflight::is_harmless;

/// The capabilities the target has: the core, and those of which every service answers one of the harmless questions
/// there are as one who understands it. Where nobody answers, there is nothing but the core to be looked for.
pub async fn present(target: &Target, specs: &Specs) -> BTreeSet<String> {
    let mut found = BTreeMap::from([(CORE.to_owned(), true)]);
    for model in &specs.services {
        let names: BTreeSet<&str> = model.operations.values().map(|o| o.capability.as_str()).collect();
        for capability in names.into_iter().filter(|name| *name != CORE) {
            let Ok(understood) = understands(target, model, capability).await else {
                return BTreeSet::from([CORE.to_owned()]);
            };
            *found.entry(capability.to_owned()).or_insert(true) &= understood;
        }
    }
    found.into_iter().filter_map(|(name, all)| all.then_some(name)).collect()
}

async fn understands(target: &Target, model: &ServiceModel, capability: &str) -> Result<bool, CallFailure> {
    let operations = model.operations.values().filter(|operation| operation.capability == capability);
    for operation in operations.filter(|operation| is_harmless(model, operation)) {
        let request = Request::plain(&model.name, &operation.name, &json!({}));
        if is_understood(model, &target.call(&target.alias(), request).await.outcome?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A refusal is an answer too, unless it says that there is no such thing, or nothing at all.
fn is_understood(model: &ServiceModel, answer: &Answer) -> bool {
    let code = answer.error_code();
    let unknown = code.is_some_and(|code| model.refusals.unknown_operation.iter().any(|known| known == code));
    let refused = answer.is_client_error() && answer.status != 404 && code.is_some() && !unknown;
    answer.json.as_ref().is_some_and(Value::is_object) && (answer.is_success() || refused)
}
