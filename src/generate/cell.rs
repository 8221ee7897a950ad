//! Cells of condition tables made into cases: the state arranged, the conditions filled in, the call, and a
//! look at what became of the resource. Works from tables and resources; knows no service.

use serde_json::{Map, Value, json};

use crate::model::{
    Assertion, Branch, Cell, CellKey, ConditionValue, Expect, Lifecycle, Member, Predicate, Presence,
    Resource, Role, ScenarioStep, ServiceModel,
};
use crate::rule::Shows;

use super::cases::{Material, Steps};
use super::lifecycle::{ACT, read_back};
use super::scenario;

const FORMER: &str = "former";
const CURRENT: &str = "current";
const BEFORE: &str = "before";

/// The kinds of cases that show a cell: in its state reached the short way, where no condition needs a past, and
/// in the same state with a past.
pub(super) fn histories(
    material: Material<'_>,
    operation: &str,
    situation: &CellKey,
    shows: Shows,
) -> Vec<(String, Steps)> {
    let model: &ServiceModel = material.model;
    let cell = model.tables.get(operation).and_then(|table| table.cells.get(situation));
    let resource = model.resource_of(operation).map(|(resource, _)| resource);
    let (Some(cell), Some(resource)) = (cell, resource) else { return Vec::new() };
    let scene = Scene { model, resource, operation, situation, cell };
    let needs_past = situation.conditions.values().any(|choice| *choice == ConditionValue::Former);
    let kinds = [(false, "reached the short way"), (true, "with a past")];
    let kinds = kinds.into_iter().filter(|(past, _)| *past || !needs_past);
    kinds
        .map(|(past, words)| {
            (format!("{situation}, {words}"), scenario::steps(material, &scene.steps(past, shows)))
        })
        .collect()
}

struct Scene<'m> {
    model: &'m ServiceModel,
    resource: &'m Resource,
    operation: &'m str,
    situation: &'m CellKey,
    cell: &'m Cell,
}

