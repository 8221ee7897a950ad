//! Finds the differences between the specs and a model. Compares the operations of the specs with everything that they
//! send, return and declare, and finds operations of the model on the same subjects that the specs lack. Shapes are
//! followed from operations, so that a shape with a new name and the same content is no difference.
//! Must not decide which side is right.
//! The entry point is [`compare`].

use std::collections::BTreeSet;
use std::fmt;

use super::published::{Call, Form, Limits, Member, Published};

/// All differences, in order. `subjects` are names of what the specs are about, e.g. `SecurityConfiguration`: an
/// operation of the model that has one in its name, or deals with a structure of an operation the specs own as a whole,
/// belongs to them.
#[must_use]
pub fn compare(specs: &Published, model: &Published, subjects: &[String]) -> Vec<Difference> {
    let mut comparison = ModelComparison { specs, model, seen: BTreeSet::new(), found: BTreeSet::new() };
    for (name, ours) in &specs.operations {
        match model.operations.get(name) {
            Some(theirs) => comparison.operation(name, ours, theirs),
            None => comparison.existence(DriftPlace::Operation(name.clone()), DriftAspect::Operation, true),
        }
    }
    for name in comparison.foreign(subjects) {
        comparison.existence(DriftPlace::Operation(name), DriftAspect::Operation, false);
    }
    comparison.found.into_iter().collect()
}

struct ModelComparison<'p> {
    specs: &'p Published,
    model: &'p Published,
    seen: BTreeSet<(&'p str, &'p str)>,
    found: BTreeSet<Difference>,
}

impl<'p> ModelComparison<'p> {
    fn operation(&mut self, name: &str, ours: &'p Call, theirs: &'p Call) {
        let place = || DriftPlace::Operation(name.to_owned());
        for error in ours.errors.symmetric_difference(&theirs.errors) {
            self.existence(place(), DriftAspect::Error(error.clone()), ours.errors.contains(error));
        }
        for error in ours.errors.intersection(&theirs.errors) {
            self.structure(error, error);
        }
        for (ours, theirs) in [(&ours.input, &theirs.input), (&ours.output, &theirs.output)] {
            // Nothing and a structure without members are the same on the wire.
            match (ours, theirs) {
                (Some(ours), Some(theirs)) => self.structure(ours, theirs),
                (Some(ours), None) => self.members_of(ours, self.specs, true),
                (None, Some(theirs)) => self.members_of(theirs, self.model, false),
                (None, None) => {}
            }
        }
    }

    fn members_of(&mut self, structure: &str, of: &Published, ours: bool) {
        for (member, _) in of.members(structure) {
            self.existence(at(structure, member), DriftAspect::Member, ours);
        }
    }

