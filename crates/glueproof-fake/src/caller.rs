//! Who a call is from: account, region, principal, and the service that calls in somebody's name. Data
//! only; `wire` finds it out, `iam` decides what it may do.

/// Whose call it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// ARN of the user, role session or root, or a service's host name such as `logs.us-east-1.amazonaws.com`.
    pub principal: String,
    /// Host name of the service that calls in the principal's name.
    pub via: Option<String>,
    /// Access key id of the temporary credentials that signed the call, if it was signed with such.
    pub session: Option<String>,
}

impl Caller {
    /// The account itself.
    pub fn root(account: &str, region: &str) -> Self {
        Self::named(account, region, format!("arn:aws:iam::{account}:root"))
    }

    /// A user, role session or service of that account.
    pub fn named(account: &str, region: &str, principal: impl Into<String>) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            principal: principal.into(),
            via: None,
            session: None,
        }
    }

    /// The same principal, called for by a service such as `glue`.
    #[must_use]
    pub fn through(&self, service: &str) -> Self {
        Self { via: Some(format!("{service}.{}.amazonaws.com", self.region)), ..self.clone() }
    }

    /// Whether a service calls for itself.
    pub fn is_service(&self) -> bool {
        !self.principal.starts_with("arn:")
    }
}
