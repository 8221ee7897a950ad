//! Reads the behaviors of a service and checks them against its shapes: ids, evidence, operations and references of
//! steps. Every mistake is collected, so that one does not hide another.
//! Must not read a file or expand a fixture.
//! The entry point is [`behaviors`].

use std::collections::{BTreeMap, BTreeSet};

use super::access;
use super::behavior::{Behavior, Proof, Walk};
use super::behavior_file::{WrittenBehavior, read};
use super::error::nearest;
use super::error::{SpecError, SpecProblem};
use super::expand::Library;
use super::gather::problem;
use super::node::{Mistake, SourcePlace};
use super::resolve_traits::check_evidence;
use super::service::ServiceModel;
use super::source::SpecFile;
use super::step_check::{check_law, check_steps};
use super::taxonomy::Family;

/// The behaviors of a service that its edition has, and every mistake in their files. `subjects` are the operations
/// and structures of all editions.
pub(super) fn behaviors(
    model: &ServiceModel,
    subjects: &BTreeSet<&str>,
    files: &[SpecFile],
) -> (Vec<Behavior>, Vec<SpecError>) {
    let library = match Library::load(files, &model.name) {
        Ok(library) => library,
        Err(mistake) => return (Vec::new(), vec![mistake.locate(files, None)]),
    };
    let mut loader = BehaviorLoader { model, subjects, files, owners: BTreeMap::new(), errors: Vec::new() };
    let mut found = loader.derived();
    let folder = format!("{}/behaviors/", model.name);
    let of_service = files.iter().enumerate().filter(|(_, file)| file.path.starts_with(&folder));
    for (index, _) in of_service {
        found.extend(loader.file(index, &library));
    }
    loader.check_probes();
    (found, loader.errors)
}

struct BehaviorLoader<'f> {
    model: &'f ServiceModel,
    subjects: &'f BTreeSet<&'f str>,
    files: &'f [SpecFile],
    /// File of each behavior id, whatever its edition.
    owners: BTreeMap<String, String>,
    errors: Vec<SpecError>,
}

