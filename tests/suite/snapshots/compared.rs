//! Differences are reported and written beside the accepted snapshots in insta's form; no other file changes.

use std::path::Path;

use super::{files, of_the_fake, proposed};
use crate::trial::Setting;

/// The operation that the faults here concern.
const POLICY: [&str; 2] = ["--only", "glue/GetResourcePolicy"];
const GET: &str = "glue/GetResourcePolicy/success.snap";

#[test]
fn a_fault_changes_what_it_concerns_and_is_taken_back_when_mended() {
    let setting = Setting::new();
    let before = of_the_fake(&setting, &POLICY);
    let ended = setting.run(&[&["snapshot", "fake+get-without-hash"], &POLICY[..]].concat());
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(ended.stdout.contains("changed  glue/GetResourcePolicy/success"), "{ended:#?}");
    assert!(ended.stdout.contains(r#"-  "PolicyHash": "[hash]","#), "{ended:#?}");
    assert_eq!(proposed(&setting), [Path::new("glue/GetResourcePolicy/success.snap.new")]);
    let after = files(&setting.path("snapshots/fake"));
    assert!(before.iter().all(|(path, text)| after[path] == *text), "what was accepted stays");
    assert_eq!(setting.run(&[&["snapshot"], &POLICY[..]].concat()).code(), 0);
    assert_eq!(files(&setting.path("snapshots/fake")), before);
}

#[test]
fn another_error_is_new_and_the_former_gone() {
    let setting = Setting::new();
    of_the_fake(&setting, &["--only", "PutResourcePolicy"]);
    let ended = setting.run(&["snapshot", "fake+must-exist-is-another-error", "--only", "PutResourcePolicy"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(ended.stdout.contains("new      glue/PutResourcePolicy/AlreadyExistsException"), "{ended:#?}");
    assert!(ended.stdout.contains("gone     glue/PutResourcePolicy/EntityNotFoundException"), "{ended:#?}");
}

#[test]
fn insta_accepts_what_is_laid_beside() {
    let setting = Setting::new();
    of_the_fake(&setting, &POLICY);
    let faulty = [&["snapshot", "fake+get-without-hash"], &POLICY[..]].concat();
    assert_eq!(setting.run(&faulty).code(), 1);
    let accepted = setting.path("snapshots/fake").join(GET);
    let laid = accepted.with_extension("snap.new");
    // As `cargo insta accept` does.
    let snapshot = insta::Snapshot::from_file(&laid).unwrap();
    assert!(
        snapshot.metadata().description().unwrap().starts_with("glue/GetResourcePolicy/"),
        "{snapshot:?}"
    );
    snapshot.save(&accepted).unwrap();
    std::fs::remove_file(&laid).unwrap();
    assert_eq!(setting.run(&faulty).code(), 0);
    assert_eq!(setting.run(&[&["snapshot"], &POLICY[..]].concat()).code(), 1);
}

#[test]
fn obsolete_snapshots_are_named_and_removed_on_request() {
    let setting = Setting::new();
    let before = of_the_fake(&setting, &[]);
    for stale in ["glue/PutResourcePolicy/Nonsense.snap", "glue/Forgotten/success.snap"] {
        let path = setting.path("snapshots/fake").join(stale);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &before[Path::new(GET)]).unwrap();
    }
    let ended = setting.run(&["snapshot"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    for name in ["glue/PutResourcePolicy/Nonsense", "glue/Forgotten/success"] {
        assert!(ended.stdout.contains(&format!("gone     {name}\n")), "{ended:#?}");
    }
    assert_eq!(files(&setting.path("snapshots/fake")).len(), before.len() + 2);
    assert_eq!(setting.run(&["snapshot", "--accept"]).code(), 0);
    assert_eq!(files(&setting.path("snapshots/fake")), before);
}

#[test]
fn a_filtered_run_touches_nothing_it_does_not_look_at() {
    let setting = Setting::new();
    let before = of_the_fake(&setting, &[]);
    let stale = setting.path("snapshots/fake/glue/Forgotten/success.snap");
    std::fs::create_dir_all(stale.parent().unwrap()).unwrap();
    std::fs::write(&stale, &before[Path::new(GET)]).unwrap();
    for more in [&[][..], &["--accept"]] {
        let looked = [&["snapshot", "fake+get-without-hash", "--only", "PutResourcePolicy"], more].concat();
        let ended = setting.run(&looked);
        assert_eq!(ended.code(), 0, "{ended:#?}");
        assert_eq!(files(&setting.path("snapshots/fake")).len(), before.len() + 1);
    }
    std::fs::remove_file(stale).unwrap();
    assert_eq!(files(&setting.path("snapshots/fake")), before);
}

#[test]
fn part_of_an_operation_is_chosen_as_the_whole_chooses() {
    let setting = Setting::new();
    let whole = of_the_fake(&setting, &[]);
    let part = of_the_fake(&Setting::new(), &["--only", "glue/GetSecurityConfigurations"]);
    assert!(part.len() > 3, "{part:?}");
    assert!(part.iter().all(|(path, text)| whole[path] == *text));
    let ended = setting.run(&["snapshot", "--only", "Nonsense"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
}
