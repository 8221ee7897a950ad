//! Mutants before the rules: killed, survived, or equivalent, as the suite and the catalogue have it.

use std::collections::BTreeSet;

use glueproof::fake::Fault;
use glueproof::model::{Edition, Specs};
use glueproof::mutants::{Campaign, Fate, MutantsReport, MutationContext};
use glueproof::rule::Catalog;
use tokio::runtime::Runtime;

fn campaign(faults: &[&str], rules: impl Fn(&str) -> bool) -> MutantsReport {
    let specs = Specs::embedded(Edition::Current).unwrap();
    let mut catalog = Catalog::new(&specs);
    catalog.rules.retain(|rule| rules(&rule.id));
    let runtime = Runtime::new().unwrap();
    let context = MutationContext {
        specs: &specs,
        catalog: &catalog,
        cases: 2,
        seed: 1,
        full: false,
        runtime: runtime.handle(),
    };
    let faults: Vec<Fault> = faults.iter().map(|name| name.parse().unwrap()).collect();
    Campaign { context, faults, whole: true, jobs: 2, emit: &|_| {} }.run().unwrap()
}

#[test]
fn a_mutant_of_each_kind_is_killed_by_a_rule_that_is_meant_to() {
    let names = [
        "unenforced/CreateSecurityConfiguration/Name/pattern",
        "overdone/PutDataCatalogEncryptionSettings/DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode/enum",
        "times-in-milliseconds",
        "a-null-for-an-empty-answer",
        "hash-is-constant",
        "put-refused-and-done",
        "policy-reads-are-stale",
        "tokens-count",
        "settings-merge",
        "policy-writes-are-raced",
        "context-is-not-bound",
        "log-groups-have-no-key",
        "passwords-in-the-clear",
    ];
    let report = campaign(&names, |_| true);
    let survivors: Vec<&str> = report.unexpected().map(|result| result.name.as_str()).collect();
    assert_eq!(survivors, Vec::<&str>::new());
    for (result, name) in report.results.iter().zip(names) {
        let fault: Fault = name.parse().unwrap();
        let Fate::Killed { rule, calls, .. } = &result.fate else { panic!("{result:?}") };
        let specs = Specs::embedded(Edition::Current).unwrap();
        let rule = Catalog::new(&specs).find(rule).cloned().unwrap();
        assert!(fault.caught_by().iter().any(|pattern| rule.is_named(pattern)), "{name}: {}", rule.id);
        assert!(*calls > 0, "{name}");
    }
}

#[test]
fn without_its_rule_a_mutant_survives_and_the_rule_that_nothing_turns_red_is_named() {
    let present = "glue/PutResourcePolicy/valid/PolicyHash/present";
    let report = campaign(&["put-without-hash"], |id| id == present);
    assert_eq!((report.killed, report.never_red().count()), (1, 0));
    let report = campaign(&["get-without-hash"], |id| {
        id == "glue/GetResourcePolicy/valid/PolicyHash/present" || id == present
    });
    let never: BTreeSet<&str> = report.never_red().collect();
    assert_eq!(never, BTreeSet::from([present]));
    // Of the rules that are meant to notice, only those are left that ask for something else.
    let left = ["pagination/tokens-end", "valid/without-a-policy", "metamorphic/layout"];
    let report = campaign(&["policy-listed-twice"], |id| {
        left.iter().any(|end| id == format!("glue/GetResourcePolicies/{end}"))
    });
    assert_eq!((report.killed, report.unexpected().count()), (0, 1));
    assert_eq!(report.results[0].fate, Fate::Survived);
}

#[test]
fn equivalent_mutants_have_a_reason() {
    let report = campaign(&["update-time-stays"], |_| true);
    assert_eq!((report.killed, report.equivalent, report.unexpected().count()), (0, 1, 0));
    assert!(matches!(&report.results[0].fate, Fate::Equivalent { reason } if !reason.is_empty()));
}

#[test]
fn each_check_of_callers_has_a_mutant() {
    let names = [
        "unguarded/GetResourcePolicy/signature",
        "unguarded/GetResourcePolicy/secret",
        "unguarded/GetResourcePolicy/key",
        "unguarded/GetResourcePolicy/time",
        "unguarded/GetResourcePolicy/permission",
        "unguarded/GetResourcePolicy/denial",
        "unguarded/GetResourcePolicy/allowance",
        "conditions-never-hold",
        "for-all-is-for-any",
        "keys-need-not-be-left-to-the-account",
    ];
    let of_another = |id: &str| id.contains("/access/") && !id.starts_with("glue/GetResourcePolicies/");
    let report = campaign(&names, of_another);
    let survivors: Vec<&str> = report.unexpected().map(|result| result.name.as_str()).collect();
    assert_eq!(survivors, Vec::<&str>::new());
    let firsts = report.results.iter().map(|result| match &result.fate {
        Fate::Killed { rule, .. } => rule.rsplit('/').next().unwrap().to_owned(),
        other => panic!("{other:?}"),
    });
    let wanted = ["unsigned", "wrong-secret", "unknown-key", "late", "denied", "denied", "permitted"];
    assert_eq!(firsts.take(wanted.len()).collect::<Vec<_>>(), wanted);
}
