//! The credentials for a target, from the AWS credential chain, and the hosts that may receive real ones.
//!
//! Asks only the providers of the chain. The entry points are [`sdk_config`] and [`credentials`].

use std::fmt;

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_sdk_glue::config::{
    BehaviorVersion, Credentials, ProvideCredentials, Region, SharedCredentialsProvider,
};
use http::Uri;

use super::address::is_loopback;
use super::error::{ConnectError, root_cause};
use super::options::{ConnectOptions, DEFAULT_REGION};
use crate::secrets::register_secret;

/// The access key id and the secret of placeholder credentials.
const PLACEHOLDER: &str = "test";

/// Access key ids that are known placeholders.
const PLACEHOLDER_KEY_IDS: [&str; 12] = [
    "accesskey",
    "dummy",
    "example",
    "fake",
    "foo",
    "foobar",
    "key",
    "local",
    "mock",
    "none",
    "test",
    "testing",
];

/// Loads the AWS configuration. For calls to this machine, omits the last provider of the chain, EC2's metadata service:
/// it is another host, and asking it costs seconds on machines outside EC2.
pub(super) async fn sdk_config(options: &ConnectOptions, loopback: bool) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
        // A profile on the command line has precedence over credentials in the environment.
        let named = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
        loader = loader.credentials_provider(named);
    } else if loopback {
        loader = loader.credentials_provider(without_metadata());
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    } else if loopback {
        let mut profile = ProfileFileRegionProvider::builder();
        if let Some(name) = &options.profile {
            profile = profile.profile_name(name);
        }
        let regions = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
        // Without a region, other providers of the chain would look one up.
        loader = loader.region(regions.or_else(profile.build()).or_else(Region::new(DEFAULT_REGION)));
    }
    loader.load().await
}

fn without_metadata() -> CredentialsProviderChain {
    CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("Profile", ProfileFileCredentialsProvider::builder().build())
        .or_else("WebIdentityToken", WebIdentityTokenCredentialsProvider::builder().build())
        .or_else("EcsContainer", EcsCredentialsProvider::builder().build())
}

/// The source of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsSource {
    /// None are configured, so placeholders sign the calls.
    Placeholder,
    /// Environment variables.
    Environment,
    /// A profile of the AWS configuration.
    Profile(String),
    /// A role, with a token from an identity provider.
    WebIdentity,
    /// The IAM Identity Center.
    SingleSignOn,
    /// The program named by `credential_process`.
    Process,
    /// The credentials endpoint of a container.
    Container,
    /// The instance metadata service of Amazon EC2.
    InstanceMetadata,
    /// Another source of the AWS configuration.
    Other,
}

impl fmt::Display for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Placeholder => "placeholders, because no credentials are configured",
            Self::Environment => "the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            Self::Profile(name) => return write!(f, "the profile `{name}`"),
            Self::WebIdentity => "a web identity token",
            Self::SingleSignOn => "IAM Identity Center",
            Self::Process => "credential_process",
            Self::Container => "the credentials endpoint of the container",
            Self::InstanceMetadata => "the instance metadata service",
            Self::Other => "the AWS configuration",
        })
    }
}

/// The credentials of a run in words, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsInfo {
    /// The source.
    pub source: CredentialsSource,
    /// The last four characters of the access key id.
    pub key_id_end: String,
}

impl fmt::Display for CredentialsInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (access key id ending in {})", self.source, self.key_id_end)
    }
}

impl CredentialsInfo {
    /// Describes the placeholder credentials.
    #[must_use]
    pub(super) fn placeholder() -> Self {
        Self { source: CredentialsSource::Placeholder, key_id_end: PLACEHOLDER.to_owned() }
    }

    fn of(credentials: &Credentials, profile: Option<&str>) -> Self {
        let key = credentials.access_key_id();
        let start = key.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        Self { source: source(credentials, profile), key_id_end: key[start..].to_owned() }
    }
}

