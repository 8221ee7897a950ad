//! Recorded responses of the real service, held against the suite's own checks: a suite that faults one of them is
//! wrong. The recordings are data (`answers.json`); where each comes from stands beside it,
//! under its id in the specs' evidence.

mod broken;
mod held;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use bytes::Bytes;
use glueproof::case::{Case, FORMAT, Step};
use glueproof::client::{CallLimits, Target, TargetSetup};
use glueproof::generate::GeneratorContext;
use glueproof::model::{Edition, Expect, Operation, Role, ServiceModel, Specs};
use glueproof::rule::{Catalog, PromisedMember, ProtocolRequirement, Rule};
use glueproof::run::{CancelToken, CaseVerdict, Plan, execute, generate_cases};
use http::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::server::InProcess;

const REGION: &str = "us-east-1";

/// One recorded answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub id: String,
    /// None if the specs do not own the operation, and the answer shows the form of errors only.
    pub operation: Option<String>,
    /// Then: it is held against every operation that declares this error.
    declares: Option<String>,
    pub source: String,
    pub status: u16,
    /// The source of the recording.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Set if the whole body was recorded, so that a missing member was absent.
    pub whole: bool,
    pub body: Value,
    #[expect(dead_code, reason = "for people who read the file")]
    note: Option<String>,
}

pub fn recorded() -> Vec<Recorded> {
    serde_json::from_str(include_str!("answers.json")).unwrap()
}

pub struct Suite {
    pub model: Arc<ServiceModel>,
    pub catalog: Catalog,
}

pub fn suite() -> &'static Suite {
    static SUITE: OnceLock<Suite> = OnceLock::new();
    SUITE.get_or_init(|| {
        let specs = Specs::embedded(Edition::Current).unwrap();
        Suite { model: Arc::clone(specs.service("glue").unwrap()), catalog: Catalog::new(&specs) }
    })
}

impl Recorded {
    fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// The operations the answer is held against.
    pub fn operations(&self) -> Vec<&'static str> {
        let concerned = |operation: &&Operation| {
            self.operation.as_ref() == Some(&operation.name)
                || self.declares.as_ref().is_some_and(|error| operation.errors.contains(error))
        };
        let all = suite().model.operations.values().filter(concerned);
        all.map(|operation| operation.name.as_str()).collect()
    }

    /// The verdicts of the suite on the answer: by the rules that look at nothing but an answer, and by those on refused
    /// calls that cite it.
    pub fn verdicts(&self) -> Vec<(&'static str, CaseVerdict)> {
        let judged = self.operations().into_iter().flat_map(|operation| {
            let of_operation = suite().catalog.rules.iter().filter(move |rule| rule.operation == operation);
            of_operation.filter_map(move |rule| {
                let expect = self.expectation(rule)?;
                Some((rule.id.as_str(), self.judged(rule, operation, expect)))
            })
        });
        judged.collect()
    }

    /// The expectation of a rule for the answer, if the rule is about it.
    fn expectation(&self, rule: &Rule) -> Option<Expect> {
        let headers = !self.headers.is_empty();
        if rule.test.is::<PromisedMember>() {
            return (!self.is_error() && self.whole).then(Expect::ok);
        }
        let applies = match rule.test.downcast_ref() {
            Some(
                ProtocolRequirement::OutputTypes
                | ProtocolRequirement::OutputConstraints
                | ProtocolRequirement::OutputMembers
                | ProtocolRequirement::NoNulls,
            ) => !self.is_error(),
            Some(ProtocolRequirement::ResponseType | ProtocolRequirement::RequestId) => {
                !self.is_error() && headers
            }
            Some(ProtocolRequirement::ErrorShape | ProtocolRequirement::ErrorMessage) => self.is_error(),
            Some(ProtocolRequirement::ErrorContentType) => self.is_error() && headers,
            _ => return self.refusal(rule),
        };
        applies.then(Expect::ok)
    }

    /// The expectation of a rule on a refused call, if its evidence is this answer.
    fn refusal(&self, rule: &Rule) -> Option<Expect> {
        let cites = rule.evidence.sources.contains(&self.id);
        if !self.is_error() || self.operation.is_none() || !cites {
            return None;
        }
        let context = GeneratorContext { model: &suite().model, region: REGION };
        let plan = Plan { cases: 1, seed: 1, ..Plan::default() };
        let cases = generate_cases(context, rule, plan).unwrap();
        let steps = cases.last()?.steps.iter().filter(|step| step.operation == rule.operation);
        let refused = |step: &&Step| step.role == Role::Act && matches!(step.expect, Expect::Refused { .. });
        steps.into_iter().find(refused).map(|step| step.expect.clone())
    }

    /// The verdict on one call that is answered so, through the SDK and the suite's judge.
    fn judged(&self, rule: &Rule, operation: &str, expect: Expect) -> CaseVerdict {
        let (status, body, headers) = (self.status, Bytes::from(self.body.to_string()), self.headers.clone());
        let answers = move |_| {
            let head = Response::builder().status(status);
            let head = headers.iter().fold(head, |head, (name, value)| head.header(name, value));
            Some(head.body(body.clone()).unwrap())
        };
        let client = SharedHttpClient::new(InProcess(Arc::new(answers)));
        let specs = Specs::embedded(Edition::Current).unwrap();
        let setup = TargetSetup { name: "recorded", specs: &specs, limits: CallLimits::default() };
        let target = Target::in_process(setup, client, "123456789012", REGION);
        let case = Case {
            format: FORMAT,
            rule: rule.id.clone(),
            edition: Edition::Current,
            region: REGION.to_owned(),
            label: self.id.clone(),
            steps: vec![Step::new("glue", operation, json!({})).expecting(expect)],
        };
        let never = CancelToken::default();
        let execution = execute(&target, &suite().model, rule, &case, &never);
        runtime().block_on(execution).verdict
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}
