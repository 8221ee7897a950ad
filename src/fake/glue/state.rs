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
use super::work::Due;

/// Everything of Glue's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
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