impl BehaviorLoader<'_> {
    /// The behaviors that follow from `glueproof#access`.
    fn derived(&mut self) -> Vec<Behavior> {
        let place = format!("{}/service.json", self.model.name);
        match access::behaviors(self.model) {
            Ok(behaviors) => {
                let ids = behaviors.iter().map(|behavior| (behavior.id.clone(), place.clone()));
                self.owners.extend(ids);
                behaviors
            }
            Err(wrong) => {
                self.errors.push(problem(&place, None, wrong));
                Vec::new()
            }
        }
    }

    fn file(&mut self, index: usize, library: &Library) -> Vec<Behavior> {
        let written = match read(self.files, index, library) {
            Ok(written) => written,
            Err(mistake) => {
                self.errors.push(mistake.locate(self.files, None));
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for behavior in written {
            match behavior {
                Ok(behavior) => found.extend(self.behavior(behavior)),
                Err((id, mistake)) => {
                    let id = id.map(|id| format!("{}/{id}", self.model.name));
                    self.errors.push(mistake.locate(self.files, id.as_deref()));
                }
            }
        }
        found
    }

    /// The behavior, if it has no mistake and belongs to the edition.
    fn behavior(&mut self, written: WrittenBehavior) -> Option<Behavior> {
        let id = format!("{}/{}/{}", self.model.name, written.subject, written.id);
        let path = self.files[written.place.file].path.clone();
        let place = written.place;
        let checked = match self.owners.insert(id.clone(), path) {
            Some(other) => Err((place, SpecProblem::DuplicateBehavior { other })),
            None => check(self.model, self.subjects, &id, written),
        };
        match checked {
            Ok(behavior) => behavior,
            Err((place, problem)) => {
                let mut error = Mistake { place, problem }.locate(self.files, Some(&id));
                error.nearest = self.nearest(&error.problem);
                self.errors.push(error);
                None
            }
        }
    }

    /// The known name that the problem's unknown one resembles.
    fn nearest(&self, problem: &SpecProblem) -> Option<Box<str>> {
        match problem {
            SpecProblem::UnknownSource { id } => nearest(id, self.model.sources.keys().map(String::as_str)),
            SpecProblem::UnknownSubject { subject } => nearest(subject, self.subjects.iter().copied()),
            _ => None,
        }
        .map(Into::into)
    }

    /// Probes are behaviors of the service.
    fn check_probes(&mut self) {
        for id in self.model.probes.values().flatten().filter(|id| !self.owners.contains_key(*id)) {
            let text = format!("glueproof#probes names `{id}`, which is no behavior");
            let mut error = problem(&self.model.name, None, SpecProblem::Missing(text));
            error.nearest = nearest(id, self.owners.keys().map(String::as_str)).map(Into::into);
            self.errors.push(error);
        }
    }
}

type Checked = Result<Option<Behavior>, (SourcePlace, SpecProblem)>;

/// The behavior, or nothing if it belongs to another edition.
fn check(model: &ServiceModel, subjects: &BTreeSet<&str>, id: &str, written: WrittenBehavior) -> Checked {
    let WrittenBehavior { place, subject, edition, step_places, .. } = &written;
    let here = |problem: SpecProblem| (*place, problem);
    if !subjects.contains(subject.as_str()) {
        return Err(here(SpecProblem::UnknownSubject { subject: subject.clone() }));
    }
    let family = written.id.split_once('/').and_then(|(family, _)| family.parse().ok());
    let Some(family) = family else {
        let known = Family::ALL.map(Family::name).join(", ");
        let text = format!("the id `{}` must be `<family>/<name>`, with a family of {known}", written.id);
        return Err(here(SpecProblem::Syntax(text)));
    };
    check_evidence(&model.sources, &written.evidence).map_err(here)?;
    let elsewhere = edition.is_some_and(|edition| edition != model.edition);
    let known = model.operations.contains_key(subject) || model.shapes.contains_key(subject);
    if elsewhere || !known {
        return Ok(None);
    }
    // A mistake in a step is reported at the step, which may be in a fixture.
    let at_step =
        |(step, problem): (usize, SpecProblem)| (step_places.get(step).copied().unwrap_or(*place), problem);
    match &written.proof {
        Proof::Scenario(steps) => check_steps(model, steps).map_err(at_step)?,
        Proof::Walk(walk) => {
            check_walk(model, subjects, walk).map_err(here)?;
            if !walk.before.is_empty() {
                check_steps(model, &walk.before).map_err(at_step)?;
            }
        }
        Proof::Pages(law) => check_law(model, subject, *law).map_err(here)?,
        Proof::CoveredBy(_) | Proof::Untested(_) => {}
    }
    Ok(Some(Behavior {
        id: id.to_owned(),
        family,
        subject: written.subject,
        requirement: written.requirement,
        evidence: written.evidence,
        capability: written.capability,
        also: written.also,
        proof: of_edition(model, written.proof),
    }))
}

/// The proof without operations that the edition does not have.
fn of_edition(model: &ServiceModel, proof: Proof) -> Proof {
    match proof {
        Proof::Walk(mut walk) => {
            walk.operations.retain(|name| model.operations.contains_key(name));
            Proof::Walk(walk)
        }
        other => other,
    }
}

fn check_walk(model: &ServiceModel, subjects: &BTreeSet<&str>, walk: &Walk) -> Result<(), SpecProblem> {
    if let Some(unknown) = walk.operations.iter().find(|name| !subjects.contains(name.as_str())) {
        return Err(SpecProblem::Step(format!("there is no operation `{unknown}` in any edition")));
    }
    let has_operation = walk.operations.iter().any(|name| model.operations.contains_key(name));
    if !has_operation || walk.calls == 0 || walk.clients.is_some_and(|clients| clients < 2) {
        let text = "a walk needs an operation of this edition, a call, and two clients if it has any";
        return Err(SpecProblem::Step(text.to_owned()));
    }
    Ok(())
}
