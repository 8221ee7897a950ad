//! The fake as it is judged: asks everybody who they are. Must not be judged here.

use super::builder::FakeCloudBuilder;
use super::iam::{Mode, SeedError, SeedFile};

/// The one caller there is, with the made-up credentials that a run uses on this machine. Root could not assume a
/// role.
const CALLER: &str = r#"
    [[users]]
    name = "glueproof"
    access_keys = [{ id = "test", secret = "test" }]
    [users.policies.everything]
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
"#;

impl FakeCloudBuilder {
    /// Policies decide, and one user, whose access key and secret are `test`, may do everything. Nobody waits for jobs
    /// that do nothing meanwhile.
    ///
    /// # Errors
    /// Never for the user that is written here.
    pub fn judged(self) -> Result<Self, SeedError> {
        Ok(self.mode(Mode::Enforce).prompt(true).identities(SeedFile::parse(CALLER)?))
    }
}
