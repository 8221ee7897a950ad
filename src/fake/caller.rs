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
    /// The service that calls in the principal's name, such as `glue` (for `kms:ViaService`).
    pub via: Option<String>,
}

impl Caller {
    /// The account itself.
    pub fn root(account: &str, region: &str) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            principal: format!("arn:aws:iam::{account}:root"),
            via: None,
        }
    }

    /// The same principal, with a service calling in its name.
    #[expect(dead_code, reason = "for the services that use keys in their callers' names")]
    pub fn through(&self, service: &str) -> Self {
        Self { via: Some(service.to_owned()), ..self.clone() }
    }
}
