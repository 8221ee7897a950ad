//! Draws cases from the rules' generators with fixed seeds, and shrinks them at random.

use std::sync::Arc;

use glueproof::case::{Body, Case, Step};
use glueproof::generate::GeneratorContext;
use glueproof::model::{Edition, Role, ServiceModel, Specs};
use glueproof::rule::{CaseKind, Catalog, Rule};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// Region of all cases drawn here.
pub const REGION: &str = "eu-north-1";
/// Cases drawn of every kind of case of a rule.
const DRAWS: usize = 50;

/// Rules and what their cases are made of.
pub struct Source {
    pub model: Arc<ServiceModel>,
    pub rules: Vec<Rule>,
}

impl Source {
    pub fn new(edition: Edition) -> Self {
        let specs = Specs::embedded(edition).unwrap();
        Self { model: Arc::clone(specs.service("glue").unwrap()), rules: Catalog::new(&specs).rules }
    }

    pub fn rule(&self, id: &str) -> &Rule {
        self.rules.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no rule {id}"))
    }

    /// The kinds of cases of a rule.
    pub fn kinds(&self, rule: &Rule) -> Vec<CaseKind> {
        rule.case_kinds(GeneratorContext { model: &self.model, region: REGION })
    }

    /// Many cases of every kind, with whether it is the control.
    pub fn cases(&self, rule: &Rule) -> Vec<(bool, Case)> {
        let mut runner = runner(7, &rule.id);
        let draw = |kind: CaseKind| {
            let cases: Vec<_> = (0..DRAWS)
                .map(|_| (kind.control, kind.cases.new_tree(&mut runner).unwrap().current()))
                .collect();
            cases
        };
        self.kinds(rule).into_iter().flat_map(draw).collect()
    }

    /// Cases as shrinking would meet them, simplified and complicated in a random order.
    pub fn shrunk(&self, rule: &Rule) -> Vec<(bool, Case)> {
        let mut runner = runner(11, &rule.id);
        let mut coin = Coin(0x9e37_79b9_7f4a_7c15);
        let mut found = Vec::new();
        for kind in self.kinds(rule) {
            for _ in 0..3 {
                let mut tree = kind.cases.new_tree(&mut runner).unwrap();
                for _ in 0..40 {
                    if !(if coin.heads() { tree.simplify() } else { tree.complicate() }) && !tree.simplify() {
                        break;
                    }
                    found.push((kind.control, tree.current()));
                }
            }
        }
        found
    }
}

/// Its own stream for each rule.
pub fn runner(seed: u8, id: &str) -> TestRunner {
    let mut bytes = [seed; 32];
    for (index, byte) in id.bytes().enumerate() {
        bytes[index % 32] = bytes[index % 32].wrapping_mul(31).wrapping_add(byte);
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Three times in four heads, so that shrinking gets somewhere.
struct Coin(u64);

impl Coin {
    fn heads(&mut self) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 62 != 0
    }
}

/// The call a case is about: the last one with that purpose.
pub fn act(case: &Case) -> &Step {
    let mut acts = case.steps.iter().filter(|s| s.role == Role::Act);
    acts.next_back().unwrap_or_else(|| panic!("nothing is tried in {case:#?}"))
}

/// The member and the constraint a rule is about, as its id has them.
pub fn about(rule: &Rule) -> Option<(String, String)> {
    let (path, constraint) = rule.test.member()?;
    Some((path.to_string(), constraint?.name().to_owned()))
}

/// The value at `A.L[].K`, lists entered at their first element.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |inner, part| match part.strip_suffix("[]") {
        Some(list) => inner.get(list)?.get(0),
        None => inner.get(part),
    })
}

/// The input of a step; a text that is no legal JSON string stands as `\u{f8ff}`, which nothing else uses.
pub fn sent(step: &Step) -> Value {
    match &step.body {
        Body::Json(value) => value.clone(),
        Body::Text(text) => serde_json::from_str(&text.replace("\\ud800", "\u{f8ff}"))
            .unwrap_or_else(|e| panic!("beside the lone surrogate the text is JSON: {e}: {text}")),
    }
}