impl Scene<'_> {
    fn steps(&self, past: bool, shows: Shows) -> Vec<ScenarioStep> {
        let mut steps = self.state(past);
        steps.extend(match shows {
            Shows::Times => self.look(BEFORE, Role::Context, Expect::ok()),
            // That something is gone afterwards proves nothing unless it was seen before.
            Shows::Answer if self.removes() => self.look(BEFORE, Role::Arrange, self.undone()),
            _ => None,
        });
        steps.push(self.act(shows));
        let seen = self.seen(shows);
        steps.extend(self.look("after", Role::Observe, seen).filter(|look| look.expect != Some(Expect::Any)));
        steps
    }

    /// The calls that make the state. One with a past comes after another version, replaced or deleted.
    fn state(&self, past: bool) -> Vec<ScenarioStep> {
        let Some(put) = self.resource.put.as_deref() else { return Vec::new() };
        let made = |name: &str, input: Value| step(put, Some(name), Role::Arrange, input, Expect::ok());
        let former = past.then(|| made(FORMER, self.input(put, FORMER)));
        let last =
            match (self.situation.state, past) {
                // Documents ask for the version with every change, so that no other way is certain.
                (Presence::Present, true) => Some(made(CURRENT, self.replacing())),
                (Presence::Present, false) => Some(made(CURRENT, self.input(put, CURRENT))),
                (Presence::Absent, true) => self.resource.delete.as_deref().map(|delete| {
                    step(delete, None, Role::Arrange, self.input(delete, FORMER), Expect::ok())
                }),
                (Presence::Absent, false) => None,
            };
        former.into_iter().chain(last).collect()
    }

    /// What puts another version in place of the former one.
    fn replacing(&self) -> Value {
        let put = self.resource.put.as_deref().unwrap_or_default();
        let mut input = self.input(put, CURRENT);
        for (member, version) in self.members(put).filter_map(|m| Some((m, m.version()?))) {
            input[&member.name] = answer(FORMER, version);
        }
        input
    }

    fn members(&self, operation: &str) -> impl Iterator<Item = &Member> {
        let input = self.model.operations.get(operation).map(|o| o.input.as_str());
        input.into_iter().flat_map(|input| self.model.members(input))
    }

    /// What the operation must be given, apart from its conditions; another label gives another version.
    fn input(&self, operation: &str, label: &str) -> Value {
        let needed = self.members(operation).filter(|m| m.traits.required && m.traits.condition.is_none());
        let value = |member: &Member| {
            if self.resource.identifiers.contains(&member.name) {
                json!({ "$name": "one" })
            } else if member.traits.policy.is_some() {
                json!({ "$policy": label })
            } else {
                json!({ "$valid": member.target, "label": label })
            }
        };
        Value::Object(needed.map(|member| (member.name.clone(), value(member))).collect::<Map<_, _>>())
    }

    fn act(&self, shows: Shows) -> ScenarioStep {
        let mut input = self.input(self.operation, ACT);
        for member in self.members(self.operation) {
            let said = self.situation.conditions.get(&member.name).and_then(|choice| said(member, choice));
            if let Some(value) = said {
                input[&member.name] = value;
            }
        }
        let refusal = || Expect::refused(Vec::<String>::new());
        let expect = match shows {
            Shows::Answer => self.cell.expect.clone(),
            // Whichever code it is refused with: that is another rule's.
            Shows::Unchanged | Shows::Times if self.cell.accepts() => {
                Expect::Either(vec![Expect::ok(), refusal()])
            }
            Shows::Unchanged | Shows::Times => refusal(),
        };
        step(self.operation, Some(ACT), Role::Act, input, expect)
    }

    fn look(&self, name: &str, role: Role, expect: Expect) -> Option<ScenarioStep> {
        let read = self.resource.read.as_deref()?;
        Some(step(read, Some(name), role, self.input(read, CURRENT), expect))
    }

    /// What reads must show, by what became of the call.
    fn seen(&self, shows: Shows) -> Expect {
        let done = match shows {
            Shows::Answer => self.done(),
            Shows::Unchanged | Shows::Times => Expect::Any,
        };
        let undone = match shows {
            Shows::Answer if !self.cell.is_sure_of_unchanged() => Expect::Any,
            Shows::Answer | Shows::Unchanged => self.undone(),
            Shows::Times => self.times(),
        };
        match (self.cell.accepts(), self.cell.codes().next().is_some()) {
            (true, false) => done,
            (false, _) => undone,
            (true, true) => {
                Expect::If(Box::new(Branch { accepted: ACT.to_owned(), then: done, otherwise: undone }))
            }
        }
    }

    fn removes(&self) -> bool {
        let deletes = self.resource.role_of(self.operation) == Some(Lifecycle::Delete);
        deletes && self.situation.state == Presence::Present && self.cell.accepts()
    }

    fn done(&self) -> Expect {
        match self.resource.role_of(self.operation) {
            Some(Lifecycle::Delete) => Expect::Absent,
            _ => self.written(self.operation, ACT),
        }
    }

    fn undone(&self) -> Expect {
        match (self.situation.state, self.resource.put.as_deref()) {
            (Presence::Present, Some(put)) => self.written(put, CURRENT),
            _ => Expect::Absent,
        }
    }

    /// What a step wrote reads back, in the version its answer told.
    fn written(&self, put: &str, writer: &str) -> Expect {
        let input = self.input(put, writer);
        let mut seen = read_back(self.model, self.resource, put, &input, writer);
        for version in self.members(put).filter_map(Member::version) {
            seen.push(self.equal(version, answer(writer, version)));
        }
        Expect::Ok(seen)
    }

    fn times(&self) -> Expect {
        let same = |time: &str| {
            let at = format!("{}/{time}", self.resource.view.read);
            self.equal(time, json!({ "$answer": BEFORE, "at": at }))
        };
        Expect::Ok(self.model.times(self.resource).map(same).collect())
    }

    fn equal(&self, member: &str, wanted: Value) -> Assertion {
        Assertion { at: format!("{}/{member}", self.resource.view.read), holds: Predicate::Equals(wanted) }
    }
}

/// What a condition is given so that it means what the table says; nothing where it is left out.
fn said(member: &Member, choice: &ConditionValue) -> Option<Value> {
    match choice {
        ConditionValue::Absent => None,
        ConditionValue::Value(word) => Some(json!(word)),
        ConditionValue::Current => Some(answer(CURRENT, member.version()?)),
        ConditionValue::Former => Some(answer(FORMER, member.version()?)),
        ConditionValue::Foreign => Some(json!({ "$foreign": "hash" })),
    }
}

fn answer(step: &str, member: &str) -> Value {
    json!({ "$answer": step, "at": format!("/{member}") })
}

fn step(call: &str, name: Option<&str>, role: Role, input: Value, expect: Expect) -> ScenarioStep {
    ScenarioStep {
        call: call.to_owned(),
        name: name.map(str::to_owned),
        by: None,
        client: None,
        follow: false,
        until: None,
        role,
        input,
        expect: Some(expect),
    }
}
