//! The calls of a finding as one Rust program on aws-sdk-glue. Must not run anything.
//! Entry point: [`rust`].

use crate::run::FindingStep;

use super::super::escape::is_hazardous;
use super::super::headers;
use super::{Credentials, Endpoint, body_text, kebab};

/// The service whose SDK the program uses.
const SERVICE: &str = "glue";

/// Returns the lines of a program that makes the calls and prints their responses; none if the SDK would send something
/// else. The program replaces each body before it is signed, because the types of the SDK cannot hold invalid input.
#[must_use]
pub fn rust(steps: &[FindingStep], endpoint: &Endpoint<'_>) -> Vec<String> {
    let is_sent_by_sdk = |step: &FindingStep| {
        step.service == SERVICE
            && step.by.is_none()
            && step.lends.is_none()
            && headers::is_unaltered(step)
            && !headers::is_form(step)
            && !headers::is_rest(step)
    };
    let is_signed = endpoint.credentials != Credentials::Unsigned;
    if steps.is_empty() || !is_signed || !steps.iter().all(is_sent_by_sdk) {
        return Vec::new();
    }
    let mut lines = prologue(endpoint);
    for step in steps {
        let method = kebab(&step.operation).replace('-', "_");
        let body = literal(&body_text(&step.request.body));
        lines.push(format!("    let call = glue.{method}().customize().mutate_request(json({body}));"));
        lines.push("    println!(\"{:?}\", call.send().await);".to_owned());
    }
    lines.push("}".to_owned());
    lines
}

/// Returns the imports, the client, and the function that sets a body.
fn prologue(endpoint: &Endpoint<'_>) -> Vec<String> {
    let is_dummy = endpoint.credentials == Credentials::Dummy;
    let mut lines: Vec<String> = Vec::new();
    let mut line = |text: &str| lines.push(text.to_owned());
    if is_dummy {
        line("// aws-sdk-glue = \"1\", tokio = { version = \"1\", features = [\"macros\", \"rt\"] }");
        line(
            "use aws_sdk_glue::config::{BehaviorVersion, Credentials, Region, http::HttpRequest, retry::RetryConfig};",
        );
    } else {
        line(
            "// aws-config = \"1\", aws-sdk-glue = \"1\", tokio = { version = \"1\", features = [\"macros\", \"rt\"] }",
        );
        line("use aws_config::BehaviorVersion;");
        line("use aws_sdk_glue::config::{Region, http::HttpRequest, retry::RetryConfig};");
    }
    line("");
    line("/// Sends this body: the types of the SDK cannot hold invalid input.");
    line("fn json(body: &'static str) -> impl Fn(&mut HttpRequest) {");
    line("    move |request| {");
    line("        request.headers_mut().insert(\"content-length\", body.len().to_string());");
    line("        *request.body_mut() = body.into();");
    line("    }");
    line("}");
    line("");
    line("#[tokio::main(flavor = \"current_thread\")]");
    line("async fn main() {");
    if is_dummy {
        line("    let config = aws_sdk_glue::Config::builder()");
        line("        .behavior_version(BehaviorVersion::latest())");
        line("        .credentials_provider(Credentials::new(\"test\", \"test\", None, None, \"test\"))");
    } else {
        line("    let shared = aws_config::load_defaults(BehaviorVersion::latest()).await;");
        line("    let config = aws_sdk_glue::config::Builder::from(&shared)");
    }
    line("        .retry_config(RetryConfig::disabled())");
    line(&format!("        .region(Region::new({}))", literal(endpoint.region)));
    if let Some(url) = endpoint.url {
        line(&format!("        .endpoint_url({})", literal(url)));
    }
    line("        .build();");
    line("    let glue = aws_sdk_glue::Client::from_conf(config);");
    lines
}

/// Returns the text as a literal of Rust: raw if quotes would need escapes, and escaped if it does not print.
fn literal(text: &str) -> String {
    if text.chars().any(is_hazardous) || !text.contains(['"', '\\']) {
        return format!("{text:?}");
    }
    let longest = text.split('"').skip(1).map(|rest| rest.chars().take_while(|c| *c == '#').count()).max();
    let hashes = "#".repeat(longest.unwrap_or(0) + 1);
    format!("r{hashes}\"{text}\"{hashes}")
}
