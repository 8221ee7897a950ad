//! What Glue holds for one account in one region. Data only.

use super::encryption_settings::EncryptionSettings;
use super::resource_policy::ResourcePolicy;
use super::security_configuration::SecurityConfigurations;

/// Everything of Glue's.
#[derive(Debug, Default)]
pub struct State {
    /// The resource policy of the Data Catalog, if one is set.
    pub policy: Option<ResourcePolicy>,
    /// The encryption settings of the Data Catalog.
    pub encryption: EncryptionSettings,
    /// The security configurations.
    pub security_configurations: SecurityConfigurations,
}
