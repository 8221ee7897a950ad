//! What Glue holds for one account in one region. Data only.

use serde::{Deserialize, Serialize};

use super::encryption_settings::EncryptionSettings;
use super::resource_policy::ResourcePolicy;
use super::security_configuration::SecurityConfigurations;

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
}

impl State {
    /// What is stored, by kind and name. None of these is encrypted by the service.
    pub fn at_rest(&self) -> Vec<(String, Vec<u8>)> {
        let policy = self.policy.iter().map(|policy| ("resource-policy".to_owned(), stored(policy)));
        let settings = std::iter::once(("encryption-settings".to_owned(), stored(&self.encryption)));
        let configurations = self
            .security_configurations
            .iter()
            .map(|(name, item)| (format!("security-configuration/{name}"), stored(item)));
        policy.chain(settings).chain(configurations).collect()
    }
}

/// As the snapshot has it. Nothing that state is made of has no JSON.
fn stored(item: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(item).unwrap_or_default()
}
