//! `glueproof cases` prints what a run would try.

use std::sync::{Arc, Mutex};

use glueproof::case::{Body, Case};

use crate::server::{Socket, fake, operation};
use crate::trial::{Setting, cloud};

const RULE: &str = "glue/GetSecurityConfigurations/invalid/MaxResults/range.max";

#[track_caller]
fn cases(arguments: &[&str]) -> (String, Vec<Case>) {
    let ended = Setting::new().run(&[&["cases", "--only", RULE], arguments].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let cases = ended.stdout.lines().map(|line| Case::from_json(line).unwrap()).collect();
    (ended.stdout, cases)
}

#[test]
fn the_same_cases_a_run_sends() {
    let (_, cases) = cases(&["--cases", "7", "--seed", "5"]);
    assert_eq!(cases.len(), 5, "the control, and of seven those that differ: {cases:#?}");
    let (sent, answers) = (Arc::new(Mutex::new(Vec::new())), fake(&cloud()));
    let seen = Arc::clone(&sent);
    let server = Socket::serve(Arc::new(move |request| {
        if operation(&request) == "GetSecurityConfigurations" {
            seen.lock().unwrap().push(String::from_utf8(request.body().to_vec()).unwrap());
        }
        answers(request)
    }));
    let ended = Setting::new().run(&["run", &server.url(), "--only", RULE, "--cases", "7", "--seed", "5"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let sent = sent.lock().unwrap();
    let mut from = 0;
    let steps = cases.iter().flat_map(|case| &case.steps);
    for step in steps.filter(|step| step.operation == "GetSecurityConfigurations") {
        let Body::Json(input) = &step.body else { panic!("{step:?}") };
        let text = input.to_string();
        let at = sent[from..].iter().position(|body| *body == text);
        from += at.unwrap_or_else(|| panic!("{text} was not sent after {:?}", &sent[..from])) + 1;
    }
    assert!(from >= 5, "{sent:?}");
}

#[test]
fn a_seed_gives_the_same_cases_and_another_gives_others() {
    assert_eq!(cases(&["--seed", "1"]).0, cases(&[]).0);
    assert_ne!(cases(&["--seed", "2"]).0, cases(&[]).0);
}

#[test]
fn a_printed_case_can_be_replayed() {
    let setting = Setting::new();
    let (text, _) = cases(&["--cases", "1"]);
    std::fs::write(setting.path("case.json"), text.lines().last().unwrap()).unwrap();
    let ended = setting.run(&["replay", "case.json"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
}
