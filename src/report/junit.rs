//! The report as `JUnit` XML, for CI: a suite an operation, a test a rule. Characters that XML cannot hold
//! are shown by their code point, so that the file always parses.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::model::Report;
use crate::run::{Outcome, RuleResult};

use super::cluster::sentence;
use super::escape::{on_lines, on_one_line};
use super::terminal::finding::{Detail, write_rule};
use super::writer::{TerminalOptions, TextWriter};

/// The error of the XML writer.
#[derive(Debug, thiserror::Error)]
#[error("the JUnit report cannot be written: {0}")]
pub struct JunitError(#[from] SerializeError);

/// The report as XML.
///
/// # Errors
/// Returns an error if the XML writer fails, which no report is known to cause.
pub fn write(report: &Report) -> Result<String, JunitError> {
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for rule in &report.results {
        let suite =
            suites.entry(&rule.operation).or_insert_with(|| TestSuite::new(on_one_line(&rule.operation)));
        suite.add_test_case(test_case(rule));
    }
    let mut junit = quick_junit::Report::new(on_one_line(&format!("glueproof {}", report.target.name)));
    junit.set_time(Duration::from_millis(report.duration_ms));
    junit.add_test_suites(suites.into_values().map(timed));
    Ok(junit.to_string()?)
}

/// A suite takes as long as its tests together.
fn timed(mut suite: TestSuite) -> TestSuite {
    let time: Duration = suite.test_cases.iter().filter_map(|case| case.time).sum();
    suite.set_time(time);
    suite
}

fn test_case(rule: &RuleResult) -> TestCase {
    let mut case = TestCase::new(on_one_line(&rule.id.replace('/', "::")), status(rule));
    case.set_classname(on_one_line(&format!("{}.{}", rule.operation, rule.family)));
    case.set_time(Duration::from_millis(rule.duration_ms));
    if rule.outcome == Outcome::Noted {
        case.set_system_out(on_lines(&format!(
            "noted: the rule is assumed and does not hold here\n{}",
            body(rule)
        )));
    }
    case
}

fn status(rule: &RuleResult) -> TestCaseStatus {
    if let Some(why) = rule.closed_gap() {
        return not_passed(NonSuccessKind::Failure, rule, why);
    }
    match rule.outcome {
        Outcome::Passed | Outcome::Noted => TestCaseStatus::success(),
        Outcome::Failed => not_passed(NonSuccessKind::Failure, rule, sentence(rule)),
        Outcome::Errored => not_passed(NonSuccessKind::Error, rule, reason(rule)),
        Outcome::Known => skipped(&format!("known gap: {}", reason(rule))),
        Outcome::Unimplemented => skipped(&format!("unimplemented: {}", reason(rule))),
        Outcome::Blocked => skipped(&format!("blocked: {}", reason(rule))),
        Outcome::Flaky => skipped(&format!("flaky: {}", reason(rule))),
        Outcome::Skipped => skipped(reason(rule)),
    }
}

fn not_passed(kind: NonSuccessKind, rule: &RuleResult, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(on_one_line(message)).set_type(rule.family.name()).set_description(body(rule));
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(on_one_line(message));
    status
}

fn reason(rule: &RuleResult) -> &str {
    rule.reason.as_deref().unwrap_or_else(|| sentence(rule))
}

fn body(rule: &RuleResult) -> String {
    let mut page = TextWriter::new(TerminalOptions { color: false, width: usize::MAX });
    write_rule(
        &mut page,
        0,
        rule,
        Detail { whole: true, longest_command: usize::MAX, form: None, title: "" },
    );
    page.finish()
}
