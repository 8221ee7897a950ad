//! Checks condition tables against the loaded shapes: every situation has exactly one cell, every cell its
//! evidence. Reads no files and knows no service.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{SpecError, SpecProblem};
use super::expectation::Expect;
use super::gather::{parse, problem};
use super::resolve_traits::check_evidence;
use super::service::{Resource, ServiceModel};
use super::shape::{Kind, Member};
use super::source::SpecFile;
use super::table::{Cell, CellAst, CellKey, ConditionTable, ConditionValue, Presence, TableFile};

/// All tables of operations that the edition has, by operation. `subjects` are those of all editions.
pub(super) fn tables<'f>(
    model: &ServiceModel,
    subjects: &BTreeSet<&str>,
    files: impl Iterator<Item = &'f SpecFile>,
) -> Result<BTreeMap<String, ConditionTable>, SpecError> {
    let mut found: BTreeMap<String, ConditionTable> = BTreeMap::new();
    for file in files {
        let TableFile { subject, cells } = parse(file)?;
        if !subjects.contains(subject.as_str()) {
            return Err(problem(&file.path, None, SpecProblem::UnknownSubject { subject }));
        }
        if !model.operations.contains_key(&subject) {
            continue;
        }
        let situations = situations(model, &subject).map_err(|p| problem(&file.path, Some(&subject), p))?;
        let cells = checked(model, &situations, cells)
            .map_err(|(cell, p)| problem(&file.path, Some(&format!("cell `{cell}`")), p))?;
        if found.contains_key(&subject) {
            let text = format!("there is a second table for {subject}");
            return Err(problem(&file.path, None, SpecProblem::Cell(text)));
        }
        found.insert(subject.clone(), ConditionTable { operation: subject, cells });
    }
    Ok(found)
}

/// Every situation the operation's conditions can be in. Without a resource no version is in force.
fn situations(model: &ServiceModel, operation: &str) -> Result<BTreeSet<CellKey>, SpecProblem> {
    let input = model.operations.get(operation).map_or("", |o| o.input.as_str());
    let conditions: Vec<_> = model.members(input).filter(|m| m.traits.condition.is_some()).collect();
    if conditions.is_empty() {
        return Err(SpecProblem::Cell("no member of the input has glueproof#condition".to_owned()));
    }
    let resource = model.resource_of(operation).map(|(resource, _)| resource);
    let Some(resource) = resource.filter(|r| r.put.is_some() && r.read.is_some() && r.delete.is_some())
    else {
        let text = "the operation belongs to no resource that can be put, read and deleted";
        return Err(SpecProblem::Cell(text.to_owned()));
    };
    conditions.iter().try_for_each(|member| told(model, resource, member))?;
    let mut all = BTreeSet::new();
    for state in [Presence::Absent, Presence::Present] {
        let mut combined = vec![BTreeMap::new()];
        for member in &conditions {
            let choices = choices(&model.shape(&member.target).kind, state);
            let with = |taken: &BTreeMap<String, ConditionValue>, choice: &ConditionValue| {
                let mut more = taken.clone();
                more.insert(member.name.clone(), choice.clone());
                more
            };
            combined =
                combined.iter().flat_map(|taken| choices.iter().map(move |c| with(taken, c))).collect();
        }
        all.extend(combined.into_iter().map(|conditions| CellKey { state, conditions }));
    }
    Ok(all)
}

/// A condition that names a version says which member tells it; that member must be where callers look.
fn told(model: &ServiceModel, resource: &Resource, member: &Member) -> Result<(), SpecProblem> {
    let is_word = matches!(model.shape(&member.target).kind, Kind::Enum(_));
    let name = &member.name;
    let wrong = |text: String| Err(SpecProblem::Cell(text));
    match member.version() {
        None if is_word => Ok(()),
        None => wrong(format!("the glueproof#condition of `{name}` names no `version`")),
        Some(_) if is_word => wrong(format!("`{name}` is an enumeration, and names no `version`")),
        Some(version) => {
            let of_put = resource.put.as_deref().and_then(|put| model.operations.get(put));
            let seen = model.viewed(resource).is_some_and(|viewed| model.member(viewed, version).is_some());
            if seen && of_put.is_some_and(|put| model.member(&put.output, version).is_some()) {
                return Ok(());
            }
            wrong(format!(
                "the version `{version}` of `{name}` is not told by what sets the resource and what reads it"
            ))
        }
    }
}

