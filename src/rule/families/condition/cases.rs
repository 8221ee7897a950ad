//! The parts of a cell of a condition table that rules are about, and their scenarios: the state, the call under its
//! conditions, and a read.
//! Must not know a service.
//! The entry points are [`ConditionAspect`] and [`labelled_steps`].

use serde_json::{Map, Value, json};

use crate::generate::{ACT, GeneratorContext, read_back, scenario_steps};
use crate::model::{
    Assertion, Branch, Cell, CellKey, ConditionValue, Expect, Lifecycle, Member, Predicate, Presence,
    Resource, Role, ScenarioStep, ServiceModel,
};
use crate::rule::definition::LabelledSteps;

/// The part of a cell that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionAspect {
    /// The response, and reads that agree with it as far as the evidence goes.
    Response,
    /// A refusal changes nothing, where that is less certain than the refusal.
    Unchanged,
    /// A refusal leaves the times of the resource unchanged.
    Times,
    /// The response to conditions that nearly name the current version.
    NearMiss,
}

impl ConditionAspect {
    /// The end of the rule id; nothing if the rule is the cell's own.
    pub(super) fn suffix(self) -> Option<&'static str> {
        match self {
            Self::Response => None,
            Self::Unchanged => Some("unchanged"),
            Self::Times => Some("times"),
            Self::NearMiss => Some("near-miss"),
        }
    }

    /// Describes the test in one sentence.
    pub(super) fn describe_test(self) -> &'static str {
        match self {
            Self::Response => {
                "The state is made, the short way and after another version; then come the call and a read, which must \
                 show what an accepted call wrote, or what was there before a refused one."
            }
            Self::Unchanged => "The state is made; after a refusal, a read must show what was there before.",
            Self::Times => "The state is made and read; after a refusal, a read must show the same times.",
            Self::NearMiss => {
                "The state is made; the condition is the version in force with one character changed, in the other case, \
                 cut, extended up to 255 characters or padded. After the refusal, a read must show what was there before."
            }
        }
    }
}

const FORMER: &str = "former";
const CURRENT: &str = "current";
const BEFORE: &str = "before";

/// Returns the kinds of cases of a cell: with the state created directly, unless a condition needs a former version,
/// and with the state after a former version.
pub(super) fn labelled_steps(
    context: GeneratorContext<'_>,
    operation: &str,
    key: &CellKey,
    aspect: ConditionAspect,
) -> Vec<LabelledSteps> {
    let model: &ServiceModel = context.model;
    let cell = model.tables.get(operation).and_then(|table| table.cells.get(key));
    let resource = model.resource_of(operation).map(|(resource, _)| resource);
    let (Some(cell), Some(resource)) = (cell, resource) else { return Vec::new() };
    let scenario = CellScenario { model, resource, operation, key, cell };
    if aspect == ConditionAspect::NearMiss {
        let near_misses = NEAR_MISSES.iter().map(|near_miss| {
            let steps = scenario.near_miss_steps(near_miss);
            (format!("{key}, {}", near_miss.label), scenario_steps(context, &steps))
        });
        return near_misses.collect();
    }
    let needs_past = key.conditions.values().any(|choice| *choice == ConditionValue::Former);
    let kinds = [(false, "reached the short way"), (true, "with a past")];
    let kinds = kinds.into_iter().filter(|(with_past, _)| *with_past || !needs_past);
    kinds
        .map(|(with_past, words)| {
            (format!("{key}, {words}"), scenario_steps(context, &scenario.steps(with_past, aspect)))
        })
        .collect()
}

/// A version that differs from the current one in one way.
struct NearMiss {
    label: &'static str,
    /// The alteration, as `$altered` names it.
    alteration: &'static str,
    /// True if the version has the form of a version. Others may be refused for their form, too.
    well_formed: bool,
}

const fn near_miss(label: &'static str, alteration: &'static str, well_formed: bool) -> NearMiss {
    NearMiss { label, alteration, well_formed }
}

