//! A walk through states: calls with their answers, one after the other.

use glueproof::model::{Edition, Level, Specs};
use glueproof::reference::{Answer, Call, ConcurrentWriters, Mismatch, Outcome, Reference, State};
use serde_json::{Value, json};

/// The reference of an edition that enforces promises of that level and better.
pub fn reference(floor: Level) -> Reference {
    let specs = Specs::embedded(Edition::Current).unwrap();
    Reference::new(specs.service("glue").unwrap(), floor).unwrap()
}

/// The current state of a walk.
pub struct Walk {
    pub reference: Reference,
    pub state: State,
}

impl Walk {
    /// A walk in an account of our own.
    pub fn new(floor: Level) -> Self {
        Self { reference: reference(floor), state: State::new(ConcurrentWriters::None) }
    }

    /// The walk goes on with a success.
    pub fn ok(&mut self, operation: &str, input: Value, body: Value) -> &mut Self {
        self.go(operation, input, Answer::ok(body))
    }

    /// The walk goes on with a refusal.
    pub fn refused(&mut self, operation: &str, input: Value, code: &str) -> &mut Self {
        self.go(operation, input, Answer::refused(code))
    }

    fn go(&mut self, operation: &str, input: Value, answer: Answer) -> &mut Self {
        let call = Call::new(operation, input).unwrap();
        let after = self.reference.after(&self.state, &call, &Outcome::Answered(answer));
        let [next] =
            after.unwrap_or_else(|mismatch| panic!("{}: {mismatch}", mismatch.law)).try_into().unwrap();
        self.state = next;
        self
    }

    /// The mismatch of a response; there must be one.
    pub fn wrong(&self, operation: &str, input: Value, answer: Answer) -> Mismatch {
        self.verdict(operation, input, answer).unwrap_err()
    }

    /// Returns true if an answer is legal.
    pub fn verdict(&self, operation: &str, input: Value, answer: Answer) -> Result<Vec<State>, Mismatch> {
        let call = Call::new(operation, input).unwrap();
        self.reference.after(&self.state, &call, &Outcome::Answered(answer))
    }

    /// The mismatch of a success; there must be one.
    pub fn wrong_ok(&self, operation: &str, input: Value, body: Value) -> Mismatch {
        self.wrong(operation, input, Answer::ok(body))
    }

    /// The same walk with a policy under that hash.
    pub fn with_policy(mut self, label: &str, hash: &str) -> Self {
        self.ok(PUT, put(label), json!({ "PolicyHash": hash }));
        self
    }
}

pub const PUT: &str = "PutResourcePolicy";
pub const GET: &str = "GetResourcePolicy";
pub const DELETE: &str = "DeleteResourcePolicy";
pub const LIST: &str = "GetResourcePolicies";
pub const NOT_FOUND: &str = "EntityNotFoundException";
pub const FAILED: &str = "ConditionCheckFailureException";

/// A policy document; another label, another policy.
pub fn policy(label: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Sid": label, "Effect": "Allow" }] }).to_string()
}

/// Input of an unconditional put.
pub fn put(label: &str) -> Value {
    json!({ "PolicyInJson": policy(label) })
}

/// Input of a put with a hash condition.
pub fn put_if(label: &str, hash: &str) -> Value {
    json!({ "PolicyInJson": policy(label), "PolicyHashCondition": hash })
}

/// The response to a read of the policy.
pub fn shown(label: &str, hash: &str, created: f64, updated: f64) -> Value {
    json!({ "PolicyInJson": policy(label), "PolicyHash": hash, "CreateTime": created, "UpdateTime": updated })
}
