//! Derives the rules of condition tables: one for the response of each cell, and others for what a refusal leaves unchanged
//! where that is less certain than the refusal.
//! Must not make calls.
//! The entry point is [`rules`].

use std::sync::Arc;

use crate::generate::GeneratorContext;
use crate::model::{
    Capability, Cell, CellKey, ConditionTable, ConditionValue, Evidence, Family, Level, Lifecycle, Member,
    Presence, Resource, ServiceModel,
};
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};

use super::cases::{ConditionAspect, labelled_steps};

/// A cell of the condition table of an operation.
#[derive(Debug, Clone)]
pub struct ConditionCell {
    /// The state and the conditions.
    pub key: CellKey,
    /// The part of the cell that the rule is about.
    pub aspect: ConditionAspect,
}

impl Test for ConditionCell {
    fn how_tested(&self) -> String {
        self.aspect.describe_test().to_owned()
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        labelled_steps(context, operation, &self.key, self.aspect)
    }

    fn effort(&self) -> Effort {
        Effort::Sequence
    }
}

/// Derives the rules of all tables of a model.
pub(in crate::rule::families) fn rules(model: &ServiceModel) -> Vec<Rule> {
    model.tables.values().flat_map(|table| of_table(model, table)).collect()
}

fn of_table(model: &ServiceModel, table: &ConditionTable) -> Vec<Rule> {
    let Some((resource, _)) = model.resource_of(&table.operation) else { return Vec::new() };
    let derivation = Derivation { model, resource, operation: &table.operation };
    table.cells.iter().flat_map(|(key, cell)| derivation.of_cell(key, cell)).collect()
}

struct Derivation<'m> {
    model: &'m ServiceModel,
    resource: &'m Resource,
    operation: &'m str,
}

impl Derivation<'_> {
    fn of_cell(&self, key: &CellKey, cell: &Cell) -> Vec<Rule> {
        let mut found = vec![self.rule(
            key,
            ConditionAspect::Response,
            self.answer(key, cell),
            evidence_of_response(cell),
        )];
        if Self::has_near_misses(key, cell) {
            let text = self.answer(key, cell).replace("a made-up ", "nearly the current ");
            found.push(self.rule(key, ConditionAspect::NearMiss, text, evidence_of_response(cell)));
        }
        let Some(unchanged) = &cell.unchanged else { return found };
        if !cell.is_sure_of_unchanged() {
            let text = format!("{} changes nothing that was set.", self.refusal(key));
            found.push(self.rule(key, ConditionAspect::Unchanged, text, unchanged.clone()));
        }
        let times: Vec<&str> = self.model.times(self.resource).collect();
        if key.state == Presence::Present && !times.is_empty() {
            let text = format!("{} leaves {} as they were.", self.refusal(key), times.join(" and "));
            found.push(self.rule(key, ConditionAspect::Times, text, evidence_of_times(unchanged)));
        }
        found
    }

    /// Returns true if the cell refuses a version that the resource never had, although the resource exists.
    fn has_near_misses(key: &CellKey, cell: &Cell) -> bool {
        let foreign = key.conditions.values().any(|choice| *choice == ConditionValue::Foreign);
        foreign && key.state == Presence::Present && !cell.accepts()
    }

    fn rule(&self, key: &CellKey, aspect: ConditionAspect, requirement: String, evidence: Evidence) -> Rule {
        let suffix = aspect.suffix().map_or_else(String::new, |suffix| format!("/{suffix}"));
        Rule {
            id: format!("{}/{}/condition/{}{suffix}", self.model.name, self.operation, key.path()),
            service: self.model.name.clone(),
            operation: self.operation.to_owned(),
            family: Family::Condition,
            capability: Capability::Core,
            also: Vec::new(),
            requirement,
            evidence,
            test: Arc::new(ConditionCell { key: key.clone(), aspect }),
        }
    }

    fn answer(&self, key: &CellKey, cell: &Cell) -> String {
        let codes: Vec<&str> = cell.codes().collect();
        let effect = match self.model.resource_of(self.operation) {
            Some((_, Lifecycle::Delete)) => "removes it",
            _ => "read back",
        };
        let nothing = if cell.is_sure_of_unchanged() { ", and changes nothing" } else { "" };
        let refused = format!("refused with {}{nothing}", listed(&codes));
        let what = match (cell.accepts(), codes.is_empty()) {
            (true, true) => format!("is accepted and {effect}"),
            (true, false) => format!("is accepted and {effect}, or is {refused}"),
            (false, _) => format!("is {refused}"),
        };
        format!("While {}, {} {what}.", self.state(key), self.call(key))
    }

    fn refusal(&self, key: &CellKey) -> String {
        format!("While {}, a refusal of {}", self.state(key), self.call(key))
    }

    fn state(&self, key: &CellKey) -> String {
        let noun = noun(&self.resource.name);
        match key.state {
            Presence::Absent => format!("there is no {noun}"),
            Presence::Present => format!("the {noun} is there"),
        }
    }

    /// The call with what its conditions say.
    fn call(&self, key: &CellKey) -> String {
        let conditions = key.conditions.iter().filter_map(|(member, choice)| match choice {
            ConditionValue::Absent => None,
            ConditionValue::Value(value) => Some(format!("{member} {value}")),
            ConditionValue::Current => Some(format!("the {} in force as {member}", self.version(member))),
            ConditionValue::Former => Some(format!("a former {} as {member}", self.version(member))),
            ConditionValue::Foreign => Some(format!("a made-up {} as {member}", self.version(member))),
        });
        let conditions: Vec<String> = conditions.collect();
        if conditions.is_empty() {
            return format!("{} without a condition", self.operation);
        }
        format!("{} with {}", self.operation, conditions.join(" and "))
    }

    /// The member that tells the version a condition names.
    fn version(&self, condition: &str) -> &str {
        let input = self.model.operations.get(self.operation).map_or("", |o| o.input.as_str());
        let member = self.model.member(input, condition);
        member.and_then(Member::version).unwrap_or_default()
    }
}

/// The evidence of a cell, joined with the evidence that a refusal changes nothing where one rule shows both.
fn evidence_of_response(cell: &Cell) -> Evidence {
    let mut evidence = cell.evidence.clone();
    let also = cell.unchanged.iter().filter(|_| cell.is_sure_of_unchanged());
    for source in also.flat_map(|unchanged| &unchanged.sources) {
        if !evidence.sources.contains(source) {
            evidence.sources.push(source.clone());
        }
    }
    evidence
}

/// The sources that say that nothing changes are about values that callers set. The service itself sets the times.
fn evidence_of_times(unchanged: &Evidence) -> Evidence {
    let note = "No source says whether a refusal may move the times.";
    Evidence { level: Level::Assumed, sources: unchanged.sources.clone(), note: Some(note.to_owned()) }
}

fn listed(codes: &[&str]) -> String {
    match codes {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

/// `ResourcePolicyResource` in words: `resource policy`.
fn noun(resource: &str) -> String {
    let mut words = String::new();
    for letter in resource.strip_suffix("Resource").unwrap_or(resource).chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
