//! From files to the models of one edition, strictly: what is unknown, owned twice or undefined is an error
//! that names file and shape. Reads no files itself; `resolve.rs` makes shapes of what is gathered here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ast::{Document, ShapeAst};
use super::edition::Edition;
use super::error::{SpecError, SpecProblem};
use super::evidence::Source;
use super::position::Position;
use super::shape::ServiceModel;
use super::source::SpecFile;
use super::{behavior_load, source, table_load};

/// All services of the specs, in one edition.
#[derive(Debug)]
pub struct Specs {
    /// The services, by folder name.
    pub services: Vec<Arc<ServiceModel>>,
    /// SHA-256 over paths and texts of all files, in hex.
    pub digest: String,
}

/// Counts of what a folder of specs contains, in the current edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecCounts {
    /// Number of files.
    pub files: usize,
    /// Number of services.
    pub services: usize,
    /// Number of operations of all services.
    pub operations: usize,
    /// Number of behaviors of all services, each row counted.
    pub behaviors: usize,
}

impl std::fmt::Display for SpecCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { files, services, operations, behaviors } = self;
        write!(
            f,
            "{files} files, {services} services, {operations} operations, {behaviors} behaviors: no problems"
        )
    }
}

impl Specs {
    /// The specs compiled into the binary.
    ///
    /// # Errors
    /// When a spec is broken.
    pub fn embedded(edition: Edition) -> Result<Self, SpecError> {
        Self::from_files(&source::embedded()?, edition)
    }

    /// The specs of a folder.
    ///
    /// # Errors
    /// When the folder cannot be read or a spec is broken.
    pub fn from_dir(root: &std::path::Path, edition: Edition) -> Result<Self, SpecError> {
        Self::from_files(&source::from_dir(root)?, edition)
    }

    /// The specs of these files.
    ///
    /// # Errors
    /// When a spec is broken.
    pub fn from_files(files: &[SpecFile], edition: Edition) -> Result<Self, SpecError> {
        let (specs, errors) = Self::load(files, edition)?;
        match errors.into_iter().next() {
            None => Ok(specs),
            Some(error) => Err(error),
        }
    }

    /// Checks these files in every edition.
    ///
    /// # Errors
    /// With every problem of the files.
    pub fn check(files: &[SpecFile]) -> Result<SpecCounts, Vec<SpecError>> {
        let problems = Self::problems(files);
        if !problems.is_empty() {
            return Err(problems);
        }
        let specs = Self::from_files(files, Edition::Current).map_err(|error| vec![error])?;
        let sum = |count: fn(&ServiceModel) -> usize| specs.services.iter().map(|model| count(model)).sum();
        Ok(SpecCounts {
            files: files.len(),
            services: specs.services.len(),
            operations: sum(|model| model.operations.len()),
            behaviors: sum(|model| model.behaviors.len()),
        })
    }

    /// Every problem of these files in any edition, in the order of the files.
    #[must_use]
    pub fn problems(files: &[SpecFile]) -> Vec<SpecError> {
        let mut found: Vec<SpecError> = Vec::new();
        for edition in Edition::ALL {
            let errors = match Self::load(files, edition) {
                Ok((_, errors)) => errors,
                Err(error) => vec![error],
            };
            let fresh: Vec<_> =
                errors.into_iter().filter(|e| found.iter().all(|f| f.to_string() != e.to_string())).collect();
            found.extend(fresh);
        }
        found
    }

    /// The specs without the behaviors that have mistakes, and these mistakes.
    fn load(files: &[SpecFile], edition: Edition) -> Result<(Self, Vec<SpecError>), SpecError> {
        let own_traits = defined_traits(files)?;
        let names: BTreeSet<&str> =
            files.iter().filter_map(|f| f.path.split_once('/')).map(|(dir, _)| dir).collect();
        let loaders = names
            .into_iter()
            .map(|name| Loader::new(name, edition, &own_traits).gather(files))
            .collect::<Result<Vec<_>, _>>()?;
        let shapes = loaders
            .iter()
            .map(|loader| Ok((loader.service.to_owned(), Arc::new(loader.model()?))))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        let (mut services, mut errors) = (Vec::new(), Vec::new());
        for loader in &loaders {
            let (model, mistakes) = loader.complete(&shapes, files)?;
            services.push(Arc::new(model));
            errors.extend(mistakes);
        }
        Ok((Self { services, digest: digest(files) }, errors))
    }

    /// The shapes of one service of the specs compiled into the binary, without what is promised of them: all that a
    /// server needs, in a fraction of the time. Nothing where there is no such service.
    ///
    /// # Errors
    /// When its spec is broken.
    pub fn shapes(service: &str, edition: Edition) -> Result<Option<ServiceModel>, SpecError> {
        let files = source::embedded()?;
        let own_traits = defined_traits(&files)?;
        let loader = Loader::new(service, edition, &own_traits).gather(&files)?;
        if loader.shapes.is_empty() { Ok(None) } else { loader.model().map(Some) }
    }

    /// The service of that folder name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Arc<ServiceModel>> {
        self.services.iter().find(|s| s.name == name)
    }
}

/// Every other JSON file of a service contains shapes.
fn is_shapes(part: &str) -> bool {
    !part.starts_with("tables/") && std::path::Path::new(part).extension().is_some_and(|end| end == "json")
}

fn digest(files: &[SpecFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
        hash.update([0]);
    }
    format!("{:x}", hash.finalize())
}

