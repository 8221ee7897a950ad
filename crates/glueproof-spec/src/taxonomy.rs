//! The two classifications of rules: the family (what a rule proves) and the capability (what a target needs for it).
//! Must not define a rule.
//! Entry points: [`Family`] and [`Capability`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of statement that a rule proves. It is the third part of a rule id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Valid input is accepted and reads back equal.
    Valid,
    /// Values at the edge of a constraint are accepted.
    Boundary,
    /// Input that violates one constraint is refused.
    Invalid,
    /// Requests and responses follow the protocol.
    Wire,
    /// Declared errors can be reached.
    Errors,
    /// Lists are paginated without gaps and duplicates.
    Pagination,
    /// Conditional writes depend on the stored state as documented.
    Condition,
    /// Sequences of calls agree with the reference model.
    Sequence,
    /// Concurrent calls are linearizable.
    Concurrency,
    /// Related calls have related results.
    Metamorphic,
    /// Data written encrypted is unreadable without the key.
    Encryption,
    /// Unsigned and unauthorized calls are refused.
    Access,
}

impl Family {
    /// All families, in the order in which reports list them.
    pub const ALL: [Self; 12] = [
        Self::Valid,
        Self::Boundary,
        Self::Invalid,
        Self::Wire,
        Self::Errors,
        Self::Pagination,
        Self::Condition,
        Self::Sequence,
        Self::Concurrency,
        Self::Metamorphic,
        Self::Encryption,
        Self::Access,
    ];

    /// The word used in rule ids and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Boundary => "boundary",
            Self::Invalid => "invalid",
            Self::Wire => "wire",
            Self::Errors => "errors",
            Self::Pagination => "pagination",
            Self::Condition => "condition",
            Self::Sequence => "sequence",
            Self::Concurrency => "concurrency",
            Self::Metamorphic => "metamorphic",
            Self::Encryption => "encryption",
            Self::Access => "access",
        }
    }
}

/// A part of the API that a target may lack. Variants are in alphabetical order, which is the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Capability {
    /// Authentication and authorization through IAM.
    Access,
    /// Connections of the Data Catalog.
    Connections,
    /// The nine operations that every target has.
    #[default]
    Core,
    /// Encryption through KMS.
    Crypto,
    /// CloudWatch Logs.
    Logs,
    /// Jobs, crawlers and development endpoints.
    Workloads,
}

impl Capability {
    /// All capabilities, in alphabetical order.
    pub const ALL: [Self; 6] =
        [Self::Access, Self::Connections, Self::Core, Self::Crypto, Self::Logs, Self::Workloads];

    /// The word used in specs, reports and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Connections => "connections",
            Self::Core => "core",
            Self::Crypto => "crypto",
            Self::Logs => "logs",
            Self::Workloads => "workloads",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no family or capability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {class} `{name}`; choose one of {known}")]
pub struct UnknownClass {
    /// `family` or `capability`.
    class: &'static str,
    /// The unknown word.
    name: String,
    /// The words that exist.
    known: String,
}

impl FromStr for Family {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|family| family.name() == name).ok_or_else(|| UnknownClass {
            class: "family",
            name: name.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

impl FromStr for Capability {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|capability| capability.name() == name).ok_or_else(|| UnknownClass {
            class: "capability",
            name: name.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_serialized_alike() {
        for family in Family::ALL {
            assert_eq!(family.name().parse(), Ok(family));
            assert_eq!(serde_json::to_value(family).unwrap(), family.name());
        }
        for capability in Capability::ALL {
            assert_eq!(capability.name().parse(), Ok(capability));
            assert_eq!(serde_json::to_value(capability).unwrap(), capability.name());
        }
        assert!("Valid".parse::<Family>().is_err() && "kms".parse::<Capability>().is_err());
    }

    #[test]
    fn capabilities_are_ordered_by_name() {
        assert!(Capability::ALL.is_sorted_by_key(|capability| capability.name()));
        assert!(Capability::ALL.is_sorted() && Family::ALL.is_sorted());
    }
}
