//! Behaviors that point at other rules for their proof: the rules exist, and no behavior proves itself.

use glueproof::model::{Edition, Proof};
use glueproof::rule::Catalog;

use super::{in_both, specs};

/// `*` for any run of characters.
fn fits(glob: &str, id: &str) -> bool {
    let pattern: Vec<String> = glob.split('*').map(regex::escape).collect();
    regex::Regex::new(&format!("^{}$", pattern.join(".*"))).unwrap().is_match(id)
}

/// Behavior, pattern, and whether a rule of the edition fits it.
fn pointers(edition: Edition) -> Vec<(String, String, bool)> {
    let specs = specs(edition);
    let catalog = Catalog::new(&specs);
    let coverage = Catalog::coverage(&specs);
    coverage
        .into_iter()
        .flat_map(|behavior| behavior.covered_by.into_iter().map(move |glob| (behavior.id.clone(), glob)))
        .map(|(id, glob)| {
            let known = catalog.rules.iter().any(|rule| fits(&glob, &rule.id));
            (id, glob, known)
        })
        .collect()
}

#[test]
fn every_pattern_names_a_rule() {
    for (id, glob, known) in pointers(Edition::Current) {
        assert!(known, "{id} points at `{glob}`, and no rule is called so");
    }
}

#[test]
fn something_proves_a_covered_behavior_in_every_edition_that_has_it() {
    let all = pointers(Edition::E2018);
    for (id, ..) in &all {
        let proved = all.iter().any(|(other, _, known)| other == id && *known);
        assert!(proved, "nothing proves {id} in 2018");
    }
}

#[test]
fn no_behavior_proves_itself() {
    for edition in Edition::ALL {
        for (id, glob, _) in pointers(edition) {
            assert!(!fits(&glob, &id), "`{glob}` fits the id of {id} itself");
        }
    }
}

#[test]
fn untested_members_have_a_reason() {
    in_both(|model| {
        for behavior in &model.behaviors {
            assert!(behavior.requirement.ends_with('.'), "{}: {}", behavior.id, behavior.requirement);
            if let Proof::Untested(why) = &behavior.proof {
                assert!(why.split(' ').count() > 1 && !why.ends_with('.'), "{}: {why}", behavior.id);
            }
        }
    });
}
