//! Commands that repeat a finding say whose call each is, with variables of the shell in place of what was lent.

use std::process::Command;

use glueproof::model::Principal;
use glueproof::report::{Credentials, Endpoint, reproduce};
use glueproof::run::{FindingStep, ReportedRequest};
use serde_json::json;

const DUMMY: Endpoint<'_> = Endpoint {
    url: Some("http://127.0.0.1:5000"),
    region: "us-east-1",
    credentials: Credentials::Dummy,
    ca_bundle: None,
};

fn call(service: &str, operation: &str, form: bool) -> FindingStep {
    let kind = if form { "application/x-www-form-urlencoded" } else { "application/x-amz-json-1.1" };
    let mut headers = vec![("Content-Type".to_owned(), kind.to_owned())];
    if !form {
        headers.push(("X-Amz-Target".to_owned(), format!("T.{operation}")));
    }
    FindingStep {
        service: service.to_owned(),
        operation: operation.to_owned(),
        by: None,
        lends: None,
        request: ReportedRequest { headers: headers.into_iter().collect(), body: json!({ "A": "a" }) },
        response: None,
    }
}

fn by(by: Principal) -> FindingStep {
    FindingStep { by: Some(by), ..call("kms", "Encrypt", false) }
}

#[test]
fn a_call_uses_the_credentials_that_another_returned() {
    let lending = FindingStep { lends: Some("session".to_owned()), ..call("sts", "AssumeRole", true) };
    let made =
        reproduce(&[lending, by(Principal::Session("session".to_owned()))], &DUMMY, |service| service, None);
    let script = format!(
        "aws() {{ case \"$2\" in assume-role) echo 'ASIA1 sec+ret to/ken';; *) echo \"$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN\";; esac; }}\n\
         curl() {{ for word in \"$@\"; do echo \"$word\"; done; }}\n{}\n{}\n{}\n",
        made.curl[0], made.curl[1], made.aws_cli[1]
    );
    let output = Command::new("sh").arg("-c").arg(&script).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{script}");
    assert!(
        shown.contains("\nASIA1:sec+ret\n") && shown.contains("\nX-Amz-Security-Token: to/ken\n"),
        "{shown}"
    );
    assert!(shown.ends_with("ASIA1 sec+ret to/ken\n"), "{shown}");
}

#[test]
fn calls_that_prove_nothing_are_made_so_again() {
    let commands = |step: FindingStep| reproduce(&[step], &DUMMY, |service| service, None);
    let unsigned = commands(by(Principal::Unsigned));
    assert!(
        !unsigned.curl[0].contains("--user") && !unsigned.curl[0].contains("--aws-sigv4"),
        "{unsigned:?}"
    );
    assert!(unsigned.aws_cli[0].contains(" --no-sign-request"), "{unsigned:?}");
    let wrong = commands(by(Principal::WrongSecret));
    assert!(wrong.curl[0].contains("--user 'test:glueproof-has-no-such-secret'"), "{wrong:?}");
    let unknown = commands(by(Principal::UnknownKey));
    assert!(unknown.aws_cli[0].starts_with("AWS_ACCESS_KEY_ID=AKIAGLUEPROOFNOBODYX "), "{unknown:?}");
    let late = commands(by(Principal::Late));
    assert!(late.curl[0].contains("X-Amz-Date: $(date -u -d '1 hour ago'"), "{late:?}");
    assert!(late.aws_cli.is_empty(), "the AWS CLI signs by its own clock: {late:?}");
}
