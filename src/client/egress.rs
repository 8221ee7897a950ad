//! The addresses of a target's services, and the only HTTP client, which calls no other address.
//!
//! Sends nothing itself and knows no operation. The entry points are [`ServiceAddresses`] and [`guarded_client`].

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, ConnectorBuilder, tls};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;
use http::{HeaderName, HeaderValue, Uri};

/// The addresses of the services of a target.
#[derive(Debug, Clone)]
pub(super) enum ServiceAddresses {
    /// All services have one address.
    One {
        /// The address.
        url: String,
        /// The region in signatures.
        region: String,
    },
    /// Each service has its address at AWS, unless the AWS configuration names another.
    Aws {
        /// The region.
        region: String,
        /// The partition of the region.
        partition: Partition,
        /// Configured addresses, by endpoint prefix.
        overrides: BTreeMap<String, String>,
    },
}

/// An address and the region in signatures of calls to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub url: String,
    pub region: String,
}

/// An AWS partition: a part of AWS with its own accounts and host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Partition {
    /// The domain of all its host names.
    pub domain: &'static str,
    /// The address of IAM, and the region in signatures of calls to it.
    iam: (&'static str, &'static str),
}

/// Returns true if the host belongs to AWS.
pub(super) fn is_aws(host: &str) -> bool {
    const DOMAINS: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    DOMAINS.iter().any(|domain| host.ends_with(domain))
}

impl Partition {
    /// Returns the partition of a region, if it is known.
    pub fn of(region: &str) -> Option<Self> {
        const COMMERCIAL: Partition =
            Partition { domain: "amazonaws.com", iam: ("https://iam.amazonaws.com", "us-east-1") };
        const CHINA: Partition = Partition {
            domain: "amazonaws.com.cn",
            iam: ("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        };
        const GOVERNMENT: Partition =
            Partition { domain: "amazonaws.com", iam: ("https://iam.us-gov.amazonaws.com", "us-gov-west-1") };
        let is_plain = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        match region {
            _ if !is_plain || region.contains("-iso") || region.starts_with("eusc-") => None,
            _ if region.starts_with("cn-") => Some(CHINA),
            _ if region.starts_with("us-gov-") => Some(GOVERNMENT),
            _ => Some(COMMERCIAL),
        }
    }
}

impl ServiceAddresses {
    /// Returns the configured addresses.
    pub fn configured(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::One { url, .. } => (Some(url), None),
            Self::Aws { overrides, .. } => (None, Some(overrides.values())),
        };
        one.into_iter().chain(many.into_iter().flatten()).map(String::as_str)
    }

    /// Returns the address of a service, by its endpoint prefix.
    pub fn of(&self, prefix: &str) -> Address {
        match self {
            Self::One { url, region } => Address { url: url.clone(), region: region.clone() },
            Self::Aws { region, partition, overrides } => match overrides.get(prefix) {
                Some(url) => Address { url: url.clone(), region: region.clone() },
                None if prefix == "iam" => {
                    Address { url: partition.iam.0.to_owned(), region: partition.iam.1.to_owned() }
                }
                None => Address {
                    url: format!("https://{prefix}.{region}.{}", partition.domain),
                    region: region.clone(),
                },
            },
        }
    }
}

/// The addresses that may be called.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowedOrigins {
    /// Origins that must match exactly.
    origins: Vec<Origin>,
    /// Hosts below this domain, with TLS on port 443.
    domain: Option<String>,
}

/// The scheme, host and port of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let usual = if scheme == "https" { 443 } else { 80 };
        let host = uri.host()?.to_ascii_lowercase();
        Some(Self { port: uri.port_u16().unwrap_or(usual), scheme, host })
    }
}

impl AllowedOrigins {
    /// Adds the origin of a URL.
    #[must_use]
    pub fn with_origin(mut self, uri: &Uri) -> Self {
        self.origins.extend(Origin::of(uri));
        self
    }

    /// Adds all hosts below a domain, with TLS.
    #[must_use]
    pub fn with_domain(mut self, domain: &str) -> Self {
        self.domain = Some(format!(".{domain}"));
        self
    }

    fn includes(&self, uri: &Uri) -> bool {
        let Some(origin) = Origin::of(uri) else { return false };
        let below = |domain: &String| {
            origin.scheme == "https" && origin.port == 443 && origin.host.ends_with(domain.as_str())
        };
        self.origins.contains(&origin) || self.domain.as_ref().is_some_and(below)
    }
}

/// A call that was not made because of its address.
#[derive(Debug, thiserror::Error)]
#[error("a call to {0} was not sent, because the target has another address")]
struct ForbiddenAddress(String);

