//! Makes targets: credentials, region, account and HTTP client for an endpoint or the embedded fake.
//! Sends nothing but the one question who the caller is.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_glue::config::{Credentials, ProvideCredentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin as _;
use http::Uri;

use super::alias::Aliases;
use super::{Limits, Target};

/// Account of targets that do not say theirs.
const UNKNOWN_ACCOUNT: &str = "123456789012";
/// Region where none is configured.
const DEFAULT_REGION: &str = "us-east-1";

/// Why no target could be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not a URL of a web server.
    #[error("`{url}` is no usable URL: {reason}; write it like http://127.0.0.1:5000")]
    Url {
        /// As given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// No credentials for a host that is not this machine.
    #[error(
        "no AWS credentials for {url}: {reason}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
    )]
    Credentials {
        /// Where to.
        url: String,
        /// The chain's words.
        reason: String,
    },
    /// The SDK was built without.
    #[error("the SDK has no HTTP client for sockets")]
    NoHttpClient,
}

/// What a target is reached with.
#[derive(Debug)]
pub(super) struct Access {
    pub url: String,
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
    /// When the URL is none, or a host beyond this machine is to be called without credentials.
    pub async fn endpoint(url: &str, limits: Limits) -> Result<Self, ConnectError> {
        let uri = parse(url)?;
        let config = aws_config::defaults(BehaviorVersion::latest()).load().await;
        let region = config.region().map_or_else(|| DEFAULT_REGION.to_owned(), ToString::to_string);
        let (credentials, dummy) = credentials(&config, &uri, url).await?;
        let account = account_of(&credentials, url, &region, limits.timeout).await;
        let access = Access::new(url, &region, credentials, sockets()?, limits.timeout);
        Ok(Self::assemble(
            "endpoint",
            url,
            Some(url.to_owned()),
            access,
            Aliases::new(&account),
            limits,
            dummy,
        ))
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
        let access = Access::new("http://glueproof.invalid", region, credentials, client, limits.timeout);
        Self::assemble("fake", name, None, access, Aliases::new(account), limits, true)
    }
}

impl Target {
    /// An endpoint of our own on this machine, whose account and region are known.
    ///
    /// # Errors
    /// When the SDK has no HTTP client.
    pub fn local(
        kind: &str,
        name: &str,
        url: &str,
        account: &str,
        region: &str,
        limits: Limits,
    ) -> Result<Self, ConnectError> {
        let credentials = SharedCredentialsProvider::new(dummies());
        let access = Access::new(url, region, credentials, sockets()?, limits.timeout);
        Ok(Self::assemble(kind, name, Some(url.to_owned()), access, Aliases::new(account), limits, true))
    }
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

fn dummies() -> Credentials {
    Credentials::new("test", "test", None, None, "glueproof")
}

/// Those of the AWS chain; on loopback, made-up ones when the chain has none.
async fn credentials(
    config: &aws_config::SdkConfig,
    uri: &Uri,
    url: &str,
) -> Result<(SharedCredentialsProvider, bool), ConnectError> {
    let provider = config.credentials_provider();
    let found = match &provider {
        Some(provider) if !is_loopback(uri) || chain_is_configured() => {
            provider.provide_credentials().await.map_err(|e| e.to_string())
        }
        _ => Err("none configured".to_owned()),
    };
    match (found, provider) {
        (Ok(_), Some(provider)) => Ok((provider, false)),
        (Err(_), _) if is_loopback(uri) => Ok((SharedCredentialsProvider::new(dummies()), true)),
        (Err(reason), _) => Err(ConnectError::Credentials { url: url.to_owned(), reason }),
        (Ok(_), None) => {
            Err(ConnectError::Credentials { url: url.to_owned(), reason: "none configured".to_owned() })
        }
    }
}

/// On loopback the chain is asked only when something of it is set: its last resort, the metadata
/// service of EC2, would cost seconds on every machine that is none.
fn chain_is_configured() -> bool {
    const HINTS: [&str; 6] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ];
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from);
    let file = home.is_some_and(|h| h.join(".aws/credentials").exists() || h.join(".aws/config").exists());
    file || HINTS.iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

/// The account the target takes us for: what the credentials say, what an access key of twelve digits
/// says (a custom among emulators), what STS on the same endpoint says, or the usual stand-in.
async fn account_of(
    provider: &SharedCredentialsProvider,
    url: &str,
    region: &str,
    timeout: Duration,
) -> String {
    if let Ok(credentials) = provider.provide_credentials().await {
        if let Some(account) = credentials.account_id() {
            return account.as_str().to_owned();
        }
        if is_account(credentials.access_key_id()) {
            return credentials.access_key_id().to_owned();
        }
    }
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(url)
        .credentials_provider(provider.clone())
        .timeout_config(
            TimeoutConfig::builder().operation_timeout(timeout.min(Duration::from_secs(5))).build(),
        )
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .build();
    let answer = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await;
    let account = answer.ok().and_then(|identity| identity.account().map(str::to_owned));
    account.filter(|a| is_account(a)).unwrap_or_else(|| UNKNOWN_ACCOUNT.to_owned())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The HTTP client that SDKs make by themselves.
fn sockets() -> Result<SharedHttpClient, ConnectError> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::latest());
    let nothing = RuntimeComponentsBuilder::new("nothing yet");
    plugin
        .and_then(|plugin| plugin.runtime_components(&nothing).http_client())
        .ok_or(ConnectError::NoHttpClient)
}

impl Access {
    fn new(
        url: &str,
        region: &str,
        credentials: SharedCredentialsProvider,
        http_client: SharedHttpClient,
        timeout: Duration,
    ) -> Self {
        let identities = IdentityCache::lazy().build();
        Self { url: url.to_owned(), region: region.to_owned(), credentials, http_client, timeout, identities }
    }

    /// One bound for connecting and for the whole call.
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder().connect_timeout(self.timeout).operation_timeout(self.timeout).build()
    }

    /// The SDK client: one attempt a call, bounded in time.
    pub(super) fn glue(&self) -> aws_sdk_glue::Client {
        let config = aws_sdk_glue::Config::builder()
            .behavior_version(aws_sdk_glue::config::BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .endpoint_url(&self.url)
            .credentials_provider(self.credentials.clone())
            .retry_config(aws_sdk_glue::config::retry::RetryConfig::disabled())
            .stalled_stream_protection(aws_sdk_glue::config::StalledStreamProtectionConfig::disabled())
            .timeout_config(self.timeouts())
            .http_client(self.http_client.clone());
        aws_sdk_glue::Client::from_conf(config.build())
    }
}
