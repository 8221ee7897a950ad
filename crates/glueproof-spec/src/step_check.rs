//! Checks the steps of a scenario against the shapes: operations, placeholders, references to other steps, and
//! assertions that could never be judged. Checks the claim of a law of pages, too.
//! Must not fill in a placeholder.
//! The entry points are [`check_steps`] and [`check_law`].

use regex::Regex;
use serde_json::{Map, Value};

use super::behavior::{PaginationLaw, Principal, ScenarioStep};
use super::error::{SpecProblem, did_you_mean};
use super::expectation::{Assertion, Expect, Predicate};
use super::service::{Lifecycle, ServiceModel};

/// The ways to alter a text.
const ALTERATIONS: [&str; 3] = ["shorter", "longer", "other"];

/// Checks that every step can be carried out and judged. A problem comes with the index of its step.
pub(super) fn check_steps(model: &ServiceModel, steps: &[ScenarioStep]) -> Result<(), (usize, SpecProblem)> {
    if steps.is_empty() {
        return Err((0, SpecProblem::Step("a scenario needs at least one step".to_owned())));
    }
    let mut names: Vec<&str> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        names = check_step(model, &names, step)
            .map_err(|text| (index, SpecProblem::Step(format!("step {}: {text}", index + 1))))?;
    }
    Ok(())
}

/// The names that later steps may refer to.
fn check_step<'s>(
    model: &ServiceModel,
    names: &[&'s str],
    step: &'s ScenarioStep,
) -> Result<Vec<&'s str>, String> {
    let Some((_, operation)) = model.called(&step.call) else {
        let (service, name) = match step.call.split_once(':') {
            Some((service, name)) => (model.service(service), name),
            None => (Some(model), step.call.as_str()),
        };
        let known = service.into_iter().flat_map(|service| service.operations.keys());
        let hint = did_you_mean(name, known.map(String::as_str));
        return Err(format!("there is no operation `{}` in edition {}{hint}", step.call, model.edition));
    };
    if step.follow && operation.paginated.is_none() {
        return Err(format!("`follow` needs pages, and `{}` has none", step.call));
    }
    if step.until.is_some() && step.client.is_some() {
        return Err("`until` repeats the calls of one client".to_owned());
    }
    if let Some(unknown) = step.by.as_ref().and_then(Principal::step).filter(|name| !names.contains(name)) {
        let hint = did_you_mean(unknown, names.iter().copied());
        return Err(format!("`by` refers to `{unknown}`, which no earlier step is called{hint}"));
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

/// The steps and shapes that a template may refer to.
struct Scope<'a> {
    model: &'a ServiceModel,
    steps: &'a [&'a str],
}

impl Scope<'_> {
    fn expectation(&self, expect: &Expect) -> Result<(), String> {
        match expect {
            Expect::Any | Expect::Absent | Expect::Reference | Expect::Refused { .. } => Ok(()),
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
            Predicate::Matches(pattern) => {
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
            "$altered" | "$plus" => Some("of"),
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
            ("$plus", Value::Number(_)) => {
                return map.get("of").ok_or("`$plus` needs `of`".to_owned()).and_then(|of| self.template(of));
            }
            ("$plus", _) => return Err("`$plus` needs a number".to_owned()),
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
                let hint = did_you_mean(name, self.model.shapes.keys().map(String::as_str));
                Err(format!("`$valid` names `{name}`, which is no shape of edition {edition}{hint}"))
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
        let hint = did_you_mean(name, self.steps.iter().copied());
        Err(format!("`{what}` refers to `{name}`, which no earlier step is called{hint}"))
    }
}

fn pointer(at: &str) -> Result<(), String> {
    if at.is_empty() || at.starts_with('/') {
        return Ok(());
    }
    Err(format!("`{at}` is no JSON pointer: it must be empty or start with `/`"))
}

/// The law, if the subject is a list that it can be shown on.
pub(super) fn check_law(model: &ServiceModel, subject: &str, law: PaginationLaw) -> Result<(), SpecProblem> {
    let problem = |text: &str| Err(SpecProblem::Step(format!("`pages`: {text}")));
    if model.operations.get(subject).is_none_or(|operation| operation.paginated.is_none()) {
        return problem(&format!("`{subject}` is no operation with the trait smithy.api#paginated"));
    }
    match model.resource_of(subject) {
        Some((resource, Lifecycle::List)) if resource.maker().is_some() && resource.delete.is_some() => {
            if law.needs_several() && resource.is_account_wide() {
                let name = &resource.name;
                return problem(&format!(
                    "the law needs several items, and there is one `{name}` an account"
                ));
            }
            Ok(())
        }
        _ => problem(&format!("`{subject}` lists no resource that can be made and deleted")),
    }
}
