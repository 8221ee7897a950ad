//! Derives the rules on constraints: every member path of every input, at every depth, times every constraint.
//! Must not make values.
//! The entry point is [`rules`].

use crate::model::{
    Evidence, Family, Kind, Level, Lifecycle, Member, MemberPath, Resource, ServiceModel, Traits,
};
use crate::rule::constraint::Constraint;
use crate::rule::definition::Rule;
use crate::rule::families::shape_rules::{MODEL_SOURCE, ShapeRules};

use super::boundary::Boundary;
use super::invalid::InvalidInput;

/// Derives all rules on constraints.
pub(in crate::rule::families) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let mut found = Vec::new();
    for shapes in ShapeRules::of_core(model) {
        let derivation = Derivation { shapes };
        let operation = shapes.operation;
        derivation.input_members(&operation.input, &MemberPath::default(), &operation.name, &mut found);
    }
    found
}

struct Derivation<'m> {
    shapes: ShapeRules<'m>,
}

/// A member of the input.
struct InputMember<'m> {
    path: MemberPath,
    definition: &'m Member,
    /// The operation or structure whose documentation describes the member.
    owner: &'m str,
}

impl<'m> Derivation<'m> {
    fn input_members(&self, structure: &'m str, at: &MemberPath, owner: &'m str, found: &mut Vec<Rule>) {
        for definition in self.shapes.model.members(structure) {
            let member = InputMember { path: at.member(&definition.name), definition, owner };
            self.member_rules(&member, found);
            self.nested_rules(&member, found);
        }
    }

    fn nested_rules(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        match &self.shapes.model.shape(&member.definition.target).kind {
            Kind::Structure(_) => {
                self.input_members(&member.definition.target, &member.path, &member.definition.target, found);
            }
            Kind::List(item) => {
                let inner = InputMember { path: member.path.item(), definition: item, owner: member.owner };
                self.constraint(&inner, Family::Invalid, Constraint::Type, Level::Documented, found);
                self.nested_rules(&inner, found);
            }
            _ => {}
        }
    }

    fn member_rules(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        self.presence(member, found);
        self.constraint(member, Family::Invalid, Constraint::Type, Level::Documented, found);
        match &self.shapes.model.shape(&member.definition.target).kind {
            Kind::Boolean => {
                self.constraint(member, Family::Invalid, Constraint::LenientType, Level::Assumed, found);
            }
            Kind::Integer => {
                self.constraint(member, Family::Invalid, Constraint::LenientType, Level::Assumed, found);
                self.range(member, found);
            }
            Kind::Enum(_) => {
                self.constraint(member, Family::Invalid, Constraint::Enum, Level::Documented, found);
                if self.is_free(member) {
                    self.constraint(member, Family::Boundary, Constraint::Enum, Level::Documented, found);
                }
            }
            Kind::String => self.text(member, found),
            Kind::List(_) => self.list(member, found),
            Kind::Blob | Kind::Double | Kind::Map(_) | Kind::Structure(_) | Kind::Timestamp => {}
        }
    }

    fn presence(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        let traits = &member.definition.traits;
        if traits.required {
            // A default replaces a missing member. No source shows that the service refuses its absence.
            let level = if traits.default.is_some() { Level::Assumed } else { Level::Documented };
            self.constraint(member, Family::Invalid, Constraint::Required, level, found);
            self.constraint(member, Family::Invalid, Constraint::Null, level, found);
        } else {
            self.constraint(member, Family::Boundary, Constraint::Null, Level::Assumed, found);
        }
    }

    fn text(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        let traits = &member.definition.traits;
        let length = traits.length.unwrap_or_default();
        let free = self.is_free(member) && !traits.sample.as_ref().is_some_and(|s| s.only);
        if length.min.is_some_and(|min| min > 0) {
            self.constraint(member, Family::Invalid, Constraint::LengthMin, Level::Documented, found);
            if free && traits.policy.is_none() {
                self.constraint(member, Family::Boundary, Constraint::LengthMin, Level::Documented, found);
            }
        }
        if length.max.is_some() {
            self.constraint(member, Family::Invalid, Constraint::LengthMax, Level::Documented, found);
            if free {
                self.constraint(member, Family::Boundary, Constraint::LengthMax, Level::Documented, found);
                self.units(member, found);
            }
        } else if traits
            .observed
            .as_ref()
            .is_some_and(|o| o.is_enforced() && o.length.is_some_and(|l| l.max.is_some()))
        {
            self.constraint(member, Family::Invalid, Constraint::ObservedLengthMax, Level::Observed, found);
        }
        self.pattern(member, free, found);
    }

    /// The documents count bytes and the model counts characters. In between both responses are right.
    fn units(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        if member.definition.traits.policy.is_none() {
            self.constraint(member, Family::Boundary, Constraint::LengthUnits, Level::Assumed, found);
        }
    }

