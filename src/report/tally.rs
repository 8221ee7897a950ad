//! Counts of rules that hold, by operation and family, and by resource and group of families. Must not lay anything out.
//! Entry points: [`tallies`] and [`resources`].

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Family;
use crate::run::{Outcome, RuleResult};

/// The name of the row that adds up.
pub(super) const ALL: &str = "all";

/// Rules of one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Passed.
    pub held: u64,
    /// Failed.
    pub failed: u64,
    /// Known gaps.
    pub known: u64,
    /// Without a verdict: errored, blocked or flaky.
    pub errored: u64,
    /// Of operations that the target does not implement.
    pub unimplemented: u64,
}

/// The state of a cell, as its colour shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellStatus {
    /// Something failed.
    Failed,
    /// No rule failed, but one errored or is a known gap.
    Unjudged,
    /// Everything judged held.
    Held,
    /// No rule was judged.
    Empty,
}

impl Tally {
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.held += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Known => self.known += 1,
            Outcome::Errored | Outcome::Blocked | Outcome::Flaky => self.errored += 1,
            Outcome::Unimplemented => self.unimplemented += 1,
            Outcome::Noted | Outcome::Skipped => {}
        }
    }

    /// Rules with a verdict.
    pub(super) fn judged(self) -> u64 {
        self.held + self.failed + self.known
    }

    /// `3/4`, `3/4 1?`, or a dot.
    pub(super) fn text(self) -> String {
        match (self.judged(), self.errored) {
            (0, 0) if self.unimplemented > 0 => "–".to_owned(),
            (0, 0) => "·".to_owned(),
            (0, errored) => format!("{errored}?"),
            (of, 0) => format!("{}/{of}", self.held),
            (of, errored) => format!("{}/{of} {errored}?", self.held),
        }
    }

    pub(super) fn status(self) -> CellStatus {
        match self {
            Self { failed: 1.., .. } => CellStatus::Failed,
            Self { errored: 1.., .. } | Self { unimplemented: 1.., .. } | Self { known: 1.., .. } => {
                CellStatus::Unjudged
            }
            Self { held: 1.., .. } => CellStatus::Held,
            _ => CellStatus::Empty,
        }
    }
}

/// By operation (and [`ALL`]) and family.
pub(super) type Tallies<'r> = BTreeMap<(&'r str, Family), Tally>;

/// All cells that have a rule.
pub(super) fn tallies(results: &[RuleResult]) -> Tallies<'_> {
    let mut tallies = Tallies::new();
    for result in results {
        for row in [result.operation.as_str(), ALL] {
            tallies.entry((row, result.family)).or_default().count(result.outcome);
        }
    }
    tallies
}

/// Operations that occur, and the row that adds up where there are several.
pub(super) fn rows(results: &[RuleResult]) -> Vec<&str> {
    let operations: BTreeSet<&str> = results.iter().map(|r| r.operation.as_str()).collect();
    let mut rows: Vec<&str> = operations.into_iter().collect();
    if rows.len() > 1 {
        rows.push(ALL);
    }
    rows
}

/// Returns the families that occur, in their usual order.
pub(super) fn families(results: &[RuleResult]) -> Vec<Family> {
    let present: BTreeSet<Family> = results.iter().map(|rule| rule.family).collect();
    present.into_iter().collect()
}

/// Families that share a column where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FamilyGroup {
    /// Valid and boundary.
    Valid,
    /// Invalid.
    Invalid,
    /// Wire.
    Wire,
    /// Errors.
    Errors,
    /// Pagination.
    Pages,
    /// Condition, sequence, concurrency and metamorphic.
    State,
    /// Encryption.
    Encryption,
    /// Access.
    Access,
}

impl FamilyGroup {
    fn of(family: Family) -> Self {
        match family {
            Family::Valid | Family::Boundary => Self::Valid,
            Family::Invalid => Self::Invalid,
            Family::Wire => Self::Wire,
            Family::Errors => Self::Errors,
            Family::Pagination => Self::Pages,
            Family::Condition | Family::Sequence | Family::Concurrency | Family::Metamorphic => Self::State,
            Family::Encryption => Self::Encryption,
            Family::Access => Self::Access,
        }
    }

    /// Returns the head of the column.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Wire => "wire",
            Self::Errors => "errors",
            Self::Pages => "pages",
            Self::State => "state",
            Self::Encryption => "encryption",
            Self::Access => "access",
        }
    }

    /// Returns the families of a group that has several.
    pub(super) fn legend(self) -> Option<&'static str> {
        match self {
            Self::Valid => Some("valid: valid and boundary"),
            Self::State => Some("state: condition, sequence, concurrency, metamorphic"),
            _ => None,
        }
    }
}

