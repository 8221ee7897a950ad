//! The caller of a request: account, region, principal, and the service that calls for the principal. Data only: `wire` reads
//! it, and `iam` decides on permissions.

use glueproof_spec::{Partition, partition};

/// The caller of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// ARN of the user, role session or root, or a service's host name such as `logs.us-east-1.amazonaws.com`.
    pub principal: String,
    /// Host name of the service that calls for the principal.
    pub via: Option<String>,
    /// Access key id of the temporary credentials that signed the call, if it was signed with such.
    pub session: Option<String>,
}

impl Caller {
    /// Returns the root user of an account.
    pub fn root(account: &str, region: &str) -> Self {
        Self::named(account, region, format!("arn:{}:iam::{account}:root", partition(region)))
    }

    /// Returns a user, role session or service of an account.
    pub fn named(account: &str, region: &str, principal: impl Into<String>) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            principal: principal.into(),
            via: None,
            session: None,
        }
    }

    /// Returns the partition of the region.
    pub fn partition(&self) -> Partition {
        partition(&self.region)
    }

    /// Returns the same principal behind a service such as `glue`.
    #[must_use]
    pub fn through(&self, service: &str) -> Self {
        Self { via: Some(service_host(service, &self.region)), ..self.clone() }
    }

    /// Returns true if the caller is a service without a principal behind it.
    pub fn is_service(&self) -> bool {
        !self.principal.starts_with("arn:")
    }
}

/// Returns the host name of a service in a region, which names the service in policies.
pub fn service_host(service: &str, region: &str) -> String {
    format!("{service}.{region}.{}", partition(region).dns_suffix)
}