    fn pattern(&self, member: &InputMember<'m>, free: bool, found: &mut Vec<Rule>) {
        let Some(pattern) = &member.definition.traits.pattern else { return };
        if pattern.alphabet().is_some() || !pattern.indispensable().is_empty() {
            self.constraint(member, Family::Invalid, Constraint::Pattern, Level::Documented, found);
        }
        if free && pattern.alphabet().is_some() {
            self.constraint(member, Family::Boundary, Constraint::Pattern, Level::Documented, found);
            if self.names_resource(member) {
                self.constraint(member, Family::Boundary, Constraint::Distinct, Level::Assumed, found);
                self.constraint(
                    member,
                    Family::Boundary,
                    Constraint::DistinctPlace,
                    Level::Documented,
                    found,
                );
            }
        } else if pattern.alphabet().is_none()
            && self.is_free(member)
            && member.definition.traits.sample.is_some()
        {
            self.constraint(member, Family::Boundary, Constraint::Pattern, Level::Documented, found);
        }
    }

    /// Returns true if valid inputs may contain any valid value of the member in every state. The token of a page is
    /// valid only if a response returned it.
    fn is_free(&self, member: &InputMember<'m>) -> bool {
        let traits = &member.definition.traits;
        let token = self.shapes.operation.paginated.as_ref().map(|p| p.input_token.as_str());
        let is_token = member.path.segments().len() == 1 && token == Some(member.definition.name.as_str());
        traits.internal.is_none() && traits.condition.is_none() && !is_token
    }

    fn names_resource(&self, member: &InputMember<'m>) -> bool {
        let is_identifier = |r: &Resource| r.identifiers.contains(&member.definition.name);
        matches!(self.shapes.model.resource_of(&self.shapes.operation.name), Some((r, Lifecycle::Create)) if is_identifier(r))
            && member.path.segments().len() == 1
    }

    fn range(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        let traits = &member.definition.traits;
        let range = traits.range.unwrap_or_default();
        let edges = [(range.min, Constraint::RangeMin), (range.max, Constraint::RangeMax)];
        for (_, constraint) in edges.into_iter().filter(|(edge, _)| edge.is_some()) {
            self.constraint(member, Family::Invalid, constraint, Level::Documented, found);
            if self.is_free(member) {
                self.constraint(member, Family::Boundary, constraint, Level::Documented, found);
            }
        }
        if traits
            .observed
            .as_ref()
            .is_some_and(|o| o.is_enforced() && o.range.is_some_and(|r| r.max.is_some()))
        {
            self.constraint(member, Family::Invalid, Constraint::ObservedRangeMax, Level::Observed, found);
        }
    }

    fn list(&self, member: &InputMember<'m>, found: &mut Vec<Rule>) {
        let traits = &member.definition.traits;
        if traits.length.is_some_and(|l| l.max.is_some()) {
            self.constraint(member, Family::Invalid, Constraint::LengthMax, Level::Documented, found);
        }
        if traits
            .observed
            .as_ref()
            .is_some_and(|o| o.is_enforced() && o.length.is_some_and(|l| l.max.is_some()))
        {
            self.constraint(member, Family::Invalid, Constraint::ObservedLengthMax, Level::Observed, found);
        }
    }

    fn constraint(
        &self,
        member: &InputMember<'m>,
        family: Family,
        constraint: Constraint,
        level: Level,
        found: &mut Vec<Rule>,
    ) {
        let traits = &member.definition.traits;
        let evidence = match (&traits.observed, constraint) {
            (Some(seen), Constraint::ObservedLengthMax | Constraint::ObservedRangeMax) => {
                seen.evidence.clone()
            }
            _ if family == Family::Invalid && self.names_resource_to_find(member, constraint) => {
                self.observed_refusals()
            }
            (_, Constraint::LenientType) => match self.shapes.model.wire.get(constraint.name()) {
                Some(evidence) => evidence.clone(),
                None => self.shapes.evidence(level, member.owner, Some(traits)),
            },
            _ => self.shapes.evidence(level, member.owner, Some(traits)),
        };
        let evidence = with_pattern_source(evidence, constraint);
        let requirement =
            sentence(self.shapes.model, &self.shapes.operation.name, member, family, constraint);
        let (path, name) = (member.path.clone(), format!("{}/{}", member.path, constraint.name()));
        found.push(if family == Family::Invalid {
            self.shapes.rule(family, &name, requirement, evidence, InvalidInput { path, constraint })
        } else {
            self.shapes.rule(family, &name, requirement, evidence, Boundary { path, constraint })
        });
    }

    /// Returns true if the member names the resource to look up. A name that violates a constraint names no resource
    /// either, and no document defines which error comes first. That the constraint comes first has only been observed.
    fn names_resource_to_find(&self, member: &InputMember<'m>, constraint: Constraint) -> bool {
        let of_text =
            matches!(constraint, Constraint::LengthMin | Constraint::LengthMax | Constraint::Pattern);
        let by_name = |resource: &Resource, role| {
            matches!(role, Lifecycle::Read | Lifecycle::Delete)
                && (resource.identifiers.contains(&member.definition.name)
                    || member.definition.traits.internal.is_some())
        };
        of_text
            && self
                .shapes
                .model
                .resource_of(&self.shapes.operation.name)
                .is_some_and(|(resource, role)| by_name(resource, role))
    }

