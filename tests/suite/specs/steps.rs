//! Behaviors that are wrong: subjects, ids, proofs, steps, templates and expectations.

use glueproof::model::{Edition, SpecProblem, Specs};
use serde_json::{Value, json};

use super::problems::{altered_text, refused};

const FILE: &str = "glue/behaviors/GetSecurityConfiguration.toml";
const ID: &str = "glue/GetSecurityConfiguration/valid/probe";

/// The embedded specs with one behavior more.
fn with(behavior: &Value) -> Vec<glueproof::model::SpecFile> {
    let mut probe = json!({ "id": "valid/probe", "requirement": "It is there.", "assumed": ["E050"] });
    for (key, value) in behavior.as_object().unwrap() {
        probe[key] = value.clone();
    }
    let section = toml::to_string(&json!({ "behavior": [probe] })).unwrap();
    altered_text(FILE, |text| format!("{text}\n{section}"))
}

/// The problem that the loader reports for a behavior, with the file and the behavior.
#[track_caller]
fn problem(behavior: &Value) -> SpecProblem {
    let error = refused(&with(behavior));
    assert_eq!((error.file.as_str(), error.shape.as_deref()), (FILE, Some(ID)), "{error}");
    error.problem
}

fn get(input: &Value) -> Value {
    json!({ "act": "GetSecurityConfiguration", "as": "seen", "input": input })
}

/// The sentence about a step with this input.
#[track_caller]
fn of_input(input: &Value) -> String {
    problem(&json!({ "steps": [get(&json!({ "Name": "a" })), { "act": "GetSecurityConfiguration", "input": input }] }))
        .to_string()
}

/// The sentence about a step with this expectation.
#[track_caller]
fn of_expectation(expect: &Value) -> String {
    problem(&json!({ "steps": [{ "act": "GetSecurityConfiguration", "expect": expect }] })).to_string()
}

#[test]
fn a_subject_of_no_edition_is_a_mistake() {
    let about = |subject: &str| {
        refused(&altered_text(FILE, |text| {
            text.replace("subject = \"GetSecurityConfiguration\"", &format!("subject = \"{subject}\""))
        }))
    };
    let error = about("GetSecurityConfig");
    assert_eq!(error.file, FILE);
    assert!(error.shape.as_deref().unwrap().starts_with("glue/GetSecurityConfig/"), "{error}");
    assert!(
        matches!(&error.problem, SpecProblem::UnknownSubject { subject } if subject == "GetSecurityConfig")
    );
    let simple = about("NameString");
    assert!(matches!(simple.problem, SpecProblem::UnknownSubject { .. }), "a string promises nothing");
}

#[test]
fn a_subject_of_another_edition_only_leaves_its_behaviors_out() {
    for (edition, there) in [(Edition::E2018, false), (Edition::Current, true)] {
        let specs = Specs::embedded(edition).unwrap();
        let mut subjects = specs.services[0].behaviors.iter().map(|b| b.subject.as_str());
        assert_eq!(subjects.any(|s| s == "GetResourcePolicies"), there, "{edition}");
    }
}

#[test]
fn ids_are_family_and_name_and_used_once() {
    for id in ["probe", "vaild/probe", ""] {
        let error = refused(&with(&json!({ "id": id, "untested": "no way to" })));
        assert!(matches!(&error.problem, SpecProblem::Syntax(text) if text.contains("family")), "{error}");
    }
    let twice = refused(&with(&json!({ "id": "errors/EntityNotFoundException", "untested": "no way to" })));
    assert!(matches!(twice.problem, SpecProblem::DuplicateBehavior { other } if other == FILE));
}

#[test]
fn a_behavior_has_one_proof() {
    assert!(matches!(problem(&json!({})), SpecProblem::Proof { found: 0 }));
    let two = json!({ "untested": "no way to", "covered_by": ["glue/*"] });
    assert!(matches!(problem(&two), SpecProblem::Proof { found: 2 }));
    assert!(matches!(problem(&json!({ "steps": [] })), SpecProblem::Step(_)));
}

