//! `SimulatePrincipalPolicy`: decides on a call without making it.
//! Must not decide otherwise than for real calls.
//! [`principal_policy`] is the entry point.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::authorize::{Authorization, authorize};
use super::identity::Identity;
use super::page::NameMarkerInput;
use super::parameter::required;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// `PolicySourceArn` names the user or role. `CallerArn` can name a session of that role, which IAM's own simulator does
/// not support.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SimulateInput {
    policy_source_arn: Option<String>,
    #[serde(default)]
    action_names: Vec<String>,
    #[serde(default)]
    resource_arns: Vec<String>,
    resource_policy: Option<String>,
    resource_owner: Option<String>,
    caller_arn: Option<String>,
    #[serde(default)]
    context_entries: Vec<ContextEntry>,
    #[serde(flatten)]
    _asked: NameMarkerInput,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContextEntry {
    context_key_name: String,
    #[serde(default)]
    context_key_values: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SimulateOutput {
    is_truncated: bool,
    evaluation_results: Vec<Evaluated>,
}

#[derive(Debug, Serialize)]
struct Evaluated {
    #[serde(rename = "EvalActionName")]
    action: String,
    #[serde(rename = "EvalResourceName")]
    resource: String,
    #[serde(rename = "EvalDecision")]
    decision: &'static str,
}

/// Returns the decision on every action with every resource.
pub fn principal_policy(
    cloud: &mut Cloud,
    caller: &Caller,
    input: SimulateInput,
) -> Result<SimulateOutput, ServiceError> {
    let source = required(input.policy_source_arn, "policySourceArn")?;
    if input.action_names.is_empty() {
        return Err(ServiceError::with("ValidationError", "At least one action is needed"));
    }
    let subject = subject(cloud, caller, &source, input.caller_arn)?;
    let invalid = |_| ServiceError::with("InvalidInput", "The resource policy is not JSON");
    let policy: Option<Value> =
        input.resource_policy.map(|text| serde_json::from_str(&text)).transpose().map_err(invalid)?;
    let everything = vec!["*".to_owned()];
    let resources = if input.resource_arns.is_empty() { &everything } else { &input.resource_arns };
    let mut evaluation_results = Vec::new();
    for action in &input.action_names {
        for resource in resources {
            let mut request = Authorization::new(&subject, action, resource).resource_policy(policy.as_ref());
            if let Some(owner) = &input.resource_owner {
                request = request.owner(owner.split(':').nth(4).unwrap_or(owner));
            }
            for entry in &input.context_entries {
                request =
                    request.with_many(&entry.context_key_name, entry.context_key_values.iter().cloned());
            }
            let decision = decision(cloud, &request);
            evaluation_results.push(Evaluated {
                action: action.clone(),
                resource: resource.clone(),
                decision,
            });
        }
    }
    Ok(SimulateOutput { is_truncated: false, evaluation_results })
}

fn decision(cloud: &Cloud, request: &Authorization<'_>) -> &'static str {
    match authorize(cloud, request) {
        Ok(()) => "allowed",
        Err(denied) if denied.explicit => "explicitDeny",
        Err(_) => "implicitDeny",
    }
}

/// Returns the simulated caller: a user or role of the account, or a session of the role.
fn subject(
    cloud: &Cloud,
    caller: &Caller,
    source: &str,
    session: Option<String>,
) -> Result<Caller, ServiceError> {
    let account = cloud.existing_account(&caller.account);
    let known = account.is_some_and(|account| account.iam.principals().any(|arn| arn == source));
    if !known {
        return Err(ServiceError::with("NoSuchEntity", format!("{source} cannot be found.")));
    }
    let principal = session.unwrap_or_else(|| match source.split_once(":role/") {
        Some((_, role)) => {
            let name = role.rsplit('/').next().unwrap_or(role);
            format!("arn:{}:sts::{}:assumed-role/{name}/simulation", caller.partition(), caller.account)
        }
        None => source.to_owned(),
    });
    let subject = Caller::named(&caller.account, &caller.region, principal);
    if Identity::of(cloud, &subject).arn() == source {
        return Ok(subject);
    }
    Err(ServiceError::with("InvalidInput", format!("{} is not a session of {source}", subject.principal)))
}
