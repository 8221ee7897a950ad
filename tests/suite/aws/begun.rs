//! Conditions that must hold before a run touches anything in the account.

use std::sync::{Arc, Mutex};

use glueproof::client::TargetType;
use glueproof::model::Capability;

use super::account::{Account, NUMBER, assert_same};
use crate::server::{Answers, Socket, fake, operation};
use crate::trial::Ended;

const ONLY: &[&str] = &["--only", "DeleteResourcePolicy/sequence", "--rate", "100000", "--cases", "1"];

fn run(more: &[&str]) -> Vec<&'static str> {
    let more: Vec<&'static str> =
        more.iter().map(|m| &*Box::leak((*m).to_owned().into_boxed_str())).collect();
    [&["run", "aws"], ONLY, &more].concat()
}

#[track_caller]
fn refused(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!((ended.code(), ended.stdout.as_str()), (code, ""), "{ended:#?}");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("s3cret"), "{ended:#?}");
}

#[test]
fn the_account_is_named_and_it_is_that_one() {
    let account = Account::lived_in();
    let before = account.state();
    refused(&account.run(&run(&[])), 2, &["--account", "aws sts get-caller-identity"]);
    refused(&account.run(&run(&["--account", "12"])), 2, &["twelve digits"]);
    let other = account.run(&run(&["--account", "999999999999"]));
    refused(&other, 2, &["belong to account 123456789012", "not to 999999999999", "nothing was done"]);
    assert_same(&account.state(), &before, "");
}

#[test]
fn a_run_announces_its_changes_and_restores_the_account() {
    for account in [Account::lived_in(), Account::empty()] {
        let before = account.state();
        let ended = account.run(&run(&["--account", NUMBER, "--json", "r.json"]));
        assert_eq!(ended.code(), 0, "{ended:#?}");
        let said = ended.stderr.find("costs").unwrap() < ended.stderr.find("rules on aws").unwrap();
        assert!(said, "{}", ended.stderr);
        for word in [
            NUMBER,
            "us-east-1",
            "resource policy",
            "security configurations",
            "journals/aws-123456789012-us-east-1",
        ] {
            assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("left behind"), "{ended:#?}");
        assert_same(&account.state(), &before, "");
        let target = account.setting.report("r.json").target;
        assert_eq!((target.kind, target.name.as_str()), (TargetType::Aws, "aws"));
        assert!(journals(&account).is_empty(), "a journal stays");
    }
}