/// Creates an HTTP client that refuses calls to other origins. Uses the proxy of the environment only if `through_proxy`
/// is set, because a proxy is another host.
pub(super) fn guarded_client(
    allowed: AllowedOrigins,
    headers: Vec<(HeaderName, HeaderValue)>,
    through_proxy: bool,
) -> SharedHttpClient {
    let sockets = Builder::new().build_with_connector_fn(move |settings, components| {
        let rustls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let mut connector = ConnectorBuilder::default().tls_provider(rustls);
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        let proxy = if through_proxy { ProxyConfig::from_env() } else { ProxyConfig::disabled() };
        connector.set_proxy_config(Some(proxy));
        connector.build()
    });
    SharedHttpClient::new(Guard { inner: sockets, allowed: Arc::new(allowed), headers: headers.into() })
}

#[derive(Debug, Clone)]
struct Guard<C> {
    inner: C,
    allowed: Arc<AllowedOrigins>,
    /// Their values are marked as sensitive, so that `Debug` does not print them.
    headers: Arc<[(HeaderName, HeaderValue)]>,
}

impl HttpClient for Guard<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Guard {
            inner: self.inner.http_connector(settings, components),
            allowed: Arc::clone(&self.allowed),
            headers: Arc::clone(&self.headers),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, config)
    }
}

impl HttpConnector for Guard<SharedHttpConnector> {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let uri = request.uri().parse::<Uri>();
        if !uri.as_ref().is_ok_and(|uri| self.allowed.includes(uri)) {
            let host = uri.ok().and_then(|uri| uri.host().map(str::to_owned));
            let held = ForbiddenAddress(host.unwrap_or_else(|| "an address without a host".to_owned()));
            return HttpConnectorFuture::ready(Err(ConnectorError::user(held.into())));
        }
        for (name, value) in self.headers.iter() {
            let text = value.to_str().unwrap_or_default().to_owned();
            if request.headers_mut().try_insert(name.as_str().to_owned(), text).is_err() {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(
                    format!("the header `{name}` cannot be sent").into(),
                )));
            }
        }
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(region: &str, prefix: &str) -> (String, String) {
        let partition = Partition::of(region).unwrap();
        let addresses =
            ServiceAddresses::Aws { region: region.to_owned(), partition, overrides: BTreeMap::new() };
        let Address { url, region } = addresses.of(prefix);
        (url, region)
    }

    #[test]
    fn aws_hosts_are_recognised_in_any_case() {
        for host in
            ["glue.us-east-1.amazonaws.com", "Glue.cn-north-1.AmazonAWS.com.cn.", "glue.eu-west-1.api.aws"]
        {
            assert!(is_aws(host), "{host}");
        }
        for host in
            ["localhost", "amazonaws.com.example", "notamazonaws.com", "glue.localhost.localstack.cloud"]
        {
            assert!(!is_aws(host), "{host}");
        }
    }

    #[test]
    fn aws_services_have_their_own_hosts() {
        let there = |url: &str, region: &str| (url.to_owned(), region.to_owned());
        assert_eq!(of("eu-west-1", "glue"), there("https://glue.eu-west-1.amazonaws.com", "eu-west-1"));
        assert_eq!(of("eu-west-1", "logs"), there("https://logs.eu-west-1.amazonaws.com", "eu-west-1"));
        assert_eq!(of("eu-west-1", "iam"), there("https://iam.amazonaws.com", "us-east-1"));
        assert_eq!(of("cn-north-1", "sts"), there("https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"));
        assert_eq!(of("us-gov-east-1", "iam").1, "us-gov-west-1");
        assert!(Partition::of("us-iso-east-1").is_none());
        assert!(Partition::of("evil.example/").is_none());
    }

    #[track_caller]
    fn assert_allowed(allowed: &AllowedOrigins, uri: &str, expected: bool) {
        assert_eq!(allowed.includes(&uri.parse().unwrap()), expected, "{uri}");
    }

    #[test]
    fn other_hosts_ports_and_schemes_are_refused() {
        let here = AllowedOrigins::default().with_origin(&"http://Localhost:5000".parse().unwrap());
        assert_allowed(&here, "http://localhost:5000/a?b", true);
        for other in [
            "http://localhost:5001/",
            "http://localhost/",
            "https://localhost:5000/",
            "http://127.0.0.1:5000/",
            "http://localhost.example:5000/",
            "/",
        ] {
            assert_allowed(&here, other, false);
        }
        assert_allowed(
            &AllowedOrigins::default().with_origin(&"https://a.example".parse().unwrap()),
            "https://a.example:443/",
            true,
        );
    }

    #[test]
    fn hosts_below_a_domain_need_tls() {
        let aws = AllowedOrigins::default().with_domain("amazonaws.com");
        assert_allowed(&aws, "https://kms.us-east-1.amazonaws.com/", true);
        for other in [
            "http://kms.us-east-1.amazonaws.com/",
            "https://kms.us-east-1.amazonaws.com:8443/",
            "https://kms.us-east-1.amazonaws.com.example/",
            "https://notamazonaws.com/",
            "https://amazonaws.com/",
        ] {
            assert_allowed(&aws, other, false);
        }
    }
}
