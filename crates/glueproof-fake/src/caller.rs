//! The caller of a call: account, region, principal, the service that calls for the principal, and the client. Data
//! only; `wire` finds it out, `iam` decides what it may do.

use std::net::IpAddr;

use glueproof_spec::{Partition, partition};

/// The caller of a call.
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
    /// The program that sent the request.
    pub client: RequestClient,
}

/// The program that sent a request, as conditions of policies see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestClient {
    /// False if the request came without TLS.
    pub is_secure: bool,
    /// The address that the request came from, if it came through a socket.
    pub address: Option<IpAddr>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
}

/// Services call each other through TLS.
impl Default for RequestClient {
    fn default() -> Self {
        Self { is_secure: true, address: None, user_agent: None }
    }
}

/// The address of a client, as an extension of its request.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl RequestClient {
    /// Returns the client of a request.
    pub fn of<B>(request: &http::Request<B>) -> Self {
        let agent = request.headers().get(http::header::USER_AGENT);
        Self {
            is_secure: request.uri().scheme() == Some(&http::uri::Scheme::HTTPS),
            address: request.extensions().get().map(|ClientAddress(address)| *address),
            user_agent: agent.and_then(|agent| agent.to_str().ok()).map(str::to_owned),
        }
    }
}

impl Caller {
    /// The root of an account.
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
            client: RequestClient::default(),
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

    /// Returns true if a service calls for itself.
    pub fn is_service(&self) -> bool {
        !self.principal.starts_with("arn:")
    }
}

/// Returns the host name of a service in a region, which names the service in policies.
pub fn service_host(service: &str, region: &str) -> String {
    format!("{service}.{region}.{}", partition(region).dns_suffix)
}
