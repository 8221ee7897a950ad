//! Temporary credentials: taken out of the answer that hands them out before anybody else sees it, and kept
//! where nothing shows them. Must not make calls.

use std::fmt;

use aws_sdk_glue::config::Credentials;
use bytes::Bytes;
use serde_json::{Map, Value};

/// Stands in an answer where a secret stood.
const HIDDEN: &str = "[hidden]";
/// Members of answers that are secrets.
const SECRETS: [&str; 2] = ["SecretAccessKey", "SessionToken"];

/// Credentials that a call answered. Its `Debug` shows whose they are, as far as the access key id says.
#[derive(Clone)]
pub struct Session {
    key: String,
    secret: String,
    token: Option<String>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Session {
    /// The credentials in an answer, if it has any. Whatever looks like a secret is hidden in it from then on.
    pub(super) fn take_out(answer: &mut Value) -> Option<Self> {
        let mut found = None;
        hide(answer, &mut found);
        found
    }

    /// The body of an answer without what was taken out of it, and without secrets in a form nobody can read.
    pub(super) fn shown(body: Bytes, json: Option<&Value>, taken: Option<&Self>) -> Bytes {
        let holds = |secret: &str| memchr::memmem::find(&body, secret.as_bytes()).is_some();
        match json {
            Some(json) if taken.is_some() => Bytes::from(json.to_string()),
            None if SECRETS.into_iter().any(holds) => Bytes::from_static(HIDDEN.as_bytes()),
            _ => body,
        }
    }

    /// As the SDK takes them.
    pub(super) fn credentials(&self) -> Credentials {
        Credentials::new(&self.key, &self.secret, self.token.clone(), None, "glueproof session")
    }
}

fn hide(value: &mut Value, found: &mut Option<Session>) {
    match value {
        Value::Object(members) => {
            let session = session(members);
            for name in SECRETS {
                if let Some(secret) = members.get_mut(name) {
                    *secret = Value::from(HIDDEN);
                }
            }
            members.values_mut().for_each(|inner| hide(inner, found));
            *found = session.or_else(|| found.take());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, found)),
        _ => {}
    }
}

fn session(members: &Map<String, Value>) -> Option<Session> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let (key, secret) = (text("AccessKeyId")?, text("SecretAccessKey")?);
    Some(Session { key, secret, token: text("SessionToken") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_leave_the_answer_and_show_nowhere() {
        let mut answer = json!({ "Credentials": { "AccessKeyId": "ASIA1", "SecretAccessKey": "s3cret",
            "SessionToken": "t0ken" }, "List": [{ "SessionToken": "0ther" }] });
        let session = Session::take_out(&mut answer).unwrap();
        let shown = format!("{session:?} {answer}");
        assert!(shown.contains("ASIA1"), "{shown}");
        assert!(!["s3cret", "t0ken", "0ther"].iter().any(|secret| shown.contains(secret)), "{shown}");
        let credentials = session.credentials();
        assert_eq!((credentials.secret_access_key(), credentials.session_token()), ("s3cret", Some("t0ken")));
    }

    #[test]
    fn an_answer_without_credentials_stays_as_it_is() {
        let mut answer = json!({ "Name": "a", "Credentials": { "AccessKeyId": "ASIA1" } });
        let before = answer.clone();
        assert!(Session::take_out(&mut answer).is_none());
        assert_eq!(answer, before);
    }
}
