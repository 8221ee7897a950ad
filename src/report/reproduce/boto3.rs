//! The calls of a finding as one Python program on boto3. Must not run anything.
//! Entry point: [`boto3`].

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run::FindingStep;

use super::super::headers;
use super::{Credentials, Endpoint, kebab};

/// Returns the lines of a program that makes the calls and prints their responses; none if boto3 would send something
/// else. The program switches off the validation of boto3, which would refuse invalid input before it is sent.
#[must_use]
pub fn boto3(steps: &[FindingStep], endpoint: &Endpoint<'_>) -> Vec<String> {
    let is_sent_by_boto3 = |step: &FindingStep| {
        step.by.is_none()
            && step.lends.is_none()
            && step.request.body.is_object()
            && headers::is_unaltered(step)
    };
    let is_json = |step: &FindingStep| !headers::is_form(step) && !headers::is_rest(step);
    if steps.is_empty() || !steps.iter().all(|step| is_sent_by_boto3(step) && is_json(step)) {
        return Vec::new();
    }
    let mut lines = vec!["import boto3, botocore".to_owned(), String::new(), options(endpoint)];
    let services: BTreeSet<&str> = steps.iter().map(|step| step.service.as_str()).collect();
    lines.extend(services.iter().map(|service| {
        format!(
            "{} = boto3.client({}, **options)",
            service.replace('-', "_"),
            literal(&Value::from(*service))
        )
    }));
    for step in steps {
        let (client, method) = (step.service.replace('-', "_"), kebab(&step.operation).replace('-', "_"));
        lines.push("try:".to_owned());
        lines.push(format!("    print({client}.{method}(**{}))", literal(&step.request.body)));
        lines.push("except botocore.exceptions.ClientError as error:".to_owned());
        lines.push("    print(error)".to_owned());
    }
    lines
}

fn options(endpoint: &Endpoint<'_>) -> String {
    let mut options = vec![format!("\"region_name\": {}", literal(&Value::from(endpoint.region)))];
    options.extend(endpoint.url.map(|url| format!("\"endpoint_url\": {}", literal(&Value::from(url)))));
    let mut config = "parameter_validation=False, retries={\"max_attempts\": 0}".to_owned();
    match endpoint.credentials {
        Credentials::Environment => {}
        Credentials::Dummy => {
            options.push("\"aws_access_key_id\": \"test\", \"aws_secret_access_key\": \"test\"".to_owned());
        }
        Credentials::Unsigned => config.push_str(", signature_version=botocore.UNSIGNED"),
    }
    options.push(format!("\"config\": botocore.config.Config({config})"));
    format!("options = {{{}}}", options.join(", "))
}

/// Returns JSON as a literal of Python.
fn literal(json: &Value) -> String {
    match json {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        // A JSON string is one of Python, but for pairs of surrogates, which serde_json does not write.
        Value::String(_) => json.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), literal(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}
