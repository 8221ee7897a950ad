//! `SimulatePrincipalPolicy`, and cases told as what a user or session is given, what the resource says and
//! what is known of the call.

use glueproof_fake::FakeCloud;
use serde_json::Value;

use super::support::{all, ask, done, policy, refusal, text};
use crate::support::cloud;

pub const ALLOWED: &str = "allowed";
pub const DENIED: &str = "implicitDeny";
pub const FORBIDDEN: &str = "explicitDeny";

/// One decision to be made.
#[derive(Clone)]
pub struct Case {
    identity: String,
    session: bool,
    action: &'static str,
    resource: &'static str,
    resource_policy: Option<String>,
    owner: Option<String>,
    entries: Vec<(String, Vec<String>)>,
}

impl Case {
    /// Alice, with that policy, wants to do something.
    pub fn new(statements: Vec<Value>, action: &'static str, resource: &'static str) -> Self {
        let identity = if statements.is_empty() { String::new() } else { policy(&Value::Array(statements)) };
        Self {
            identity,
            session: false,
            action,
            resource,
            resource_policy: None,
            owner: None,
            entries: Vec::new(),
        }
    }

    /// A session of a role with that policy wants it instead.
    pub fn of_session(self, statements: Vec<Value>) -> Self {
        Self { session: true, identity: Self::new(statements, self.action, self.resource).identity, ..self }
    }

    /// The identity's policy as text.
    pub fn identity(self, document: &Value) -> Self {
        Self { identity: document.to_string(), ..self }
    }

    pub fn resource_policy(self, statements: Vec<Value>) -> Self {
        Self { resource_policy: Some(policy(&Value::Array(statements))), ..self }
    }

    pub fn owner(self, account: &str) -> Self {
        Self { owner: Some(format!("arn:aws:iam::{account}:root")), ..self }
    }

    pub fn with(mut self, key: &str, values: &[&str]) -> Self {
        self.entries.push((key.to_owned(), values.iter().map(|value| (*value).to_owned()).collect()));
        self
    }

    fn decision(&self) -> String {
        let cloud = cloud();
        let source = self.subject(&cloud);
        let mut pairs: Vec<(String, String)> = vec![
            ("Action".into(), "SimulatePrincipalPolicy".into()),
            ("PolicySourceArn".into(), source),
            ("ActionNames.member.1".into(), self.action.into()),
            ("ResourceArns.member.1".into(), self.resource.into()),
        ];
        if self.session {
            pairs.push(("CallerArn".into(), "arn:aws:sts::123456789012:assumed-role/writer/now".into()));
        }
        pairs.extend(self.resource_policy.clone().map(|text| ("ResourcePolicy".into(), text)));
        pairs.extend(self.owner.clone().map(|arn| ("ResourceOwner".into(), arn)));
        for (number, (key, values)) in (1..).zip(&self.entries) {
            let entry = format!("ContextEntries.member.{number}");
            pairs.push((format!("{entry}.ContextKeyName"), key.clone()));
            for (place, value) in (1..).zip(values) {
                pairs.push((format!("{entry}.ContextKeyValues.member.{place}"), value.clone()));
            }
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        text(&done(ask(&cloud, &pairs)), "EvalDecision")
    }

    /// Makes alice, or the role, and tells who it is.
    fn subject(&self, cloud: &FakeCloud) -> String {
        let trust = policy(&serde_json::json!([{
            "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": "sts:AssumeRole",
        }]));
        let made = if self.session {
            let role = [("Action", "CreateRole"), ("RoleName", "writer"), ("Path", "/team/")];
            ask(cloud, &[&role[..], &[("AssumeRolePolicyDocument", &trust)]].concat())
        } else {
            ask(cloud, &[("Action", "CreateUser"), ("UserName", "alice")])
        };
        let arn = text(&done(made), "Arn");
        if !self.identity.is_empty() {
            let (action, name) = if self.session {
                ("PutRolePolicy", ("RoleName", "writer"))
            } else {
                ("PutUserPolicy", ("UserName", "alice"))
            };
            let document = ("PolicyDocument", self.identity.as_str());
            done(ask(cloud, &[("Action", action), name, ("PolicyName", "p"), document]));
        }
        arn
    }
}

/// Makes every decision, and tells of all that are wrong.
#[track_caller]
pub fn check(rows: &[(&str, Case, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(name, case, expected)| (name, case.decision(), expected))
        .filter(|(_, decision, expected)| decision != *expected)
        .map(|(name, decision, expected)| format!("{name}: {decision}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_action_is_decided_with_every_resource() {
    let cloud = cloud();
    ask(&cloud, &[("Action", "CreateUser"), ("UserName", "alice")]);
    let answer = ask(
        &cloud,
        &[
            ("Action", "SimulatePrincipalPolicy"),
            ("PolicySourceArn", "arn:aws:iam::123456789012:user/alice"),
            ("ActionNames.member.2", "s3:b"),
            ("ActionNames.member.1", "s3:a"),
            ("ResourceArns.member.1", "arn:aws:s3:::x"),
            ("ResourceArns.member.2", "arn:aws:s3:::y"),
        ],
    );
    let answer = done(answer);
    assert_eq!(all(&answer, "EvalActionName"), ["s3:a", "s3:a", "s3:b", "s3:b"]);
    assert_eq!(all(&answer, "EvalDecision"), [DENIED; 4]);
}

#[test]
fn absent_principals_cannot_be_simulated() {
    let pairs = [("Action", "SimulatePrincipalPolicy"), ("ActionNames.member.1", "s3:a")];
    let source = ("PolicySourceArn", "arn:aws:iam::123456789012:user/absent");
    let answer = ask(&cloud(), &[&pairs[..], &[source]].concat());
    assert_eq!(refusal(&answer), (404, "NoSuchEntity".to_owned()));
}
