//! Makes targets: credentials, region, account and HTTP client for an endpoint, AWS itself or the embedded fake.
//! Sends nothing but the one question who the caller is.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_glue::config::{ProvideCredentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use aws_types::service_config::ServiceConfigKey;
use http::Uri;

use super::address::{Addresses, Partition, is_aws};
use super::alias::Aliases;
use super::credentials::{configuration, credentials, dummies};
use super::guard::{Allowed, guarded};
use super::reach::{ConnectError, Reach};
use super::{Limits, Target};
use crate::model::Specs;

/// The kind of the service itself.
pub(super) const AWS: &str = "aws";
/// Account of targets that do not say theirs.
const UNKNOWN_ACCOUNT: &str = "123456789012";
/// Region where none is configured.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// What a target is reached with.
#[derive(Debug)]
pub(super) struct Access {
    pub addresses: Addresses,
    pub region: String,
    pub credentials: SharedCredentialsProvider,
    pub http_client: SharedHttpClient,
    pub timeout: Duration,
    /// Credentials as they were last found, for calls without types.
    pub identities: SharedIdentityCache,
}

impl Target {
    /// Any endpoint that claims to speak the API.
    ///
    /// # Errors
    /// When the URL is none, or a host beyond this machine is to be called without credentials, or with real ones and
    /// without TLS.
    pub async fn endpoint(url: &str, reach: &Reach, limits: Limits) -> Result<Self, ConnectError> {
        let uri = parse(url)?;
        if let Some(host) = uri.host().filter(|host| is_aws(host)) {
            return Err(ConnectError::IsAws { host: host.to_owned() });
        }
        let config = configuration(reach, is_loopback(&uri)).await;
        let region = config.region().map_or_else(|| DEFAULT_REGION.to_owned(), ToString::to_string);
        let (credentials, dummy) = credentials(&config, reach, &uri, url).await?;
        let client = guarded(Allowed::default().at(&uri), reach.headers.clone(), false);
        let access = Access::new(one(url, &region), credentials, client, limits.timeout);
        let account = access.account().await;
        let aliases = Aliases::new(&account);
        Ok(Self::assemble("endpoint", url, Some(url.to_owned()), access, aliases, limits, dummy))
    }

    /// The service itself, in the account that is named and in no other.
    ///
    /// # Errors
    /// When there is no region, there are no credentials, or they are of another account.
    pub async fn aws(
        account: &str,
        reach: &Reach,
        specs: &Specs,
        limits: Limits,
    ) -> Result<Self, ConnectError> {
        let config = configuration(reach, false).await;
        let region = config.region().map(ToString::to_string).ok_or(ConnectError::NoRegion)?;
        let partition = Partition::of(&region).ok_or_else(|| ConnectError::UnknownRegion(region.clone()))?;
        let elsewhere = elsewhere(&config, specs);
        let as_usual = elsewhere.is_empty();
        let mut allowed = Allowed::default().below(partition.domain);
        for url in elsewhere.values() {
            allowed = allowed.at(&parse(url)?);
        }
        // Where services are told to be elsewhere, credentials must be fit for every one of those places.
        let addresses = Addresses::Aws { region, partition, elsewhere };
        let (url, mut known) = (addresses.of("glue").url, None);
        for place in addresses.all() {
            known = Some(credentials(&config, reach, &parse(place)?, place).await?);
        }
        let (credentials, dummy) = match known {
            Some(known) => known,
            None => credentials(&config, reach, &parse(&url)?, &url).await?,
        };
        // Who has to go through a proxy to reach AWS may; nobody has to for what plays it.
        let client = guarded(allowed, reach.headers.clone(), as_usual);
        let access = Access::new(addresses, credentials, client, limits.timeout);
        let found = access.caller().await.map_err(ConnectError::NoIdentity)?;
        if found != account {
            return Err(ConnectError::OtherAccount { asked: account.to_owned(), found });
        }
        Ok(Self::assemble(AWS, AWS, Some(url), access, Aliases::new(account), limits, dummy))
    }

    /// The embedded fake, or anything else that answers through an SDK HTTP client without an address.
    #[must_use]
    pub fn in_process(
        name: &str,
        client: SharedHttpClient,
        account: &str,
        region: &str,
        limits: Limits,
    ) -> Self {
        let credentials = SharedCredentialsProvider::new(dummies());
        let there = one("http://glueproof.invalid", region);
        let access = Access::new(there, credentials, client, limits.timeout);
        Self::assemble("fake", name, None, access, Aliases::new(account), limits, true)
    }

