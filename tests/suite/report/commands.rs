//! Commands, as a shell really understands them.

use std::process::Command;

use glueproof::report::{Credentials, Endpoint, aws_cli, boto3, curl, reproduce, rust};
use glueproof::run::{FindingStep, ReportedRequest};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{HOSTILE, request, step};

const DUMMY: Endpoint<'_> = Endpoint {
    url: Some("http://127.0.0.1:5000/"),
    region: "us-east-1",
    credentials: Credentials::Dummy,
    ca_bundle: None,
};

fn call(body: Value) -> FindingStep {
    step("PutResourcePolicy", body, 200, None)
}

fn dummy_curl(step: &FindingStep) -> String {
    curl(step, &DUMMY, "glue").unwrap()
}

/// Runs a command line with `curl` and `aws` replaced by a function that prints its arguments, and what it
/// is piped when an argument asks for it, with a byte between them that nothing else has.
fn arguments(command: &str, environment: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let script = format!(
        "show() {{ for a in \"$@\"; do case \"$a\" in @-|file:///dev/stdin) cat;; *) printf %s \"$a\";; esac; \
         printf '\\377'; done; }}\ncurl() {{ show \"$@\"; }}\naws() {{ show \"$@\"; }}\n{command}\n"
    );
    let mut shell = Command::new("sh");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        shell.env_remove(name);
    }
    let output = shell.arg("-c").arg(script).envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{command}: {output:?}");
    let mut found: Vec<Vec<u8>> = output.stdout.split(|byte| *byte == 0xff).map(<[u8]>::to_vec).collect();
    assert_eq!(found.pop(), Some(Vec::new()));
    found
}

fn after(arguments: &[Vec<u8>], option: &str) -> Vec<u8> {
    let at = arguments.iter().position(|a| a == option.as_bytes()).unwrap();
    arguments[at + 1].clone()
}

#[test]
fn a_plain_call_reads_plainly() {
    assert_eq!(
        dummy_curl(&call(json!({ "PolicyInJson": "{}", "n": 1 }))),
        "curl -sS --aws-sigv4 'aws:amz:us-east-1:glue' --user 'test:test' \
         -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AWSGlue.PutResourcePolicy' \
         --data-binary '{\"PolicyInJson\":\"{}\",\"n\":1}' 'http://127.0.0.1:5000/'"
    );
    assert_eq!(
        aws_cli(&call(json!({ "PolicyInJson": "it's" })), &DUMMY).unwrap(),
        "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws glue put-resource-policy \
         --endpoint-url 'http://127.0.0.1:5000/' --region us-east-1 \
         --cli-input-json '{\"PolicyInJson\":\"it'\\''s\"}'"
    );
}

#[test]
fn bodies_arrive_byte_for_byte() {
    let awkward = [
        "",
        "'",
        "''",
        "it's",
        "\"$HOME\" `id` $(id) \\n \\\\",
        "a\nb\n\n",
        "\n",
        "\0",
        "{\"a\":\"\0\"}1",
        "\u{1}7",
        "%s %d %%",
        "@/etc/passwd",
        "@",
        "-n",
        "-",
        "--",
        "!history",
        "*?[a]",
        "\t \r\n",
        HOSTILE,
        "\\0\\",
        "é漢😀",
    ];
    for text in awkward {
        let command = dummy_curl(&call(json!(text)));
        assert_eq!(after(&arguments(&command, &[]), "--data-binary"), text.as_bytes(), "{command}");
    }
}

#[test]
fn long_bodies_arrive_too() {
    let text = "%'\\".repeat(70_000);
    let command = dummy_curl(&call(json!(text)));
    let script = command.replacen("| curl", "| wc -c; : curl", 1);
    let mut shell = Command::new("sh")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut shell.stdin.take().unwrap(), script.as_bytes()).unwrap();
    let output = shell.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "210000");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_arrives(text in any::<String>(), value in "[ -~é]{0,40}") {
        let mut step = call(json!(text));
        step.request.headers.insert("X-Odd".to_owned(), value.clone());
        let command = dummy_curl(&step);
        prop_assert!(!command.chars().any(char::is_control), "{command:?}");
        let found = arguments(&command, &[]);
        prop_assert_eq!(after(&found, "--data-binary"), text.as_bytes());
        let header = if value.is_empty() { "X-Odd;".to_owned() } else { format!("X-Odd: {value}") };
        prop_assert!(found.contains(&header.into_bytes()));
    }

    #[test]
    fn any_json_arrives_at_the_cli(text in any::<String>()) {
        let body = json!({ "Name": text });
        let found = arguments(&aws_cli(&call(body.clone()), &DUMMY).unwrap(), &[]);
        let sent: Value = serde_json::from_slice(&after(&found, "--cli-input-json")).unwrap();
        prop_assert_eq!(sent, body);
    }
}

