//! A constraint written into a spec is a rule, without a change of code; and what must never become one.

use std::collections::BTreeSet;

use glueproof::model::{Edition, SpecFile, Specs, embedded_files};
use glueproof::rule::Catalog;
use serde_json::{Value, json};

use super::derived;
use crate::specs::altered;

const SIMPLE: &str = "glue/simple.json";

fn ids(files: &[SpecFile]) -> BTreeSet<String> {
    let specs = Specs::from_files(files, Edition::Current).unwrap();
    Catalog::new(&specs).rules.into_iter().map(|rule| rule.id).collect()
}

/// The rules that a change of the specs adds, and those that it removes.
fn changed(path: &str, change: impl FnOnce(&mut Value)) -> (Vec<String>, Vec<String>) {
    let files = altered(path, |document| change(&mut document["shapes"]));
    derived::check(&files, Edition::Current);
    let (old, new) = (ids(&embedded_files().unwrap()), ids(&files));
    (new.difference(&old).cloned().collect(), old.difference(&new).cloned().collect())
}

fn shape(name: &str) -> String {
    format!("com.amazonaws.glue#{name}")
}

#[test]
fn a_maximum_for_the_policy_is_two_rules() {
    let (added, lost) = changed(SIMPLE, |shapes| {
        shapes[shape("PolicyJsonString")]["traits"]["smithy.api#length"]["max"] = json!(500);
    });
    assert_eq!(
        added,
        [
            "glue/PutResourcePolicy/boundary/PolicyInJson/length.max",
            "glue/PutResourcePolicy/invalid/PolicyInJson/length.max",
        ]
    );
    // A trait of the model replaces the words of the guide.
    assert_eq!(lost, ["glue/PutResourcePolicy/invalid/PolicyInJson/observed.length.max"]);
}

#[test]
fn a_member_that_becomes_mandatory_has_a_rule_that_says_so() {
    let (added, lost) = changed("glue/structures/S3Encryption.json", |shapes| {
        shapes[shape("S3Encryption")]["members"]["S3EncryptionMode"]["traits"]["smithy.api#required"] =
            json!({});
    });
    let at = "glue/CreateSecurityConfiguration";
    let path = "EncryptionConfiguration.S3Encryption[].S3EncryptionMode";
    assert_eq!(added, [format!("{at}/invalid/{path}/null"), format!("{at}/invalid/{path}/required")]);
    assert_eq!(lost, [format!("{at}/boundary/{path}/null")]);
}

#[test]
fn a_new_member_brings_its_rules() {
    let (added, _) = changed("glue/operations/DeleteSecurityConfiguration.json", |shapes| {
        let members = &mut shapes[shape("DeleteSecurityConfigurationRequest")]["members"];
        members["Force"] = json!({ "target": shape("NullableBoolean") });
    });
    let at = "glue/DeleteSecurityConfiguration";
    assert_eq!(
        added,
        [
            format!("{at}/boundary/Force/null"),
            format!("{at}/invalid/Force/type"),
            format!("{at}/invalid/Force/type.lenient"),
        ]
    );
}

#[test]
fn a_page_token_is_never_expected_to_be_accepted() {
    let (added, _) = changed(SIMPLE, |shapes| {
        let traits = &mut shapes[shape("GenericString")]["traits"];
        traits["smithy.api#length"] = json!({ "min": 1, "max": 100 });
        traits["smithy.api#pattern"] = json!("^[a-z]*$");
    });
    let at = "glue/GetSecurityConfigurations/invalid/NextToken";
    assert_eq!(added, [format!("{at}/length.max"), format!("{at}/length.min"), format!("{at}/pattern")]);
}

#[test]
fn reserved_values_are_never_expected_to_be_accepted() {
    for id in ids(&embedded_files().unwrap()).iter().filter(|id| id.contains("/boundary/")) {
        let reserved = ["ResourceArn/", "PolicyHashCondition/", "PolicyExistsCondition/", "NextToken/"];
        let about = reserved.iter().any(|name| id.contains(name));
        assert!(!about || id.ends_with("/null"), "{id}");
    }
}
