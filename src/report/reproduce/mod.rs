//! From calls of a finding to commands and programs that make them again: `curl`, the AWS CLI, boto3 and the Rust SDK
//! where they can. Runs nothing; what a command needs to sign with comes from the environment, never from here.

mod boto3;
mod principal;
mod rust;
mod shell;

use serde_json::Value;

use crate::run::{FindingStep, Reproduce};

use super::headers;
pub use boto3::boto3;
pub use rust::rust;
pub use shell::{argument, word};
use shell::{is_quotable, printf, quoted};

/// The member that the REST protocol's services stream; base64 in reports.
const STREAM: &str = "Body";

/// The address and the principal of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint<'e> {
    /// Address; without one there is no `curl` command and the AWS CLI finds its own.
    pub url: Option<&'e str>,
    /// Region to sign for.
    pub region: &'e str,
    /// The credentials of the calls.
    pub credentials: Credentials,
    /// The file with the certificates to trust, if they are not those of the system.
    pub ca_bundle: Option<&'e str>,
}

/// The credentials that commands sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credentials {
    /// `AWS_ACCESS_KEY_ID` and the like, from the environment.
    Environment,
    /// `test` and `test`, which emulators take.
    Dummy,
    /// No credentials: the call is not signed.
    Unsigned,
}

/// All commands for the calls of a finding. `signing_name` maps a service to the name it is signed for.
pub fn reproduce<'s>(
    steps: &'s [FindingStep],
    endpoint: &Endpoint<'_>,
    signing_name: impl Fn(&'s str) -> &'s str,
    replay: Option<String>,
) -> Reproduce {
    Reproduce {
        replay,
        curl: steps.iter().filter_map(|s| curl(s, endpoint, signing_name(&s.service))).collect(),
        aws_cli: steps.iter().filter_map(|s| aws_cli(s, endpoint)).collect(),
        boto3: boto3(steps, endpoint),
        rust: rust(steps, endpoint),
    }
}

/// The call with `curl`, byte for byte; nothing without a URL.
#[must_use]
pub fn curl(step: &FindingStep, endpoint: &Endpoint<'_>, signing_name: &str) -> Option<String> {
    let url = endpoint.url?;
    if headers::is_form(step) || headers::is_rest(step) {
        // A form or XML is shown as JSON, from which the AWS CLI makes the form or XML.
        return aws_cli(step, endpoint);
    }
    let mut words = vec!["curl -sS".to_owned()];
    words.extend(endpoint.ca_bundle.map(|file| format!("--cacert {}", argument(file))));
    words.extend(signature(step, endpoint, signing_name));
    words.extend(headers(step));
    let body = body_text(&step.request.body);
    // An argument that starts with `@` names a file.
    if is_quotable(&body) && !body.starts_with('@') {
        words.push(format!("--data-binary {}", quoted(&body)));
        words.push(word(url));
        Some(words.join(" "))
    } else {
        words.push(format!("--data-binary @- {}", word(url)));
        Some(format!("{} | {}", printf(&body), words.join(" ")))
    }
}

/// The call with the AWS CLI; nothing where the CLI would send something else.
#[must_use]
pub fn aws_cli(step: &FindingStep, endpoint: &Endpoint<'_>) -> Option<String> {
    if !step.request.body.is_object() || !headers::is_unaltered(step) {
        return None;
    }
    let (caller, option) = principal::of_cli(step.by.as_ref(), endpoint)?;
    let mut words = Vec::from_iter(caller);
    words.push(format!("aws {} {}", cli_name(&step.service), argument(&kebab(&step.operation))));
    words.extend(endpoint.url.map(|url| format!("--endpoint-url {}", word(url))));
    words.push(format!("--region {}", argument(endpoint.region)));
    words.extend(endpoint.ca_bundle.map(|file| format!("--ca-bundle {}", argument(file))));
    words.extend(option.map(str::to_owned));
    let (body, file) = without_stream(step);
    if let Some(bytes) = file {
        words.insert(0, format!("printf %s {} | base64 -d >body.bin &&", word(&bytes)));
        words.push("--body body.bin".to_owned());
    }
    if step.response.as_ref().is_some_and(|answer| headers::is_rest(step) && answer.body[STREAM].is_string())
    {
        words.push("/dev/stdout".to_owned());
    }
    let command = if is_quotable(&body) {
        words.push(format!("--cli-input-json {}", quoted(&body)));
        words.join(" ")
    } else {
        words.push("--cli-input-json file:///dev/stdin".to_owned());
        format!("{} | {}", printf(&body), words.join(" "))
    };
    Some(step.lends.as_ref().map_or(command.clone(), |name| principal::keeping(&command, name)))
}

/// The input as JSON, and apart from it the bytes that the AWS CLI takes from a file alone.
fn without_stream(step: &FindingStep) -> (String, Option<String>) {
    let mut body = step.request.body.clone();
    let stream = headers::is_rest(step).then(|| body.as_object_mut()?.shift_remove(STREAM)).flatten();
    (body_text(&body), stream.and_then(|bytes| bytes.as_str().map(str::to_owned)))
}

fn signature(step: &FindingStep, endpoint: &Endpoint<'_>, signing_name: &str) -> Vec<String> {
    let sigv4 = format!("--aws-sigv4 {}", word(&format!("aws:amz:{}:{signing_name}", endpoint.region)));
    let signed = principal::of_curl(step.by.as_ref(), endpoint);
    signed.map_or_else(Vec::new, |words| [sigv4].into_iter().chain(words).collect())
}

fn headers(step: &FindingStep) -> Vec<String> {
    let mut words: Vec<String> = headers::without_credentials(step)
        .map(|(name, value)| {
            // `Name:` would take the header away; `Name;` sends it empty.
            let line = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            format!("-H {}", word(&line))
        })
        .collect();
    if !headers::has(step, "content-type") {
        // Or curl sends one of its own.
        words.push("-H 'Content-Type:'".to_owned());
    }
    words
}

/// The body as it was sent: JSON without white space, or the raw text.
fn body_text(body: &Value) -> String {
    match body {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    }
}

/// Returns the name of the service in the AWS CLI.
fn cli_name(service: &str) -> String {
    if service == "s3" { "s3api".to_owned() } else { argument(service) }
}

/// `GetMLTransforms` is `get-ml-transforms` to the AWS CLI.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut found = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let starts_word = at > 0 && letter.is_uppercase() && {
            let after_small = !letters[at - 1].is_uppercase();
            let before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
            after_small || before_small
        };
        if starts_word {
            found.push('-');
        }
        found.extend(letter.to_lowercase());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn operations_are_named_as_the_cli_names_them() {
        for (operation, command) in [
            ("PutResourcePolicy", "put-resource-policy"),
            ("GetMLTransforms", "get-ml-transforms"),
            ("ListObjectsV2", "list-objects-v2"),
            ("CreateS3Access", "create-s3-access"),
            ("GetDataCatalogEncryptionSettings", "get-data-catalog-encryption-settings"),
        ] {
            assert_eq!(kebab(operation), command);
        }
    }
}
