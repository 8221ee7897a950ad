//! One difference between the specs and a model, as data with a stable name. Finds none.

use std::fmt;

/// Something the specs and a model say differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// About what.
    pub place: Place,
    /// In what respect.
    pub what: What,
    /// What the specs say; nothing where they say nothing.
    pub specs: Option<String>,
    /// What the model says.
    pub model: Option<String>,
}

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An operation, or an error it declares.
    Operation(String),
    /// A structure itself.
    Structure(String),
    /// A member of a structure, or what its lists hold.
    Member {
        /// The structure.
        structure: String,
        /// The member.
        member: String,
        /// How many lists deep.
        elements: usize,
    },
}

/// In what respect specs and model differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Whether there is such an operation.
    Operation,
    /// Whether it declares an error.
    Error(String),
    /// Whose mistake an error is.
    Fault,
    /// Whether there is such a member.
    Member,
    /// What it holds.
    Type,
    /// Whether it must be there.
    Required,
    /// Shortest length.
    LengthMin,
    /// Longest length.
    LengthMax,
    /// Smallest number.
    RangeMin,
    /// Largest number.
    RangeMax,
    /// Pattern.
    Pattern,
    /// Whether a value is one of the set.
    Value(String),
    /// Whether there is a set of values at all.
    Values,
}

impl Difference {
    /// `NameOfStructure.Member/length.max`: stable, greppable.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.place, self.what)
    }

    /// `added`, `removed` or `changed`, seen from the specs.
    #[must_use]
    pub fn change(&self) -> &'static str {
        match (&self.specs, &self.model) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(name) | Self::Structure(name) => f.write_str(name),
            Self::Member { structure, member, elements } => {
                write!(f, "{structure}.{member}{}", "[]".repeat(*elements))
            }
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation => f.write_str("operation"),
            Self::Error(name) => write!(f, "error/{name}"),
            Self::Fault => f.write_str("fault"),
            Self::Member => f.write_str("member"),
            Self::Type => f.write_str("type"),
            Self::Required => f.write_str("required"),
            Self::LengthMin => f.write_str("length.min"),
            Self::LengthMax => f.write_str("length.max"),
            Self::RangeMin => f.write_str("range.min"),
            Self::RangeMax => f.write_str("range.max"),
            Self::Pattern => f.write_str("pattern"),
            Self::Value(value) => write!(f, "enum/{value}"),
            Self::Values => f.write_str("enum"),
        }
    }
}
