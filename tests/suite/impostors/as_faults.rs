//! The impostors that the fake itself can play: each deviates, and no rule passes on it that asks for anything it has
//! not got. What may pass stands here, each with the reason why it is the truth; what truly passes no more must go.

use std::collections::BTreeSet;

use glueproof::fake::Injection;
use glueproof::model::{Capability, Family};
use glueproof::report::Verdict;
use glueproof::rule::Rule;
use glueproof::run::Outcome;

use super::credit::{catalog, is_negative, is_positive};
use crate::server::fake;
use crate::trial::{Judge, Judged, cloud};

/// Rules, and why what the impostor answers there is the truth.
type Truths = [(&'static [&'static str], &'static str)];

#[track_caller]
fn exposed(name: &str, seed: u64) -> Judged {
    let cloud = cloud();
    cloud.inject(Injection::new(name.parse().unwrap()));
    let judge = Judge { only: vec!["glue/*".to_owned()], seed, ..Judge::default() };
    let judged = judge.impatiently().unshrunk().run(fake(&cloud));
    assert_eq!(judged.report.verdict, Verdict::Deviates, "{name}");
    assert_eq!(judged.ids(Outcome::Errored), Vec::<&str>::new(), "{name}");
    judged
}

/// The rules that passed on the operations that the impostor answers: the ten operations. The others, and such as there are none, never get to
/// it.
fn credited(judged: &Judged) -> BTreeSet<&str> {
    let passed = judged.with(Outcome::Passed);
    let own =
        passed.filter(|rule| rule.capability == Capability::Core && !rule.id.ends_with("unknown-operation"));
    own.map(|rule| rule.id.as_str()).collect()
}

/// No rule passes but what is listed, and nothing is listed for no rule.
#[track_caller]
fn passes_nothing_but(name: &str, truths: &Truths) {
    let (catalog, mut listed) = (catalog(), BTreeSet::<&str>::new());
    for seed in [1, 2] {
        let judged = exposed(name, seed);
        for id in credited(&judged) {
            let rule = catalog.find(id).unwrap();
            let patterns = truths.iter().flat_map(|(patterns, _)| *patterns);
            let found: Vec<_> = patterns.filter(|pattern| rule.is_named(pattern)).collect();
            assert!(
                !found.is_empty(),
                "{id} passes on {name} with seed {seed}, and no reason is given why it should"
            );
            listed.extend(found);
        }
    }
    for (patterns, reason) in truths {
        assert!(!reason.is_empty());
        for pattern in *patterns {
            assert!(listed.contains(pattern), "{pattern} passes on {name} no more");
        }
    }
}

/// The rules of a kind that passed.
fn passed(judged: &Judged, are: fn(&Rule) -> bool) -> Vec<String> {
    let (catalog, passed) = (catalog(), credited(judged));
    let wanted = catalog.rules.iter().filter(|rule| are(rule)).map(|rule| rule.id.clone());
    wanted.filter(|id| passed.contains(id.as_str())).collect()
}

const HEADERS: (&[&str], &str) = (
    &["glue/*/wire/request-id", "glue/*/wire/response-content-type"],
    "its headers are those of the service",
);
const EMPTY: &str = "an empty object is what is to be answered, and nothing is wrong about it";
const NO_POLICY: (&[&str], &str) = (
    &["glue/GetResourcePolicies/valid/without-a-policy"],
    "while there is no policy, any answer that is no error is right (assumed)",
);
const ABSENT: (&[&str], &str) = (
    &[
        "glue/*/errors/EntityNotFoundException*",
        "glue/*/condition/absent/*",
        "glue/PutResourcePolicy/metamorphic/refused-MUST_EXIST-sets-nothing",
    ],
    "nothing is ever there, so that it is right not to find it, and nothing is set by what is refused",
);

#[test]
fn a_server_that_always_refuses_has_only_the_form_of_errors() {
    let name = "impostor-constant-error";
    assert_eq!(passed(&exposed(name, 1), is_positive), Vec::<String>::new());
    passes_nothing_but(name, &[(&["glue/*/wire/error-*"], "its errors are of the form of errors")]);
}

#[test]
fn a_server_with_declared_refusals_gets_credit_for_absent_resources() {
    let name = "impostor-first-declared-error";
    assert_eq!(passed(&exposed(name, 1), is_positive), Vec::<String>::new());
    let form = &["glue/*/wire/error-shape", "glue/*/wire/error-content-type"];
    passes_nothing_but(name, &[(form, "its errors are of the form of errors, but for their text"), ABSENT]);
}

#[test]
fn a_server_that_always_accepts_has_refused_nothing() {
    for name in ["impostor-constant-success", "impostor-echo", "impostor-canned"] {
        assert_eq!(passed(&exposed(name, 1), is_negative), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_server_that_always_accepts_gets_credit_for_empty_answers() {
    let empty = &["glue/*/valid/empty-answer", "glue/PutDataCatalogEncryptionSettings/wire/no-nulls"];
    let typed = &[
        "glue/PutDataCatalogEncryptionSettings/wire/output-members",
        "glue/PutDataCatalogEncryptionSettings/wire/output-types",
    ];
    let truths = [HEADERS, (empty, EMPTY), (typed, EMPTY), NO_POLICY];
    passes_nothing_but("impostor-constant-success", &truths);
}

#[test]
fn a_server_that_echoes_gets_credit_for_the_name() {
    let named: &[&str] = &[
        "glue/CreateSecurityConfiguration/valid/Name/present",
        "glue/CreateSecurityConfiguration/valid/name-is-the-one-sent",
        "glue/CreateSecurityConfiguration/wire/no-nulls",
        "glue/CreateSecurityConfiguration/wire/output-constraints",
        "glue/CreateSecurityConfiguration/wire/output-types",
    ];
    let empty: &[&str] = &["glue/DeleteResourcePolicy/valid/empty-answer"];
    let known: &[&str] = &[
        "glue/PutDataCatalogEncryptionSettings/wire/no-nulls",
        "glue/PutDataCatalogEncryptionSettings/wire/output-types",
    ];
    let truths = [
        HEADERS,
        (named, "a name that is sent is the name to answer, and of the right type and form"),
        (empty, EMPTY),
        (known, "no member that is documented is null or of the wrong type"),
        NO_POLICY,
    ];
    passes_nothing_but("impostor-echo", &truths);
}

#[test]
fn a_server_with_canned_answers_gets_credit_for_their_form() {
    let form: &[&str] = &["glue/*/wire/no-nulls", "glue/*/wire/output-*"];
    let there: &[&str] = &["glue/*/valid/*/present", "glue/*ResourcePolicy/valid/hash-form"];
    let empty: &[&str] = &["glue/*/valid/empty-answer"];
    let truths = [
        HEADERS,
        (form, "its answers are of the right form"),
        (there, "its answers have the members that answers must have, and a hash of the right form"),
        (empty, EMPTY),
        NO_POLICY,
    ];
    passes_nothing_but("impostor-canned", &truths);
}

#[test]
fn a_server_without_state_gets_credit_for_refusals_and_forms() {
    let looked: &[&str] = &[
        "glue/*/invalid/*",
        "glue/*/wire/malformed-json",
        "glue/*/wire/not-an-object",
        "glue/*/wire/trailing-text",
        "glue/*/wire/content-type",
        "glue/*/pagination/foreign-token",
        "glue/GetSecurityConfigurations/boundary/MaxResults-1000",
    ];
    let form: &[&str] = &["glue/*/wire/error-*", "glue/*/wire/output-*", "glue/*/wire/no-nulls"];
    let there: &[&str] = &[
        "glue/*/valid/*/present",
        "glue/PutResourcePolicy/valid/hash-form",
        "glue/CreateSecurityConfiguration/valid/name-is-the-one-sent",
    ];
    let empty: &[&str] = &["glue/PutDataCatalogEncryptionSettings/valid/empty-answer"];
    let truths = [
        HEADERS,
        (looked, "it looks at what it is sent as the service does, and refuses what the service refuses"),
        (form, "its answers are the service's own, but for what they should have kept"),
        (there, "the members of those answers are there, and of the right form"),
        (empty, EMPTY),
        NO_POLICY,
        ABSENT,
    ];
    passes_nothing_but("impostor-stores-nothing", &truths);
}

#[test]
fn a_server_without_validation_gets_credit_for_its_state() {
    let kept: &[&str] = &[
        "glue/*/valid/*",
        "glue/*/boundary/*",
        "glue/*/sequence/*",
        "glue/*/concurrency/*",
        "glue/*/metamorphic/*",
        "glue/*/pagination/*",
    ];
    let state: &[&str] = &["glue/*/errors/*", "glue/*/condition/*"];
    let form: &[&str] = &[
        "glue/*/wire/error-*",
        "glue/*/wire/output-*",
        "glue/*/wire/no-nulls",
        "glue/*/wire/unknown-members",
        "glue/*/wire/content-type",
    ];
    let truths = [
        HEADERS,
        (kept, "what it is given it keeps and shows as the service does"),
        (state, "it keeps resources, and conditions are compared with them"),
        (form, "its answers are the service's own"),
    ];
    let judged = exposed("impostor-validates-nothing", 1);
    // The impostor gets credit for the state it keeps; the rules say if these are refusals of an input.
    assert!(credited(&judged).contains("glue/GetResourcePolicy/valid/policy-is-the-last-one-set"));
    let of_an_input = |rule: &Rule| rule.family == Family::Invalid;
    assert_eq!(passed(&judged, of_an_input), Vec::<String>::new());
    passes_nothing_but("impostor-validates-nothing", &truths);
}
