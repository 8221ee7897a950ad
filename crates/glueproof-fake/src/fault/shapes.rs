//! The shapes of the specs with one constraint dropped or drawn tighter, on the way to one member. Must not look at
//! values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::constraint;
use glueproof_spec::{Bounds, Kind, Member, Pattern, Shape, Traits};

/// Shapes by name, as the model has them.
pub type Shapes = BTreeMap<String, Shape>;

/// What tighter patterns admit besides letters and digits.
const PLAIN: &str = "^[A-Za-z0-9]*$";

/// A constraint that is another.
#[derive(Debug, Clone)]
pub struct Reshape {
    /// Where, from the input on: names of members, and `[]` into lists.
    pub way: Vec<String>,
    /// Which.
    pub constraint: Constraint,
    /// Whether it is drawn tighter, or else dropped.
    pub tighter: bool,
}

/// What a model may ask of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// Shortest.
    LengthMin,
    /// Longest.
    LengthMax,
    /// Smallest.
    RangeMin,
    /// Largest.
    RangeMax,
    /// Form.
    Pattern,
    /// One of a few.
    Enum,
    /// Shorter or smaller than the document says.
    Observed,
}

/// What stands for going into a list.
pub const ELEMENTS: &str = "[]";

impl Reshape {
    /// Changes the member's constraint in a copy of the shapes.
    pub fn apply(&self, shapes: &mut Shapes, input: &str) {
        let mut holder = input.to_owned();
        for name in self.way.iter().take(self.way.len().saturating_sub(1)) {
            match member_of(shapes, &holder, name) {
                Some(member) => holder = member.target.clone(),
                None => return,
            }
        }
        let Some(name) = self.way.last() else { return };
        let Some(mut member) = member_of(shapes, &holder, name).cloned() else { return };
        if self.constraint == Constraint::Enum {
            self.retarget(shapes, &mut member);
        } else {
            self.retrait(&mut member);
        }
        match shapes.get_mut(&holder).map(|shape| &mut shape.kind) {
            Some(Kind::Structure(members)) => drop(members.insert(name.clone(), member)),
            Some(Kind::List(element)) => **element = member,
            _ => {}
        }
    }

    /// Takes away what is there against the constraint, where it may be missing: who does not look at a constraint
    /// makes nothing of what breaks it.
    pub fn ignore(&self, shapes: &Shapes, input: &str, given: &mut Map<String, Value>) {
        let [name] = self.way.as_slice() else { return };
        let Some(member) = member_of(shapes, input, name).filter(|member| !member.traits.required) else {
            return;
        };
        let Some(shape) = shapes.get(&member.target).filter(|_| !self.tighter) else { return };
        let mut loose = member.clone();
        self.retrait(&mut loose);
        let broken = |traits: &Traits, value: &Value| constraint::broken(&shape.kind, traits, value).len();
        let breaks = |value: &Value| broken(&member.traits, value) > broken(&loose.traits, value);
        if given.get(name).is_some_and(breaks) {
            given.shift_remove(name);
        }
    }

    /// Values of an enum belong to its shape, which others use too: the member gets one of its own.
    fn retarget(&self, shapes: &mut Shapes, member: &mut Member) {
        let Some(mut shape) = shapes.get(&member.target).cloned() else { return };
        if let (true, Kind::Enum(values)) = (self.tighter, &mut shape.kind) {
            values.pop();
        } else {
            shape.kind = Kind::String;
        }
        member.target = format!("{} otherwise", shape.name);
        shapes.insert(member.target.clone(), shape);
    }

    fn retrait(&self, member: &mut Member) {
        let traits = &mut member.traits;
        let by = |step: i64| move |bound: i64| self.tighter.then_some(bound + step);
        let min = |bounds: Bounds| Bounds { min: bounds.min.and_then(by(1)), ..bounds };
        let max = |bounds: Bounds| Bounds { max: bounds.max.and_then(by(-1)), ..bounds };
        match self.constraint {
            Constraint::LengthMin => traits.length = traits.length.map(min),
            Constraint::LengthMax => traits.length = traits.length.map(max),
            Constraint::RangeMin => traits.range = traits.range.map(min),
            Constraint::RangeMax => traits.range = traits.range.map(max),
            Constraint::Pattern if self.tighter => traits.pattern = Pattern::new(PLAIN).ok(),
            Constraint::Pattern => traits.pattern = None,
            Constraint::Observed => traits.observed = None,
            Constraint::Enum => {}
        }
    }
}

/// The member, or the element of a list.
pub fn member_of<'s>(shapes: &'s Shapes, holder: &str, name: &str) -> Option<&'s Member> {
    match &shapes.get(holder)?.kind {
        Kind::Structure(members) => members.get(name),
        Kind::List(element) if name == ELEMENTS => Some(element),
        _ => None,
    }
}
