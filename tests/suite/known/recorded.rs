//! Files of known gaps that a run writes: made to be read again, and kept true without losing a reason.

use super::{GAP, HELD, Judging, entry, gappy};
use crate::server::fake;

#[test]
fn a_file_begins_with_what_failed() {
    let judging = Judging::of(gappy);
    let ended = judging.run(&["--write-known", "known.toml"]);
    assert_eq!(ended.code(), 1, "writing excuses nothing: {ended:#?}");
    let text = judging.read();
    assert!(text.contains(&format!("rule = \"{GAP}\"\nreason = \"describe why\"\n")), "{text}");
    assert!(!text.contains(HELD), "{text}");
    assert!(text.starts_with("# Rules that the target is expected not to hold."), "{text}");
    assert_eq!(judging.run(&["--known", "known.toml"]).code(), 0, "{text}");
}

#[test]
fn where_nothing_fails_there_are_no_entries() {
    let judging = Judging::of(fake);
    assert_eq!(judging.run(&["--write-known", "known.toml"]).code(), 0);
    assert!(!judging.read().contains("[[known]]"));
    assert_eq!(judging.run(&["--known", "known.toml"]).code(), 0);
}

#[test]
fn reasons_and_comments_of_open_gaps_stay() {
    let judging = Judging::of(gappy);
    let other = entry("glue/PutResourcePolicy/invalid/*", "# of rules that are not run");
    let text = format!(
        "# ours\n\n{other}\n# who keeps time?\n{}\n{}# the end\n",
        entry(GAP, "issue = \"https://example.com/7\"  # open"),
        entry(HELD, "")
    );
    judging.write(&text);
    let ended = judging.run(&["--known", "known.toml", "--write-known", "known.toml"]);
    assert_eq!(ended.code(), 1, "one of them holds: {ended:#?}");
    assert_eq!(judging.read(), text.replace(&format!("\n{}", entry(HELD, "")), "\n"), "only that one goes");
    assert_eq!(judging.run(&["--known", "known.toml", "--write-known", "known.toml"]).code(), 0);
}

#[test]
fn a_pattern_of_which_something_holds_becomes_its_other_rules() {
    let judging = Judging::of(gappy);
    judging.write(&entry("glue/GetSecurityConfiguration/valid/SecurityConfiguration.*/present", ""));
    assert_eq!(judging.run(&["--write-known", "known.toml"]).code(), 1);
    let text = judging.read();
    assert!(!text.contains('*') && !text.contains(HELD), "{text}");
    assert!(text.contains(&format!("rule = \"{GAP}\"\nreason = \"times are not kept\"")), "{text}");
    assert_eq!(judging.run(&["--known", "known.toml"]).code(), 0, "{text}");
}

#[test]
fn other_files_are_left_alone() {
    let judging = Judging::of(gappy);
    for text in ["not a list\n", "[package]\nname = \"x\"\n", "known = []\n"] {
        judging.write(text);
        let ended = judging.run(&["--write-known", "known.toml"]);
        assert_eq!(ended.code(), 2, "{ended:#?}");
        assert_eq!(judging.read(), text);
    }
}
