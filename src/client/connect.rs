//! Connects to targets: finds credentials, region, account and HTTP client of an endpoint, AWS or the embedded fake.
//!
//! The only call sent here is `sts:GetCallerIdentity`. The entry points are the constructors of [`Target`].

use std::collections::BTreeMap;
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
use aws_types::service_config::ServiceConfigKey;
use http::{HeaderName, HeaderValue, Uri};

use super::address::{ServiceAddresses, Variant, is_aws, is_loopback, is_region_name, parse_url};
use super::alias::Aliases;
use super::credentials::{CredentialsInfo, FoundCredentials, credentials, sdk_config};
use super::egress::{AllowedOrigins, guarded_client};
use super::error::{ConnectError, causes, root_cause};
use super::target::{Target, TargetSetup, TargetType};
use super::trust::CaBundle;
use crate::model::{Specs, partition};
use crate::secrets::register_secret;

/// The account of targets that do not return theirs.
const UNKNOWN_ACCOUNT: &str = "123456789012";
/// The region if none is configured.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

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
    fn with_ca_bundle(&self, access: Access) -> Access {
        Access { ca_bundle: self.ca_bundle.as_ref().map(|bundle| bundle.path.clone()), ..access }
    }

    fn http_client(
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

impl Target {
    /// Connects to an endpoint that implements the API.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid, if a host other than this machine is to be called without credentials, or
    /// if it is to be called with real credentials and without TLS.
    pub async fn endpoint(
        setup: TargetSetup<'_>,
        url: &str,
        options: &ConnectOptions,
    ) -> Result<Self, ConnectError> {
        let uri = parse_url(url)?;
        if let Some(host) = uri.host().filter(|host| is_aws(host)) {
            return Err(ConnectError::IsAws { host: host.to_owned() });
        }
        let config = sdk_config(options, is_loopback(&uri)).await;
        let region = config.region().map_or_else(|| DEFAULT_REGION.to_owned(), ToString::to_string);
        let found = credentials(&config, options, &uri, url).await?;
        let client = options.http_client(AllowedOrigins::default().with_origin(&uri), false)?;
        let access = Access::new(one_address(url, &region), found, client, setup.limits.timeout);
        let access = options.with_ca_bundle(access);
        let account = access.account().await;
        let aliases = Aliases::new(&account);
        Ok(Self::assemble(TargetType::Endpoint, setup, Some(url.to_owned()), access, aliases))
    }

    /// Connects to AWS. Refuses any account other than `account`.
    ///
    /// # Errors
    /// Returns an error if there is no region, if there are no credentials, or if they belong to another account.
    pub async fn aws(
        setup: TargetSetup<'_>,
        account: &str,
        options: &ConnectOptions,
    ) -> Result<Self, ConnectError> {
        let config = sdk_config(options, false).await;
        let region = config.region().map(ToString::to_string).ok_or(ConnectError::NoRegion)?;
        if !is_region_name(&region) {
            return Err(ConnectError::UnknownRegion(region));
        }
        let partition = partition(&region);
        let overrides = configured_addresses(&config, setup.specs);
        let is_unchanged = overrides.is_empty();
        let variant = Variant {
            fips: config.use_fips().unwrap_or_default(),
            dual_stack: config.use_dual_stack().unwrap_or_default(),
        };
        let mut allowed = AllowedOrigins::default()
            .with_domain(partition.dns_suffix)
            .with_domain(partition.dual_stack_dns_suffix);
        for url in overrides.values() {
            allowed = allowed.with_origin(&parse_url(url)?);
        }
        // Every configured address must be allowed to receive the credentials.
        let addresses = ServiceAddresses::Aws { region, partition, variant, overrides };
        let (url, mut known) = (addresses.of("glue").url, None);
        for address in addresses.configured() {
            known = Some(credentials(&config, options, &parse_url(address)?, address).await?);
        }
        let signing = match known {
            Some(known) => known,
            None => credentials(&config, options, &parse_url(&url)?, &url).await?,
        };
        // A proxy of the environment is used to reach AWS, but not to reach configured addresses.
        let client = options.http_client(allowed, is_unchanged)?;
        let access = Access::new(addresses, signing, client, setup.limits.timeout);
        let access = options.with_ca_bundle(access);
        let found = access.caller().await.map_err(ConnectError::NoIdentity)?;
        if found != account {
            return Err(ConnectError::OtherAccount { asked: account.to_owned(), found });
        }
        Ok(Self::assemble(TargetType::Aws, setup, Some(url), access, Aliases::new(account)))
    }

    /// Connects to the embedded fake, or to another SDK HTTP client without an address.
    #[must_use]
    pub fn in_process(setup: TargetSetup<'_>, client: SharedHttpClient, account: &str, region: &str) -> Self {
        let address = one_address("http://glueproof.invalid", region);
        let access = Access::new(address, FoundCredentials::placeholder(), client, setup.limits.timeout);
        Self::assemble(TargetType::Fake, setup, None, access, Aliases::new(account))
    }

    /// Connects to the embedded fake through a socket.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub fn local_fake(
        setup: TargetSetup<'_>,
        url: &str,
        account: &str,
        region: &str,
    ) -> Result<Self, ConnectError> {
        let client = ConnectOptions::default()
            .http_client(AllowedOrigins::default().with_origin(&parse_url(url)?), false)?;
        let access = Access::new(
            one_address(url, region),
            FoundCredentials::placeholder(),
            client,
            setup.limits.timeout,
        );
        Ok(Self::assemble(TargetType::Fake, setup, Some(url.to_owned()), access, Aliases::new(account)))
    }
}

/// Returns the addresses of services in the AWS configuration, read as the SDKs do, by endpoint prefix.
fn configured_addresses(config: &aws_config::SdkConfig, specs: &Specs) -> BTreeMap<String, String> {
    let of = |sdk_id: &str| {
        let key =
            ServiceConfigKey::builder().service_id(sdk_id).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        let own = key.build().ok().and_then(|key| config.service_config()?.load_config(key));
        own.or_else(|| config.endpoint_url().map(str::to_owned))
    };
    let names = specs.services.iter().map(|model| &model.names);
    names.filter_map(|names| Some((names.endpoint_prefix.clone(), of(&names.sdk_id)?))).collect()
}

fn one_address(url: &str, region: &str) -> ServiceAddresses {
    ServiceAddresses::One { url: url.to_owned(), region: region.to_owned() }
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

impl Access {
    fn new(
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

    /// Returns the account that the target assigns to the caller: the account in the credentials, an access key id of
    /// twelve digits (a convention of emulators), the account that STS returns, or the usual placeholder.
    async fn account(&self) -> String {
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
    async fn caller(&self) -> Result<String, String> {
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
