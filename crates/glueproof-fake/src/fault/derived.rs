//! Faults derived from the specs: one for each constraint of an input, dropped or tightened, and one for each guard
//! of an operation. Must not name a shape, member or operation.
//! [`constraint_faults`], [`guard_faults`] and [`first_errors`] are the entry points.

use serde_json::{Value, json};

use super::bug::Bug;
use super::edit::{JsonPath, coerced, filled, replaced};
use super::effect::{Effect, FaultPart};
use super::request::{Constraint, ConstraintFault, LIST_ELEMENTS, Shapes};
use glueproof_spec::{Kind, Member, Operation, ServiceModel, Traits};

/// A derived fault.
#[derive(Debug)]
pub struct DerivedFault {
    pub name: String,
    pub summary: String,
    pub caught_by: Vec<String>,
    pub part: FaultPart,
}

/// Returns the faults of all constraints of a service.
pub fn constraint_faults(model: &ServiceModel) -> Vec<DerivedFault> {
    let core = model.operations.values().filter(|operation| operation.is_core());
    core.flat_map(|operation| {
        let mut walk = Walk { model, operation, path: Vec::new(), found: Vec::new() };
        walk.shape(&operation.input);
        walk.found
    })
    .collect()
}

/// Returns a part for each operation that refuses its calls with the first declared error.
pub fn first_errors(model: &ServiceModel) -> impl Iterator<Item = FaultPart> {
    model.operations.values().filter_map(|operation| {
        let effect = Effect::Refuse(operation.errors.first()?.clone(), None);
        Some(FaultPart { on: vec![operation.name.clone()], every: None, effect })
    })
}

/// The guards that keep callers out of an operation. Each fault removes one guard from one operation. The fields are
/// the name of the fault, its summary, the rules that find it, and its effect.
const GUARDS: [(&str, &str, &[&str], Guard); 7] = [
    ("signature", "is done for who does not sign", &["unsigned"], Guard::Bug(Bug::UnsignedIsRoot)),
    ("secret", "takes every signature for right", &["wrong-secret"], Guard::Bug(Bug::SignatureUnchecked)),
    (
        "key",
        "is done under an access key that does not exist",
        &["unknown-key"],
        Guard::Bug(Bug::UnknownKeyIsRoot),
    ),
    ("time", "is done however long ago it was signed", &["late"], Guard::Bug(Bug::TimeUnchecked)),
    ("permission", "is done for everybody", &["not-permitted", "denied"], Guard::Bug(Bug::Unauthorized)),
    ("denial", "is done for who is forbidden it", &["denied"], Guard::Policy("Deny", "Effect", "None")),
    (
        "allowance",
        "is refused to who may do it alone",
        &["permitted"],
        Guard::Policy("", "Action", "none:None"),
    ),
];