    /// An endpoint of our own on this machine, whose account and region are known.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn local(
        kind: &str,
        name: &str,
        url: &str,
        account: &str,
        region: &str,
        limits: Limits,
    ) -> Result<Self, ConnectError> {
        let credentials = SharedCredentialsProvider::new(dummies());
        let client = guarded(Allowed::default().at(&parse(url)?), Vec::new(), false);
        let access = Access::new(one(url, region), credentials, client, limits.timeout);
        Ok(Self::assemble(kind, name, Some(url.to_owned()), access, Aliases::new(account), limits, true))
    }
}

/// The services that the AWS configuration says are elsewhere, as the SDKs read it.
fn elsewhere(config: &aws_config::SdkConfig, specs: &Specs) -> BTreeMap<String, String> {
    let of = |sdk_id: &str| {
        let key =
            ServiceConfigKey::builder().service_id(sdk_id).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        let own = key.build().ok().and_then(|key| config.service_config()?.load_config(key));
        own.or_else(|| config.endpoint_url().map(str::to_owned))
    };
    let names = specs.services.iter().map(|model| &model.names);
    names.filter_map(|names| Some((names.endpoint_prefix.clone(), of(&names.sdk_id)?))).collect()
}

fn one(url: &str, region: &str) -> Addresses {
    Addresses::One { url: url.to_owned(), region: region.to_owned() }
}

fn parse(url: &str) -> Result<Uri, ConnectError> {
    let bad = |reason: &str| ConnectError::Url { url: url.to_owned(), reason: reason.to_owned() };
    let uri: Uri = url.parse().map_err(|e: http::uri::InvalidUri| bad(&e.to_string()))?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(authority)) if !authority.host().is_empty() => {
            if let Some((_, host)) = authority.as_str().rsplit_once('@') {
                // What stands before the `@` may be a secret.
                let url = format!("…@{host}");
                let reason = "credentials come from the environment, not from the URL".to_owned();
                return Err(ConnectError::Url { url, reason });
            }
            let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
            if !port.is_empty() && authority.port_u16().is_none() {
                return Err(bad(&format!("`{port}` is no port")));
            }
            Ok(uri)
        }
        (Some(other), Some(_)) => Err(bad(&format!("the scheme is `{other}`, not http or https"))),
        _ => Err(bad("it needs a scheme and a host")),
    }
}

/// Whether the host is this machine.
pub(super) fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

impl Access {
    fn new(
        addresses: Addresses,
        credentials: SharedCredentialsProvider,
        http_client: SharedHttpClient,
        timeout: Duration,
    ) -> Self {
        let identities = IdentityCache::lazy().build();
        let region = match &addresses {
            Addresses::One { region, .. } | Addresses::Aws { region, .. } => region.clone(),
        };
        Self { addresses, region, credentials, http_client, timeout, identities }
    }

    /// The account the target takes us for: what the credentials say, what an access key of twelve digits says (a
    /// custom among emulators), what STS says there, or the usual stand-in.
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

    /// The account that STS says is calling.
    async fn caller(&self) -> Result<String, String> {
        let there = self.addresses.of("sts");
        let limit = self.timeout.min(Duration::from_secs(5));
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(there.region))
            .endpoint_url(there.url)
            .credentials_provider(self.credentials.clone())
            .http_client(self.http_client.clone())
            .timeout_config(TimeoutConfig::builder().operation_timeout(limit).build())
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .build();
        let answer = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await;
        let identity =
            answer.map_err(|e| format!("{}", aws_smithy_types::error::display::DisplayErrorContext(&e)))?;
        let account = identity.account().filter(|account| is_account(account)).map(str::to_owned);
        account.ok_or_else(|| "its answer names no account".to_owned())
    }

    /// One bound for connecting and for the whole call.
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder().connect_timeout(self.timeout).operation_timeout(self.timeout).build()
    }

    /// The SDK client: one attempt a call, bounded in time.
    pub(super) fn glue(&self) -> aws_sdk_glue::Client {
        let there = self.addresses.of("glue");
        let config = aws_sdk_glue::Config::builder()
            .behavior_version(aws_sdk_glue::config::BehaviorVersion::latest())
            .region(Region::new(there.region))
            .endpoint_url(there.url)
            .credentials_provider(self.credentials.clone())
            .retry_config(aws_sdk_glue::config::retry::RetryConfig::disabled())
            .stalled_stream_protection(aws_sdk_glue::config::StalledStreamProtectionConfig::disabled())
            .timeout_config(self.timeouts())
            .http_client(self.http_client.clone());
        aws_sdk_glue::Client::from_conf(config.build())
    }
}