/// Returns the source, which the providers of the SDK record in the credentials.
fn source(credentials: &Credentials, profile: Option<&str>) -> CredentialsSource {
    use AwsCredentialFeature as Feature;
    let features = credentials.get_property::<Vec<Feature>>().map(Vec::as_slice).unwrap_or_default();
    let of_profile = || {
        let name = profile.map(str::to_owned).or_else(|| std::env::var("AWS_PROFILE").ok());
        CredentialsSource::Profile(name.unwrap_or_else(|| "default".to_owned()))
    };
    let known = features.iter().find_map(|feature| match feature {
        Feature::CredentialsEnvVars => Some(CredentialsSource::Environment),
        Feature::CredentialsProfileSso | Feature::CredentialsSso => Some(CredentialsSource::SingleSignOn),
        Feature::CredentialsProcess | Feature::CredentialsProfileProcess => Some(CredentialsSource::Process),
        Feature::CredentialsEnvVarsStsWebIdToken | Feature::CredentialsStsAssumeRoleWebId => {
            Some(CredentialsSource::WebIdentity)
        }
        Feature::CredentialsProfile
        | Feature::CredentialsProfileSourceProfile
        | Feature::CredentialsProfileNamedProvider
        | Feature::CredentialsProfileStsWebIdToken => Some(of_profile()),
        Feature::CredentialsHttp => Some(CredentialsSource::Container),
        Feature::CredentialsImds => Some(CredentialsSource::InstanceMetadata),
        _ => None,
    });
    known.unwrap_or(CredentialsSource::Other)
}

/// Credentials and their description.
#[derive(Debug, Clone)]
pub(super) struct FoundCredentials {
    /// The provider that signs calls.
    pub provider: SharedCredentialsProvider,
    /// The description.
    pub info: CredentialsInfo,
}

impl FoundCredentials {
    /// Returns placeholder credentials.
    pub fn placeholder() -> Self {
        Self {
            provider: SharedCredentialsProvider::new(placeholder_credentials()),
            info: CredentialsInfo::placeholder(),
        }
    }
}

/// Returns placeholder credentials.
fn placeholder_credentials() -> Credentials {
    Credentials::new(PLACEHOLDER, PLACEHOLDER, None, None, "glueproof")
}

/// Returns the credentials of the AWS chain, or placeholders for this machine if the chain has none.
///
/// Refuses to use real credentials without TLS on other machines, unless the user allows the host by name.
pub(super) async fn credentials(
    config: &SdkConfig,
    options: &ConnectOptions,
    uri: &Uri,
    url: &str,
) -> Result<FoundCredentials, ConnectError> {
    let missing = |reason: String| ConnectError::Credentials { url: url.to_owned(), reason };
    let none = || missing("none configured".to_owned());
    let Some(provider) = config.credentials_provider() else {
        return if is_loopback(uri) { Ok(FoundCredentials::placeholder()) } else { Err(none()) };
    };
    match provider.provide_credentials().await {
        Ok(found) => {
            let is_exposed =
                uri.scheme_str() == Some("http") && !is_loopback(uri) && !options.allows_insecure(uri);
            if is_exposed && is_real(&found) {
                let host = uri.host().unwrap_or_default().to_owned();
                return Err(ConnectError::Exposed { host, key: found.access_key_id().to_owned() });
            }
            if !is_placeholder(found.secret_access_key()) {
                register_secret(found.secret_access_key());
            }
            found.session_token().into_iter().for_each(register_secret);
            let info = CredentialsInfo::of(&found, options.profile.as_deref());
            Ok(FoundCredentials { provider, info })
        }
        Err(_) if is_loopback(uri) && options.profile.is_none() => Ok(FoundCredentials::placeholder()),
        Err(error) => Err(missing(root_cause(&error))),
    }
}

/// Returns true unless the access key id is a known placeholder.
fn is_real(credentials: &Credentials) -> bool {
    let key = credentials.access_key_id();
    let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
    !is_account && !is_placeholder(key) && !key.ends_with("EXAMPLE")
}

fn is_placeholder(text: &str) -> bool {
    PLACEHOLDER_KEY_IDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_placeholders_are_not_real() {
        let real = |key: &str| is_real(&Credentials::new(key, "s", None, None, "test"));
        for key in ["test", "TESTING", "123456789012", "AKIAIOSFODNN7EXAMPLE"] {
            assert!(!real(key), "{key}");
        }
        for key in ["AKIAQYLPMN5HHHFPZAM2", "ASIAQYLPMN5HHHFPZAM2", "tester", "1234567890123"] {
            assert!(real(key), "{key}");
        }
    }
}
