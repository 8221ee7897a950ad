//! The constraints a member can carry, as rule ids name them. No values, no checks.

use std::fmt;

/// One constraint on one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constraint {
    /// The member is required.
    Required,
    /// An explicit `null`, which the protocol treats as an absent member.
    Null,
    /// The JSON type.
    Type,
    /// Types that some parsers convert: `"true"` for a boolean, `"5"` or `1.5` for an integer.
    LenientType,
    /// The minimum length.
    LengthMin,
    /// The maximum length.
    LengthMax,
    /// Long in one unit (bytes, UTF-16), short in another (characters).
    LengthUnits,
    /// The pattern.
    Pattern,
    /// The values of an enumeration.
    Enum,
    /// The minimum of a number.
    RangeMin,
    /// The maximum of a number.
    RangeMax,
    /// A length that the real service refuses, although the documents allow it.
    ObservedLengthMax,
    /// Larger than the real service takes, though documented.
    ObservedRangeMax,
    /// Values that differ by case, space or composition are different values.
    Distinct,
    /// Values that differ in one place only are different values, wherever the place is.
    DistinctPlace,
}

impl Constraint {
    /// The last part of the rule id.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Null => "null",
            Self::Type => "type",
            Self::LenientType => "type.lenient",
            Self::LengthMin => "length.min",
            Self::LengthMax => "length.max",
            Self::LengthUnits => "length.units",
            Self::Pattern => "pattern",
            Self::Enum => "enum",
            Self::RangeMin => "range.min",
            Self::RangeMax => "range.max",
            Self::ObservedLengthMax => "observed.length.max",
            Self::ObservedRangeMax => "observed.range.max",
            Self::Distinct => "distinct",
            Self::DistinctPlace => "distinct.place",
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Required => "being required",
            Self::Null => "not being null",
            Self::Type => "its type",
            Self::LenientType => "its type, where parsers are lenient",
            Self::LengthMin => "minimum length",
            Self::LengthMax => "maximum length",
            Self::LengthUnits => "maximum length, counted in one unit and not in another",
            Self::Pattern => "pattern",
            Self::Enum => "set of values",
            Self::RangeMin => "minimum",
            Self::RangeMax => "maximum",
            Self::ObservedLengthMax => "maximum length seen in the real service",
            Self::ObservedRangeMax => "maximum seen in the real service",
            Self::Distinct => "exact spelling",
            Self::DistinctPlace => "every character",
        })
    }
}