#[test]
fn behaviors_need_evidence_too() {
    let cite = |sources: Value| problem(&json!({ "untested": "no way to", "assumed": sources }));
    assert!(matches!(cite(json!([])), SpecProblem::NoSource));
    assert!(matches!(cite(json!(["doc.Nothing"])), SpecProblem::UnknownSource { id } if id == "doc.Nothing"));
}

#[test]
fn unknown_fields_are_refused() {
    for field in
        [json!({ "wish": 1, "untested": "no way to" }), json!({ "steps": [{ "act": "x", "wish": 1 }] })]
    {
        let error = refused(&with(&field));
        assert_eq!(error.file, FILE);
        assert!(matches!(&error.problem, SpecProblem::Syntax(text) if text.contains("wish")), "{error}");
    }
}

#[test]
fn steps_call_operations_and_have_their_own_names() {
    let unknown = problem(&json!({ "steps": [{ "act": "GetSecurity" }] }));
    assert_eq!(unknown.to_string(), "step 1: there is no operation `GetSecurity` in edition current");
    let same = json!({ "steps": [get(&json!({})), get(&json!({}))] });
    assert_eq!(problem(&same).to_string(), "step 2: an earlier step is called `seen` too");
}

#[test]
fn steps_call_operations_of_other_services_by_their_names() {
    let loads = |call: &str| {
        let steps = json!({ "steps": [get(&json!({})), { "act": call }] });
        Specs::from_files(&with(&steps), Edition::Current).is_ok()
    };
    assert!(loads("kms:CreateKey") && loads("logs:PutLogEvents") && loads("glue:GetResourcePolicy"));
    for call in
        ["kms:GetResourcePolicy", "GetKeyPolicy", "kmz:CreateKey", "kms:", ":CreateKey", "kms::CreateKey"]
    {
        let unknown = problem(&json!({ "steps": [{ "act": call }] })).to_string();
        let expected = format!("step 1: there is no operation `{call}` in edition current");
        assert!(unknown == expected || unknown.starts_with(&(expected + ", did you mean `")), "{unknown}");
    }
}

#[test]
fn only_calls_of_one_client_are_waited_for() {
    let step = |extra: (&str, Value)| {
        let mut step = json!({ "act": "GetSecurityConfigurations", "until": "ok" });
        step[extra.0] = extra.1;
        problem(&json!({ "steps": [step] })).to_string()
    };
    assert_eq!(step(("client", json!(1))), "step 1: `until` repeats the calls of one client");
    let wrong = step(("until", json!({ "same": "before" })));
    assert!(wrong.contains("no earlier step is called"), "{wrong}");
}

#[test]
fn every_placeholder_loads() {
    let all = json!({
        "Name": { "$name": "a" }, "A": { "$policy": "a" }, "B": { "$valid": "S3Encryption", "label": "x" },
        "C": { "$foreign": "hash" }, "D": { "$repeat": "x", "times": 3 },
        "E": [{ "F": { "$answer": "seen", "at": "/A/B" } }, { "$sent": "seen", "at": "" }],
        "G": { "$base64": "text" }, "H": { "$json": { "I": [{ "$name": "a" }] } },
        "J": { "$concat": ["a", { "$sent": "seen", "at": "" }] },
        "K": { "$altered": "other", "of": { "$answer": "seen", "at": "/A" } },
    });
    let steps = json!({ "steps": [get(&json!({})), { "act": "GetSecurityConfiguration", "input": all }] });
    assert!(Specs::from_files(&with(&steps), Edition::Current).is_ok());
}

