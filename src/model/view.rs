//! What answers show of a resource: the structure it is read in, its times, and the version a condition names.
//! Look-ups only.

use super::shape::{Kind, Member, Resource, ServiceModel};

impl ServiceModel {
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
