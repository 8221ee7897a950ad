//! The connection settings of the user: region, profile, headers and certificates.
//!
//! Must not connect. The entry point is [`ConnectOptions`].

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::{HeaderName, HeaderValue, Uri};

use super::egress::{AllowedOrigins, guarded_client};
use super::error::{ConnectError, causes};
use super::trust::CaBundle;
use crate::secrets::register_secret;

/// The region if none is configured, and of the embedded fake.
pub const DEFAULT_REGION: &str = "us-east-1";

/// The connection settings of the user.
#[derive(Debug, Clone, Default)]
pub struct ConnectOptions {
    /// The region in signatures.
    pub region: Option<String>,
    /// The profile of the AWS configuration.
    pub profile: Option<String>,
    /// Headers that are added to every call.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The certificates that are trusted, in place of those of the system.
    pub ca_bundle: Option<CaBundle>,
    /// Hosts that may receive calls with real credentials without TLS.
    pub allow_insecure: Vec<String>,
}

impl ConnectOptions {
    /// Creates the HTTP client, which calls only the allowed origins.
    pub(super) fn http_client(
        &self,
        allowed: AllowedOrigins,
        through_proxy: bool,
    ) -> Result<SharedHttpClient, ConnectError> {
        for (_, value) in &self.headers {
            register_secret(value.to_str().unwrap_or_default());
        }
        guarded_client(allowed, self.headers.clone(), through_proxy, self.ca_bundle.as_ref())
            .map_err(|error| ConnectError::Certificates(causes(&error)))
    }

    /// Returns true if calls with real credentials may go to the host without TLS.
    pub(super) fn allows_insecure(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default();
        self.allow_insecure.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}
