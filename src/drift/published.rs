//! An API in the form in which models are compared: operations, shapes, constraints.
//! Must not find differences.
//! The entry points are [`Published`] and [`own`], which brings the specs into this form.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{self, Fault, Kind, ServiceModel, Traits};

/// A model, or the part of one that a service's specs are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Operations by name.
    pub operations: BTreeMap<String, Call>,
    /// Shapes by simple name.
    pub shapes: BTreeMap<String, Shape>,
    /// True if patterns are written without the anchors `^…$`, as botocore does.
    pub bare_patterns: bool,
}

/// An operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Structure of what is sent; nothing where nothing is.
    pub input: Option<String>,
    /// Structure of what comes back.
    pub output: Option<String>,
    /// Declared errors.
    pub errors: BTreeSet<String>,
    /// True if everything that deals with the same things belongs to it, not this call alone.
    pub whole: bool,
}

/// A shape with its own constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The kind of value.
    pub form: Form,
    /// Its constraints.
    pub limits: Limits,
}

/// The kinds of shape. Kinds that look alike on the wire are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Text; an enumeration is text with values.
    String,
    /// `true` or `false`.
    Boolean,
    /// Whole number of any size.
    Integer,
    /// Number with fraction.
    Float,
    /// A time.
    Timestamp,
    /// Elements.
    List(Box<Member>),
    /// Values by key.
    Map {
        /// The keys.
        key: Box<Member>,
        /// The values.
        value: Box<Member>,
    },
    /// Named members; of an error, whose mistake it is.
    Structure {
        /// By name.
        members: BTreeMap<String, Member>,
        /// `client` or `server`; nothing where it is no error.
        fault: Option<String>,
    },
    /// Something else, by its name.
    Other(String),
}

/// A member of a structure, or the element of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// Simple name of its shape.
    pub target: String,
    /// Must be there.
    pub required: bool,
    /// Constraints of the member alone, which go before those of its shape.
    pub limits: Limits,
}

/// Constraints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Shortest, in characters or elements.
    pub length_min: Option<i64>,
    /// Longest.
    pub length_max: Option<i64>,
    /// Smallest number.
    pub range_min: Option<i64>,
    /// Largest.
    pub range_max: Option<i64>,
    /// The pattern of a text.
    pub pattern: Option<String>,
    /// The only values.
    pub values: Option<BTreeSet<String>>,
}

impl Form {
    /// The word for it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Timestamp => "timestamp",
            Self::List(_) => "list",
            Self::Map { .. } => "map",
            Self::Structure { .. } => "structure",
            Self::Other(name) => name,
        }
    }
}

impl Limits {
    /// These, and where they say nothing the other ones.
    #[must_use]
    pub fn over(&self, beneath: &Self) -> Self {
        Self {
            length_min: self.length_min.or(beneath.length_min),
            length_max: self.length_max.or(beneath.length_max),
            range_min: self.range_min.or(beneath.range_min),
            range_max: self.range_max.or(beneath.range_max),
            pattern: self.pattern.clone().or_else(|| beneath.pattern.clone()),
            values: self.values.clone().or_else(|| beneath.values.clone()),
        }
    }
}

impl Published {
    /// Members of a structure; none of anything else.
    pub fn members(&self, structure: &str) -> impl Iterator<Item = (&str, &Member)> {
        let members = match self.shapes.get(structure).map(|shape| &shape.form) {
            Some(Form::Structure { members, .. }) => Some(members),
            _ => None,
        };
        members.into_iter().flatten().map(|(name, member)| (name.as_str(), member))
    }

    /// Every structure that a shape is or holds, at any depth.
    #[must_use]
    pub fn structures_in(&self, shape: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![shape];
        while let Some(name) = open.pop() {
            match self.shapes.get_key_value(name).map(|(name, shape)| (name, &shape.form)) {
                Some((name, Form::Structure { members, .. })) if found.insert(name.as_str()) => {
                    open.extend(members.values().map(|member| member.target.as_str()));
                }
                Some((_, Form::List(element))) => open.push(&element.target),
                Some((_, Form::Map { value, .. })) => open.push(&value.target),
                _ => {}
            }
        }
        found
    }
}

/// Returns the specs of a service in the form of a published model.
#[must_use]
pub fn own(model: &ServiceModel) -> Published {
    let operations = model.operations.values().map(|operation| {
        let call = Call {
            input: Some(operation.input.clone()),
            output: Some(operation.output.clone()),
            errors: operation.errors.iter().cloned().collect(),
            whole: operation.is_core(),
        };
        (operation.name.clone(), call)
    });
    let shapes = model.shapes.values().map(|shape| {
        let (form, limits) = (form(model, shape), limits(&shape.traits));
        (shape.name.clone(), Shape { form, limits: with_values(limits, &shape.kind) })
    });
    Published { operations: operations.collect(), shapes: shapes.collect(), bare_patterns: false }
}

fn form(model: &ServiceModel, shape: &model::Shape) -> Form {
    match &shape.kind {
        Kind::String | Kind::Enum(_) => Form::String,
        Kind::Boolean => Form::Boolean,
        Kind::Integer => Form::Integer,
        Kind::Double => Form::Float,
        Kind::Timestamp => Form::Timestamp,
        Kind::List(element) => Form::List(Box::new(member(element))),
        Kind::Blob => Form::Other("blob".to_owned()),
        Kind::Map(entry) => {
            Form::Map { key: Box::new(member(&entry.key)), value: Box::new(member(&entry.value)) }
        }
        Kind::Structure(members) => {
            let members: BTreeMap<String, Member> =
                members.values().map(|m| (m.name.clone(), member(m))).collect();
            let fault = model.errors.get(&shape.name).map(|error| match error.fault {
                Fault::Client => "client".to_owned(),
                Fault::Server => "server".to_owned(),
            });
            Form::Structure { members, fault }
        }
    }
}

fn member(member: &model::Member) -> Member {
    Member { target: member.target.clone(), required: member.traits.required, limits: limits(&member.traits) }
}

fn limits(traits: &Traits) -> Limits {
    let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
    Limits {
        length_min: length.min,
        length_max: length.max,
        range_min: range.min,
        range_max: range.max,
        pattern: traits.pattern.as_ref().map(|pattern| pattern.written().to_owned()),
        values: None,
    }
}

fn with_values(limits: Limits, kind: &Kind) -> Limits {
    match kind {
        Kind::Enum(values) => Limits { values: Some(values.iter().cloned().collect()), ..limits },
        _ => limits,
    }
}
