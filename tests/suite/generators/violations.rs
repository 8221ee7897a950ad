//! Cases of invalid rules: the call violates the labelled constraint at the labelled member and nothing
//! else, and everything around the call violates nothing.

use glueproof::case::Case;
use glueproof::model::{Edition, Expect, Role};
use glueproof::rule::{InvalidInput, Rule};

use super::draws::{Source, about, act, sent};
use super::validator::{Fault, Validator};

/// The faults a case of the rule must have, to the last.
fn wanted(rule: &Rule, found: &[Fault]) -> Vec<Fault> {
    let (path, constraint) = about(rule).unwrap();
    let constraint = match constraint.as_str() {
        // A type some parsers would convert is another type still.
        "type.lenient" => "type",
        other => other,
    };
    // An empty text cannot be an ARN, so that too short and of the wrong form are one for ARNs.
    let both = constraint == "length.min" && path.ends_with("ResourceArn");
    let names: Vec<&'static str> = found.iter().map(|(_, name)| *name).collect();
    if both {
        assert_eq!(names, ["length.min", "pattern"], "{}", rule.id);
        return found.iter().map(|(_, name)| (path.clone(), *name)).collect();
    }
    let name = names.iter().find(|name| **name == constraint);
    vec![(path, name.copied().unwrap_or("the labelled constraint"))]
}

fn check(validator: &Validator, rule: &Rule, control: bool, case: &Case) {
    let step = act(case);
    let found = validator.faults(&step.operation, &sent(step));
    if control {
        assert_eq!(found, [], "control of {}: {case:#?}", rule.id);
        assert!(matches!(step.expect, Expect::Ok(_)), "{}", rule.id);
    } else {
        assert_eq!(found, wanted(rule, &found), "{} ({})\n{case:#?}", rule.id, case.label);
        assert!(matches!(&step.expect, Expect::Refused { codes, .. } if !codes.is_empty()), "{}", rule.id);
    }
    for around in case.steps.iter().filter(|s| matches!(s.role, Role::Arrange | Role::Context)) {
        let faults = validator.faults(&around.operation, &sent(around));
        assert_eq!(faults, [], "a call around {}: {case:#?}", rule.id);
    }
}

fn check_all(edition: Edition, cases: impl Fn(&Source, &Rule) -> Vec<(bool, Case)>) {
    let (source, validator) = (Source::new(edition), Validator::new(edition));
    let mut rules = 0;
    for rule in source.rules.iter().filter(|r| r.test.is::<InvalidInput>()) {
        let drawn = cases(&source, rule);
        assert!(drawn.iter().any(|(control, _)| *control), "{} has no control", rule.id);
        assert!(drawn.iter().any(|(control, _)| !control), "{} has no cases", rule.id);
        for (control, case) in &drawn {
            check(&validator, rule, *control, case);
        }
        rules += 1;
    }
    assert!(rules > 80, "only {rules} rules looked at");
}

#[test]
fn of_2018_are_what_their_labels_say() {
    check_all(Edition::E2018, super::draws::Source::cases);
}

#[test]
fn of_current_are_what_their_labels_say() {
    check_all(Edition::Current, super::draws::Source::cases);
}

#[test]
fn shrunk_are_what_their_labels_say() {
    for edition in Edition::ALL {
        check_all(edition, |source, rule| {
            // The unshrunk control comes first, for not all controls can be shrunk.
            let control = source.cases(rule).into_iter().find(|(control, _)| *control);
            let first = source.cases(rule).into_iter().find(|(control, _)| !control);
            control.into_iter().chain(first).chain(source.shrunk(rule)).collect()
        });
    }
}

#[test]
fn refused_calls_leave_something_alone() {
    let source = Source::new(Edition::Current);
    for rule in source.rules.iter().filter(|r| r.test.is::<InvalidInput>()) {
        let writes = !rule.operation.starts_with("Get");
        for (_, case) in source.cases(rule).iter().filter(|(control, _)| !control) {
            let looks = case.steps.last().unwrap().role == Role::Observe;
            assert_eq!(looks, writes, "{}: {case:#?}", rule.id);
        }
    }
}