#[test]
fn credentials_come_from_the_environment_or_not_at_all() {
    let endpoint = Endpoint { credentials: Credentials::Environment, ..DUMMY };
    let command = curl(&call(json!({})), &endpoint, "glue").unwrap();
    let keys =
        [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s/+ x"), ("AWS_SESSION_TOKEN", "t o=")];
    let found = arguments(&command, &keys);
    assert_eq!(after(&found, "--user"), b"A:s/+ x");
    assert!(found.contains(&b"X-Amz-Security-Token: t o=".to_vec()));
    let without = arguments(&command, &keys[..2]);
    assert_eq!(without.len(), found.len() - 2, "no empty words without a token");
    let endpoint = Endpoint { credentials: Credentials::Unsigned, ..DUMMY };
    let command = curl(&call(json!({})), &endpoint, "glue").unwrap();
    assert!(!command.contains("sigv4") && !command.contains("--user"), "{command}");
    assert!(aws_cli(&call(json!({})), &endpoint).unwrap().contains(" --no-sign-request "));
}

#[test]
fn secret_headers_are_never_printed() {
    let mut step = call(json!({}));
    for name in ["Authorization", "x-amz-security-token", "AUTHORIZATION"] {
        step.request.headers.insert(name.to_owned(), "hunter2".to_owned());
    }
    assert!(!dummy_curl(&step).contains("hunter2"));
    assert_eq!(aws_cli(&step, &DUMMY), None);
}

#[test]
fn changed_headers_are_kept() {
    let ReportedRequest { body, .. } = request("PutResourcePolicy", json!({}));
    let mut bare = call(body);
    bare.request.headers.clear();
    let command = dummy_curl(&bare);
    assert!(command.contains("-H 'Content-Type:'") && !command.contains("X-Amz-Target"), "{command}");
    let mut odd = call(json!({}));
    odd.request.headers.insert("Content-Type".to_owned(), "text/plain".to_owned());
    for step in [&bare, &odd, &call(json!("{")), &call(json!([]))] {
        assert_eq!(aws_cli(step, &DUMMY), None, "the CLI would send something else");
    }
}

#[test]
fn without_a_url_there_is_no_curl() {
    let nowhere = Endpoint { url: None, credentials: Credentials::Environment, ..DUMMY };
    let steps = [call(json!({})), call(json!("raw"))];
    let made = reproduce(&steps, &nowhere, |service| service, None);
    assert_eq!(made.curl, Vec::<String>::new());
    assert_eq!(made.aws_cli, ["aws glue put-resource-policy --region us-east-1 --cli-input-json '{}'"]);
    assert_eq!(reproduce(&steps, &DUMMY, |_| "other", None).curl.len(), 2);
}

#[test]
fn the_installed_curl_takes_the_options() {
    let Ok(version) = Command::new("curl").arg("--version").output() else { return };
    assert!(version.status.success());
    let closed = Endpoint { url: Some("file:///dev/null"), ..DUMMY };
    let command = curl(&call(json!({ "a": "it's" })), &closed, "glue").unwrap();
    let output = Command::new("sh").arg("-c").arg(command).output().unwrap();
    assert_ne!(output.status.code(), Some(2), "curl does not know an option: {output:?}");
}

#[test]
fn boto3_makes_the_same_calls() {
    let step = call(
        json!({ "PolicyInJson": "it's \"this\"", "EnableHybrid": null, "Flag": true, "List": [1.5, {}] }),
    );
    let program = boto3(&[step], &DUMMY);
    let text = program.join("\n");
    assert!(
        text.starts_with("import boto3, botocore\n\noptions = {\"region_name\": \"us-east-1\", "),
        "{text}"
    );
    assert!(text.contains("parameter_validation=False"), "{text}");
    assert!(text.contains("\"aws_access_key_id\": \"test\""), "{text}");
    assert!(text.contains("\nglue = boto3.client(\"glue\", **options)\n"), "{text}");
    let arguments =
        r#"{"PolicyInJson": "it's \"this\"", "EnableHybrid": None, "Flag": True, "List": [1.5, {}]}"#;
    assert!(text.contains(&format!("print(glue.put_resource_policy(**{arguments}))")), "{text}");
}

#[test]
fn boto3_is_left_out_where_it_would_send_something_else() {
    assert!(boto3(&[call(json!("not JSON"))], &DUMMY).is_empty());
    let mut altered = call(json!({}));
    altered.request.headers.insert("Content-Type".to_owned(), "text/plain".to_owned());
    assert!(boto3(&[call(json!({})), altered], &DUMMY).is_empty());
    assert!(boto3(&[], &DUMMY).is_empty());
}

#[test]
fn rust_sends_the_same_bodies() {
    let program =
        rust(&[call(json!({ "PolicyInJson": "it's \"this\"" })), call(json!("not JSON"))], &DUMMY).join("\n");
    let due = [
        "Credentials::new(\"test\", \"test\", None, None, \"test\")",
        ".region(Region::new(\"us-east-1\"))",
        ".endpoint_url(\"http://127.0.0.1:5000/\")",
        "glue.put_resource_policy().customize().mutate_request(json(r#\"{\"PolicyInJson\":\"it's \\\"this\\\"\"}\"#));",
        "glue.put_resource_policy().customize().mutate_request(json(\"not JSON\"));",
    ];
    for part in due {
        assert!(program.contains(part), "`{part}` in {program}");
    }
    let environment = Endpoint { credentials: Credentials::Environment, ..DUMMY };
    let program = rust(&[call(json!({}))], &environment).join("\n");
    assert!(program.contains("aws_config::load_defaults") && !program.contains("Credentials"), "{program}");
}

#[test]
fn rust_is_left_out_where_the_sdk_would_send_something_else() {
    let mut altered = call(json!({}));
    altered.request.headers.insert("Content-Type".to_owned(), "text/plain".to_owned());
    assert!(rust(&[call(json!({})), altered], &DUMMY).is_empty());
    assert!(rust(&[], &DUMMY).is_empty());
    let unsigned = Endpoint { credentials: Credentials::Unsigned, ..DUMMY };
    assert!(rust(&[call(json!({}))], &unsigned).is_empty());
}