const NEAR_MISSES: [NearMiss; 12] = [
    near_miss("another first character", "first", true),
    near_miss("another character in the middle", "other", true),
    near_miss("another last character", "last", false),
    near_miss("the other case", "case", true),
    near_miss("the first half", "shorter", false),
    near_miss("the first character", "first-only", false),
    near_miss("without the last character", "without-last", false),
    near_miss("one character more", "longer", false),
    near_miss("a space before it", "space-before", false),
    near_miss("a space behind it", "space-behind", false),
    near_miss("extended to 200 characters", "of-200", false),
    near_miss("extended to 255 characters", "of-255", false),
];

struct CellScenario<'m> {
    model: &'m ServiceModel,
    resource: &'m Resource,
    operation: &'m str,
    key: &'m CellKey,
    cell: &'m Cell,
}

impl CellScenario<'_> {
    fn steps(&self, with_past: bool, aspect: ConditionAspect) -> Vec<ScenarioStep> {
        let mut steps = self.state(with_past);
        steps.extend(match aspect {
            ConditionAspect::Times => self.read_step(BEFORE, Role::Context, Expect::ok()),
            // The absence of a resource proves nothing unless the resource was observed before.
            ConditionAspect::Response if self.is_accepted_delete() => {
                self.read_step(BEFORE, Role::Arrange, self.expected_after_refusal())
            }
            _ => None,
        });
        steps.push(self.call_under_conditions(aspect));
        let seen = self.expected_read(aspect);
        steps.extend(
            self.read_step("after", Role::Observe, seen).filter(|read| read.expect != Some(Expect::Any)),
        );
        steps
    }

    /// The state, the call under a version that is nearly the current one, and a read.
    fn near_miss_steps(&self, near_miss: &NearMiss) -> Vec<ScenarioStep> {
        let mut act = self.call_under_conditions(ConditionAspect::NearMiss);
        for member in self.members(self.operation) {
            let foreign = self.key.conditions.get(&member.name) == Some(&ConditionValue::Foreign);
            if let (true, Some(version)) = (foreign, member.version()) {
                act.input[&member.name] =
                    json!({ "$altered": near_miss.alteration, "of": reference_to(CURRENT, version) });
            }
        }
        if let (false, Some(Expect::Refused { codes, .. })) = (near_miss.well_formed, &mut act.expect) {
            codes.extend(self.model.refusals.constraint.iter().cloned());
        }
        let read = self.read_step("after", Role::Observe, self.expected_read(ConditionAspect::Response));
        let read = read.filter(|read| read.expect != Some(Expect::Any));
        self.state(false).into_iter().chain([act]).chain(read).collect()
    }

    /// The calls that make the state. One with a past comes after another version, replaced or deleted.
    fn state(&self, with_past: bool) -> Vec<ScenarioStep> {
        let Some(put) = self.resource.put.as_deref() else { return Vec::new() };
        let made = |name: &str, input: Value| step(put, Some(name), Role::Arrange, input, Expect::ok());
        let former = with_past.then(|| made(FORMER, self.input(put, FORMER)));
        let last =
            match (self.key.state, with_past) {
                // Documents ask for the version with every change, so that no other way is certain.
                (Presence::Present, true) => Some(made(CURRENT, self.replacing_input())),
                (Presence::Present, false) => Some(made(CURRENT, self.input(put, CURRENT))),
                (Presence::Absent, true) => self.resource.delete.as_deref().map(|delete| {
                    step(delete, None, Role::Arrange, self.input(delete, FORMER), Expect::ok())
                }),
                (Presence::Absent, false) => None,
            };
        former.into_iter().chain(last).collect()
    }

    /// The input that replaces the former version.
    fn replacing_input(&self) -> Value {
        let put = self.resource.put.as_deref().unwrap_or_default();
        let mut input = self.input(put, CURRENT);
        for (member, version) in self.members(put).filter_map(|m| Some((m, m.version()?))) {
            input[&member.name] = reference_to(FORMER, version);
        }
        input
    }

    fn members(&self, operation: &str) -> impl Iterator<Item = &Member> {
        let input = self.model.operations.get(operation).map(|o| o.input.as_str());
        input.into_iter().flat_map(|input| self.model.members(input))
    }

    /// The input that the operation needs, apart from its conditions. Another label gives another version.
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

    fn call_under_conditions(&self, aspect: ConditionAspect) -> ScenarioStep {
        let mut input = self.input(self.operation, ACT);
        for member in self.members(self.operation) {
            let value =
                self.key.conditions.get(&member.name).and_then(|choice| condition_value(member, choice));
            if let Some(value) = value {
                input[&member.name] = value;
            }
        }
        let refusal = || Expect::refused(Vec::<String>::new());
        let expect = match aspect {
            ConditionAspect::Response | ConditionAspect::NearMiss => self.cell.expect.clone(),
            // The code of the refusal is the subject of another rule.
            ConditionAspect::Unchanged | ConditionAspect::Times if self.cell.accepts() => {
                Expect::Either(vec![Expect::ok(), refusal()])
            }
            ConditionAspect::Unchanged | ConditionAspect::Times => refusal(),
        };
        step(self.operation, Some(ACT), Role::Act, input, expect)
    }

    fn read_step(&self, name: &str, role: Role, expect: Expect) -> Option<ScenarioStep> {
        let read = self.resource.read.as_deref()?;
        Some(step(read, Some(name), role, self.input(read, CURRENT), expect))
    }

    /// The expectation of the read, by the outcome of the call.
    fn expected_read(&self, aspect: ConditionAspect) -> Expect {
        let done = match aspect {
            ConditionAspect::Response | ConditionAspect::NearMiss => self.expected_after_success(),
            ConditionAspect::Unchanged | ConditionAspect::Times => Expect::Any,
        };
        let undone = match aspect {
            ConditionAspect::Response if !self.cell.is_sure_of_unchanged() => Expect::Any,
            ConditionAspect::Response | ConditionAspect::NearMiss | ConditionAspect::Unchanged => {
                self.expected_after_refusal()
            }
            ConditionAspect::Times => self.same_times(),
        };
        match (self.cell.accepts(), self.cell.codes().next().is_some()) {
            (true, false) => done,
            (false, _) => undone,
            (true, true) => {
                Expect::If(Box::new(Branch { accepted: ACT.to_owned(), then: done, otherwise: undone }))
            }
        }
    }

    fn is_accepted_delete(&self) -> bool {
        let deletes = self.resource.role_of(self.operation) == Some(Lifecycle::Delete);
        deletes && self.key.state == Presence::Present && self.cell.accepts()
    }

    fn expected_after_success(&self) -> Expect {
        match self.resource.role_of(self.operation) {
            Some(Lifecycle::Delete) => Expect::Absent,
            _ => self.shows_input_of(self.operation, ACT),
        }
    }

    fn expected_after_refusal(&self) -> Expect {
        match (self.key.state, self.resource.put.as_deref()) {
            (Presence::Present, Some(put)) => self.shows_input_of(put, CURRENT),
            _ => Expect::Absent,
        }
    }

    /// The read shows what a step wrote, in the version that its response returned.
    fn shows_input_of(&self, put: &str, writer: &str) -> Expect {
        let input = self.input(put, writer);
        let mut seen = read_back(self.model, self.resource, put, &input, writer);
        for version in self.members(put).filter_map(Member::version) {
            seen.push(self.member_equals(version, reference_to(writer, version)));
        }
        Expect::Ok(seen)
    }

    fn same_times(&self) -> Expect {
        let same = |time: &str| {
            let at = format!("{}/{time}", self.resource.view.read);
            self.member_equals(time, json!({ "$answer": BEFORE, "at": at }))
        };
        Expect::Ok(self.model.times(self.resource).map(same).collect())
    }

    fn member_equals(&self, member: &str, wanted: Value) -> Assertion {
        Assertion { at: format!("{}/{member}", self.resource.view.read), holds: Predicate::Equals(wanted) }
    }
}

/// The value of a condition that has the meaning of the table; nothing if the condition is left out.
fn condition_value(member: &Member, choice: &ConditionValue) -> Option<Value> {
    match choice {
        ConditionValue::Absent => None,
        ConditionValue::Value(word) => Some(json!(word)),
        ConditionValue::Current => Some(reference_to(CURRENT, member.version()?)),
        ConditionValue::Former => Some(reference_to(FORMER, member.version()?)),
        ConditionValue::Foreign => Some(json!({ "$foreign": "hash" })),
    }
}

fn reference_to(step: &str, member: &str) -> Value {
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
