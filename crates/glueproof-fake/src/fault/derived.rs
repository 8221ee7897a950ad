//! One fault for every constraint of the specs that an input has to keep: not enforced, or drawn too tight; and one for
//! everything that keeps callers out of an operation. No shape, member or operation is named here.

use serde_json::{Value, json};

use super::edit::{coerced, filled, replaced};
use super::part::{Effect, Part};
use super::place::Place;
use super::shapes::{Constraint, ELEMENTS, Reshape, Shapes};
use super::wrong::Wrong;
use glueproof_spec::{Kind, Member, Operation, ServiceModel, Traits};

/// A fault and what is to be known of it.
#[derive(Debug)]
pub struct Derived {
    pub name: String,
    pub summary: String,
    pub caught_by: Vec<String>,
    pub part: Part,
}

/// All of a service.
pub fn faults(model: &ServiceModel) -> Vec<Derived> {
    let core = model.operations.values().filter(|operation| operation.is_core());
    core.flat_map(|operation| {
        let mut walk = Walk { model, operation, way: Vec::new(), found: Vec::new() };
        walk.shape(&operation.input);
        walk.found
    })
    .collect()
}

/// Every operation refuses with the first error that it declares.
pub fn refusals(model: &ServiceModel) -> impl Iterator<Item = Part> {
    model.operations.values().filter_map(|operation| {
        let effect = Effect::Refuses(operation.errors.first()?.clone(), None);
        Some(Part { on: vec![operation.name.clone()], effect })
    })
}

/// What keeps callers out of an operation, each missing from one operation at a time: what the fault is called, what
/// goes wrong, and the rules that notice.
const GUARDS: [(&str, &str, &[&str], Guard); 7] = [
    ("signature", "is done for who does not sign", &["unsigned"], Guard::Handler(Wrong::UnsignedIsRoot)),
    (
        "secret",
        "takes every signature for right",
        &["wrong-secret"],
        Guard::Handler(Wrong::SignatureUnchecked),
    ),
    ("key", "is done under a key that nobody has", &["unknown-key"], Guard::Handler(Wrong::UnknownIsRoot)),
    ("time", "is done however long ago it was signed", &["late"], Guard::Handler(Wrong::TimeUnchecked)),
    ("permission", "is done for everybody", &["not-permitted", "denied"], Guard::Handler(Wrong::Unguarded)),
    ("denial", "is done for who is forbidden it", &["denied"], Guard::Reading("Deny", "Effect", "None")),
    (
        "allowance",
        "is refused to who may do it alone",
        &["permitted"],
        Guard::Reading("", "Action", "none:None"),
    ),
];

/// How a guard is missing.
enum Guard {
    /// A handler goes wrong.
    Handler(Wrong),
    /// Where this stands in a statement, the action where it is nothing, at this place, that is read.
    Reading(&'static str, &'static str, &'static str),
}

/// One for every operation and guard.
pub fn unguarded(model: &ServiceModel) -> impl Iterator<Item = Derived> {
    let core = model.operations.values().filter(|operation| operation.is_core());
    core.flat_map(move |operation| GUARDS.iter().map(move |guard| without(model, operation, guard)))
}

fn without(
    model: &ServiceModel,
    operation: &Operation,
    (name, what, rules, guard): &(&str, &str, &[&str], Guard),
) -> Derived {
    let (service, operation) = (&model.name, &operation.name);
    let effect = match guard {
        Guard::Handler(wrong) => Effect::Wrong(*wrong),
        Guard::Reading(there, at, with) => {
            let there = if there.is_empty() { format!("{service}:{operation}") } else { (*there).to_owned() };
            Effect::Misreads(vec![replaced(format!("Statement[].{at}").as_str().into(), there, with)])
        }
    };
    Derived {
        name: format!("unguarded/{operation}/{name}"),
        summary: format!("{operation} {what}"),
        caught_by: rules.iter().map(|rule| format!("{service}/{operation}/access/{rule}")).collect(),
        part: Part { on: vec![operation.clone()], effect },
    }
}

struct Walk<'m> {
    model: &'m ServiceModel,
    operation: &'m Operation,
    way: Vec<String>,
    found: Vec<Derived>,
}

impl<'m> Walk<'m> {
    fn shape(&mut self, name: &str) {
        let shapes: &'m Shapes = &self.model.shapes;
        match shapes.get(name).map(|shape| &shape.kind) {
            Some(Kind::Structure(members)) => {
                for (name, member) in members {
                    self.step(name, member);
                }
            }
            Some(Kind::List(element)) => self.step(ELEMENTS, element),
            _ => {}
        }
    }