    fn observed_refusals(&self) -> Evidence {
        self.shapes.model.refusals.evidence.clone()
    }
}

/// The documents mention patterns without showing them; the model shows them.
fn with_pattern_source(mut evidence: Evidence, constraint: Constraint) -> Evidence {
    if constraint == Constraint::Pattern && !evidence.sources.iter().any(|s| s == MODEL_SOURCE) {
        evidence.sources.push(MODEL_SOURCE.to_owned());
    }
    evidence
}

/// Returns the requirement of a rule on a constraint.
fn sentence(
    model: &ServiceModel,
    operation: &str,
    member: &InputMember<'_>,
    family: Family,
    constraint: Constraint,
) -> String {
    let path = &member.path;
    if family == Family::Invalid {
        return format!(
            "{operation} refuses {}, and changes nothing.",
            invalid_input(model, member, constraint)
        );
    }
    let input = valid_input(member, constraint);
    match constraint {
        Constraint::Null => format!("{operation} treats {input} as not given."),
        Constraint::LengthUnits => {
            format!("{operation} accepts or refuses {input}, and does not fail on it.")
        }
        Constraint::DistinctPlace => format!(
            "{operation} treats values of {path} as different that differ in one place only, or by an escape."
        ),
        Constraint::Distinct => format!(
            "{operation} treats values of {path} that differ by case, by a space or by composition as different."
        ),
        _ => format!("{operation} accepts {input}."),
    }
}

/// Describes the input that a rule requires to be refused.
fn invalid_input(model: &ServiceModel, member: &InputMember<'_>, constraint: Constraint) -> String {
    let (path, traits) = (&member.path, &member.definition.traits);
    let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
    let observed = traits.observed.as_deref();
    let kind = &model.shape(&member.definition.target).kind;
    match constraint {
        Constraint::Required => format!("a request without {path}"),
        Constraint::Type => format!("{path} of another JSON type than {}", type_name(kind)),
        Constraint::LenientType => format!("{path} as text or fraction that some parsers would convert"),
        Constraint::LengthMin => format!("{path} shorter than {} characters", number(length.min)),
        Constraint::LengthMax => {
            format!("{path} longer than {}, counted in characters and in bytes", number(length.max))
        }
        Constraint::Pattern => format!("{path} that does not match {}", pattern_text(traits)),
        Constraint::Enum => format!("{path} that is none of the listed values"),
        Constraint::RangeMin => format!("{path} below {}", number(range.min)),
        Constraint::RangeMax => format!("{path} above {}", number(range.max)),
        Constraint::ObservedLengthMax => {
            let unit = if matches!(kind, Kind::List(_)) { "elements" } else { "bytes" };
            format!("{path} with more than {} {unit}", number(observed.and_then(|o| o.length?.max)))
        }
        Constraint::ObservedRangeMax => {
            format!("{path} above {}", number(observed.and_then(|o| o.range?.max)))
        }
        Constraint::Null | Constraint::LengthUnits | Constraint::Distinct | Constraint::DistinctPlace => {
            valid_input(member, constraint)
        }
    }
}

/// Describes the input at the edge of a constraint, which a rule requires to be accepted.
fn valid_input(member: &InputMember<'_>, constraint: Constraint) -> String {
    let (path, traits) = (&member.path, &member.definition.traits);
    let (length, range) = (traits.length.unwrap_or_default(), traits.range.unwrap_or_default());
    match constraint {
        Constraint::Null => format!("{path} given as null"),
        Constraint::LengthMin => format!("{path} of {} characters, the fewest allowed", number(length.min)),
        Constraint::LengthMax => format!("{path} of {} bytes, the most allowed", number(length.max)),
        Constraint::LengthUnits => {
            format!("{path} with more than {} bytes and no more characters than that", number(length.max))
        }
        Constraint::Pattern if traits.pattern.as_ref().is_some_and(|p| p.alphabet().is_none()) => {
            format!("{path} in each of its usual forms")
        }
        Constraint::Pattern => format!("{path} with unusual characters that match {}", pattern_text(traits)),
        Constraint::Enum => format!("each listed value of {path}"),
        Constraint::RangeMin => format!("{path} of {}, the smallest allowed", number(range.min)),
        Constraint::RangeMax => format!("{path} of the largest value allowed"),
        _ => path.to_string(),
    }
}

fn number(edge: Option<i64>) -> String {
    edge.map_or_else(String::new, |n| n.to_string())
}

fn pattern_text(traits: &Traits) -> String {
    traits.pattern.as_ref().map_or_else(String::new, |p| format!("`{}`", p.written()))
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Enum(_) | Kind::Blob => "string",
        Kind::Boolean => "boolean",
        Kind::Integer | Kind::Double | Kind::Timestamp => "number",
        Kind::List(_) => "array",
        Kind::Map(_) | Kind::Structure(_) => "object",
    }
}
