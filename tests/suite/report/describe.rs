//! Rules listed and explained.

use glueproof::model::{Confidence, Level, Source};
use glueproof::report::{RuleDescription, TerminalOptions, explain, list};

use super::fixture::{evidence, passed};

fn rule() -> RuleDescription {
    let rule = passed("glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max");
    let source = Source {
        source: "https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-security.html".to_owned(),
        says: "A hash is between 1 and 255 characters long.".to_owned(),
        confidence: Confidence::Documented,
    };
    let mut evidence = evidence(Level::Documented);
    evidence.sources.push("E099".to_owned());
    RuleDescription {
        id: rule.id,
        operation: rule.operation,
        family: rule.family,
        capability: rule.capability,
        requirement: "PutResourcePolicy refuses a hash longer than 255, and changes nothing.".to_owned(),
        evidence,
        sources: vec![("doc.X".to_owned(), source)],
        how_tested: "Inputs that violate it, and nothing else, must be refused.".to_owned(),
    }
}

#[test]
fn one_rule_explained() {
    insta::assert_snapshot!(explain(&rule(), TerminalOptions { color: false, width: 80 }), @r"
    glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max

      rule         PutResourcePolicy refuses a hash longer than 255, and changes
                   nothing.
      tried        Inputs that violate it, and nothing else, must be refused.
      operation    PutResourcePolicy
      family       invalid
      capability   core
      evidence     documented

    Who says so
      doc.X, model or documentation
        A hash is between 1 and 255 characters long.
        https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-security.html
      E099
    ");
}

#[test]
fn a_list_has_a_line_a_rule() {
    let short = RuleDescription { id: "glue/A/valid/input".to_owned(), ..rule() };
    let text = list(&[rule(), short], TerminalOptions { color: false, width: 110 });
    assert_eq!(text.lines().count(), 2);
    assert!(text.lines().all(|line| line.chars().count() <= 110 && line.ends_with('…')), "{text}");
    let wide = list(&[rule()], TerminalOptions { color: false, width: usize::MAX });
    assert!(wide.trim_end().ends_with("and changes nothing."), "{wide}");
}
