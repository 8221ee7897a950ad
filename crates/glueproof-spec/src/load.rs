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
        let services = loaders
            .iter()
            .map(|loader| loader.complete(&shapes, files).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { services, digest: digest(files) })
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
    SpecError { file: file.to_owned(), shape: shape.map(str::to_owned), problem }
}

pub(super) fn parse<T: DeserializeOwned>(file: &SpecFile) -> Result<T, SpecError> {
    serde_json::from_str(&file.text)
        .map_err(|e| problem(&file.path, None, SpecProblem::Syntax(e.to_string())))
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
            } else if !part.starts_with("behaviors/") && !part.starts_with("tables/") {
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
    ) -> Result<ServiceModel, SpecError> {
        let mut others = shapes.clone();
        let own = others.remove(self.service);
        let mut model = own.map_or_else(|| self.model(), |own| Ok(ServiceModel::clone(&own)))?;
        model.others = others;
        let subjects = self.subjects();
        let parts = |folder: &'static str| files.iter().filter(move |file| self.part(file, folder).is_some());
        model.tables = table_load::tables(&model, &subjects, parts("tables/"))?;
        model.behaviors = behavior_load::behaviors(&model, &subjects, parts("behaviors/"))?;
        Ok(model)
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
