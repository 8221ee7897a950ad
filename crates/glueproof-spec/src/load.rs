//! Loads and checks specs: from files to the models of one edition.
//! Must not read a file; `source` does that.
//! The entry points are [`Specs::embedded`], [`Specs::from_dir`] and [`Specs::check`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::edition::Edition;
use super::error::{SpecError, SpecProblem};
use super::gather::{Loader, parse, problem};
use super::service::ServiceModel;
use super::source::SpecFile;
use super::{behavior_load, source, table_load};

/// All services of the specs, in one edition.
#[derive(Debug, Clone)]
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
    /// Returns the specs compiled into the binary.
    ///
    /// Each edition is loaded once a process; later calls share its services.
    ///
    /// # Errors
    /// Returns an error if a spec is broken.
    pub fn embedded(edition: Edition) -> Result<Self, SpecError> {
        static LOADED: Mutex<BTreeMap<Edition, Specs>> = Mutex::new(BTreeMap::new());
        // Entries are complete when they are inserted, so that a panic elsewhere leaves a usable map.
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(specs) = loaded.get(&edition) {
            return Ok(specs.clone());
        }
        let specs = Self::from_files(&source::embedded()?, edition)?;
        loaded.insert(edition, specs.clone());
        Ok(specs)
    }

    /// The specs of a folder.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read or a spec is broken.
    pub fn from_dir(root: &std::path::Path, edition: Edition) -> Result<Self, SpecError> {
        Self::from_files(&source::from_dir(root)?, edition)
    }

    /// The specs of these files.
    ///
    /// # Errors
    /// Returns an error if a spec is broken.
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
    /// Returns an error if its spec is broken.
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

impl Loader<'_> {
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
}
