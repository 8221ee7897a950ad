//! `glueproof report`: saved reports rendered, shards merged, targets compared; and the same forms from `run`.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use glueproof::model::Family;
use glueproof::report::{Report, Verdict};
use glueproof::run::Outcome;

use crate::altered::servers;
use crate::server::{Socket, fake, operation};
use crate::trial::{Ended, Setting, cloud};

const ONLY: &str = "SecurityConfiguration/";

/// A report with findings, and the server's address.
fn judged(setting: &Setting, name: &str, more: &[&str]) -> Ended {
    let cloud = cloud();
    let server = Socket::serve(servers::without_time(&cloud));
    let url = server.url();
    let arguments =
        [&["run", url.as_str(), "--only", ONLY, "--cases", "2", "--json", name][..], more].concat();
    let ended = setting.run(&arguments);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    ended
}

fn text(setting: &Setting, name: &str) -> String {
    std::fs::read_to_string(setting.path(name)).unwrap()
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_saved_report_reads_like_the_run() {
    let setting = Setting::new();
    let forms = [
        "--html",
        "r.html",
        "--markdown",
        "r.md",
        "--badge",
        "r.svg",
        "--junit",
        "r.xml",
        "--bug-reports",
        "bugs",
    ];
    let ran = judged(&setting, "r.json", &forms);
    let again = [
        "--html",
        "s.html",
        "--markdown",
        "s.md",
        "--badge",
        "s.svg",
        "--junit",
        "s.xml",
        "--bug-reports",
        "more/bugs",
    ];
    let told = setting.run(&[&["report", "r.json", "--json", "s.json"][..], &again].concat());
    assert_eq!(told.code(), 1, "{told:#?}");
    let without_command = |text: &str| text.replace("show --report r.json 1", "show 1");
    assert!(ran.stdout.contains("glueproof show 1"), "{ran:#?}");
    assert_eq!(without_command(&told.stdout), ran.stdout);
    for extension in ["json", "html", "md", "svg", "xml"] {
        assert_eq!(
            text(&setting, &format!("s.{extension}")),
            text(&setting, &format!("r.{extension}")),
            "{extension}"
        );
    }
    let bugs = files(&setting.path("bugs"));
    assert_eq!(bugs, files(&setting.path("more/bugs")));
    assert!(!bugs.is_empty() && bugs.iter().all(|(_, text)| text.contains("## What the API says")));
    // The text of a source comes from the built-in specs.
    assert!(text(&setting, "r.html").contains("AWS Glue Developer Guide (2018)"));
    assert!(text(&setting, "r.svg").starts_with("<svg "));
    let badge = setting.run(&["report", "r.json", "--badge", "-"]);
    assert!(
        badge.stdout.starts_with(r#"{"schemaVersion":1,"#) && badge.stdout.lines().count() == 1,
        "{badge:#?}"
    );
}

#[test]
fn one_cause_of_the_last_report_is_shown_in_full() {
    let setting = Setting::new();
    let missing = setting.run(&["show", "1"]);
    assert_eq!(missing.code(), 2, "{missing:#?}");
    assert!(missing.stderr.contains("there is no report in glueproof-findings/report.json"), "{missing:#?}");
    judged(&setting, "r.json", &[]);
    let shown = setting.run(&["show", "1"]);
    assert_eq!(shown.code(), 0, "{shown:#?}");
    assert!(shown.stdout.starts_with("1. ") && shown.stdout.contains("glueproof replay "), "{shown:#?}");
    let saved = setting.run(&["show", "1", "--report", "r.json"]);
    assert_eq!(saved.stdout, shown.stdout);
    let beyond = setting.run(&["show", "99"]);
    assert_eq!(beyond.code(), 2, "{beyond:#?}");
    assert!(beyond.stderr.contains("the report has no cause 99: its causes are 1 to "), "{beyond:#?}");
}

#[test]
fn a_named_target_keeps_its_name_in_comparisons() {
    let setting = Setting::new();
    judged(&setting, "a.json", &["--name", "first"]);
    judged(&setting, "b.json", &["--name", "second"]);
    let compared = setting.run(&["report", "a.json", "b.json", "--markdown", "both.md"]);
    assert_eq!(compared.code(), 1, "{compared:#?}");
    assert!(compared.stdout.contains("first at http://"), "{compared:#?}");
    let markdown = text(&setting, "both.md");
    assert!(markdown.starts_with("## 2 targets side by side\n"), "{markdown}");
    assert!(markdown.contains("| verdict | **deviates** | **deviates** |"), "{markdown}");
    assert!(markdown.contains("The targets differ on no rule."), "{markdown}");
}

/// Everything but times, and but how often calls made at once had to be tried.
fn outcomes(report: &Report) -> Vec<(String, Outcome, Option<u64>)> {
    let exchanges = |family: Family, count| (family != Family::Concurrency).then_some(count);
    report.results.iter().map(|r| (r.id.clone(), r.outcome, exchanges(r.family, r.exchanges))).collect()
}

#[track_caller]
fn four_shards_are_one_run(setting: &Setting, target: &str, code: i32) {
    let common = ["--cases", "2", "--jobs", "2"];
    let whole = setting.run(&[&["run", target, "--json", "whole.json"][..], &common].concat());
    assert_eq!(whole.code(), code, "{whole:#?}");
    let names = ["1", "2", "3", "4"].map(|k| {
        let (shard, file) = (format!("{k}/4"), format!("{k}.json"));
        let ended =
            setting.run(&[&["run", target, "--shard", &shard, "--json", &file][..], &common].concat());
        assert!([0, 1].contains(&ended.code()), "{ended:#?}");
        file
    });
    let files = names.each_ref().map(String::as_str);
    let merged = setting.run(&[&["report"][..], &files, &["--json", "merged.json"]].concat());
    assert_eq!(merged.code(), code, "{merged:#?}");
    let (whole, merged) = (setting.report("whole.json"), setting.report("merged.json"));
    assert_eq!(outcomes(&merged), outcomes(&whole));
    assert_eq!((merged.verdict, &merged.target, merged.shard), (whole.verdict, &whole.target, None));
    assert_eq!(merged.summary.conformance, whole.summary.conformance);
    let sizes = files.map(|file| setting.report(file).results.len());
    assert!(sizes.iter().all(|size| *size > 20), "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), whole.results.len());
}

#[test]
fn four_shards_of_the_fake_are_one_run() {
    four_shards_are_one_run(&Setting::new(), "fake", 0);
}

#[test]
fn four_shards_of_a_target_with_faults_are_one_run() {
    let cloud = cloud();
    let server = Socket::serve(servers::without_time(&cloud));
    four_shards_are_one_run(&Setting::new(), &server.url(), 1);
}

#[test]
fn a_shard_that_is_missing_is_not_overlooked() {
    let setting = Setting::new();
    for k in ["1", "2"] {
        let (shard, file) = (format!("{k}/3"), format!("{k}.json"));
        let arguments = ["run", "--only", "errors", "--cases", "1", "--shard", &shard, "--json", &file];
        assert_eq!(setting.run(&arguments).code(), 0);
    }
    let ended = setting.run(&["report", "1.json", "2.json"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(ended.stderr, "error: the run of 1.json, 2.json has 3 shards; missing: 3\n");
    let none = setting.run(&["run", "--only", "glue/GetResourcePolicy/valid/input", "--shard", "2/2"]);
    assert_eq!((none.code(), none.stdout.as_str()), (2, ""), "{none:#?}");
}

#[test]
fn several_targets_stand_side_by_side() {
    let setting = Setting::new();
    judged(&setting, "bad.json", &[]);
    let fake = setting.run(&["run", "fake", "--only", ONLY, "--cases", "2", "--json", "good.json"]);
    assert_eq!(fake.code(), 0, "{fake:#?}");
    let ended = setting.run(&["report", "bad.json", "good.json", "--html", "both.html"]);
    assert_eq!(ended.code(), 1, "the worst of both: {ended:#?}");
    assert!(ended.stdout.contains("deviates") && ended.stdout.contains("conforms"), "{ended:#?}");
    assert!(text(&setting, "both.html").contains("2 targets side by side"));
    let ended = setting.run(&["report", "bad.json", "good.json", "--json", "both.json"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(
        ended.stderr,
        "error: bad.json, good.json are about different runs, which only --html shows side by side\n"
    );
    assert!(!setting.path("both.json").exists());
}

#[test]
fn a_file_that_is_no_report_is_named() {
    let setting = Setting::new();
    std::fs::write(setting.path("not.json"), "{").unwrap();
    std::fs::write(setting.path("later.json"), r#"{"format":2}"#).unwrap();
    judged(&setting, "r.json", &[]);
    let broken = text(&setting, "r.json").replacen("\"verdict\"", "\"verdikt\"", 1);
    std::fs::write(setting.path("broken.json"), broken).unwrap();
    for (file, why) in [
        ("none.json", "cannot read none.json: "),
        (
            "not.json",
            "not.json: this is not a glueproof report: EOF while parsing an object at line 1 column 1",
        ),
        ("later.json", "later.json: the report has format 2; this version of glueproof reads format 1"),
        ("broken.json", "broken.json: the report is broken: unknown field `verdikt`"),
    ] {
        let ended = setting.run(&["report", "r.json", file, "--html", "r.html"]);
        assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
        assert!(ended.stderr.starts_with(&format!("error: {why}")), "{}", ended.stderr);
        assert!(!setting.path("r.html").exists());
    }
    assert_eq!(setting.run(&["report"]).code(), 2);
}

#[test]
fn a_verdict_is_an_exit_code_here_too() {
    let setting = Setting::new();
    judged(&setting, "r.json", &[]);
    let mut report = setting.report("r.json");
    for (verdict, code) in [(Verdict::Conforms, 0), (Verdict::Deviates, 1), (Verdict::Incomplete, 3)] {
        report.verdict = verdict;
        std::fs::write(setting.path("v.json"), glueproof::report::json::write(&report).unwrap()).unwrap();
        assert_eq!(setting.run(&["report", "v.json"]).code(), code);
    }
}

/// A call of an operation that does not exist says nothing about the operation in whose place it was made.
#[test]
fn a_finding_on_an_unknown_operation_blames_no_operation() {
    let (setting, right) = (Setting::new(), fake(&cloud()));
    let known = [
        "GetResourcePolicy",
        "DeleteResourcePolicy",
        "GetDataCatalogEncryptionSettings",
        "GetSecurityConfigurations",
        "PutResourcePolicy",
    ];
    let server = Socket::serve(Arc::new(move |request| {
        if known.contains(&operation(&request).as_str()) {
            return right(request);
        }
        Some(http::Response::builder().status(404).body(Bytes::new()).unwrap())
    }));
    let ended = setting.run(&["run", &server.url(), "--only", "unknown-operation", "--json", "r.json"]);
    assert!(ended.stdout.contains("The service, called with X-Amz-Target: AWSGlue."), "{ended:#?}");
    let finding = setting.report("r.json").results.remove(0).finding.unwrap();
    assert!(finding.violated.starts_with("The service, called with X-Amz-Target: AWSGlue."), "{finding:?}");
}
