//! The locks of a rule: account-wide resources and whole lists that it must not share with other rules.
//! Must not wait or schedule.
//! The entry point is [`Locks::of_calls`].

use std::collections::BTreeSet;

use crate::model::{Resource, ServiceModel};

/// The beginning of the name of a list's lock.
const LISTED: &str = "listed ";

/// The names of what a rule locks while its cases run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locks {
    /// Locked against all other rules.
    pub exclusive: BTreeSet<String>,
    /// Shared with other rules, but not with one that locks it exclusively.
    pub shared: BTreeSet<String>,
}

impl Locks {
    /// Returns all of these locks, each as an exclusive one.
    #[must_use]
    pub fn exclusive(locks: impl IntoIterator<Item = Self>) -> Self {
        let all = locks.into_iter().flat_map(|locks| locks.exclusive.into_iter().chain(locks.shared));
        Self { exclusive: all.collect(), shared: BTreeSet::new() }
    }

    /// Returns true if two rules with these locks must not run at the same time.
    #[must_use]
    pub fn conflicts_with(&self, other: &Self) -> bool {
        let over = |a: &Self, b: &Self| {
            !a.exclusive.is_disjoint(&b.exclusive) || !a.exclusive.is_disjoint(&b.shared)
        };
        over(self, other) || over(other, self)
    }

    /// The locks of calls, given as in specs: `Operation` or `service:Operation`. Calls on an account-wide resource lock
    /// it, and calls whose outcome depends on one share it. Other calls share the list that their resource belongs to, because they may move its items between pages.
    #[must_use]
    pub fn of_calls<'c>(model: &ServiceModel, calls: impl IntoIterator<Item = &'c str>) -> Self {
        let mut locks = Self::default();
        for call in calls {
            let Some((service, operation)) = model.called(call) else { continue };
            locks.shared.extend(operation.depends_on.iter().cloned());
            let Some((resource, _)) = service.resource_of(&operation.name) else { continue };
            if resource.is_account_wide() {
                locks.exclusive.insert(resource.name.clone());
            } else {
                locks.shared.insert(list_of(resource));
            }
        }
        locks.shared.retain(|name| !locks.exclusive.contains(name));
        locks
    }

    /// The same locks for a test that reads whole lists: nothing may be added to them meanwhile. Account-wide resources that
    /// the calls depend on stay shared.
    #[must_use]
    pub fn with_whole_lists(mut self) -> Self {
        self.exclusive.extend(self.shared.extract_if(.., |name| name.starts_with(LISTED)));
        self
    }

    /// The same locks for a call that may lack the name of its resource, or have one that is not the run's own. A lenient
    /// target may take such a call to mean any resource.
    #[must_use]
    pub fn with_unnamed_resource(mut self, resource: Option<&Resource>) -> Self {
        let unnamed = resource.filter(|resource| !resource.is_account_wide());
        self.exclusive.extend(unnamed.map(|resource| format!("unnamed {}", resource.name)));
        self
    }
}

fn list_of(resource: &Resource) -> String {
    format!("{LISTED}{}", resource.name)
}