pub fn journals(account: &Account) -> Vec<std::path::PathBuf> {
    let folder = account.setting.path(".local/state/glueproof/journals/aws-123456789012-us-east-1");
    std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn only_the_core_unless_more_is_named() {
    let account = Account::empty();
    let arguments =
        ["run", "aws", "--account", NUMBER, "--only", "GetConnection/encryption", "--rate", "100000"];
    let ended = account.run(&arguments);
    refused(&ended, 2, &["--capability"]);
    let ended = account.run(&run(&["--account", NUMBER, "--json", "r.json"]));
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(
        account.setting.report("r.json").results.iter().all(|result| result.capability == Capability::Core)
    );
}

#[test]
fn it_keeps_to_a_rate_by_itself() {
    let account = Account::empty();
    let arguments =
        ["run", "aws", "--account", NUMBER, "--only", "GetSecurityConfiguration/errors", "--cases", "1"];
    let socket = account.serve();
    let calls = account.count(&arguments);
    let ended = account.program(&socket.url(), &arguments).start().end();
    assert!(ended.stderr.contains("at most 5 calls a second"), "{ended:#?}");
    // The question who calls is not counted, nor are the first ones late.
    let least = std::time::Duration::from_millis(200 * (calls - 3));
    assert!(calls > 5 && ended.took > least, "{calls} calls in {:?}", ended.took);
}

/// Calls of that operation are refused as if the caller might not make them.
fn without(account: &Account, denied: &'static str) -> (Socket, Arc<Mutex<Vec<String>>>) {
    let (answers, seen) = (fake(&account.cloud), Arc::new(Mutex::new(Vec::new())));
    let calls = Arc::clone(&seen);
    let answers: Answers = Arc::new(move |request| {
        calls.lock().unwrap().push(operation(&request));
        if operation(&request) == denied {
            let body = r#"{"__type":"AccessDeniedException","Message":"not you"}"#;
            return Some(http::Response::builder().status(400).body(body.into()).unwrap());
        }
        answers(request)
    });
    (Socket::serve(answers), seen)
}

#[test]
fn state_that_cannot_be_read_or_put_back_is_not_touched() {
    let both = [(Account::lived_in(), "PutResourcePolicy"), (Account::empty(), "DeleteResourcePolicy")];
    for (account, puts_back) in both {
        let settings = ["GetDataCatalogEncryptionSettings", "PutDataCatalogEncryptionSettings"];
        for denied in [settings[0], settings[1], "GetResourcePolicy", puts_back] {
            let before = account.state();
            let (socket, seen) = without(&account, denied);
            let ended = account.program(&socket.url(), &run(&["--account", NUMBER])).start().end();
            refused(&ended, 3, &["nothing was done", denied, "AccessDeniedException"]);
            assert_same(&account.state(), &before, denied);
            assert!(journals(&account).is_empty(), "{denied}: a journal stays");
            assert!(!seen.lock().unwrap().iter().any(|o| o == "CreateSecurityConfiguration"), "{denied}");
        }
    }
}

#[test]
fn without_a_journal_nothing_begins() {
    let account = Account::lived_in();
    let before = account.state();
    std::fs::create_dir(account.setting.path(".local")).unwrap();
    std::fs::write(account.setting.path(".local/state"), "no folder").unwrap();
    refused(&account.run(&run(&["--account", NUMBER])), 2, &["cannot", "journal"]);
    std::fs::remove_file(account.setting.path(".local/state")).unwrap();
    std::fs::write(account.setting.path("there"), "").unwrap();
    let taken = account.run(&run(&["--account", NUMBER, "--journal", "there"]));
    refused(&taken, 2, &["cannot", "there"]);
    assert_same(&account.state(), &before, "");
}

#[test]
fn no_secrets_go_without_tls() {
    let account = Account::empty();
    let run = account.program("http://glueproof-test.invalid", &run(&["--account", NUMBER]));
    refused(&run.start().end(), 2, &["without TLS", "--allow-insecure"]);
}

#[test]
fn the_urls_of_aws_are_no_way_around() {
    let account = Account::empty();
    for url in ["https://glue.us-east-1.amazonaws.com", "https://GLUE.cn-north-1.amazonaws.com.cn:443/"] {
        refused(&account.run(&["run", url]), 2, &["AWS itself", "aws --account"]);
    }
}

#[test]
fn a_target_of_the_file_can_be_aws() {
    let account = Account::lived_in();
    let before = account.state();
    let text = "[targets.sandbox]\nkind = \"aws\"\nregion = \"us-east-1\"\nrate = 100000\n";
    std::fs::write(account.setting.path("glueproof.toml"), text).unwrap();
    let arguments = ["run", "sandbox", "--only", "DeleteResourcePolicy/sequence", "--cases", "1"];
    refused(&account.run(&arguments), 2, &["--account"]);
    let ended = account.run(&[&arguments[..], &["--account", NUMBER]].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_same(&account.state(), &before, &ended.stderr);
    assert!(ended.stderr.contains("at most 100000 calls a second"), "{ended:#?}");
}

#[test]
fn a_saved_finding_is_repeated_as_carefully() {
    let account = Account::lived_in();
    let before = account.state();
    let cases =
        account.setting.run(&["cases", "--only", "glue/PutResourcePolicy/valid/input", "--cases", "1"]);
    std::fs::write(account.setting.path("case.json"), cases.stdout.lines().next().unwrap()).unwrap();
    refused(&account.run(&["replay", "case.json", "aws"]), 2, &["--account"]);
    let ended = account.run(&["replay", "case.json", "aws", "--account", NUMBER, "--rate", "100000"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_same(&account.state(), &before, &ended.stderr);
}
