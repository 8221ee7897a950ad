//! The state of Glue for one account in one region. Data only.
//! Must not know any operation.
//! [`State`] is the entry point.

use serde::{Deserialize, Serialize};

use super::arn::arn;
use super::catalog::Catalog;
use super::crawler::Crawler;
use super::dev_endpoint::DevEndpoint;
use super::encryption_settings::EncryptionSettings;
use super::job::Job;
use super::resource_policy::ResourcePolicy;
use super::schedule::DueWork;
use super::security_configuration::SecurityConfigurations;
use crate::caller::Caller;
use crate::store::Table;
use crate::tags::Tags;

/// The state of Glue.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The resource policy of the Data Catalog, if one is set.
    pub policy: Option<ResourcePolicy>,
    /// The encryption settings of the Data Catalog.
    pub encryption: EncryptionSettings,
    /// The security configurations.
    pub security_configurations: SecurityConfigurations,
    /// The Data Catalog.
    pub catalog: Catalog,
    /// The tags by kind and name of their resource, such as `job/nightly`.
    pub tags: Table<String, Tags>,
    /// The jobs by name.
    pub jobs: Table<String, Job>,
    /// The crawlers by name.
    pub crawlers: Table<String, Crawler>,
    /// The development endpoints by name.
    pub dev_endpoints: Table<String, DevEndpoint>,
    /// The scheduled work.
    pub under_way: Vec<DueWork>,
}

impl State {
    /// Returns the ARN and the tags of every tagged resource.
    pub fn tagged(&self, owner: &Caller) -> impl Iterator<Item = (String, &Tags)> {
        self.tags.iter().map(|(resource, tags)| (arn(owner, resource), tags))
    }

    /// Returns the stored bytes, by kind and name. The settings can encrypt the Data Catalog, and configurations bookmarks.
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

/// Returns the JSON of a snapshot. Every state has JSON.
fn written(item: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(item).unwrap_or_default()
}
