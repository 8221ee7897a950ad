//! The credentials for a target, from the AWS credential chain, and the hosts that may receive real ones.
//!
//! Asks only the providers of the chain. The entry points are [`sdk_config`] and [`credentials`].

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_sdk_glue::config::{
    BehaviorVersion, Credentials, ProvideCredentials, Region, SharedCredentialsProvider,
};
use http::Uri;

use super::address::is_loopback;
use super::connect::{ConnectOptions, DEFAULT_REGION};
use super::error::ConnectError;

/// Access key ids of placeholder credentials.
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

/// Returns placeholder credentials.
pub(super) fn placeholder_credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "glueproof")
}

/// Returns the credentials of the AWS chain, or placeholders for this machine if the chain has none. The flag is true for
/// placeholders.
///
/// Refuses to use real credentials without TLS on other machines, unless the user allows the host by name.
pub(super) async fn credentials(
    config: &SdkConfig,
    options: &ConnectOptions,
    uri: &Uri,
    url: &str,
) -> Result<(SharedCredentialsProvider, bool), ConnectError> {
    let missing = |reason: String| ConnectError::Credentials { url: url.to_owned(), reason };
    let none = || missing("none configured".to_owned());
    let Some(provider) = config.credentials_provider() else {
        return if is_loopback(uri) {
            Ok((SharedCredentialsProvider::new(placeholder_credentials()), true))
        } else {
            Err(none())
        };
    };
    match provider.provide_credentials().await {
        Ok(found) => {
            let is_exposed =
                uri.scheme_str() == Some("http") && !is_loopback(uri) && !options.allows_insecure(uri);
            if is_exposed && is_real(&found) {
                let host = uri.host().unwrap_or_default().to_owned();
                return Err(ConnectError::Exposed { host, key: found.access_key_id().to_owned() });
            }
            Ok((provider, false))
        }
        Err(_) if is_loopback(uri) && options.profile.is_none() => {
            Ok((SharedCredentialsProvider::new(placeholder_credentials()), true))
        }
        Err(error) => Err(missing(causes(&error))),
    }
}

/// Returns true unless the access key id is a known placeholder.
fn is_real(credentials: &Credentials) -> bool {
    let key = credentials.access_key_id();
    let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_placeholder =
        PLACEHOLDER_KEY_IDS.contains(&key.to_ascii_lowercase().as_str()) || key.ends_with("EXAMPLE");
    !is_account && !is_placeholder
}

fn causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
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