    fn step(&mut self, name: &str, member: &'m Member) {
        self.way.push(name.to_owned());
        if let Some(shape) = self.model.shapes.get(&member.target) {
            self.presence(member, &shape.kind);
            self.constraints(&member.traits, &shape.kind);
            self.shape(&member.target);
        }
        self.way.pop();
    }

    /// What it is to be, and to be there.
    fn presence(&mut self, member: &Member, kind: &Kind) {
        let stand_in = stand_in(kind);
        // No plain value stands for text that must be JSON.
        if member.traits.is_json_text() {
            return;
        }
        let required = member.traits.required.then(|| stand_in.clone());
        // What has a default is never missing.
        if required.is_some() && member.traits.default.is_none() {
            let effect = Effect::Asks(vec![filled(self.place(), stand_in.clone())]);
            self.add("unenforced", "required", &["invalid/{}/required", "invalid/{}/null"], effect);
        }
        let effect = Effect::Asks(vec![coerced(self.place(), stand_in, required)]);
        self.add("unenforced", "type", &["invalid/{}/type", "invalid/{}/type.lenient"], effect);
    }

    fn constraints(&mut self, traits: &Traits, kind: &Kind) {
        let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
        // What is not for use is never asked to be taken. Of a condition, whose values answers tell, no edge is.
        let tightens = |constraint| {
            let values = matches!(constraint, Constraint::Pattern | Constraint::Enum);
            traits.internal.is_none() && (values || traits.condition.is_none())
        };
        let there = [
            (length.min.is_some_and(|min| min > 0), Constraint::LengthMin, "length.min"),
            (length.max.is_some(), Constraint::LengthMax, "length.max"),
            (range.min.is_some(), Constraint::RangeMin, "range.min"),
            (range.max.is_some(), Constraint::RangeMax, "range.max"),
            (traits.pattern.is_some(), Constraint::Pattern, "pattern"),
            (matches!(kind, Kind::Enum(_)), Constraint::Enum, "enum"),
        ];
        for (_, constraint, name) in there.into_iter().filter(|(there, ..)| *there) {
            let reshape = |tighter| Effect::Reshapes(Reshape { way: self.way.clone(), constraint, tighter });
            let (loose, tight) = (reshape(false), reshape(true));
            self.add("unenforced", name, &[&format!("invalid/{{}}/{name}")], loose);
            if tightens(constraint) {
                let edge = format!("boundary/{{}}/{name}");
                let shown = if traits.condition.is_some() { "condition/*" } else { "valid/input" };
                self.add("overdone", name, &[&edge, shown], tight);
            }
        }
        if traits.observed.is_some() {
            let reshape = Reshape { way: self.way.clone(), constraint: Constraint::Observed, tighter: false };
            let rules = ["invalid/{}/observed.length.max", "invalid/{}/observed.range.max"];
            self.add("unenforced", "observed", &rules, Effect::Reshapes(reshape));
        }
    }

    fn add(&mut self, how: &str, constraint: &str, rules: &[&str], effect: Effect) {
        let (service, operation, path) = (&self.model.name, &self.operation.name, self.path());
        let rule = |rule: &&str| format!("{service}/{operation}/{}", rule.replace("{}", &path));
        let what = if how == "unenforced" { "does not hold to" } else { "draws too tight" };
        self.found.push(Derived {
            name: format!("{how}/{operation}/{path}/{constraint}"),
            summary: format!("{operation} {what} `{constraint}` of {path}"),
            caught_by: rules.iter().map(rule).collect(),
            part: Part { on: vec![operation.clone()], effect },
        });
    }

    /// As rules write it.
    fn path(&self) -> String {
        self.way.join(".").replace(".[]", "[]")
    }

    fn place(&self) -> Place {
        Place::from(self.path().as_str())
    }
}

/// The plainest value of a kind.
fn stand_in(kind: &Kind) -> Value {
    match kind {
        Kind::Structure(_) | Kind::Map(_) => json!({}),
        Kind::List(_) => json!([]),
        Kind::Boolean => json!(false),
        Kind::Integer | Kind::Double | Kind::Timestamp => json!(1),
        Kind::Enum(values) => json!(values.first()),
        Kind::String | Kind::Blob => json!("stand-in"),
    }
}
