//! Selects the headers of a call for reports, and removes those with credentials.

use super::model::Report;
use crate::model::Protocol;
use crate::run::{FindingStep, ReportedRequest};

/// Headers that carry credentials, in lower case.
const SECRET: [&str; 3] = ["authorization", "x-amz-security-token", "cookie"];
/// The header that selects the operation.
const TARGET: &str = "x-amz-target";
/// The header that names the type of the body.
const CONTENT_TYPE: &str = "content-type";

/// Returns whether the call was sent as a form, which is shown as the JSON it was made from.
pub(super) fn is_form(step: &FindingStep) -> bool {
    is_of_type(step, Protocol::AwsQuery)
}

/// Returns whether the call was sent in the REST protocol, which is shown as the JSON it was made from.
pub(super) fn is_rest(step: &FindingStep) -> bool {
    is_of_type(step, Protocol::RestXml)
}

fn is_of_type(step: &FindingStep, protocol: Protocol) -> bool {
    let is = |(name, value): (&String, &String)| {
        name.eq_ignore_ascii_case(CONTENT_TYPE) && value == protocol.content_type()
    };
    step.request.headers.iter().any(is)
}

/// Headers without those that carry credentials.
pub(super) fn without_credentials(step: &FindingStep) -> impl Iterator<Item = (&str, &str)> {
    step.request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !is_secret(name))
}

/// Takes headers that carry credentials out of a report, should any have got there.
pub(super) fn remove_credentials(report: &mut Report) {
    let findings = report.results.iter_mut().filter_map(|result| result.finding.as_mut());
    findings
        .flat_map(|finding| &mut finding.steps)
        .for_each(|step| remove_request_credentials(&mut step.request));
}

/// Takes headers that carry credentials out of a request.
pub(super) fn remove_request_credentials(request: &mut ReportedRequest) {
    request.headers.retain(|name, _| !is_secret(name));
}

fn is_secret(name: &str) -> bool {
    SECRET.contains(&name.to_ascii_lowercase().as_str())
}

/// Returns whether the call has this header.
pub(super) fn has(step: &FindingStep, name: &str) -> bool {
    step.request.headers.keys().any(|present| present.eq_ignore_ascii_case(name))
}

/// Returns the headers that differ from those of an ordinary client, as `Name: value`. `(none)` marks a header that the
/// case removed.
pub(super) fn altered(step: &FindingStep) -> Vec<String> {
    let unusual = without_credentials(step)
        .filter(|(name, value)| !is_ordinary(step, name, value))
        .map(|(name, value)| format!("{name}: {value}"));
    let missing = [("X-Amz-Target", TARGET), ("Content-Type", CONTENT_TYPE)]
        .into_iter()
        .filter(|(_, name)| !is_form(step) && !is_rest(step) && !has(step, name))
        .map(|(name, _)| format!("{name}: (none)"));
    unusual.chain(missing).collect()
}

/// Returns whether the call was sent as any client would send it.
pub(super) fn is_unaltered(step: &FindingStep) -> bool {
    let secrets = step.request.headers.len() - without_credentials(step).count();
    secrets == 0 && altered(step).is_empty()
}

fn is_ordinary(step: &FindingStep, name: &str, value: &str) -> bool {
    match name.to_ascii_lowercase().as_str() {
        TARGET => value
            .rsplit_once('.')
            .is_some_and(|(prefix, operation)| !prefix.is_empty() && operation == step.operation),
        CONTENT_TYPE => [Protocol::AwsJson, Protocol::AwsQuery, Protocol::RestXml]
            .iter()
            .any(|protocol| protocol.content_type() == value),
        _ => false,
    }
}
