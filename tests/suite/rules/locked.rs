//! Rules that must not run side by side.

use std::sync::Arc;

use glueproof::model::{Edition, ServiceModel};
use glueproof::rule::{Catalog, Locks, Rule};

use crate::specs::specs;

/// The operations whose outcome depends on the encryption settings: an encrypted catalog shows its policy only to callers
/// with permission on the key (E256), and passwords and items of the catalog are encrypted under the key that is set.
const DEPENDENT: [&str; 6] = [
    "GetResourcePolicies",
    "CreateConnection",
    "GetConnection",
    "GetConnections",
    "UpdateConnection",
    "CreateDatabase",
];

fn glue() -> Arc<ServiceModel> {
    let specs = specs(Edition::Current);
    Arc::clone(specs.services.iter().find(|service| service.name == "glue").unwrap())
}

fn calls(rule: &Rule) -> Vec<&str> {
    let of_specs = rule.test.spec_steps().iter().map(|step| step.call.as_str());
    of_specs.chain([rule.operation.as_str()]).collect()
}

#[test]
fn no_rule_sets_the_settings_while_another_depends_on_them() {
    let (model, catalog) = (glue(), Catalog::new(&specs(Edition::Current)));
    let settings = Locks::of_calls(&model, ["PutDataCatalogEncryptionSettings"]);
    let dependent = catalog
        .rules
        .iter()
        .filter(|rule| rule.service == "glue" && calls(rule).iter().any(|call| DEPENDENT.contains(call)));
    let free: Vec<&str> = dependent
        .clone()
        .filter(|rule| !rule.locks(&model).conflicts_with(&settings))
        .map(|rule| rule.id.as_str())
        .collect();
    assert!(dependent.count() > 30);
    assert_eq!(free, Vec::<&str>::new());
}

#[test]
fn rules_that_only_depend_on_the_settings_run_side_by_side() {
    let model = glue();
    let locks = Locks::of_calls(&model, ["GetResourcePolicies", "CreateConnection"]);
    let reads = Locks::of_calls(&model, ["GetConnection"]);
    assert!(!reads.conflicts_with(&reads));
    assert!(!reads.conflicts_with(&Locks::of_calls(&model, ["CreateConnection"])));
    for locks in [locks.clone(), locks.with_whole_lists()] {
        assert!(!locks.exclusive.contains("DataCatalogEncryptionSettingsResource"));
    }
}
