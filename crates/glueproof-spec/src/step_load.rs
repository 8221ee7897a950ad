//! Checks the steps of a scenario against the loaded shapes: operations, placeholders, references to
//! other steps, and assertions that could never be judged. Fills nothing in.

use regex::Regex;
use serde_json::{Map, Value};

use super::behavior::ScenarioStep;
use super::by::By;
use super::error::SpecProblem;
use super::expectation::{Assertion, Expect, Holds};
use super::shape::ServiceModel;

/// How a text may be altered.
const ALTERATIONS: [&str; 3] = ["shorter", "longer", "other"];

/// The steps, if every one of them can be carried out and judged.
pub(super) fn check_steps(
    model: &ServiceModel,
    steps: Vec<ScenarioStep>,
) -> Result<Vec<ScenarioStep>, SpecProblem> {
    if steps.is_empty() {
        return Err(SpecProblem::Step("a scenario needs at least one step".to_owned()));
    }
    let mut names: Vec<&str> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        names = check_step(model, &names, step)
            .map_err(|text| SpecProblem::Step(format!("step {}: {text}", index + 1)))?;
    }
    Ok(steps)
}

/// The names that later steps may refer to.
fn check_step<'s>(
    model: &ServiceModel,
    names: &[&'s str],
    step: &'s ScenarioStep,
) -> Result<Vec<&'s str>, String> {
    let Some((_, operation)) = model.called(&step.call) else {
        return Err(format!("there is no operation `{}` in edition {}", step.call, model.edition));
    };
    if step.follow && operation.paginated.is_none() {
        return Err(format!("`follow` needs pages, and `{}` has none", step.call));
    }
    if step.until.is_some() && (step.follow || step.client.is_some()) {
        return Err("`until` repeats one call of one client, without pages".to_owned());
    }
    if let Some(unknown) = step.by.as_ref().and_then(By::step).filter(|name| !names.contains(name)) {
        return Err(format!("`by` refers to `{unknown}`, which no earlier step is called"));
    }
    if step.by.is_some() && (step.follow || step.client.is_some()) {
        return Err("`by` is for one call of one client, without pages".to_owned());
    }
    let mut reachable = names.to_vec();
    if let Some(name) = step.name.as_deref() {
        if names.contains(&name) {
            return Err(format!("an earlier step is called `{name}` too"));
        }
        reachable.push(name);
    }
    let scope = Scope { model, steps: names };
    scope.template(&step.input)?;
    let scope = Scope { model, steps: &reachable };
    step.until.iter().try_for_each(|until| scope.expectation(until))?;
    scope.expectation(&step.expectation())?;
    Ok(reachable)
}

/// What a template may refer to.
struct Scope<'a> {
    model: &'a ServiceModel,
    steps: &'a [&'a str],
}

impl Scope<'_> {
    fn expectation(&self, expect: &Expect) -> Result<(), String> {
        match expect {
            Expect::Any | Expect::Gone | Expect::Lawful | Expect::Refused { .. } => Ok(()),
            Expect::Ok(assertions) => assertions.iter().try_for_each(|a| self.assertion(a)),
            Expect::Either(all) => all.iter().try_for_each(|inner| self.expectation(inner)),
            Expect::Same(step) => self.step("same", step),
            Expect::If(branch) => {
                self.step("accepted", &branch.accepted)?;
                self.expectation(&branch.then)?;
                self.expectation(&branch.otherwise)
            }
        }
    }

    fn assertion(&self, assertion: &Assertion) -> Result<(), String> {
        pointer(&assertion.at)?;
        match &assertion.holds {
            Holds::Matches(pattern) => {
                Regex::new(pattern).map(|_| ()).map_err(|e| format!("`{pattern}` cannot be used: {e}"))
            }
            other => other.template().map_or(Ok(()), |template| self.template(template)),
        }
    }

    /// Placeholders must be known, complete, and refer to steps that come earlier.
    fn template(&self, template: &Value) -> Result<(), String> {
        match template {
            Value::Array(items) => items.iter().try_for_each(|item| self.template(item)),
            Value::Object(map) => match map.keys().find(|key| key.starts_with('$')) {
                Some(key) => self.placeholder(key, map),
                None => map.values().try_for_each(|inner| self.template(inner)),
            },
            _ => Ok(()),
        }
    }

    fn placeholder(&self, key: &str, map: &Map<String, Value>) -> Result<(), String> {
        let companion = match key {
            "$name" | "$policy" | "$foreign" | "$base64" | "$json" | "$concat" => None,
            "$valid" => Some("label"),
            "$repeat" => Some("times"),
            "$answer" | "$sent" => Some("at"),
            "$altered" => Some("of"),
            "$outside" => Some("value"),
            _ => return Err(format!("`{key}` is no placeholder")),
        };
        if let Some(other) = map.keys().find(|k| *k != key && Some(k.as_str()) != companion) {
            return Err(format!("`{other}` cannot stand beside `{key}`"));
        }
        match (key, &map[key]) {
            ("$json", inner) | ("$concat", inner @ Value::Array(_)) => return self.template(inner),
            ("$concat", _) => return Err("`$concat` needs a list".to_owned()),
            ("$altered", Value::String(how)) if ALTERATIONS.contains(&how.as_str()) => {
                return map
                    .get("of")
                    .ok_or("`$altered` needs `of`".to_owned())
                    .and_then(|of| self.template(of));
            }
            ("$altered", _) => return Err(format!("`$altered` knows {}", ALTERATIONS.join(", "))),
            _ => {}
        }
        let name = map[key].as_str().ok_or_else(|| format!("`{key}` needs a string"))?;
        match key {
            "$outside" => self.template(map.get("value").ok_or("`$outside` needs `value`")?),
            "$foreign" if name != "hash" => Err(format!("`$foreign` knows `hash`, not `{name}`")),
            "$repeat" if map.get("times").and_then(Value::as_u64).is_none() => {
                Err("`$repeat` needs `times`, a whole number".to_owned())
            }
            "$valid" if !self.model.shapes.contains_key(name) => {
                let edition = self.model.edition;
                Err(format!("`$valid` names `{name}`, which is no shape of edition {edition}"))
            }
            "$answer" | "$sent" => {
                let at = map.get("at").and_then(Value::as_str);
                pointer(at.ok_or_else(|| format!("`{key}` needs `at`, a JSON pointer"))?)?;
                self.step(key, name)
            }
            _ => Ok(()),
        }
    }

    fn step(&self, what: &str, name: &str) -> Result<(), String> {
        if self.steps.contains(&name) {
            return Ok(());
        }
        Err(format!("`{what}` refers to `{name}`, which no earlier step is called"))
    }
}

fn pointer(at: &str) -> Result<(), String> {
    if at.is_empty() || at.starts_with('/') {
        return Ok(());
    }
    Err(format!("`{at}` is no JSON pointer: it must be empty or start with `/`"))
}
