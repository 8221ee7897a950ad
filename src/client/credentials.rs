//! Whose credentials a target is called with, and where they may go. Asks the providers of the AWS chain and nobody else.

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

use super::connect::{DEFAULT_REGION, is_loopback};
use super::reach::{ConnectError, Reach};

/// Ids of access keys that people make up.
const MADE_UP: [&str; 12] = [
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

/// What the AWS configuration says. For calls to this machine its last resort is left out, the metadata service of EC2:
/// asking it costs seconds on every machine that is none, and goes to another host.
pub(super) async fn configuration(reach: &Reach, here: bool) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(profile) = &reach.profile {
        loader = loader.profile_name(profile);
        // Who names a profile means it, whatever stands in the environment beside it.
        let named = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
        loader = loader.credentials_provider(named);
    } else if here {
        loader = loader.credentials_provider(without_metadata());
    }
    if let Some(region) = &reach.region {
        loader = loader.region(Region::new(region.clone()));
    } else if here {
        let mut profile = ProfileFileRegionProvider::builder();
        if let Some(name) = &reach.profile {
            profile = profile.profile_name(name);
        }
        let regions = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
        // Where there is no region at all, others of the chain would ask for one themselves.
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

/// Credentials that nobody checks.
pub(super) fn dummies() -> Credentials {
    Credentials::new("test", "test", None, None, "glueproof")
}

/// Those of the AWS chain; on loopback, made-up ones when the chain has none. Says too whether they are made up.
///
/// Real ones go without TLS to no other machine that is not allowed by name.
pub(super) async fn credentials(
    config: &SdkConfig,
    reach: &Reach,
    uri: &Uri,
    url: &str,
) -> Result<(SharedCredentialsProvider, bool), ConnectError> {
    let lacking = |reason: String| ConnectError::Credentials { url: url.to_owned(), reason };
    let none = || lacking("none configured".to_owned());
    let Some(provider) = config.credentials_provider() else {
        return if is_loopback(uri) {
            Ok((SharedCredentialsProvider::new(dummies()), true))
        } else {
            Err(none())
        };
    };
    match provider.provide_credentials().await {
        Ok(found) => {
            let exposed = uri.scheme_str() == Some("http") && !is_loopback(uri) && !reach.allows(uri);
            if exposed && is_real(&found) {
                let host = uri.host().unwrap_or_default().to_owned();
                return Err(ConnectError::Exposed { host, key: found.access_key_id().to_owned() });
            }
            Ok((provider, false))
        }
        Err(_) if is_loopback(uri) && reach.profile.is_none() => {
            Ok((SharedCredentialsProvider::new(dummies()), true))
        }
        Err(error) => Err(lacking(causes(&error))),
    }
}

/// Whether somebody could be harmed with them. In doubt they are real.
fn is_real(credentials: &Credentials) -> bool {
    let key = credentials.access_key_id();
    let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
    let made_up = MADE_UP.contains(&key.to_ascii_lowercase().as_str()) || key.ends_with("EXAMPLE");
    !is_account && !made_up
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
    fn only_what_is_plainly_made_up_is() {
        let real = |key: &str| is_real(&Credentials::new(key, "s", None, None, "test"));
        for key in ["test", "TESTING", "123456789012", "AKIAIOSFODNN7EXAMPLE"] {
            assert!(!real(key), "{key}");
        }
        for key in ["AKIAQYLPMN5HHHFPZAM2", "ASIAQYLPMN5HHHFPZAM2", "tester", "1234567890123"] {
            assert!(real(key), "{key}");
        }
    }
}
