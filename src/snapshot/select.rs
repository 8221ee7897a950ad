//! Selects the exchanges that stand for an operation: of the simplest cases of its rules, the first that comes to each outcome.
//! Rules about calls made at once, about whole walks and about what takes time are left out: luck is in those.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::case::{Body, Case};
use crate::client::{CallFailure, Target};
use crate::generate::GeneratorContext;
use crate::model::{Capability, Family, Role, ServiceModel};
use crate::redact::{Redacted, redacted};
use crate::rule::{Catalog, Effort, Rule};
use crate::run::{CancelToken, CaseVerdict, GeneratedCase, GenerationError, Plan, execute, generate_trees};

use super::text::text;

/// Seed of the generated cases. It is fixed, so that snapshots of different machines can be compared.
const SEED: u64 = 1;

/// An exchange to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `glue/PutResourcePolicy/success`, or an error code at the end.
    pub name: String,
    /// The exchange, for people.
    pub text: String,
    /// The origin: rule, kind of case, and the calls before it.
    pub about: String,
}

/// The result of capturing one operation.
#[derive(Debug, Default)]
pub struct CapturedSnapshots {
    /// In the order of names.
    pub snapshots: Vec<Snapshot>,
    /// Resources that could not be removed.
    pub leftovers: BTreeSet<String>,
}

/// The reason why an operation could not be captured.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// It does not answer.
    #[error("{operation} does not answer: {why}")]
    Silent {
        /// The operation.
        operation: String,
        /// The reason.
        why: CallFailure,
    },
    /// There are no cases.
    #[error(transparent)]
    GenerationError(#[from] GenerationError),
}

/// An operation, and the rules that are tried for it.
#[derive(Debug, Clone)]
pub struct CapturableOperation<'c> {
    /// Its service.
    pub model: Arc<ServiceModel>,
    /// Its name.
    pub operation: String,
    /// In the order in which they are tried.
    pub rules: Vec<&'c Rule>,
}

impl CapturableOperation<'_> {
    /// `service/Operation`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}/{}", self.model.name, self.operation)
    }

    /// Returns whether a target with these capabilities can be captured.
    #[must_use]
    pub fn needs_no_more_than(&self, there: &BTreeSet<Capability>) -> bool {
        self.rules.iter().any(|rule| rule.needs(&self.model).is_subset(there))
    }
}

/// The operations that snapshots can be made of, in the order of services and names.
#[must_use]
pub fn capturable_operations<'c>(
    catalog: &'c Catalog,
    services: &[Arc<ServiceModel>],
) -> Vec<CapturableOperation<'c>> {
    let mut found = Vec::new();
    for model in services {
        for operation in model.operations.keys() {
            let about = |rule: &&Rule| rule.service == model.name && rule.operation == *operation;
            let rules = catalog.rules.iter().filter(about);
            let mut rules: Vec<_> = rules.filter_map(|rule| Some((rank(rule)?, rule))).collect();
            rules.sort_by_key(|(rank, rule)| (*rank, &rule.id));
            if !rules.is_empty() {
                let rules = rules.into_iter().map(|(_, rule)| rule).collect();
                found.push(CapturableOperation {
                    model: Arc::clone(model),
                    operation: operation.clone(),
                    rules,
                });
            }
        }
    }
    found.sort_by_key(CapturableOperation::place);
    found
}

/// Ranks cases that are meant to show an outcome before those that only happen to.
fn rank(rule: &Rule) -> Option<u8> {
    let takes_time = rule.test.spec_steps().iter().any(|step| step.follow || step.until.is_some());
    match (rule.test.effort(), rule.family) {
        _ if rule.family == Family::Concurrency || takes_time => None,
        (Effort::ValidCall, _) => Some(0),
        (Effort::Sequence, Family::Errors) => Some(1),
        (Effort::Sequence, _) => Some(2),
        (Effort::Call, Family::Invalid) => Some(3),
        (Effort::Call, _) | (Effort::Response, Family::Valid) => Some(4),
        (Effort::Response, _) => Some(5),
        (Effort::Pages | Effort::Walk | Effort::ConcurrentWalk, _) => None,
    }
}

/// Tries the rules of an operation one after the other, as far as the target has what they need.
///
/// # Errors
/// Returns an error if no call is answered, or no case can be generated.
pub async fn capture(
    target: &Target,
    CapturableOperation { model, operation, rules }: &CapturableOperation<'_>,
    there: &BTreeSet<Capability>,
) -> Result<CapturedSnapshots, CaptureError> {
    let mut found: BTreeMap<String, Snapshot> = BTreeMap::new();
    let mut captured = CapturedSnapshots::default();
    let context = GeneratorContext { model, region: &target.region };
    let plan = Plan { cases: 1, seed: SEED, ..Plan::default() };
    for rule in rules.iter().filter(|rule| rule.needs(model).is_subset(there)) {
        let cases = generate_trees(context, rule, plan)?.into_iter().map(GeneratedCase::simplest);
        for case in cases.filter(|case| can_be_undone(rule, case)) {
            let execution = execute(target, model, rule, &case, &CancelToken::default()).await;
            captured.leftovers.extend(execution.leftovers);
            if let (CaseVerdict::NoResponse(why), true) = (execution.verdict, found.is_empty()) {
                return Err(CaptureError::Silent { operation: operation.clone(), why });
            }
            let exchanges = redacted(model, &target.region, &case, &execution.transcript);
            for snapshot in of_operation(&exchanges, rule, operation, &case) {
                found.entry(snapshot.name.clone()).or_insert(snapshot);
            }
        }
    }
    captured.snapshots = found.into_values().collect();
    Ok(captured)
}

/// Returns whether the resources that a lenient target creates for the case can be removed: texts that are no JSON to us
/// may be some to others.
fn can_be_undone(rule: &Rule, case: &Case) -> bool {
    let is_text = |body: &Body| matches!(body, Body::Text(_));
    let is_invalid_input = rule.test.effort() == Effort::Call && rule.family == Family::Invalid;
    !is_invalid_input || !case.steps.iter().any(|step| is_text(&step.body))
}

/// Returns the outcome that a case shows of the operation, if it calls the operation on purpose.
fn of_operation(exchanges: &[Redacted], rule: &Rule, operation: &str, case: &Case) -> Vec<Snapshot> {
    let mut shown = Vec::new();
    for (index, exchange) in exchanges.iter().enumerate() {
        let step = &case.steps[exchange.step];
        let meant = exchange.operation == operation && exchange.service == rule.service;
        let Some(answer) = exchange.answer.as_ref().filter(|_| meant && step.role == Role::Act) else {
            continue;
        };
        let outcome = match &answer.error {
            Some(code) => plain(code),
            None if (200..300).contains(&answer.status) => "success".to_owned(),
            None => format!("status-{}", answer.status),
        };
        let before: Vec<&str> = exchanges[..index].iter().map(|e| e.operation.as_str()).collect();
        let after = if before.is_empty() { String::new() } else { format!(", after {}", before.join(", ")) };
        shown.push(Snapshot {
            name: format!("{}/{operation}/{outcome}", rule.service),
            text: text(exchange, answer, step),
            about: format!("{}: {}{after}", rule.id, case.label),
        });
    }
    shown
}

/// An error code as a part of a file name, whatever it holds.
fn plain(code: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = code.chars().take(80).map(letter).collect();
    // A name of dots alone would be another folder.
    if name.trim_matches('.').is_empty() { "unnamed".to_owned() } else { name }
}