    fn structure(&mut self, ours: &'p str, theirs: &'p str) {
        if !self.seen.insert((ours, theirs)) {
            return;
        }
        let fault = |published: &'p Published, name| match &published.shapes.get(name)?.form {
            Form::Structure { fault, .. } => fault.clone(),
            _ => None,
        };
        let place = DriftPlace::Structure(ours.to_owned());
        self.value(&place, DriftAspect::Fault, fault(self.specs, ours), fault(self.model, theirs));
        let (specs, model) = (self.specs, self.model);
        for (name, member) in specs.members(ours) {
            match model.members(theirs).find(|(other, _)| *other == name) {
                Some((_, other)) => self.member(ours, name, 0, member, other),
                None => self.existence(at(ours, name), DriftAspect::Member, true),
            }
        }
        for (name, _) in model.members(theirs) {
            if specs.members(ours).all(|(other, _)| other != name) {
                self.existence(at(ours, name), DriftAspect::Member, false);
            }
        }
    }

    fn member(&mut self, structure: &str, name: &str, elements: usize, ours: &'p Member, theirs: &'p Member) {
        let place = DriftPlace::Member { structure: structure.to_owned(), member: name.to_owned(), elements };
        let yes = |member: &Member| member.required.then(|| "yes".to_owned());
        self.value(&place, DriftAspect::Required, yes(ours), yes(theirs));
        let shape = (self.specs.shapes.get(&ours.target), self.model.shapes.get(&theirs.target));
        let (Some(our_shape), Some(their_shape)) = shape else {
            let known = |shape: Option<&super::published::Shape>| shape.map(|s| s.form.name().to_owned());
            self.value(&place, DriftAspect::Type, known(shape.0), known(shape.1));
            return;
        };
        self.limits(&place, &ours.limits.over(&our_shape.limits), &theirs.limits.over(&their_shape.limits));
        match (&our_shape.form, &their_shape.form) {
            (Form::List(ours), Form::List(theirs)) => {
                self.member(structure, name, elements + 1, ours, theirs);
            }
            (Form::Map { key, value }, Form::Map { key: their_key, value: their_value }) => {
                for (part, ours, theirs) in [("keys", key, their_key), ("values", value, their_value)] {
                    self.member(structure, &format!("{name}.{part}"), elements, ours, theirs);
                }
            }
            (Form::Structure { .. }, Form::Structure { .. }) => self.structure(&ours.target, &theirs.target),
            (ours, theirs) => {
                let name = |form: &Form| Some(form.name().to_owned());
                self.value(&place, DriftAspect::Type, name(ours), name(theirs));
            }
        }
    }

    fn limits(&mut self, place: &DriftPlace, ours: &Limits, theirs: &Limits) {
        for (what, ours, theirs) in [
            (DriftAspect::LengthMin, ours.length_min, theirs.length_min),
            (DriftAspect::LengthMax, ours.length_max, theirs.length_max),
            (DriftAspect::RangeMin, ours.range_min, theirs.range_min),
            (DriftAspect::RangeMax, ours.range_max, theirs.range_max),
        ] {
            self.value(place, what, ours.map(|n| n.to_string()), theirs.map(|n| n.to_string()));
        }
        let pattern = |limits: &Limits| {
            let written = limits.pattern.clone()?;
            Some(if self.model.bare_patterns { bare(&written).to_owned() } else { written })
        };
        self.value(place, DriftAspect::Pattern, pattern(ours), pattern(theirs));
        match (&ours.values, &theirs.values) {
            (Some(ours), Some(theirs)) => {
                for value in ours.symmetric_difference(theirs) {
                    self.existence(place.clone(), DriftAspect::Value(value.clone()), ours.contains(value));
                }
            }
            (ours, theirs) => {
                let all = |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(", ");
                self.value(place, DriftAspect::Values, ours.as_ref().map(all), theirs.as_ref().map(all));
            }
        }
    }

    /// Something that only one side has.
    fn existence(&mut self, place: DriftPlace, what: DriftAspect, ours: bool) {
        let yes = |there: bool| there.then(|| "yes".to_owned());
        self.found.insert(Difference { place, what, specs: yes(ours), model: yes(!ours) });
    }

    fn value(&mut self, place: &DriftPlace, what: DriftAspect, specs: Option<String>, model: Option<String>) {
        if specs != model {
            self.found.insert(Difference { place: place.clone(), what, specs, model });
        }
    }

    /// Operations of the model that the specs lack and that are about the same things.
    fn foreign(&self, subjects: &[String]) -> Vec<String> {
        let whole = self.specs.operations.values().filter(|call| call.whole);
        let shapes = whole.flat_map(|call| call.input.iter().chain(&call.output));
        let owned: BTreeSet<&str> = shapes.flat_map(|shape| self.specs.structures_in(shape)).collect();
        let own = |name: &&str| owned.contains(name);
        let deals = |shape: &Option<String>| {
            let reached = shape.iter().flat_map(|shape| self.model.structures_in(shape));
            reached.filter(|name| shape.as_deref() != Some(*name)).any(|name| own(&name))
        };
        let lacking =
            self.model.operations.iter().filter(|(name, _)| !self.specs.operations.contains_key(*name));
        let belongs = |(name, call): &(&String, &Call)| {
            subjects.iter().any(|subject| name.contains(subject)) || deals(&call.input) || deals(&call.output)
        };
        lacking.filter(belongs).map(|(name, _)| name.clone()).collect()
    }
}

fn at(structure: &str, member: &str) -> DriftPlace {
    DriftPlace::Member { structure: structure.to_owned(), member: member.to_owned(), elements: 0 }
}

/// Without the anchors around the whole.
fn bare(pattern: &str) -> &str {
    pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap_or(pattern)
}

/// Something the specs and a model say differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// About what.
    pub place: DriftPlace,
    /// In what respect.
    pub what: DriftAspect,
    /// The specs' side, if they have one.
    pub specs: Option<String>,
    /// The model's side, if it has one.
    pub model: Option<String>,
}

/// The place of a difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftPlace {
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
        /// Number of lists around it.
        elements: usize,
    },
}

/// In what respect specs and model differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftAspect {
    /// True if there is such an operation.
    Operation,
    /// True if it declares an error.
    Error(String),
    /// The side at fault for an error.
    Fault,
    /// True if there is such a member.
    Member,
    /// The kind of value.
    Type,
    /// True if it must be there.
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
    /// True if a value is one of the set.
    Value(String),
    /// True if there is a set of values at all.
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

impl fmt::Display for DriftPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(name) | Self::Structure(name) => f.write_str(name),
            Self::Member { structure, member, elements } => {
                write!(f, "{structure}.{member}{}", "[]".repeat(*elements))
            }
        }
    }
}

impl fmt::Display for DriftAspect {
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
