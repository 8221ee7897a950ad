//! The only HTTP client of a target, which calls no other address.
//!
//! Sends nothing itself and knows no operation. The entry point is [`guarded_client`].

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
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use http::{HeaderName, HeaderValue, Uri};
use http_body_util::Limited;

use super::trust::{CaBundle, TrustingClient};

/// The maximum size of a response body.
pub(super) const MAX_RESPONSE_BYTES: usize = 16 * 1024 * 1024;

/// The addresses that may be called.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowedOrigins {
    /// Origins that must match exactly.
    origins: Vec<Origin>,
    /// Hosts below these domains, with TLS on port 443.
    domains: Vec<String>,
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
        self.domains.push(format!(".{domain}"));
        self
    }

    fn includes(&self, uri: &Uri) -> bool {
        let Some(origin) = Origin::of(uri) else { return false };
        let below = |domain: &String| {
            origin.scheme == "https" && origin.port == 443 && origin.host.ends_with(domain.as_str())
        };
        self.origins.contains(&origin) || self.domains.iter().any(below)
    }
}

/// A call that was not made because of its address.
#[derive(Debug, thiserror::Error)]
#[error("a call to {0} was not sent, because the target has another address")]
struct ForbiddenAddress(String);

/// Creates an HTTP client that refuses calls to other origins. Uses the proxy of the environment only if `through_proxy`
/// is set, because a proxy is another host. Trusts the certificates of the bundle, if there is one, or those of the system.
///
/// # Errors
/// Returns an error if the bundle cannot be used.
pub(super) fn guarded_client(
    allowed: AllowedOrigins,
    headers: Vec<(HeaderName, HeaderValue)>,
    through_proxy: bool,
    ca_bundle: Option<&CaBundle>,
) -> Result<SharedHttpClient, ConnectorError> {
    let guard = |inner| {
        SharedHttpClient::new(GuardedClient { inner, allowed: Arc::new(allowed), headers: headers.into() })
    };
    if let (Some(bundle), false) = (ca_bundle, through_proxy) {
        return Ok(guard(SharedHttpClient::new(TrustingClient::new(bundle)?)));
    }
    let trusted = ca_bundle.map(|bundle| {
        let store = tls::TrustStore::empty().with_pem_certificate(bundle.pem());
        tls::TlsContext::builder().with_trust_store(store).build()
    });
    let trusted = trusted.transpose().map_err(|error| ConnectorError::user(error.into()))?;
    let sockets = Builder::new().build_with_connector_fn(move |settings, components| {
        let rustls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let mut connector = ConnectorBuilder::default().tls_provider(rustls);
        if let Some(trusted) = &trusted {
            connector.set_tls_context(trusted.clone());
        }
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        let proxy = if through_proxy { ProxyConfig::from_env() } else { ProxyConfig::disabled() };
        connector.set_proxy_config(Some(proxy));
        connector.build()
    });
    Ok(guard(sockets))
}

#[derive(Debug, Clone)]
struct GuardedClient<C> {
    inner: C,
    allowed: Arc<AllowedOrigins>,
    /// Their values are marked as sensitive, so that `Debug` does not print them.
    headers: Arc<[(HeaderName, HeaderValue)]>,
}

impl HttpClient for GuardedClient<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(GuardedClient {
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

impl HttpConnector for GuardedClient<SharedHttpConnector> {
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
        let response = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let mut response = response.await?;
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            *response.body_mut() = SdkBody::from_body_1_x(Limited::new(body, MAX_RESPONSE_BYTES));
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
