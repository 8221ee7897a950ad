//! The preset of the builder for runs of the suite: policies decide, and one user may do everything. Must not run anything.

use super::builder::FakeCloudBuilder;
use super::iam::{Mode, SeedError, SeedFile};

/// The only user, with the credentials that a run uses. The root user could not assume a role.
const CALLER: &str = r#"
    [[users]]
    name = "glueproof"
    access_keys = [{ id = "test", secret = "test" }]
    [users.policies.everything]
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
"#;

impl FakeCloudBuilder {
    /// Enforces policies, adds one user with the access key and secret `test` who may do everything, and lets work finish at
    /// once.
    ///
    /// # Errors
    /// Never for the user that is written here.
    pub fn judged(self) -> Result<Self, SeedError> {
        Ok(self.mode(Mode::Enforce).prompt(true).identities(SeedFile::parse(CALLER)?))
    }
}
