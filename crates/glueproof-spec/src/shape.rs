//! The model as everything else sees it: one service in one edition, targets resolved.
//! Data and look-ups only; `load.rs` makes it and is the only one to do so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::ast_traits::{
    Access, Combinations, Condition, Fault, Http, PaginatedAst, PolicyMaterial, Refusals, Removal, Sample,
    ServiceNames, View,
};
use super::behavior::Behavior;
use super::edition::Edition;
use super::evidence::{Evidence, Source};
use super::pattern::Pattern;
use super::table::ConditionTable;

/// One service, as one edition knows it.
#[derive(Debug, Clone)]
pub struct ServiceModel {
    /// Folder name and first part of every rule id, e.g. `glue`.
    pub name: String,
    /// What others call it.
    pub names: ServiceNames,
    /// The API's own version, a date.
    pub version: String,
    /// `X-Amz-Target` prefix, e.g. `AWSGlue`.
    pub target_prefix: String,
    /// Name in the credential scope, e.g. `glue`.
    pub signing_name: String,
    /// How calls stand on the wire.
    pub protocol: Protocol,
    /// What XML documents sent to it are in.
    pub xml_namespace: Option<String>,
    /// The edition these shapes are of.
    pub edition: Edition,
    /// Shapes by simple name.
    pub shapes: BTreeMap<String, Shape>,
    /// Operations by name.
    pub operations: IndexMap<String, Operation>,
    /// Resources in the order of the service shape.
    pub resources: Vec<Resource>,
    /// What is promised beyond shapes.
    pub behaviors: Vec<Behavior>,
    /// What conditional operations may answer, by operation.
    pub tables: BTreeMap<String, ConditionTable>,
    /// Sources by id.
    pub sources: BTreeMap<String, Source>,
    /// Codes that need no declaration.
    pub refusals: Refusals,
    /// Who says what of the protocol, by the name of the rule.
    pub wire: BTreeMap<String, Evidence>,
    /// Guards against callers who may not call, with inputs to show them with.
    pub access: Option<Access>,
    /// By capability: behaviors, one of which holds where the target has it.
    pub probes: BTreeMap<String, Vec<String>>,
    /// Error structures by name, with whose mistake they are.
    pub errors: BTreeMap<String, ErrorShape>,
    /// Members documented as holding secrets, by name.
    pub sensitive: BTreeSet<String>,
    /// The shapes of the other services, which the steps of behaviors may call.
    pub others: BTreeMap<String, Arc<ServiceModel>>,
}

/// How the calls of a service stand on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// JSON in both directions, the operation in a header.
    AwsJson,
    /// A form to the service, XML back; the operation is in the form.
    AwsQuery,
    /// Path, query and headers; XML, or bytes as they are.
    RestXml,
}

/// An error structure's fixed facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorShape {
    /// Whose mistake.
    pub fault: Fault,
    /// `httpError`, or 400 and 500 by fault.
    pub status: u16,
}

/// A data shape.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Simple name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Constraints of the shape; members may narrow them.
    pub traits: Traits,
}

/// What a shape holds.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// Bytes, which JSON holds in base64.
    Blob,
    /// Whole number.
    Integer,
    /// Number.
    Double,
    /// Seconds since the epoch, with fraction.
    Timestamp,
    /// One of these strings.
    Enum(Vec<String>),
    /// Elements of one kind.
    List(Box<Member>),
    /// Values of one kind by keys of another.
    Map(Box<Entry>),
    /// Named members.
    Structure(IndexMap<String, Member>),
}

/// What a map holds.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The keys; always a kind of text.
    pub key: Member,
    /// The values.
    pub value: Member,
}

/// A member of a structure, or the element of a list.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name; `member` in lists.
    pub name: String,
    /// Simple name of its shape.
    pub target: String,
    /// Traits of the member with those of its target beneath.
    pub traits: Traits,
}

/// Lowest and highest value, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// Lowest value allowed.
    pub min: Option<i64>,
    /// Highest value allowed.
    pub max: Option<i64>,
}

