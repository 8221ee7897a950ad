//! Connects to targets: finds credentials, region, account and HTTP client of an endpoint, AWS or the embedded fake.
//!
//! Must not call an operation of the API. The entry points are the constructors of [`Target`].

use std::collections::BTreeMap;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::service_config::ServiceConfigKey;

use super::access::Access;
use super::address::{EndpointVariant, ServiceAddresses, is_aws, is_loopback, is_region_name, parse_url};
use super::alias::Aliases;
use super::credentials::{FoundCredentials, credentials, sdk_config};
use super::egress::AllowedOrigins;
use super::error::ConnectError;
use super::options::{ConnectOptions, DEFAULT_REGION};
use super::target::{Target, TargetSetup, TargetType};
use crate::model::{Specs, partition};

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
        let access = access.with_ca_bundle(options.ca_bundle.as_ref());
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
        let variant = EndpointVariant {
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
        let access = access.with_ca_bundle(options.ca_bundle.as_ref());
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
