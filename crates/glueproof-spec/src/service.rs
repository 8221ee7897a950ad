//! The model of one service in one edition: operations, resources, and everything that is known of them.
//! Must not change after loading; data and look-ups only.
//! The entry point is [`ServiceModel`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::ast_traits::{Access, Eventual, Http, PaginatedAst, Refusals, Removal, ServiceNames, View};
use super::behavior::Behavior;
use super::edition::Edition;
use super::evidence::{Evidence, Source};
use super::shape::{ErrorShape, Kind, Member, Shape};
use super::table::ConditionTable;
use super::taxonomy::Capability;

/// One service, as one edition knows it.
#[derive(Debug, Clone)]
pub struct ServiceModel {
    /// Folder name and first part of every rule id, e.g. `glue`.
    pub name: String,
    /// Names of the service outside of the API.
    pub names: ServiceNames,
    /// The API's own version, a date.
    pub version: String,
    /// `X-Amz-Target` prefix, e.g. `AWSGlue`.
    pub target_prefix: String,
    /// Name in the credential scope, e.g. `glue`.
    pub signing_name: String,
    /// The wire protocol.
    pub protocol: Protocol,
    /// Namespace of XML documents.
    pub xml_namespace: Option<String>,
    /// The edition these shapes are of.
    pub edition: Edition,
    /// Shapes by simple name.
    pub shapes: BTreeMap<String, Shape>,
    /// Operations by name.
    pub operations: IndexMap<String, Operation>,
    /// Resources in the order of the service shape.
    pub resources: Vec<Resource>,
    /// Promises beyond the shapes.
    pub behaviors: Vec<Behavior>,
    /// The allowed responses of conditional operations, by operation.
    pub tables: BTreeMap<String, ConditionTable>,
    /// Sources by id.
    pub sources: BTreeMap<String, Source>,
    /// Codes that need no declaration.
    pub refusals: Refusals,
    /// Operations that take effect after a while, and the errors of calls that come too early.
    pub eventual: Option<Eventual>,
    /// Evidence on the protocol, by the name of the rule.
    pub wire: BTreeMap<String, Evidence>,
    /// Guards against callers who may not call, with inputs to show them with.
    pub access: Option<Access>,
    /// By capability: behaviors, one of which holds where the target has it.
    pub probes: BTreeMap<Capability, Vec<String>>,
    /// Error structures by name, with whose mistake they are.
    pub errors: BTreeMap<String, ErrorShape>,
    /// Members documented as holding secrets, by name.
    pub sensitive: BTreeSet<String>,
    /// The shapes of the other services, which the steps of behaviors may call.
    pub others: BTreeMap<String, Arc<ServiceModel>>,
}

/// The wire protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// JSON in both directions, the operation in a header.
    AwsJson,
    /// A form to the service, XML back; the operation is in the form.
    AwsQuery,
    /// Path, query and headers; XML, or bytes as they are.
    RestXml,
}

impl Protocol {
    /// Returns the content type of requests with a body.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson => "application/x-amz-json-1.1",
            Self::AwsQuery => "application/x-www-form-urlencoded",
            Self::RestXml => "application/xml",
        }
    }
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
    /// The capability that a target needs.
    pub capability: Capability,
    /// Its pagination, if it has pages.
    pub paginated: Option<PaginatedAst>,
    /// Method and path, in a REST protocol.
    pub http: Option<Http>,
    /// The account-wide resources, of other operations, that decide the outcome of a call.
    pub depends_on: Vec<String>,
    /// True if the body must come with a checksum.
    pub checksum_required: bool,
    /// One sentence.
    pub documentation: Option<String>,
}

impl Operation {
    /// Returns true if every target has it.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.capability == Capability::Core
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
    /// Its place in responses.
    pub view: View,
    /// The input that removes one, if its identifiers are not enough.
    pub removal: Option<Removal>,
    /// The names of resources that other services make by themselves.
    pub service_made: Vec<String>,
}

/// The effect of an operation on its resource.
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
    /// Returns true if there is one per account, so that rules on it must take turns.
    #[must_use]
    pub fn is_account_wide(&self) -> bool {
        self.identifiers.is_empty()
    }

    /// Returns the effect of the operation on this resource, if it has one.
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

    /// Returns the members of an input, or of an item of a list, that name one.
    #[must_use]
    pub fn identifiers_in(&self, value: &Value) -> Map<String, Value> {
        let named = self.identifiers.iter().filter_map(|name| Some((name.clone(), value.get(name)?.clone())));
        named.collect()
    }

    /// The operation that brings it into being: `create`, or else `put`.
    #[must_use]
    pub fn maker(&self) -> Option<&str> {
        self.create.as_deref().or(self.put.as_deref())
    }
}

impl ServiceModel {
    /// Returns true if every target has something of it.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.operations.values().any(Operation::is_core)
    }

    /// The shape of that simple name. Every name the loader let through exists.
    ///
    /// # Panics
    /// Panics if asked for a name that no spec holds, which is a mistake in the caller.
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

/// Stands for what is sensitive.
pub const REDACTED: &str = "[hidden]";

impl ServiceModel {
    /// The service of that name, as its shapes are known here.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Self> {
        if name == self.name { Some(self) } else { self.others.get(name).map(AsRef::as_ref) }
    }

    /// Returns the operation that a step calls: `Operation` of this service, or `service:Operation` of another.
    #[must_use]
    pub fn called(&self, call: &str) -> Option<(&Self, &Operation)> {
        let (service, operation) = match call.split_once(':') {
            Some((service, operation)) => (self.service(service)?, operation),
            None => (self, call),
        };
        Some((service, service.operations.get(operation)?))
    }

    /// The value with all that is sensitive in it replaced: that it was there may be seen, and no more.
    #[must_use]
    pub fn redacted(&self, value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(name, inner)| {
                    let secret = self.sensitive.contains(&name) && !inner.is_null();
                    let shown = if secret { json!(REDACTED) } else { self.redacted(inner) };
                    (name, shown)
                })
                .collect(),
            Value::Array(items) => items.into_iter().map(|item| self.redacted(item)).collect(),
            other => other,
        }
    }

    /// Returns true if a text names a sensitive member.
    #[must_use]
    pub fn names_secret(&self, text: &str) -> bool {
        self.sensitive.iter().any(|name| text.contains(name.as_str()))
    }

    /// Returns true if something sensitive stands there in an answer.
    #[must_use]
    pub fn is_secret(&self, pointer: &str) -> bool {
        pointer.split('/').any(|part| self.sensitive.contains(part))
    }

    /// The structure in which reads show a resource.
    #[must_use]
    pub fn viewed(&self, resource: &Resource) -> Option<&str> {
        let start = self.operations.get(resource.read.as_deref()?)?.output.as_str();
        resource.view.read.split('/').filter(|part| !part.is_empty()).try_fold(start, |structure, part| {
            let target = self.member(structure, part)?.target.as_str();
            matches!(self.shape(target).kind, Kind::Structure(_)).then_some(target)
        })
    }

    /// The members by which reads tell when something happened to a resource.
    pub fn times(&self, resource: &Resource) -> impl Iterator<Item = &str> {
        let members = self.viewed(resource).into_iter().flat_map(|viewed| self.members(viewed));
        let times = members.filter(|m| matches!(self.shape(&m.target).kind, Kind::Timestamp));
        times.map(|member| member.name.as_str())
    }
}
