//! Rules from shapes: every member path of every input, at every depth, times every constraint on it,
//! and every promised member of every output. Decides levels of evidence; makes no values.

use crate::model::{Evidence, Family, Kind, Level, Lifecycle, Member, Operation, ServiceModel, Traits};

use super::constraint::Constraint;
use super::path::MemberPath;
use super::sentence::sentence;
use super::{Rule, Test};

/// The source for members the 2018 documents do not have.
const MODEL_SOURCE: &str = "model.current";

/// All rules the shapes of a model imply; what targets need not have is proved by behaviors alone.
pub(super) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let mut found = Vec::new();
    for operation in model.operations.values().filter(|operation| operation.is_core()) {
        let derivation = Derivation { model, operation };
        found.push(derivation.valid_input());
        derivation.input_members(&operation.input, &MemberPath::default(), &operation.name, &mut found);
        derivation.promised(&operation.output, &MemberPath::default(), &mut found);
    }
    found
}

struct Derivation<'m> {
    model: &'m ServiceModel,
    operation: &'m Operation,
}

/// A member in its place.
pub(super) struct Place<'m> {
    pub path: MemberPath,
    pub member: &'m Member,
    /// Operation or structure whose documentation describes it.
    pub owner: &'m str,
}

impl<'m> Derivation<'m> {
    fn valid_input(&self) -> Rule {
        let name = &self.operation.name;
        let (requirement, level) = match self.model.resource_of(name) {
            Some((_, Lifecycle::Create | Lifecycle::Put)) => (
                format!("{name} accepts every valid input, and what it wrote reads back equal."),
                Level::Documented,
            ),
            _ => (format!("{name} accepts every valid input."), Level::Documented),
        };
        let evidence = self.evidence(level, &self.operation.name, None);
        self.rule(Family::Valid, "input", requirement, evidence, Test::ValidInput)
    }

    fn input_members(&self, structure: &'m str, at: &MemberPath, owner: &'m str, found: &mut Vec<Rule>) {
        for member in self.model.members(structure) {
            let place = Place { path: at.member(&member.name), member, owner };
            self.member_rules(&place, found);
            self.beneath(&place, found);
        }
    }

    fn beneath(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        match &self.model.shape(&place.member.target).kind {
            Kind::Structure(_) => {
                self.input_members(&place.member.target, &place.path, &place.member.target, found);
            }
            Kind::List(item) => {
                let inner = Place { path: place.path.item(), member: item, owner: place.owner };
                self.constraint(&inner, Family::Invalid, Constraint::Type, Level::Documented, found);
                self.beneath(&inner, found);
            }
            _ => {}
        }
    }

    fn member_rules(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        self.presence(place, found);
        self.constraint(place, Family::Invalid, Constraint::Type, Level::Documented, found);
        match &self.model.shape(&place.member.target).kind {
            Kind::Boolean => {
                self.constraint(place, Family::Invalid, Constraint::LenientType, Level::Assumed, found);
            }
            Kind::Integer => {
                self.constraint(place, Family::Invalid, Constraint::LenientType, Level::Assumed, found);
                self.range(place, found);
            }
            Kind::Enum(_) => {
                self.constraint(place, Family::Invalid, Constraint::Enum, Level::Documented, found);
                if self.is_free(place) {
                    self.constraint(place, Family::Boundary, Constraint::Enum, Level::Documented, found);
                }
            }
            Kind::String => self.text(place, found),
            Kind::List(_) => self.list(place, found),
            Kind::Blob | Kind::Double | Kind::Map(_) | Kind::Structure(_) | Kind::Timestamp => {}
        }
    }

    fn presence(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        let traits = &place.member.traits;
        if traits.required {
            // A default fills in for what is missing, so nobody has shown that missing is refused.
            let level = if traits.default.is_some() { Level::Assumed } else { Level::Documented };
            self.constraint(place, Family::Invalid, Constraint::Required, level, found);
            self.constraint(place, Family::Invalid, Constraint::Null, level, found);
        } else {
            self.constraint(place, Family::Boundary, Constraint::Null, Level::Assumed, found);
        }
    }

