//! Condition tables: what a conditional call may answer, by what its conditions say and by the state they
//! meet. Data only: `table_load` checks the written form, the reference and the scenarios read it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::evidence::Evidence;
use super::expectation::Expect;

/// True if the resource is there when the call comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// There is none.
    Absent,
    /// There is one.
    Present,
}

impl Presence {
    /// The word used in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
        }
    }
}

/// The value of one condition of a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionValue {
    /// No value: the member is left out, or null.
    Absent,
    /// One of the values of an enumeration.
    Value(String),
    /// The version in force.
    Current,
    /// A version that was in force once.
    Former,
    /// A well-formed version that never was in force.
    Foreign,
}

impl ConditionValue {
    /// The word used in tables.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Absent => "absent",
            Self::Value(value) => value,
            Self::Current => "current",
            Self::Former => "former",
            Self::Foreign => "foreign",
        }
    }
}

/// The place of a cell: the state, and what every condition says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// The state before the call.
    pub state: Presence,
    /// The values of the conditions, by member.
    pub conditions: BTreeMap<String, ConditionValue>,
}

impl CellKey {
    /// The situation as part of an id: the state, and what each condition says, in the order of their names.
    #[must_use]
    pub fn path(&self) -> String {
        let words = self.conditions.values().map(ConditionValue::word);
        [self.state.word()].into_iter().chain(words).collect::<Vec<_>>().join("/")
    }
}

impl std::fmt::Display for CellKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "state {}", self.state.word())?;
        self.conditions.iter().try_for_each(|(member, choice)| write!(f, ", {member} {}", choice.word()))
    }
}

/// The allowed responses in one situation.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Accepted, refused, or either of them.
    pub expect: Expect,
    /// The evidence.
    pub evidence: Evidence,
    /// The evidence that a refusal changes nothing; present if a refusal is allowed.
    pub unchanged: Option<Evidence>,
}

impl Cell {
    /// Returns true if the call may be accepted.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.parts().any(|part| matches!(part, Expect::Ok(_)))
    }

    /// The codes it may be refused with; none where it must be accepted.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.parts()
            .filter_map(|part| match part {
                Expect::Refused { codes, .. } => Some(codes),
                _ => None,
            })
            .flatten()
            .map(String::as_str)
    }

    /// Returns true if a refusal, where one may come, is known to change nothing as surely as it is known to come.
    #[must_use]
    pub fn is_sure_of_unchanged(&self) -> bool {
        self.unchanged.as_ref().is_some_and(|unchanged| unchanged.level >= self.evidence.level)
    }

    fn parts(&self) -> impl Iterator<Item = &Expect> {
        match &self.expect {
            Expect::Either(all) => all.iter(),
            one => std::slice::from_ref(one).iter(),
        }
    }
}

/// All situations of one operation, each with what may come.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionTable {
    /// The conditional operation.
    pub operation: String,
    /// Its cells; complete once loaded.
    pub cells: BTreeMap<CellKey, Cell>,
}

/// The written form of a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub subject: String,
    pub cells: Vec<CellAst>,
}

/// The written form of a cell.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CellAst {
    pub when: BTreeMap<String, String>,
    pub expect: Expect,
    pub evidence: Evidence,
    pub unchanged: Option<Evidence>,
}