fn choices(kind: &Kind, state: Presence) -> Vec<ConditionValue> {
    let mut choices = vec![ConditionValue::Absent];
    match kind {
        Kind::Enum(values) => choices.extend(values.iter().cloned().map(ConditionValue::Value)),
        _ if state == Presence::Present => {
            choices.extend([ConditionValue::Current, ConditionValue::Former, ConditionValue::Foreign]);
        }
        _ => choices.extend([ConditionValue::Former, ConditionValue::Foreign]),
    }
    choices
}

type Misplaced = (String, SpecProblem);

fn checked(
    model: &ServiceModel,
    situations: &BTreeSet<CellKey>,
    cells: Vec<CellAst>,
) -> Result<BTreeMap<CellKey, Cell>, Misplaced> {
    let mut found = BTreeMap::new();
    for ast in cells {
        let written = written(&ast.when);
        let fail = |text: &str| (written.clone(), SpecProblem::Cell(text.to_owned()));
        let Some(situation) = situations.iter().find(|s| s.to_string() == written) else {
            return Err(fail("there is no such situation"));
        };
        let cell = cell(model, ast).map_err(|p| (written.clone(), p))?;
        if found.insert(situation.clone(), cell).is_some() {
            return Err(fail("the situation has a cell already"));
        }
    }
    match situations.iter().find(|s| !found.contains_key(*s)) {
        Some(missing) => {
            Err((missing.to_string(), SpecProblem::Cell("the situation has no cell".to_owned())))
        }
        None => Ok(found),
    }
}

/// The place of a cell as it is written, in the form of [`Situation`]'s words.
fn written(when: &BTreeMap<String, String>) -> String {
    let state = when.get("state").map_or("?", String::as_str);
    let conditions = when.iter().filter(|(name, _)| *name != "state");
    conditions.fold(format!("state {state}"), |text, (name, word)| format!("{text}, {name} {word}"))
}

fn cell(model: &ServiceModel, ast: CellAst) -> Result<Cell, SpecProblem> {
    check_evidence(&model.sources, &ast.evidence)?;
    let CellAst { expect, evidence, unchanged, .. } = ast;
    let cell = Cell { expect, evidence, unchanged };
    if !is_answer(&cell.expect) {
        let text = "a cell expects `ok`, `refused` with codes, or `either` of them";
        return Err(SpecProblem::Cell(text.to_owned()));
    }
    if let Some(code) = cell.codes().find(|code| !model.errors.contains_key(*code)) {
        return Err(SpecProblem::UnresolvedTarget { target: code.to_owned() });
    }
    match (cell.codes().next().is_some(), &cell.unchanged) {
        (true, Some(evidence)) => check_evidence(&model.sources, evidence)?,
        (false, None) => {}
        (true, None) => {
            let text = "`unchanged` is missing: who says that a refusal changes nothing?";
            return Err(SpecProblem::Cell(text.to_owned()));
        }
        (false, Some(_)) => {
            return Err(SpecProblem::Cell("`unchanged` stands where no refusal may come".to_owned()));
        }
    }
    Ok(cell)
}

/// An acceptance, a refusal with codes, or several of these.
fn is_answer(expect: &Expect) -> bool {
    let plain = |expect: &Expect| match expect {
        Expect::Ok(assertions) => assertions.is_empty(),
        Expect::Refused { codes, except, message } => {
            !codes.is_empty() && except.is_empty() && message.is_none()
        }
        _ => false,
    };
    match expect {
        Expect::Either(all) => !all.is_empty() && all.iter().all(plain),
        one => plain(one),
    }
}