    fn text(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        let traits = &place.member.traits;
        let length = traits.length.unwrap_or_default();
        let free = self.is_free(place) && !traits.sample.as_ref().is_some_and(|s| s.only);
        if length.min.is_some_and(|min| min > 0) {
            self.constraint(place, Family::Invalid, Constraint::LengthMin, Level::Documented, found);
            if free && traits.policy.is_none() {
                self.constraint(place, Family::Boundary, Constraint::LengthMin, Level::Documented, found);
            }
        }
        if length.max.is_some() {
            self.constraint(place, Family::Invalid, Constraint::LengthMax, Level::Documented, found);
            if free {
                self.constraint(place, Family::Boundary, Constraint::LengthMax, Level::Documented, found);
                self.units(place, found);
            }
        } else if traits.observed.as_ref().is_some_and(|o| o.length.is_some_and(|l| l.max.is_some())) {
            self.constraint(place, Family::Invalid, Constraint::ObservedLengthMax, Level::Observed, found);
        }
        self.pattern(place, free, found);
    }

    /// Documents count bytes, the model counts characters: in between both answers are right.
    fn units(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        if place.member.traits.policy.is_none() {
            self.constraint(place, Family::Boundary, Constraint::LengthUnits, Level::Assumed, found);
        }
    }

    fn pattern(&self, place: &Place<'m>, free: bool, found: &mut Vec<Rule>) {
        let Some(pattern) = &place.member.traits.pattern else { return };
        if pattern.alphabet().is_some() || !pattern.indispensable().is_empty() {
            self.constraint(place, Family::Invalid, Constraint::Pattern, Level::Documented, found);
        }
        if free && pattern.alphabet().is_some() {
            self.constraint(place, Family::Boundary, Constraint::Pattern, Level::Documented, found);
            if self.names_resource(place) {
                self.constraint(place, Family::Boundary, Constraint::Distinct, Level::Assumed, found);
            }
        } else if pattern.alphabet().is_none() && self.is_free(place) && place.member.traits.sample.is_some()
        {
            self.constraint(place, Family::Boundary, Constraint::Pattern, Level::Documented, found);
        }
    }

    /// Whether valid inputs may carry any valid value of the member, whatever the state. A page's token is
    /// valid only where an answer handed it out.
    fn is_free(&self, place: &Place<'m>) -> bool {
        let traits = &place.member.traits;
        let token = self.operation.paginated.as_ref().map(|p| p.input_token.as_str());
        let is_token = place.path.segments().len() == 1 && token == Some(place.member.name.as_str());
        traits.internal.is_none() && traits.condition.is_none() && !is_token
    }

    fn names_resource(&self, place: &Place<'m>) -> bool {
        let is_identifier = |r: &crate::model::Resource| r.identifiers.contains(&place.member.name);
        matches!(self.model.resource_of(&self.operation.name), Some((r, Lifecycle::Create)) if is_identifier(r))
            && place.path.segments().len() == 1
    }

    fn range(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        let traits = &place.member.traits;
        let range = traits.range.unwrap_or_default();
        let edges = [(range.min, Constraint::RangeMin), (range.max, Constraint::RangeMax)];
        for (_, constraint) in edges.into_iter().filter(|(edge, _)| edge.is_some()) {
            self.constraint(place, Family::Invalid, constraint, Level::Documented, found);
            if self.is_free(place) {
                self.constraint(place, Family::Boundary, constraint, Level::Documented, found);
            }
        }
        if traits.observed.as_ref().is_some_and(|o| o.range.is_some_and(|r| r.max.is_some())) {
            self.constraint(place, Family::Invalid, Constraint::ObservedRangeMax, Level::Observed, found);
        }
    }

    fn list(&self, place: &Place<'m>, found: &mut Vec<Rule>) {
        let traits = &place.member.traits;
        if traits.length.is_some_and(|l| l.max.is_some()) {
            self.constraint(place, Family::Invalid, Constraint::LengthMax, Level::Documented, found);
        }
        if traits.observed.as_ref().is_some_and(|o| o.length.is_some_and(|l| l.max.is_some())) {
            self.constraint(place, Family::Invalid, Constraint::ObservedLengthMax, Level::Observed, found);
        }
    }

