//! The rules that ask for acceptance and those that ask for refusal, read off the rules themselves; and what a server
//! may rightly be credited with that answers without a thought.

use glueproof::model::{CellKey, Edition, Expect, PaginationLaw, Role, ScenarioStep, Specs};
use glueproof::rule::{
    Boundary, Catalog, ConditionAspect, ConditionCell, Constraint, InvalidInput, ProtocolRequirement, Rule,
    Scenario,
};

/// The rules of the current edition.
pub fn catalog() -> Catalog {
    Catalog::new(&Specs::embedded(Edition::Current).unwrap())
}

/// Returns whether every case of the rule has a call that must be accepted, and the rule is about that.
pub fn is_positive(rule: &Rule) -> bool {
    let test = &rule.test;
    if let Some(boundary) = test.downcast_ref::<Boundary>() {
        // Such values are neither to be accepted nor to be refused, but must not make the server fail.
        return boundary.constraint != Constraint::LengthUnits;
    }
    if let Some(wire) = test.downcast_ref::<ProtocolRequirement>() {
        return !is_bent(*wire) && !test.needs_refusal();
    }
    if let Some(cell) = test.downcast_ref::<ConditionCell>() {
        return cell.aspect == ConditionAspect::Response && !may(rule, &cell.key).1;
    }
    if let Some(law) = test.downcast_ref::<PaginationLaw>() {
        return !must_refuse(*law) && *law != PaginationLaw::StaleToken;
    }
    if let Some(Scenario { steps }) = test.downcast_ref() {
        return steps.iter().any(must_be_accepted) && !steps.iter().any(must_be_refused);
    }
    !test.is::<InvalidInput>()
}

/// Returns whether every case of the rule has a call that must be refused, and the rule is about that.
pub fn is_negative(rule: &Rule) -> bool {
    let test = &rule.test;
    if let Some(wire) = test.downcast_ref::<ProtocolRequirement>() {
        return is_bent(*wire) || test.needs_refusal();
    }
    if let Some(cell) = test.downcast_ref::<ConditionCell>() {
        return !may(rule, &cell.key).0;
    }
    if let Some(law) = test.downcast_ref::<PaginationLaw>() {
        return must_refuse(*law);
    }
    if let Some(Scenario { steps }) = test.downcast_ref() {
        return steps.iter().any(must_be_refused);
    }
    test.is::<InvalidInput>()
}

/// Returns whether a call may be accepted in a situation, and whether it may be refused.
fn may(rule: &Rule, situation: &CellKey) -> (bool, bool) {
    let specs = Specs::embedded(Edition::Current).unwrap();
    let cell = &specs.services[0].tables[&rule.operation].cells[situation];
    (cell.accepts(), cell.codes().next().is_some())
}

fn must_refuse(law: PaginationLaw) -> bool {
    matches!(law, PaginationLaw::AlteredToken | PaginationLaw::ForeignToken)
}

fn is_bent(wire: ProtocolRequirement) -> bool {
    matches!(
        wire,
        ProtocolRequirement::MalformedJson
            | ProtocolRequirement::NotAnObject
            | ProtocolRequirement::ContentType
            | ProtocolRequirement::UnknownOperation
    )
}

fn must_be_accepted(step: &ScenarioStep) -> bool {
    step.role != Role::Arrange && matches!(step.expectation(), Expect::Ok(_))
}

fn must_be_refused(step: &ScenarioStep) -> bool {
    step.role != Role::Arrange && matches!(step.expectation(), Expect::Refused { .. })
}

/// Parts of ids, and why a rule with it may pass on a server that answers with an empty object or with
/// what it was sent.
pub const HARMLESS: [(&str, &str); 6] = [
    ("/wire/response-content-type", "the header is right"),
    ("/wire/request-id", "the header is right"),
    ("PutDataCatalogEncryptionSettings/wire/", "nothing wrong stands in an answer that must be empty"),
    ("/valid/empty-answer", "it is empty"),
    (
        "GetResourcePolicies/valid/without-a-policy",
        "without a policy, any answer but an error is right (assumed)",
    ),
    ("CreateSecurityConfiguration/", "the name that was sent is the name to answer, and of the right type"),
];