impl Bounds {
    /// Whether the value lies within.
    #[must_use]
    pub fn admit(&self, value: i64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// Constraints and hints of a shape or member in the chosen edition.
#[derive(Debug, Clone)]
pub struct Traits {
    /// Must be there.
    pub required: bool,
    /// Stands for it when it is not there.
    pub default: Option<Value>,
    /// Characters of a string, elements of a list, entries of a map.
    pub length: Option<Bounds>,
    /// Values of a number.
    pub range: Option<Bounds>,
    /// What a string must look like.
    pub pattern: Option<Pattern>,
    /// Never shown.
    pub sensitive: bool,
    /// e.g. `application/json`.
    pub media_type: Option<String>,
    /// A tighter limit seen in the real service.
    pub observed: Option<Box<Observed>>,
    /// Present in every successful answer.
    pub promised: Option<Evidence>,
    /// Documented as not for use.
    pub internal: Option<Evidence>,
    /// Realistic values.
    pub sample: Option<Sample>,
    /// What policies are made of.
    pub policy: Option<PolicyMaterial>,
    /// Whether it is accepted depends on the state it meets.
    pub condition: Option<Condition>,
    /// Which members go together in inputs that are certain to be accepted.
    pub combinations: Option<Combinations>,
    /// Where a REST protocol puts the member; in the document of the body where this says nothing.
    pub place: Option<HttpPlace>,
    /// Its name in XML, where that is another.
    pub xml_name: Option<String>,
    /// Whether elements of the list stand in XML without one around them.
    pub xml_flattened: bool,
    /// First edition that has it.
    pub since: Edition,
    /// One sentence.
    pub documentation: Option<String>,
}

impl Traits {
    /// Whether the string is JSON text, to be compared as JSON.
    #[must_use]
    pub fn is_json_text(&self) -> bool {
        self.media_type.as_deref() == Some("application/json")
    }

    /// The lengths that document and real service both accept.
    #[must_use]
    pub fn certain_length(&self) -> Option<Bounds> {
        narrower(self.length, self.observed.as_ref().and_then(|o| o.length))
    }

    /// The values that document and real service both accept.
    #[must_use]
    pub fn certain_range(&self) -> Option<Bounds> {
        narrower(self.range, self.observed.as_ref().and_then(|o| o.range))
    }
}

fn narrower(documented: Option<Bounds>, observed: Option<Bounds>) -> Option<Bounds> {
    match (documented, observed) {
        (Some(a), Some(b)) => {
            Some(Bounds { min: a.min.max(b.min), max: [a.max, b.max].into_iter().flatten().min() })
        }
        (a, b) => a.or(b),
    }
}

/// Where a REST protocol puts a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpPlace {
    /// In the path.
    Label,
    /// In the header of that name.
    Header(String),
    /// In the query, under that name.
    Query(String),
    /// It is the body.
    Payload,
}

/// A tighter limit seen in the real service.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Tighter length.
    pub length: Option<Bounds>,
    /// Tighter range.
    pub range: Option<Bounds>,
    /// Codes seen.
    pub error: Vec<String>,
    /// Text seen.
    pub message: Option<String>,
    /// Who saw it.
    pub evidence: Evidence,
}

/// One call of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name.
    pub name: String,
    /// Simple name of the input structure.
    pub input: String,
    /// Simple name of the output structure.
    pub output: String,
    /// Declared errors, simple names.
    pub errors: Vec<String>,
    /// What a target must have for it.
    pub capability: String,
    /// How it pages, if it does.
    pub paginated: Option<PaginatedAst>,
    /// How it is addressed, in a REST protocol.
    pub http: Option<Http>,
    /// Whether the body must come with a checksum.
    pub checksum_required: bool,
    /// One sentence.
    pub documentation: Option<String>,
}

/// What every target has.
pub const CORE: &str = "core";

impl Operation {
    /// Whether every target has it.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.capability == CORE
    }
}

/// Something with a lifecycle.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Simple name.
    pub name: String,
    /// Members that name one; empty where there is one per account.
    pub identifiers: Vec<String>,
    /// Makes a new one.
    pub create: Option<String>,
    /// Sets it.
    pub put: Option<String>,
    /// Looks at it.
    pub read: Option<String>,
    /// Removes it.
    pub delete: Option<String>,
    /// Lists all.
    pub list: Option<String>,
    /// Where it stands in answers.
    pub view: View,
    /// How one is removed, where names alone do not tell.
    pub removal: Option<Removal>,
}

/// What an operation does to its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    /// Makes a new one.
    Create,
    /// Sets the only one.
    Put,
    /// Looks at one.
    Read,
    /// Removes one.
    Delete,
    /// Lists all.
    List,
}

impl Resource {
    /// Whether there is one per account, so that rules on it must take turns.
    #[must_use]
    pub fn is_account_wide(&self) -> bool {
        self.identifiers.is_empty()
    }

    /// What the operation does to this resource, if anything.
    #[must_use]
    pub fn role_of(&self, operation: &str) -> Option<Lifecycle> {
        [
            (&self.create, Lifecycle::Create),
            (&self.put, Lifecycle::Put),
            (&self.read, Lifecycle::Read),
            (&self.delete, Lifecycle::Delete),
            (&self.list, Lifecycle::List),
        ]
        .into_iter()
        .find(|(name, _)| name.as_deref() == Some(operation))
        .map(|(_, role)| role)
    }

    /// The operation that brings it into being: `create`, or else `put`.
    #[must_use]
    pub fn maker(&self) -> Option<&str> {
        self.create.as_deref().or(self.put.as_deref())
    }
}

impl ServiceModel {
    /// Whether every target has something of it.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.operations.values().any(Operation::is_core)
    }

    /// The shape of that simple name. Every name the loader let through exists.
    ///
    /// # Panics
    /// When asked for a name that no spec holds, which is a mistake in the caller.
    #[must_use]
    pub fn shape(&self, name: &str) -> &Shape {
        self.shapes
            .get(name)
            .unwrap_or_else(|| panic!("the loader resolved every target, yet `{name}` is missing"))
    }

    /// Members of a structure; none for any other shape.
    pub fn members(&self, structure: &str) -> impl Iterator<Item = &Member> {
        let members = match self.shapes.get(structure).map(|s| &s.kind) {
            Some(Kind::Structure(members)) => Some(members),
            _ => None,
        };
        members.into_iter().flat_map(IndexMap::values)
    }

    /// One member of a structure.
    #[must_use]
    pub fn member(&self, structure: &str, name: &str) -> Option<&Member> {
        match &self.shapes.get(structure)?.kind {
            Kind::Structure(members) => members.get(name),
            _ => None,
        }
    }

    /// The resource an operation acts on, and what it does there.
    #[must_use]
    pub fn resource_of(&self, operation: &str) -> Option<(&Resource, Lifecycle)> {
        self.resources.iter().find_map(|r| r.role_of(operation).map(|role| (r, role)))
    }

    /// `X-Amz-Target` of an operation.
    #[must_use]
    pub fn amz_target(&self, operation: &str) -> String {
        format!("{}.{operation}", self.target_prefix)
    }
}
