//! Files of known gaps that are of no use are refused before anything is run.

use glueproof::known::{GapsError, GapsProblem, KnownGaps, day};
use glueproof::model::{Edition, Specs};
use glueproof::rule::Catalog;
use std::time::{Duration, SystemTime};

use super::{GAP, HELD, entry};
use crate::trial::Setting;

fn parse(text: &str) -> Result<KnownGaps, GapsError> {
    let catalog = Catalog::new(&Specs::embedded(Edition::E2018).unwrap());
    let today = day(SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365)).unwrap();
    KnownGaps::parse(text, &catalog, Edition::E2018, today)
}

#[track_caller]
fn wrong(text: &str) -> (usize, GapsProblem) {
    let error = parse(text).unwrap_err();
    (error.line, error.problem)
}

#[test]
fn an_entry_that_matches_nothing_names_file_line_and_neighbours() {
    let setting = Setting::new();
    let slip = GAP.replace("Stamp", "Stmap");
    std::fs::write(setting.path("gaps.toml"), entry(HELD, "") + "\n\n" + &entry(&slip, "")).unwrap();
    let ended = setting.run(&["run", "--known", "gaps.toml"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
    for words in ["gaps.toml: line 8:", &slip, "edition current", &format!("the nearest are `{GAP}`")] {
        assert!(ended.stderr.contains(words), "`{words}` in {}", ended.stderr);
    }
}

#[test]
fn files_that_are_not_there() {
    let ended = Setting::new().run(&["run", "--known", "nowhere.toml"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("cannot read nowhere.toml"), "{}", ended.stderr);
}

#[test]
fn only_rules_of_the_edition_count() {
    let later = "glue/GetResourcePolicies/pagination/*";
    assert!(matches!(wrong(&entry(later, "")), (2, GapsProblem::NoSuchRule { .. })));
    assert!(matches!(wrong(&entry("glue/*/nothing", "")), (2, GapsProblem::NoSuchRule { .. })));
}

#[test]
fn entries_say_what_and_why_and_no_more() {
    let syntax = |text: &str, words: &str| {
        let (line, problem) = wrong(text);
        assert!(matches!(&problem, GapsProblem::Syntax(text) if text.contains(words)), "{line}: {problem}");
        line
    };
    assert_eq!(syntax(&format!("[[known]]\nrule = \"{GAP}\""), "missing field `reason`"), 1);
    assert_eq!(syntax("[[known]]\nreason = \"x\"", "missing field `rule`"), 1);
    assert_eq!(syntax(&entry(GAP, "note = \"x\""), "unknown field `note`"), 4);
    assert_eq!(syntax("[[gap]]", "unknown field `gap`"), 1);
    assert_eq!(syntax("\nrule = ", "string"), 2);
    let empty = format!("[[known]]\nrule = \"{GAP}\"\nreason = \"  \"");
    assert_eq!(wrong(&empty), (3, GapsProblem::NoReason(GAP.to_owned())));
    let twice = entry(GAP, "") + &entry(GAP, "");
    assert_eq!(wrong(&twice), (6, GapsProblem::Twice { rule: GAP.to_owned(), first: 2 }));
}

#[test]
fn days_are_days() {
    for not_a_day in ["2999-12-31T00:00:00Z", "2999-12-31T00:00:00", "12:00:00"] {
        assert_eq!(wrong(&entry(GAP, &format!("expires = {not_a_day}"))), (4, GapsProblem::NoDay));
    }
    for (last, expired) in [("1970-12-31", true), ("1971-01-01", false), ("1971-01-02", false)] {
        let gaps = parse(&entry(GAP, &format!("expires = {last}"))).unwrap();
        assert_eq!(gaps.of(GAP).unwrap().expired, expired, "{last}, on 1971-01-01");
    }
}

#[test]
fn an_entry_that_still_excuses_goes_before_one_that_does_not() {
    let gaps =
        parse(&(entry(GAP, "expires = 1970-01-01") + &entry("*CreatedTimeStamp/present", ""))).unwrap();
    assert_eq!(gaps.of(GAP).map(|gap| gap.line), Some(6));
    assert!(gaps.of(HELD).is_none());
}
