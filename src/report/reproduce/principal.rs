//! Signs commands as a principal other than the caller of the run. Holds no secrets: credentials that a call
//! answers go into variables of the shell, and from there into later commands.

use crate::model::Principal;

use super::{Credentials, Endpoint};

/// A secret that belongs to no key.
const WRONG: &str = "glueproof-has-no-such-secret";
/// An access key that does not exist.
const UNKNOWN_KEY: &str = "AKIAGLUEPROOFNOBODYX";
/// An hour ago, in the form of signatures.
const LATE: &str = r#"-H "X-Amz-Date: $(date -u -d '1 hour ago' +%Y%m%dT%H%M%SZ)""#;

/// The variables that hold what was lent under a name.
fn variables(name: &str) -> [String; 3] {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = name.chars().map(plain).collect();
    ["KEY", "SECRET", "TOKEN"].map(|part| format!("{name}_{part}"))
}

/// Wraps a command that returns credentials, so that the shell keeps the credentials in variables.
pub(in crate::report) fn keeping(command: &str, name: &str) -> String {
    let [key, secret, token] = variables(name);
    let fields = "--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text";
    format!("set -- $({command} {fields}); {key}=$1 {secret}=$2 {token}=$3")
}

/// Returns the options with which `curl` signs; none for an unsigned call.
pub(in crate::report) fn of_curl(by: Option<&Principal>, endpoint: &Endpoint<'_>) -> Option<Vec<String>> {
    let own = || match endpoint.credentials {
        Credentials::Unsigned => None,
        Credentials::Dummy => Some(vec!["--user 'test:test'".to_owned()]),
        Credentials::Environment => Some(environment("$AWS_SECRET_ACCESS_KEY")),
    };
    match by {
        None => own(),
        Some(Principal::Unsigned) => None,
        Some(Principal::Late) => own().map(|words| words.into_iter().chain([LATE.to_owned()]).collect()),
        Some(Principal::UnknownKey) => Some(vec![format!("--user '{UNKNOWN_KEY}:{WRONG}'")]),
        Some(Principal::WrongSecret) => Some(match endpoint.credentials {
            Credentials::Environment => environment(WRONG),
            _ => vec![format!("--user 'test:{WRONG}'")],
        }),
        Some(Principal::Session(name)) => {
            let [key, secret, token] = variables(name);
            Some(vec![
                format!(r#"--user "${key}:${secret}""#),
                format!(r#"-H "X-Amz-Security-Token: ${token}""#),
            ])
        }
    }
}

fn environment(secret: &str) -> Vec<String> {
    vec![
        format!(r#"--user "$AWS_ACCESS_KEY_ID:{secret}""#),
        // Two words, so that shells that do not split expansions agree with those that do.
        r#"${AWS_SESSION_TOKEN:+-H} ${AWS_SESSION_TOKEN:+"X-Amz-Security-Token: $AWS_SESSION_TOKEN"}"#
            .to_owned(),
    ]
}

/// Returns the prefix and an option for a command of the AWS CLI; none if the AWS CLI cannot make the call.
pub(in crate::report) fn of_cli(
    by: Option<&Principal>,
    endpoint: &Endpoint<'_>,
) -> Option<(Option<String>, Option<&'static str>)> {
    let with = |key: &str, secret: &str| format!("AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}");
    let unsigned = Some((None, Some("--no-sign-request")));
    match (by, endpoint.credentials) {
        (Some(Principal::Late), _) => None,
        (Some(Principal::Unsigned), _) | (None, Credentials::Unsigned) => unsigned,
        (None, Credentials::Dummy) => Some((Some(with("test", "test")), None)),
        (None, Credentials::Environment) => Some((None, None)),
        (Some(Principal::UnknownKey), _) => Some((Some(with(UNKNOWN_KEY, WRONG)), None)),
        (Some(Principal::WrongSecret), Credentials::Environment) => {
            Some((Some(format!("AWS_SECRET_ACCESS_KEY={WRONG}")), None))
        }
        (Some(Principal::WrongSecret), _) => Some((Some(with("test", WRONG)), None)),
        (Some(Principal::Session(name)), _) => {
            let [key, secret, token] = variables(name);
            let words = with(&format!("\"${key}\""), &format!("\"${secret}\""));
            Some((Some(format!("{words} AWS_SESSION_TOKEN=\"${token}\"")), None))
        }
    }
}
