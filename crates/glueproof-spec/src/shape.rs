//! Shapes of one edition with their traits, targets resolved.
//! Must not know a service.
//! The entry point is [`Shape`].

use indexmap::IndexMap;
use serde_json::Value;

use super::ast_traits::{Combinations, Condition, Fault, PolicyMaterial, Sample};
use super::edition::Edition;
use super::evidence::{Evidence, Level};
use super::pattern::Pattern;

/// An error structure's fixed facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorShape {
    /// The side at fault.
    pub fault: Fault,
    /// `httpError`, or 400 and 500 by fault.
    pub status: u16,
}

/// A data shape.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Simple name.
    pub name: String,
    /// The kind of value.
    pub kind: Kind,
    /// Constraints of the shape; members may narrow them.
    pub traits: Traits,
}

/// The kinds of shape.
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
    Map(Box<MapShape>),
    /// Named members.
    Structure(IndexMap<String, Member>),
}

/// The keys and values of a map.
#[derive(Debug, Clone)]
pub struct MapShape {
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
    /// Returns true if the value lies within.
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
    /// The pattern of a string.
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
    /// Material for generated policies.
    pub policy: Option<PolicyMaterial>,
    /// True if it is accepted depends on the state it meets.
    pub condition: Option<Condition>,
    /// The members that go together in inputs that are certain to be accepted.
    pub combinations: Option<Combinations>,
    /// The place of the member in a REST request; without it, the document in the body.
    pub place: Option<HttpPlace>,
    /// Its name in XML, where that is another.
    pub xml_name: Option<String>,
    /// True if elements of the list stand in XML without one around them.
    pub xml_flattened: bool,
    /// First edition that has it.
    pub since: Edition,
    /// One sentence.
    pub documentation: Option<String>,
}

impl Observed {
    /// Returns true if a source shows that the service enforces the limit. A limit that is only assumed makes the values
    /// between it and the documented limit uncertain.
    #[must_use]
    pub fn is_enforced(&self) -> bool {
        self.evidence.level != Level::Assumed
    }
}

impl Traits {
    /// Returns true if the string is JSON text, to be compared as JSON.
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

/// The place of a member in a REST request.
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
    /// The evidence.
    pub evidence: Evidence,
}

impl Member {
    /// Returns the member of responses that contains the version, if the member is a condition on a version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.traits.condition.as_ref()?.version.as_deref()
    }
}