    fn constraint(
        &self,
        place: &Place<'m>,
        family: Family,
        constraint: Constraint,
        level: Level,
        found: &mut Vec<Rule>,
    ) {
        let traits = &place.member.traits;
        let evidence = match (&traits.observed, constraint) {
            (Some(seen), Constraint::ObservedLengthMax | Constraint::ObservedRangeMax) => {
                seen.evidence.clone()
            }
            _ if family == Family::Invalid && self.looks_up(place, constraint) => self.seen_refusals(),
            _ => self.evidence(level, place.owner, Some(traits)),
        };
        let evidence = with_pattern_source(evidence, constraint);
        let requirement = sentence(self.model, &self.operation.name, place, family, constraint);
        let (path, name) = (place.path.clone(), format!("{}/{}", place.path, constraint.name()));
        let test = if family == Family::Invalid {
            Test::Invalid(path, constraint)
        } else {
            Test::Boundary(path, constraint)
        };
        found.push(self.rule(family, &name, requirement, evidence, test));
    }

    fn promised(&self, structure: &'m str, at: &MemberPath, found: &mut Vec<Rule>) {
        for member in self.model.members(structure) {
            let path = at.member(&member.name);
            if let Some(evidence) = &member.traits.promised {
                let requirement = format!("Every successful answer to {} has {path}.", self.operation.name);
                let name = format!("{path}/present");
                found.push(self.rule(
                    Family::Valid,
                    &name,
                    requirement,
                    evidence.clone(),
                    Test::Promised(path.clone()),
                ));
            }
            match &self.model.shape(&member.target).kind {
                Kind::Structure(_) => self.promised(&member.target, &path, found),
                Kind::List(item) => self.promised(&item.target, &path.item(), found),
                _ => {}
            }
        }
    }

    /// A name that breaks a constraint is also the name of nothing, and no document says which of the two
    /// must be answered: that the service looks at the constraint first has only been seen.
    fn looks_up(&self, place: &Place<'m>, constraint: Constraint) -> bool {
        let of_text =
            matches!(constraint, Constraint::LengthMin | Constraint::LengthMax | Constraint::Pattern);
        let by_name = |resource: &crate::model::Resource, role| {
            matches!(role, Lifecycle::Read | Lifecycle::Delete)
                && (resource.identifiers.contains(&place.member.name)
                    || place.member.traits.internal.is_some())
        };
        of_text
            && self
                .model
                .resource_of(&self.operation.name)
                .is_some_and(|(resource, role)| by_name(resource, role))
    }

    fn seen_refusals(&self) -> Evidence {
        self.model.refusals.evidence.clone()
    }

    /// The 2018 documents say so, or else the published model.
    fn evidence(&self, level: Level, owner: &str, traits: Option<&Traits>) -> Evidence {
        let documented = format!("doc.{owner}");
        let old = traits.is_none_or(|t| t.since == crate::model::Edition::E2018);
        let source = if old && self.model.sources.contains_key(&documented) {
            documented
        } else {
            MODEL_SOURCE.to_owned()
        };
        Evidence { level, sources: vec![source], note: None }
    }

    fn rule(&self, family: Family, name: &str, requirement: String, evidence: Evidence, test: Test) -> Rule {
        Rule {
            id: format!("{}/{}/{family}/{name}", self.model.name, self.operation.name),
            service: self.model.name.clone(),
            operation: self.operation.name.clone(),
            family,
            capability: self.operation.capability,
            also: Vec::new(),
            requirement,
            evidence,
            test,
        }
    }
}

/// The documents name patterns without showing them; the model shows them.
fn with_pattern_source(mut evidence: Evidence, constraint: Constraint) -> Evidence {
    if constraint == Constraint::Pattern && !evidence.sources.iter().any(|s| s == MODEL_SOURCE) {
        evidence.sources.push(MODEL_SOURCE.to_owned());
    }
    evidence
}