/// Ids of the traits that `traits.json` defines.
fn defined_traits(files: &[SpecFile]) -> Result<BTreeSet<String>, SpecError> {
    let Some(file) = files.iter().find(|f| f.path == "traits.json") else {
        return Err(problem("traits.json", None, SpecProblem::Missing("the file is missing".to_owned())));
    };
    let document: Value = parse(file)?;
    let shapes = document.get("shapes").and_then(Value::as_object);
    Ok(shapes.into_iter().flatten().map(|(id, _)| id.clone()).collect())
}

pub(super) fn problem(file: &str, shape: Option<&str>, problem: SpecProblem) -> SpecError {
    SpecError { file: file.to_owned(), position: None, shape: shape.map(Into::into), problem, nearest: None }
}

pub(super) fn parse<T: DeserializeOwned>(file: &SpecFile) -> Result<T, SpecError> {
    serde_json::from_str(&file.text).map_err(|e| SpecError {
        position: Some(Box::new(Position { line: e.line().max(1), column: e.column().max(1) })),
        ..problem(&file.path, None, SpecProblem::Syntax(e.to_string()))
    })
}

pub(super) fn simple_name(id: &str) -> &str {
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}

/// A shape with the file that owns it.
pub(super) struct Owned {
    pub file: String,
    pub id: String,
    pub ast: ShapeAst,
}

pub(super) struct Loader<'a> {
    pub service: &'a str,
    pub edition: Edition,
    pub own_traits: &'a BTreeSet<String>,
    pub shapes: IndexMap<String, Owned>,
    pub sources: BTreeMap<String, Source>,
}

impl<'a> Loader<'a> {
    fn new(service: &'a str, edition: Edition, own_traits: &'a BTreeSet<String>) -> Self {
        Self { service, edition, own_traits, shapes: IndexMap::new(), sources: BTreeMap::new() }
    }

    /// Takes in the shapes and sources of the service.
    fn gather(mut self, files: &[SpecFile]) -> Result<Self, SpecError> {
        for file in files {
            let Some(part) = self.part(file, "") else { continue };
            if part == "evidence.json" {
                self.sources = parse(file)?;
            } else if is_shapes(part) {
                self.own(file)?;
            }
        }
        Ok(self)
    }

    /// The model with its tables and behaviors, whose steps may call other services.
    fn complete(
        &self,
        shapes: &BTreeMap<String, Arc<ServiceModel>>,
        files: &[SpecFile],
    ) -> Result<(ServiceModel, Vec<SpecError>), SpecError> {
        let mut others = shapes.clone();
        let own = others.remove(self.service);
        let mut model = own.map_or_else(|| self.model(), |own| Ok(ServiceModel::clone(&own)))?;
        model.others = others;
        let subjects = self.subjects();
        let parts = |folder: &'static str| files.iter().filter(move |file| self.part(file, folder).is_some());
        model.tables = table_load::tables(&model, &subjects, parts("tables/"))?;
        let (behaviors, errors) = behavior_load::behaviors(&model, &subjects, files);
        model.behaviors = behaviors;
        Ok((model, errors))
    }

    /// What of the file's path comes after the service's folder and that.
    fn part<'f>(&self, file: &'f SpecFile, within: &str) -> Option<&'f str> {
        file.path.strip_prefix(self.service)?.strip_prefix('/')?.strip_prefix(within)
    }

    /// What behaviors may be about, in whichever edition it exists.
    fn subjects(&self) -> BTreeSet<&str> {
        let is_subject =
            |owned: &Owned| matches!(owned.ast, ShapeAst::Operation(_) | ShapeAst::Structure { .. });
        self.shapes.iter().filter(|(_, owned)| is_subject(owned)).map(|(name, _)| name.as_str()).collect()
    }

    fn own(&mut self, file: &SpecFile) -> Result<(), SpecError> {
        let raw: Value = parse(file)?;
        // Shape by shape, so that a mistake names its shape; the strict structs do the rest.
        for (id, value) in raw.get("shapes").and_then(Value::as_object).into_iter().flatten() {
            if let Some(name) = self.undefined_trait(value) {
                return Err(problem(&file.path, Some(id), SpecProblem::UndefinedTrait { name }));
            }
            if let Err(e) = serde_json::from_value::<ShapeAst>(value.clone()) {
                return Err(problem(&file.path, Some(id), SpecProblem::Syntax(e.to_string())));
            }
        }
        let document: Document = parse(file)?;
        if document.smithy != "2.0" {
            let text = format!("the Smithy version is `{}`; only 2.0 is understood", document.smithy);
            return Err(problem(&file.path, None, SpecProblem::Syntax(text)));
        }
        for (id, ast) in document.shapes {
            let name = simple_name(&id).to_owned();
            if let Some(other) = self.shapes.get(&name) {
                let other = other.file.clone();
                return Err(problem(&file.path, Some(&id), SpecProblem::DuplicateShape { other }));
            }
            self.shapes.insert(name, Owned { file: file.path.clone(), id, ast });
        }
        Ok(())
    }

    /// Every trait of ours that is used must be defined in `traits.json`.
    fn undefined_trait(&self, shape: &Value) -> Option<String> {
        match shape {
            Value::Object(map) => {
                let undefined = |k: &&String| k.starts_with("glueproof#") && !self.own_traits.contains(*k);
                let here = map.keys().find(undefined).cloned();
                here.or_else(|| map.values().find_map(|inner| self.undefined_trait(inner)))
            }
            Value::Array(items) => items.iter().find_map(|inner| self.undefined_trait(inner)),
            _ => None,
        }
    }
}
