//! Gathers the shapes and sources of one service from its files, strictly: unknown, undefined and doubly owned shapes are
//! errors that name file and shape.
//! Must not resolve a target; `resolve` does that.
//! The entry point is [`Loader`].

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ast::{Document, ShapeAst};
use super::edition::Edition;
use super::error::{SpecError, SpecProblem};
use super::evidence::Source;
use super::position::Position;
use super::source::SpecFile;

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
    pub fn new(service: &'a str, edition: Edition, own_traits: &'a BTreeSet<String>) -> Self {
        Self { service, edition, own_traits, shapes: IndexMap::new(), sources: BTreeMap::new() }
    }

    /// Takes in the shapes and sources of the service.
    pub fn gather(mut self, files: &[SpecFile]) -> Result<Self, SpecError> {
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

    /// Returns the rest of the file's path after the folder of the service and the given folder.
    pub fn part<'f>(&self, file: &'f SpecFile, within: &str) -> Option<&'f str> {
        file.path.strip_prefix(self.service)?.strip_prefix('/')?.strip_prefix(within)
    }

    /// Returns the possible subjects of behaviors: the operations and structures of all editions.
    pub fn subjects(&self) -> BTreeSet<&str> {
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

/// Every other JSON file of a service contains shapes.
fn is_shapes(part: &str) -> bool {
    !part.starts_with("tables/") && std::path::Path::new(part).extension().is_some_and(|end| end == "json")
}
