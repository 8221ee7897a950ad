//! What answers show of a resource: the structure it is read in, its times, the version a condition names; what
//! of them nobody may see; and where a step of a behavior calls. Look-ups only.

use serde_json::{Value, json};

use super::shape::{Kind, Member, Operation, Resource, ServiceModel};

/// Stands for what is sensitive.
pub const HIDDEN: &str = "[hidden]";

impl ServiceModel {
    /// The service of that name, as its shapes are known here.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Self> {
        if name == self.name { Some(self) } else { self.others.get(name).map(AsRef::as_ref) }
    }

    /// What a step calls: `Operation` of this service, or `service:Operation` of another.
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
    pub fn hidden(&self, value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(name, inner)| {
                    let secret = self.sensitive.contains(&name) && !inner.is_null();
                    let shown = if secret { json!(HIDDEN) } else { self.hidden(inner) };
                    (name, shown)
                })
                .collect(),
            Value::Array(items) => items.into_iter().map(|item| self.hidden(item)).collect(),
            other => other,
        }
    }

    /// Whether something sensitive stands there in an answer.
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

impl Member {
    /// Where the member is a condition on a version: the member of answers that tells the version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.traits.condition.as_ref()?.version.as_deref()
    }
}
