//! What Glue holds for one account in one region. Data only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalog::Catalog;
use super::crawler::Crawler;
use super::dev_endpoint::DevEndpoint;
use super::encryption_settings::EncryptionSettings;
use super::job::Job;
use super::resource_policy::ResourcePolicy;
use super::security_configuration::SecurityConfigurations;
use super::tag;
use super::work::Due;
use crate::caller::Caller;

/// Everything of Glue's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The resource policy of the Data Catalog, if one is set.
    pub policy: Option<ResourcePolicy>,
    /// The encryption settings of the Data Catalog.
    pub encryption: EncryptionSettings,
    /// The security configurations.
    pub security_configurations: SecurityConfigurations,
    /// What the Data Catalog holds.
    pub catalog: Catalog,
    /// Tags by kind and name of what they are on, such as `job/nightly`.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// By name.
    pub jobs: BTreeMap<String, Job>,
    /// By name.
    pub crawlers: BTreeMap<String, Crawler>,
    /// By name.
    pub dev_endpoints: BTreeMap<String, DevEndpoint>,
    /// What is under way, and when it will be done.
    pub under_way: Vec<Due>,
}

impl State {
    /// ARN and tags of everything that has some.
    pub fn tagged(&self, owner: &Caller) -> impl Iterator<Item = (String, &BTreeMap<String, String>)> {
        self.tags.iter().map(|(resource, tags)| (tag::arn(owner, resource), tags))
    }

    /// What is stored, by kind and name. Of these the service encrypts what the Data Catalog holds and the
    /// bookmarks of jobs, as it is told.
    pub fn at_rest(&self) -> Vec<(String, Vec<u8>)> {
        let policy = self.policy.iter().map(|policy| ("resource-policy".to_owned(), written(policy)));
        let settings = std::iter::once(("encryption-settings".to_owned(), written(&self.encryption)));
        let configurations = self
            .security_configurations
            .iter()
            .map(|(name, item)| (format!("security-configuration/{name}"), written(item)));
        let bookmarks = self.jobs.iter().filter_map(|(name, job)| {
            Some((format!("job-bookmark/{name}"), job.bookmark.as_ref()?.bytes().to_vec()))
        });
        policy.chain(settings).chain(configurations).chain(self.catalog.at_rest()).chain(bookmarks).collect()
    }
}

/// As the snapshot has it. Nothing that state is made of has no JSON.
fn written(item: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(item).unwrap_or_default()
}
