//! A wrong server does not change the verdicts of rules about something else.

use std::collections::BTreeSet;

use glueproof::run::Outcome;

use super::servers;
use crate::trial::{Judge, cloud};

/// The parts of ids after the operation of the rules that failed.
fn failed(server: crate::server::Answers, only: &[&str]) -> BTreeSet<String> {
    let judged = Judge::only(only).run(server);
    let tail = |id: &str| id.splitn(3, '/').nth(2).unwrap_or_default().to_owned();
    judged.ids(Outcome::Failed).into_iter().map(tail).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&n| n.to_owned()).collect()
}

#[test]
fn an_additional_member_offends_one_rule() {
    let found = failed(servers::unknown_member(&cloud()), &["glue/GetResourcePolicy/"]);
    assert_eq!(found, set(&["wire/output-members"]));
}

#[test]
fn a_null_offends_one_rule() {
    let found = failed(servers::null_member(&cloud()), &["glue/GetSecurityConfiguration/"]);
    assert_eq!(found, set(&["wire/no-nulls"]));
}

#[test]
fn the_wrong_member_for_the_text_offends_one_rule_of_the_protocol() {
    let found = failed(servers::small_message(&cloud()), &["glue/GetSecurityConfiguration/"]);
    assert_eq!(found, set(&["wire/error-message"]));
}

#[test]
fn a_missing_time_offends_the_rules_about_it() {
    let found = failed(servers::without_time(&cloud()), &["glue/GetSecurityConfiguration/"]);
    assert_eq!(found, set(&["valid/SecurityConfiguration.CreatedTimeStamp/present"]));
}