/// The counts of one resource of a service.
#[derive(Debug)]
pub(super) struct ResourceRow<'r> {
    /// The service; [`ALL`] for the sum.
    pub service: &'r str,
    /// The resource in words; `other` for operations that are alone with theirs; empty for a whole service.
    pub resource: String,
    /// Counts by group of families.
    pub cells: BTreeMap<FamilyGroup, Tally>,
}

/// The words at the beginning of the names of operations.
const VERBS: [&str; 16] = [
    "Associate",
    "Batch",
    "Cancel",
    "Create",
    "Delete",
    "Describe",
    "Disassociate",
    "Get",
    "List",
    "Put",
    "Run",
    "Start",
    "Stop",
    "Tag",
    "Untag",
    "Update",
];

/// Returns the groups of families that occur, in their usual order.
pub(super) fn groups(results: &[RuleResult]) -> Vec<FamilyGroup> {
    let present: BTreeSet<FamilyGroup> = results.iter().map(|rule| FamilyGroup::of(rule.family)).collect();
    present.into_iter().collect()
}

/// Returns a row for each resource that several operations name, one for the others of a service, and the sum.
pub(super) fn resources(results: &[RuleResult]) -> Vec<ResourceRow<'_>> {
    let mut subjects: BTreeMap<(&str, String), BTreeSet<&str>> = BTreeMap::new();
    for rule in results {
        subjects.entry((rule.service(), singular_noun(&rule.operation))).or_default().insert(&rule.operation);
    }
    let is_shared = |service, operation: &str| {
        subjects.get(&(service, singular_noun(operation))).is_some_and(|operations| operations.len() > 1)
    };
    let mut rows: BTreeMap<(&str, bool, String), BTreeMap<FamilyGroup, Tally>> = BTreeMap::new();
    let mut sum: BTreeMap<FamilyGroup, Tally> = BTreeMap::new();
    for rule in results {
        let (service, group) = (rule.service(), FamilyGroup::of(rule.family));
        let row = if is_shared(service, &rule.operation) {
            (service, false, singular_noun(&rule.operation))
        } else {
            (service, true, String::new())
        };
        rows.entry(row).or_default().entry(group).or_default().count(rule.outcome);
        sum.entry(group).or_default().count(rule.outcome);
    }
    let services: Vec<&str> = rows.keys().map(|(service, _, _)| *service).collect();
    let labels: Vec<String> = rows
        .keys()
        .map(|(service, is_other, key)| match is_other {
            false => in_words(label_of(&subjects, service, key)),
            true if services.iter().filter(|other| *other == service).count() == 1 => String::new(),
            true => "other".to_owned(),
        })
        .collect();
    let row = |(((service, _, _), cells), resource)| ResourceRow { service, resource, cells };
    let mut found: Vec<_> = rows.into_iter().zip(labels).map(row).collect();
    if found.len() > 1 {
        found.push(ResourceRow { service: ALL, resource: String::new(), cells: sum });
    }
    found
}

/// Returns the shortest noun of the operations that share a resource: it is the singular, if there is one.
fn label_of<'r>(
    subjects: &BTreeMap<(&str, String), BTreeSet<&'r str>>,
    service: &'r str,
    key: &str,
) -> &'r str {
    let all = subjects.iter().filter(|((of, noun), _)| *of == service && noun == key);
    let nouns = all.flat_map(|(_, operations)| operations.iter().map(|operation| without_verb(operation)));
    nouns.min_by_key(|noun| noun.len()).unwrap_or(service)
}

/// Returns the name of an operation without its verb.
fn without_verb(operation: &str) -> &str {
    VERBS
        .iter()
        .filter_map(|verb| operation.strip_prefix(verb))
        .find(|noun| noun.starts_with(char::is_uppercase))
        .unwrap_or(operation)
}

/// Returns the noun of an operation or structure in the singular: `ResourcePolicy` for `GetResourcePolicies`.
fn singular_noun(operation: &str) -> String {
    let noun = without_verb(operation);
    match noun.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => noun.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(noun).to_owned(),
    }
}

/// Returns a name in lower-case words: `security configuration`.
fn in_words(name: &str) -> String {
    let mut found = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            found.push(' ');
        }
        found.extend(letter.to_lowercase());
        before = letter;
    }
    found
}
