//! Checks behavior files against the loaded shapes: ids, evidence, operations and references of steps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::behavior::{Behavior, BehaviorAst, BehaviorFile, Proof, Walk};
use super::error::{SpecError, SpecProblem};
use super::load::{parse, problem};
use super::page_law::check_law;
use super::resolve_traits::check_evidence;
use super::rows;
use super::shape::ServiceModel;
use super::source::SpecFile;
use super::step_load::check_steps;

/// The families a rule id may carry.
pub const FAMILIES: [&str; 12] = [
    "valid",
    "boundary",
    "invalid",
    "wire",
    "errors",
    "pagination",
    "condition",
    "sequence",
    "concurrency",
    "metamorphic",
    "encryption",
    "access",
];

/// All behaviors of a service that its edition has. `subjects` are the operations and structures of all
/// editions.
pub(super) fn behaviors<'f>(
    model: &ServiceModel,
    subjects: &BTreeSet<&str>,
    files: impl Iterator<Item = &'f SpecFile>,
) -> Result<Vec<Behavior>, SpecError> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    for file in files {
        for parsed in parts(file)? {
            if !subjects.contains(parsed.subject.as_str()) {
                let first = parsed.behaviors.first();
                let id = first.map(|ast| format!("{}/{}/{}", model.name, parsed.subject, ast.id));
                let unknown = SpecProblem::UnknownSubject { subject: parsed.subject };
                return Err(problem(&file.path, id.as_deref(), unknown));
            }
            for ast in parsed.behaviors {
                let id = format!("{}/{}/{}", model.name, parsed.subject, ast.id);
                if let Some(other) = owners.insert(id.clone(), file.path.clone()) {
                    return Err(problem(&file.path, Some(&id), SpecProblem::DuplicateBehavior { other }));
                }
                let checked = check(model, subjects, &parsed.subject, &id, ast)
                    .map_err(|p| problem(&file.path, Some(&id), p))?;
                found.extend(checked);
            }
        }
    }
    check_probes(model, &owners)?;
    Ok(found)
}

/// What the file holds, with a behavior for each row of those that have rows.
fn parts(file: &SpecFile) -> Result<Vec<BehaviorFile>, SpecError> {
    let written: Value = parse(file)?;
    let broken = |problem_there| problem(&file.path, None, problem_there);
    if !rows::are_in(&written) {
        // Read from its text, so that a mistake is told with its place.
        return Ok(vec![parse(file)?]);
    }
    let expanded = rows::expand(&written).map_err(broken)?.into_iter();
    let read = |value| serde_json::from_value(value).map_err(|e| broken(SpecProblem::Syntax(e.to_string())));
    expanded.map(read).collect()
}

/// Probes are behaviors of the service.
fn check_probes(model: &ServiceModel, owners: &BTreeMap<String, String>) -> Result<(), SpecError> {
    let unknown = |id: &&String| !owners.contains_key(*id);
    match model.probes.values().flatten().find(unknown) {
        Some(id) => {
            let text = format!("glueproof#probes names `{id}`, which is no behavior");
            Err(problem(&model.name, None, SpecProblem::Missing(text)))
        }
        None => Ok(()),
    }
}

/// `None` when the behavior belongs to another edition.
fn check(
    model: &ServiceModel,
    subjects: &BTreeSet<&str>,
    subject: &str,
    id: &str,
    ast: BehaviorAst,
) -> Result<Option<Behavior>, SpecProblem> {
    let family = ast.id.split('/').next().unwrap_or_default().to_owned();
    if !FAMILIES.contains(&family.as_str()) || !ast.id.contains('/') {
        let text = format!(
            "the id `{}` must be `<family>/<name>`, with a family of {}",
            ast.id,
            FAMILIES.join(", ")
        );
        return Err(SpecProblem::Syntax(text));
    }
    check_evidence(&model.sources, &ast.evidence)?;
    let elsewhere = ast.edition.is_some_and(|edition| edition != model.edition);
    let known = model.operations.contains_key(subject) || model.shapes.contains_key(subject);
    if elsewhere || !known {
        return Ok(None);
    }
    let found = usize::from(ast.steps.is_some())
        + usize::from(ast.walk.is_some())
        + usize::from(ast.pages.is_some())
        + usize::from(ast.covered_by.is_some())
        + usize::from(ast.untested.is_some());
    let proof = match (ast.steps, ast.walk, ast.pages, ast.covered_by, ast.untested) {
        (Some(steps), None, None, None, None) => Proof::Scenario(check_steps(model, steps)?),
        (None, Some(walk), None, None, None) => Proof::Walk(check_walk(model, subjects, walk)?),
        (None, None, Some(law), None, None) => Proof::Pages(check_law(model, subject, law)?),
        (None, None, None, Some(rules), None) => Proof::CoveredBy(rules),
        (None, None, None, None, Some(why)) => Proof::Untested(why),
        _ => return Err(SpecProblem::Proof { found }),
    };
    Ok(Some(Behavior {
        id: id.to_owned(),
        subject: subject.to_owned(),
        family,
        requirement: ast.requirement,
        evidence: ast.evidence,
        capability: ast.capability,
        also: ast.also,
        proof,
    }))
}

/// Operations of other editions are left out.
fn check_walk(model: &ServiceModel, subjects: &BTreeSet<&str>, mut walk: Walk) -> Result<Walk, SpecProblem> {
    if let Some(unknown) = walk.operations.iter().find(|name| !subjects.contains(name.as_str())) {
        return Err(SpecProblem::Step(format!("there is no operation `{unknown}` in any edition")));
    }
    walk.operations.retain(|name| model.operations.contains_key(name));
    if walk.operations.is_empty() || walk.calls == 0 || walk.clients.is_some_and(|clients| clients < 2) {
        let text = "a walk needs an operation of this edition, a call, and two clients if it has any";
        return Err(SpecProblem::Step(text.to_owned()));
    }
    if !walk.before.is_empty() {
        walk.before = check_steps(model, walk.before)?;
    }
    Ok(walk)
}
