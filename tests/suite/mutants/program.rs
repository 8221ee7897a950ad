//! `glueproof mutants` as its users see it.

use serde_json::Value;

use crate::trial::Setting;

#[test]
fn it_prints_a_matrix_and_figures_and_ends_well() {
    let setting = Setting::new();
    let ended = setting.run(&["mutants", "--only", "get-without-", "--json", "mutants.json"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(ended.stdout.contains("mutants: "), "{ended:#?}");
    assert!(ended.stdout.contains("calls until the first finding: median "), "{ended:#?}");
    assert!(
        ended.stdout.lines().any(|line| line.ends_with("  get-without-hash") && line.contains('#')),
        "{ended:#?}"
    );
    let json: Value =
        serde_json::from_str(&std::fs::read_to_string(setting.path("mutants.json")).unwrap()).unwrap();
    assert_eq!(json["killed"], json["mutants"]);
    assert_eq!(json["results"][0]["fate"], "killed");
}

#[test]
fn faults_are_listed_by_it_and_by_serve() {
    let setting = Setting::new();
    let listed = setting.run(&["mutants", "--list"]);
    assert_eq!(listed.code(), 0);
    for name in
        ["throttling ", "put-ignores-the-hash ", "unenforced/CreateSecurityConfiguration/Name/length.max "]
    {
        assert!(listed.stdout.lines().any(|line| line.starts_with(name)), "{name}");
    }
    assert_eq!(setting.run(&["serve", "--fault", "help"]).stdout, listed.stdout);
}

#[test]
fn a_part_of_no_name_is_a_usage_error() {
    let ended = Setting::new().run(&["mutants", "--only", "nonsense"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("no fault has `nonsense` in its name"), "{ended:#?}");
}
