//! A second reading of the specs, straight from the JSON and without the loader: which members an input
//! has, at every depth, and which traits each carries in an edition.

use std::collections::BTreeMap;

use glueproof::model::{Edition, SpecFile, embedded_files};
use serde_json::{Map, Value, json};

use super::has_extension;

/// Traits by name without namespace: `length`, `observed`.
pub type Traits = Map<String, Value>;

/// All shapes of one service as written, seen through one edition.
pub struct Raw {
    shapes: BTreeMap<String, Value>,
    edition: Edition,
}

/// A member of an input, or the element of a list in it.
#[derive(Debug, Clone)]
pub struct Site {
    /// `EncryptionConfiguration.S3Encryption[].KmsKeyArn`.
    pub path: String,
    /// `string`, `enum`, `list`, …
    pub kind: String,
    /// Simple name of the shape it holds.
    pub target: String,
    /// Its own traits over those of its target.
    pub traits: Traits,
    /// Number of names in the path.
    pub depth: usize,
    /// True if it is the element of a list.
    pub is_item: bool,
}

impl Site {
    pub fn has(&self, name: &str) -> bool {
        self.traits.contains_key(name)
    }

    /// A bound of `length` or `range`.
    pub fn bound(&self, name: &str, edge: &str) -> Option<i64> {
        self.traits.get(name)?.get(edge)?.as_i64()
    }

    /// A bound that only the real service keeps.
    pub fn seen(&self, name: &str, edge: &str) -> Option<i64> {
        let level = &self.traits.get("observed")?["evidence"]["level"];
        if level == "assumed" { None } else { self.reported(name, edge) }
    }

    /// The narrower bound of any level. An input that must be accepted keeps to assumed bounds as well.
    pub fn reported(&self, name: &str, edge: &str) -> Option<i64> {
        self.traits.get("observed")?["traits"].get(format!("smithy.api#{name}"))?.get(edge)?.as_i64()
    }

    pub fn pattern(&self) -> Option<&str> {
        self.traits.get("pattern")?.as_str()
    }
}

impl Raw {
    pub fn embedded(edition: Edition) -> Self {
        Self::of(&embedded_files().unwrap(), edition)
    }

    pub fn of(files: &[SpecFile], edition: Edition) -> Self {
        let is_shapes = |file: &&SpecFile| {
            file.path.starts_with("glue/")
                && has_extension(&file.path, "json")
                && !file.path.contains("/tables/")
                && !file.path.ends_with("evidence.json")
        };
        let mut shapes = BTreeMap::new();
        for file in files.iter().filter(is_shapes) {
            let document: Value = serde_json::from_str(&file.text).unwrap();
            for (id, shape) in document["shapes"].as_object().unwrap() {
                shapes.insert(simple(id).to_owned(), shape.clone());
            }
        }
        Self { shapes, edition }
    }

    fn shape(&self, name: &str) -> &Value {
        self.shapes.get(name).unwrap_or_else(|| panic!("no shape {name}"))
    }

    fn is_there(&self, traits: Option<&Value>) -> bool {
        let since = traits.and_then(|t| t.get("glueproof#edition")).and_then(|e| e.get("since"));
        since.is_none() || since == Some(&json!(self.edition.name()))
    }

    fn here(&self, written: Option<&Value>) -> Traits {
        let mut found = written.and_then(Value::as_object).cloned().unwrap_or_default();
        let edition = found.get("glueproof#edition").cloned().unwrap_or_default();
        if let Some(other) = edition["in"][self.edition.name()].as_object() {
            for (name, value) in other {
                match value {
                    Value::Null => found.remove(name),
                    value => found.insert(name.clone(), value.clone()),
                };
            }
        }
        found.into_iter().map(|(name, value)| (simple(&name).to_owned(), value)).collect()
    }

    /// Names of the operations of the edition that every target has, from which rules are derived.
    pub fn operations(&self) -> Vec<&str> {
        let is_operation = |(_, shape): &(&String, &Value)| {
            shape["type"] == "operation"
                && self.is_there(shape.get("traits"))
                && shape["traits"].get("glueproof#capability").is_none()
        };
        self.shapes.iter().filter(is_operation).map(|(name, _)| name.as_str()).collect()
    }

    /// Request member that carries a page's token.
    pub fn token(&self, operation: &str) -> Option<&str> {
        self.shape(operation)["traits"]["smithy.api#paginated"]["inputToken"].as_str()
    }

    /// Returns true if the operation creates a resource that this member names.
    pub fn names_what_it_creates(&self, operation: &str, member: &str) -> bool {
        self.shapes.values().any(|shape| {
            shape["type"] == "resource"
                && shape["create"]["target"].as_str().map(simple) == Some(operation)
                && shape["identifiers"].get(member).is_some()
        })
    }

    /// Every member of an operation's input, and every element of its lists.
    pub fn sites(&self, operation: &str) -> Vec<Site> {
        let input = self.shape(operation)["input"]["target"].as_str().map(simple).unwrap();
        let mut found = Vec::new();
        self.members(input, "", 1, &mut found);
        found
    }

    fn members(&self, structure: &str, at: &str, depth: usize, found: &mut Vec<Site>) {
        for (name, member) in self.shape(structure)["members"].as_object().unwrap() {
            if self.is_there(member.get("traits")) {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                self.site(member, &path, depth, false, found);
            }
        }
    }

    fn site(&self, member: &Value, path: &str, depth: usize, is_item: bool, found: &mut Vec<Site>) {
        let target = simple(member["target"].as_str().unwrap()).to_owned();
        let shape = self.shape(&target);
        let kind = shape["type"].as_str().unwrap().to_owned();
        let mut traits = self.here(shape.get("traits"));
        traits.extend(self.here(member.get("traits")));
        found.push(Site { path: path.to_owned(), kind, target: target.clone(), traits, depth, is_item });
        match shape["type"].as_str() {
            Some("structure") => self.members(&target, path, depth + 1, found),
            Some("list") => self.site(&shape["member"], &format!("{path}[]"), depth + 1, true, found),
            _ => {}
        }
    }

    /// Values of an enumeration.
    pub fn values(&self, name: &str) -> Vec<String> {
        let members = self.shape(name)["members"].as_object().unwrap();
        let there = members.values().filter(|m| self.is_there(m.get("traits")));
        there.map(|m| m["traits"]["smithy.api#enumValue"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn simple(id: &str) -> &str {
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}
