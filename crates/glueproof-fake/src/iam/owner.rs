//! The owner of policies and tags: a user or a role, as a request names it. Must not know operations.
//! [`Owner`] is the seam; [`RoleOwner`] and [`UserOwner`] implement it.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::parameter::required;
use super::state::Policies;
use super::{role, user};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

/// The parts that users and roles have in common.
#[derive(Debug)]
pub struct OwnerParts<'c> {
    /// Inline policies.
    pub policies: &'c mut Policies,
    /// ARNs of attached managed policies.
    pub attached: &'c mut BTreeSet<String>,
    /// Tags.
    pub tags: &'c mut Tags,
}

/// A user or a role that a request names.
pub trait Owner: DeserializeOwned + Serialize + 'static {
    /// The kind in texts of errors.
    const KIND: &'static str;

    /// Returns the parts of the owner.
    ///
    /// # Errors
    /// Returns an error if the name is missing, or there is no such owner.
    fn parts<'c>(&self, cloud: &'c mut Cloud, caller: &Caller) -> Result<OwnerParts<'c>, ServiceError>;
}

/// The name of a role.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleOwner {
    role_name: Option<String>,
}

/// The name of a user.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserOwner {
    user_name: Option<String>,
}

impl Owner for RoleOwner {
    const KIND: &'static str = "role";

    fn parts<'c>(&self, cloud: &'c mut Cloud, caller: &Caller) -> Result<OwnerParts<'c>, ServiceError> {
        let name = required(self.role_name.clone(), "roleName")?;
        let role = role::find(cloud, caller, &name)?;
        Ok(OwnerParts { policies: &mut role.policies, attached: &mut role.attached, tags: &mut role.tags })
    }
}

impl Owner for UserOwner {
    const KIND: &'static str = "user";

    fn parts<'c>(&self, cloud: &'c mut Cloud, caller: &Caller) -> Result<OwnerParts<'c>, ServiceError> {
        let name = required(self.user_name.clone(), "userName")?;
        let user = user::find(cloud, caller, &name)?;
        Ok(OwnerParts { policies: &mut user.policies, attached: &mut user.attached, tags: &mut user.tags })
    }
}
