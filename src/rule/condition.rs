//! Rules from condition tables: one for what each cell answers, and others for what a refusal leaves alone
//! where that is less sure than the refusal. Words and levels of evidence; makes no calls.

use crate::model::{
    Capability, Cell, CellKey, ConditionTable, ConditionValue, Evidence, Family, Level, Lifecycle, Member,
    Presence, Resource, ServiceModel,
};

use super::{Rule, Shows, Test};

/// All rules the tables of a model imply.
pub(super) fn rules(model: &ServiceModel) -> Vec<Rule> {
    model.tables.values().flat_map(|table| of_table(model, table)).collect()
}

fn of_table(model: &ServiceModel, table: &ConditionTable) -> Vec<Rule> {
    let Some((resource, _)) = model.resource_of(&table.operation) else { return Vec::new() };
    let derivation = Derivation { model, resource, operation: &table.operation };
    table.cells.iter().flat_map(|(situation, cell)| derivation.of_cell(situation, cell)).collect()
}

struct Derivation<'m> {
    model: &'m ServiceModel,
    resource: &'m Resource,
    operation: &'m str,
}

impl Derivation<'_> {
    fn of_cell(&self, situation: &CellKey, cell: &Cell) -> Vec<Rule> {
        let mut found =
            vec![self.rule(situation, Shows::Answer, self.answer(situation, cell), answers(cell))];
        let Some(unchanged) = &cell.unchanged else { return found };
        if !cell.is_sure_of_unchanged() {
            let text = format!("{} changes nothing that was set.", self.refusal(situation));
            found.push(self.rule(situation, Shows::Unchanged, text, unchanged.clone()));
        }
        let times: Vec<&str> = self.model.times(self.resource).collect();
        if situation.state == Presence::Present && !times.is_empty() {
            let text = format!("{} leaves {} as they were.", self.refusal(situation), times.join(" and "));
            found.push(self.rule(situation, Shows::Times, text, of_times(unchanged)));
        }
        found
    }

    fn rule(&self, situation: &CellKey, shows: Shows, requirement: String, evidence: Evidence) -> Rule {
        let suffix = shows.suffix().map_or_else(String::new, |suffix| format!("/{suffix}"));
        Rule {
            id: format!("{}/{}/condition/{}{suffix}", self.model.name, self.operation, situation.path()),
            service: self.model.name.clone(),
            operation: self.operation.to_owned(),
            family: Family::Condition,
            capability: Capability::Core,
            also: Vec::new(),
            requirement,
            evidence,
            test: Test::Cell(situation.clone(), shows),
        }
    }

    fn answer(&self, situation: &CellKey, cell: &Cell) -> String {
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
        format!("While {}, {} {what}.", self.state(situation), self.call(situation))
    }

    fn refusal(&self, situation: &CellKey) -> String {
        format!("While {}, a refusal of {}", self.state(situation), self.call(situation))
    }

    fn state(&self, situation: &CellKey) -> String {
        let noun = noun(&self.resource.name);
        match situation.state {
            Presence::Absent => format!("there is no {noun}"),
            Presence::Present => format!("the {noun} is there"),
        }
    }

    /// The call with what its conditions say.
    fn call(&self, situation: &CellKey) -> String {
        let said = situation.conditions.iter().filter_map(|(member, choice)| match choice {
            ConditionValue::Absent => None,
            ConditionValue::Value(value) => Some(format!("{member} {value}")),
            ConditionValue::Current => Some(format!("the {} in force as {member}", self.version(member))),
            ConditionValue::Former => Some(format!("a former {} as {member}", self.version(member))),
            ConditionValue::Foreign => Some(format!("a made-up {} as {member}", self.version(member))),
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() {
            return format!("{} without a condition", self.operation);
        }
        format!("{} with {}", self.operation, said.join(" and "))
    }

    /// The member that tells the version a condition names.
    fn version(&self, condition: &str) -> &str {
        let input = self.model.operations.get(self.operation).map_or("", |o| o.input.as_str());
        let member = self.model.member(input, condition);
        member.and_then(Member::version).unwrap_or_default()
    }
}

/// Who says what a cell answers, and that a refusal changes nothing, where one rule shows both.
fn answers(cell: &Cell) -> Evidence {
    let mut evidence = cell.evidence.clone();
    let also = cell.unchanged.iter().filter(|_| cell.is_sure_of_unchanged());
    for source in also.flat_map(|unchanged| &unchanged.sources) {
        if !evidence.sources.contains(source) {
            evidence.sources.push(source.clone());
        }
    }
    evidence
}

/// Who says that nothing changes speaks of what callers set; the times are the service's own.
fn of_times(unchanged: &Evidence) -> Evidence {
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
