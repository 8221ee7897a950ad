//! The means of calling a target: addresses, credentials and HTTP client, and the SDK client made of them.
//!
//! The only call sent here is `sts:GetCallerIdentity`. The entry point is `Access`.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_glue::config::{ProvideCredentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::address::ServiceAddresses;
use super::credentials::{CredentialsInfo, FoundCredentials};
use super::error::root_cause;
use super::trust::CaBundle;

/// The account of targets that do not return theirs.
const UNKNOWN_ACCOUNT: &str = "123456789012";

/// The means of calling a target.
#[derive(Debug)]
pub(super) struct Access {
    pub addresses: ServiceAddresses,
    pub region: String,
    pub credentials: SharedCredentialsProvider,
    pub credentials_info: CredentialsInfo,
    pub http_client: SharedHttpClient,
    pub timeout: Duration,
    /// The file with the certificates that are trusted, if they are not those of the system.
    pub ca_bundle: Option<PathBuf>,
    /// The cache of the run's own credentials, for operations without an SDK crate.
    pub identities: SharedIdentityCache,
}

impl Access {
    pub(super) fn new(
        addresses: ServiceAddresses,
        found: FoundCredentials,
        http_client: SharedHttpClient,
        timeout: Duration,
    ) -> Self {
        let identities = IdentityCache::lazy().build();
        let region = match &addresses {
            ServiceAddresses::One { region, .. } | ServiceAddresses::Aws { region, .. } => region.clone(),
        };
        let FoundCredentials { provider: credentials, info: credentials_info } = found;
        Self {
            addresses,
            region,
            credentials,
            credentials_info,
            http_client,
            timeout,
            ca_bundle: None,
            identities,
        }
    }

    /// Returns the same means for another region, if all services have one address.
    pub(super) fn in_region(&self, region: &str) -> Option<Self> {
        let ServiceAddresses::One { url, .. } = &self.addresses else { return None };
        Some(Self {
            addresses: ServiceAddresses::One { url: url.clone(), region: region.to_owned() },
            region: region.to_owned(),
            credentials: self.credentials.clone(),
            credentials_info: self.credentials_info.clone(),
            http_client: self.http_client.clone(),
            timeout: self.timeout,
            ca_bundle: self.ca_bundle.clone(),
            identities: IdentityCache::lazy().build(),
        })
    }

    /// Sets the file with the certificates that are trusted.
    pub(super) fn with_ca_bundle(self, bundle: Option<&CaBundle>) -> Self {
        Self { ca_bundle: bundle.map(|bundle| bundle.path.clone()), ..self }
    }

    /// Returns the account that the target assigns to the caller: the account in the credentials, an access key id of
    /// twelve digits (a convention of emulators), the account that STS returns, or the usual placeholder.
    pub(super) async fn account(&self) -> String {
        if let Ok(credentials) = self.credentials.provide_credentials().await {
            if let Some(account) = credentials.account_id() {
                return account.as_str().to_owned();
            }
            if is_account(credentials.access_key_id()) {
                return credentials.access_key_id().to_owned();
            }
        }
        self.caller().await.unwrap_or_else(|_| UNKNOWN_ACCOUNT.to_owned())
    }

    /// Returns the account of the caller from STS.
    pub(super) async fn caller(&self) -> Result<String, String> {
        let address = self.addresses.of("sts");
        let limit = self.timeout.min(Duration::from_secs(5));
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(address.region))
            .endpoint_url(address.url)
            .credentials_provider(self.credentials.clone())
            .http_client(self.http_client.clone())
            .timeout_config(TimeoutConfig::builder().operation_timeout(limit).build())
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .build();
        let response = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await;
        let identity = response.map_err(|error| identity_failure(&error))?;
        let account = identity.account().filter(|account| is_account(account)).map(str::to_owned);
        account.ok_or_else(|| "the response contains no account".to_owned())
    }

    /// Returns one timeout for connecting and for the whole call.
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder().connect_timeout(self.timeout).operation_timeout(self.timeout).build()
    }

    /// Creates the SDK client, without retries and with the timeout.
    pub(super) fn glue(&self) -> aws_sdk_glue::Client {
        let address = self.addresses.of("glue");
        let config = aws_sdk_glue::Config::builder()
            .behavior_version(aws_sdk_glue::config::BehaviorVersion::latest())
            .region(Region::new(address.region))
            .endpoint_url(address.url)
            .credentials_provider(self.credentials.clone())
            .retry_config(aws_sdk_glue::config::retry::RetryConfig::disabled())
            .stalled_stream_protection(aws_sdk_glue::config::StalledStreamProtectionConfig::disabled())
            .timeout_config(self.timeouts())
            .http_client(self.http_client.clone());
        aws_sdk_glue::Client::from_conf(config.build())
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the code and message of STS, or the innermost cause of a failure before STS responded.
fn identity_failure<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let metadata = service.err().meta();
            let code = metadata.code().unwrap_or("an error without a code");
            match metadata.message() {
                Some(message) => format!("{code}: {message}"),
                None => code.to_owned(),
            }
        }
        other => root_cause(other),
    }
}