/// The way in which a guard is missing.
enum Guard {
    /// A failpoint of a handler.
    Bug(Bug),
    /// An edit of policies: the value to replace (the action if empty), the member of a statement, the new value.
    Policy(&'static str, &'static str, &'static str),
}

/// Returns a fault for each operation and guard.
pub fn guard_faults(model: &ServiceModel) -> impl Iterator<Item = DerivedFault> {
    let core = model.operations.values().filter(|operation| operation.is_core());
    core.flat_map(move |operation| GUARDS.iter().map(move |guard| without(model, operation, guard)))
}

fn without(
    model: &ServiceModel,
    operation: &Operation,
    (name, what, rules, guard): &(&str, &str, &[&str], Guard),
) -> DerivedFault {
    let (service, operation) = (&model.name, &operation.name);
    let effect = match guard {
        Guard::Bug(bug) => Effect::Bug(*bug),
        Guard::Policy(there, at, with) => {
            let there = if there.is_empty() { format!("{service}:{operation}") } else { (*there).to_owned() };
            Effect::EditPolicies(vec![replaced(format!("Statement[].{at}").as_str().into(), there, with)])
        }
    };
    DerivedFault {
        name: format!("unguarded/{operation}/{name}"),
        summary: format!("{operation} {what}"),
        caught_by: rules.iter().map(|rule| format!("{service}/{operation}/access/{rule}")).collect(),
        part: FaultPart { on: vec![operation.clone()], every: None, effect },
    }
}

struct Walk<'m> {
    model: &'m ServiceModel,
    operation: &'m Operation,
    path: Vec<String>,
    found: Vec<DerivedFault>,
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
            Some(Kind::List(element)) => self.step(LIST_ELEMENTS, element),
            _ => {}
        }
    }

    fn step(&mut self, name: &str, member: &'m Member) {
        self.path.push(name.to_owned());
        if let Some(shape) = self.model.shapes.get(&member.target) {
            self.presence(member, &shape.kind);
            self.constraints(&member.traits, &shape.kind);
            self.shape(&member.target);
        }
        self.path.pop();
    }

    /// Adds the faults on the type and the presence of a member.
    fn presence(&mut self, member: &Member, kind: &Kind) {
        let simplest = simplest(kind);
        // Text that must be JSON has no simple substitute.
        if member.traits.is_json_text() {
            return;
        }
        let required = member.traits.required.then(|| simplest.clone());
        // A member with a default is never missing.
        if required.is_some() && member.traits.default.is_none() {
            let effect = Effect::EditRequest(vec![filled(self.json_path(), simplest.clone())]);
            self.add("unenforced", "required", &["invalid/{}/required", "invalid/{}/null"], effect);
        }
        let effect = Effect::EditRequest(vec![coerced(self.json_path(), simplest, required)]);
        self.add("unenforced", "type", &["invalid/{}/type", "invalid/{}/type.lenient"], effect);
    }

    fn constraints(&mut self, traits: &Traits, kind: &Kind) {
        let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
        // No rule sends internal members, nor the edges of a condition whose values come from responses.
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
            let fault = |tighter| {
                Effect::Constraint(ConstraintFault { path: self.path.clone(), constraint, tighter })
            };
            let (loose, tight) = (fault(false), fault(true));
            self.add("unenforced", name, &[&format!("invalid/{{}}/{name}")], loose);
            if tightens(constraint) {
                let edge = format!("boundary/{{}}/{name}");
                let shown = if traits.condition.is_some() { "condition/*" } else { "valid/input" };
                self.add("overdone", name, &[&edge, shown], tight);
            }
        }
        if traits.observed.as_ref().is_some_and(|observed| observed.is_enforced()) {
            let fault =
                ConstraintFault { path: self.path.clone(), constraint: Constraint::Observed, tighter: false };
            let rules = ["invalid/{}/observed.length.max", "invalid/{}/observed.range.max"];
            self.add("unenforced", "observed", &rules, Effect::Constraint(fault));
        }
    }

    fn add(&mut self, how: &str, constraint: &str, rules: &[&str], effect: Effect) {
        let (service, operation, path) = (&self.model.name, &self.operation.name, self.written_path());
        let rule = |rule: &&str| format!("{service}/{operation}/{}", rule.replace("{}", &path));
        let what = if how == "unenforced" { "does not hold to" } else { "draws too tight" };
        self.found.push(DerivedFault {
            name: format!("{how}/{operation}/{path}/{constraint}"),
            summary: format!("{operation} {what} `{constraint}` of {path}"),
            caught_by: rules.iter().map(rule).collect(),
            part: FaultPart { on: vec![operation.clone()], every: None, effect },
        });
    }

    /// Returns the path as rule ids write it.
    fn written_path(&self) -> String {
        self.path.join(".").replace(".[]", "[]")
    }

    fn json_path(&self) -> JsonPath {
        JsonPath::from(self.written_path().as_str())
    }
}

/// Returns the simplest value of a kind.
fn simplest(kind: &Kind) -> Value {
    match kind {
        Kind::Structure(_) | Kind::Map(_) => json!({}),
        Kind::List(_) => json!([]),
        Kind::Boolean => json!(false),
        Kind::Integer | Kind::Double | Kind::Timestamp => json!(1),
        Kind::Enum(values) => json!(values.first()),
        Kind::String | Kind::Blob => json!("stand-in"),
    }
}
