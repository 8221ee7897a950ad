//! Each wrong server, the rule that catches it, and in how many calls.

use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;

use super::servers;
use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

pub struct Wrong {
    pub server: fn(&FakeCloud) -> Answers,
    pub rule: &'static str,
    pub calls: usize,
}

/// Runs the program on the wrong server, then replays the saved cases on the wrong server, on the right one, and on an
/// address without a server.
#[track_caller]
pub fn caught(wrong: &Wrong) {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = Socket::serve((wrong.server)(&cloud));
    let only = ["run", &server.url(), "--only", wrong.rule, "--capability", "core", "--json", "report.json"];
    let ended = setting.run(&[&only[..], &["--parity", "--findings", "found"]].concat());
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = setting.report("report.json");
    let result = report.results.iter().find(|r| r.id == wrong.rule).unwrap();
    assert_eq!(result.outcome, Outcome::Failed);
    let finding = result.finding.as_ref().unwrap();
    let calls: Vec<&str> = finding.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(calls.len(), wrong.calls, "{calls:?}: {finding:#?}");

    let replay = finding.reproduce.replay.as_deref().unwrap();
    let file = replay.split(' ').nth(2).unwrap();
    let right = Socket::serve(fake(&cloud));
    for (url, code, word) in [(server.url(), 1, "still fails"), (right.url(), 0, "fixed")] {
        let ended = setting.run(&["replay", file, &url]);
        assert_eq!(ended.code(), code, "{ended:#?}");
        assert!(ended.stdout.starts_with(&format!("{word}: {}\n", wrong.rule)), "{ended:#?}");
    }
    let ended = setting.run(&["replay", file, &Socket::closed_url()]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stderr.contains("does not answer"), "{ended:#?}");
}

#[test]
fn a_promised_member_that_is_missing() {
    let rule = "glue/GetSecurityConfiguration/valid/SecurityConfiguration.CreatedTimeStamp/present";
    caught(&Wrong { server: servers::without_time, rule, calls: 2 });
}

#[test]
fn a_time_as_text() {
    let rule = "glue/GetSecurityConfiguration/wire/output-types";
    caught(&Wrong { server: servers::time_as_text, rule, calls: 2 });
}

#[test]
fn a_null_for_an_absent_member() {
    let rule = "glue/GetSecurityConfiguration/wire/no-nulls";
    caught(&Wrong { server: servers::null_member, rule, calls: 2 });
}

#[test]
fn an_undocumented_member() {
    let rule = "glue/GetResourcePolicy/wire/output-members";
    caught(&Wrong { server: servers::unknown_member, rule, calls: 2 });
}

#[test]
fn a_server_error_for_a_clients_mistake() {
    let rule = "glue/GetSecurityConfiguration/invalid/Name/required";
    caught(&Wrong { server: servers::server_errors, rule, calls: 1 });
}

#[test]
fn a_wrong_code() {
    let rule = "glue/CreateSecurityConfiguration/errors/AlreadyExistsException";
    caught(&Wrong { server: servers::wrong_code, rule, calls: 2 });
    let rule = "glue/GetSecurityConfigurations/invalid/MaxResults/range.min";
    caught(&Wrong { server: servers::wrong_code, rule, calls: 1 });
}

#[test]
fn the_text_of_an_error_in_the_wrong_member() {
    let rule = "glue/GetSecurityConfiguration/wire/error-message";
    caught(&Wrong { server: servers::small_message, rule, calls: 1 });
}

#[test]
fn a_refused_put_that_is_done_all_the_same() {
    let rule = "glue/PutResourcePolicy/metamorphic/put-refused-for-its-hash-changes-nothing";
    caught(&Wrong { server: servers::refused_and_done, rule, calls: 3 });
}

#[test]
fn a_put_that_ignores_the_hash() {
    let rule = "glue/PutResourcePolicy/condition/present/absent/former";
    caught(&Wrong { server: servers::put_without_hash, rule, calls: 3 });
}

#[test]
fn a_delete_that_ignores_the_hash() {
    let rule = "glue/DeleteResourcePolicy/condition/present/former";
    caught(&Wrong { server: servers::delete_without_hash, rule, calls: 3 });
}

#[test]
fn a_put_that_takes_not_exist_for_none() {
    let rule = "glue/PutResourcePolicy/condition/present/NOT_EXIST/absent";
    caught(&Wrong { server: servers::not_exist_as_none, rule, calls: 2 });
}

#[test]
fn a_condition_held_against_the_first_hash() {
    let rule = "glue/PutResourcePolicy/condition/present/absent/former";
    caught(&Wrong { server: servers::first_hash, rule, calls: 3 });
}

#[test]
fn a_refused_create_that_is_done_all_the_same() {
    let enumeration = "EncryptionConfiguration.JobBookmarksEncryption.JobBookmarksEncryptionMode/enum";
    let rule = format!("glue/CreateSecurityConfiguration/invalid/{enumeration}");
    caught(&Wrong { server: servers::refused_and_created, rule: rule.leak(), calls: 2 });
}

#[test]
fn a_body_that_is_searched_and_not_read() {
    let rule = "glue/CreateSecurityConfiguration/metamorphic/layout";
    caught(&Wrong { server: servers::looks_for_letters, rule, calls: 1 });
}

#[test]
fn a_name_that_is_cut_instead_of_refused() {
    let rule = "glue/CreateSecurityConfiguration/invalid/Name/length.max";
    caught(&Wrong { server: servers::forgiving, rule, calls: 1 });
}