#[test]
fn placeholders_must_be_known_and_complete() {
    for (input, text) in [
        (json!({ "$nmae": "a" }), "`$nmae` is no placeholder"),
        (json!({ "$name": 1 }), "`$name` needs a string"),
        (json!({ "$name": "a", "at": "" }), "`at` cannot stand beside `$name`"),
        (json!({ "$repeat": "x" }), "`$repeat` needs `times`, a whole number"),
        (json!({ "$repeat": "x", "times": "3" }), "`$repeat` needs `times`, a whole number"),
        (json!({ "$base64": ["x"] }), "`$base64` needs a string"),
        (json!({ "$concat": "ab" }), "`$concat` needs a list"),
        (json!({ "$concat": [{ "$nmae": "a" }] }), "`$nmae` is no placeholder"),
        (json!({ "$json": { "a": { "$nmae": "a" } } }), "`$nmae` is no placeholder"),
        (json!({ "$altered": "other" }), "`$altered` needs `of`"),
        (json!({ "$altered": "upside-down", "of": "x" }), "`$altered` knows shorter, longer, other"),
        (json!({ "$repeat": "x", "times": 3, "of": 1 }), "`of` cannot stand beside `$repeat`"),
        (json!({ "$foreign": "key" }), "`$foreign` knows `hash`, not `key`"),
        (json!({ "$valid": "S4" }), "`$valid` names `S4`, which is no shape of edition current"),
        (json!({ "$answer": "seen" }), "`$answer` needs `at`, a JSON pointer"),
        (
            json!({ "$answer": "seen", "at": "A" }),
            "`A` is no JSON pointer: it must be empty or start with `/`",
        ),
        (json!({ "$sent": "later", "at": "" }), "`$sent` refers to `later`, which no earlier step is called"),
    ] {
        assert_eq!(of_input(&input), format!("step 2: {text}"), "{input}");
        let deep = json!({ "A": [1, { "B": { "C": input } }] });
        assert_eq!(of_input(&deep), format!("step 2: {text}"), "{deep}");
    }
}

#[test]
fn a_step_cannot_send_what_it_has_yet_to_get() {
    let own = json!({ "steps": [get(&json!({ "Name": { "$answer": "seen", "at": "" } }))] });
    assert!(problem(&own).to_string().contains("no earlier step"));
}

#[test]
fn expectations_are_checked_as_deep_as_they_go() {
    let wrong = |at: &str, key: &str, value: Value| json!({ at: { key: value } });
    for (ok, text) in [
        (wrong("A", "present", json!(true)), "an expectation has no member `A`"),
        (wrong("/A", "matches", json!("[")), "`[` cannot be used"),
        (wrong("/A", "lacks_item", json!({ "$nmae": "a" })), "`$nmae` is no placeholder"),
        (wrong("/A", "at_least", json!({ "$answer": "x", "at": "" })), "no earlier step is called"),
    ] {
        assert!(of_expectation(&ok).contains(text), "{ok}");
        let either = json!({ "either": ["ok", { "either": [ok] }] });
        assert!(of_expectation(&either).contains(text), "{either}");
    }
    assert!(of_expectation(&json!({ "same": "before" })).contains("no earlier step is called"));
    let branch = |accepted, then| json!({ "if": { "accepted": accepted, "then": then, "else": "ok" } });
    assert!(of_expectation(&branch("before", "ok")).contains("no earlier step is called"));
    let half = json!({ "if": { "accepted": "seen", "then": "gone" } });
    assert!(
        refused(&with(&json!({ "steps": [{ "act": "x", "expect": half }] }))).to_string().contains("else")
    );
    assert!(
        refused(&with(&json!({ "steps": [{ "act": "x", "expect": "fine" }] }))).to_string().contains("fine")
    );
}

#[test]
fn only_a_list_that_can_be_filled_has_laws_of_pages() {
    let claim = |law: &str| problem(&json!({ "pages": law }));
    assert!(claim("whole-list").to_string().contains("is no operation with the trait smithy.api#paginated"));
    let unknown = refused(&with(&json!({ "pages": "half-list" })));
    assert!(matches!(&unknown.problem, SpecProblem::Syntax(text) if text.contains("half-list")), "{unknown}");
    let both = json!({ "pages": "whole-list", "untested": "no way to" });
    assert!(matches!(problem(&both), SpecProblem::Proof { found: 2 }));

    let of_policies = altered_text("glue/behaviors/GetResourcePolicies.toml", |text| {
        text.replacen("pages = \"whole-list\"", "pages = \"deleted-meanwhile\"", 1)
    });
    let error = refused(&of_policies).to_string();
    assert!(error.contains("there is one `ResourcePolicyResource` an account"), "{error}");
}

#[test]
fn only_pages_are_followed() {
    let step = json!({ "act": "GetSecurityConfiguration", "follow": true });
    let error = problem(&json!({ "steps": [step] })).to_string();
    assert_eq!(error, "step 1: `follow` needs pages, and `GetSecurityConfiguration` has none");
}
