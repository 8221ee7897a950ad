//! The one door through which calls leave: to the target's own address and nowhere else, whatever an answer or the
//! environment says. Adds the headers the user wants on every call, below the signature. Knows no service.

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

/// Where calls may go.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowed {
    /// Scheme, host and port, each exactly.
    places: Vec<Origin>,
    /// Hosts below this domain too, with TLS on its usual port.
    domain: Option<String>,
}

/// Scheme, host and port of an address.
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

impl Allowed {
    /// Also there.
    #[must_use]
    pub fn at(mut self, uri: &Uri) -> Self {
        self.places.extend(Origin::of(uri));
        self
    }

    /// Also everywhere below a domain, with TLS.
    #[must_use]
    pub fn below(mut self, domain: &str) -> Self {
        self.domain = Some(format!(".{domain}"));
        self
    }

    fn includes(&self, uri: &Uri) -> bool {
        let Some(origin) = Origin::of(uri) else { return false };
        let below = |domain: &String| {
            origin.scheme == "https" && origin.port == 443 && origin.host.ends_with(domain.as_str())
        };
        self.places.contains(&origin) || self.domain.as_ref().is_some_and(below)
    }
}

/// A call that was not made.
#[derive(Debug, thiserror::Error)]
#[error("a call to {0} was held back: the target is elsewhere")]
struct HeldBack(String);

/// An HTTP client for sockets that keeps to where it may go. A proxy out of the environment is used only where that is
/// asked for: it is another host.
pub(super) fn guarded(
    allowed: Allowed,
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
    allowed: Arc<Allowed>,
    /// Their `Debug` shows no values: those are marked as sensitive.
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
            let held = HeldBack(host.unwrap_or_else(|| "nowhere".to_owned()));
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

    #[track_caller]
    fn goes(allowed: &Allowed, uri: &str, expected: bool) {
        assert_eq!(allowed.includes(&uri.parse().unwrap()), expected, "{uri}");
    }

    #[test]
    fn another_host_port_or_scheme_is_elsewhere() {
        let here = Allowed::default().at(&"http://Localhost:5000".parse().unwrap());
        goes(&here, "http://localhost:5000/a?b", true);
        for other in [
            "http://localhost:5001/",
            "http://localhost/",
            "https://localhost:5000/",
            "http://127.0.0.1:5000/",
            "http://localhost.example:5000/",
            "/",
        ] {
            goes(&here, other, false);
        }
        goes(&Allowed::default().at(&"https://a.example".parse().unwrap()), "https://a.example:443/", true);
    }

    #[test]
    fn below_a_domain_only_with_tls() {
        let aws = Allowed::default().below("amazonaws.com");
        goes(&aws, "https://kms.us-east-1.amazonaws.com/", true);
        for other in [
            "http://kms.us-east-1.amazonaws.com/",
            "https://kms.us-east-1.amazonaws.com:8443/",
            "https://kms.us-east-1.amazonaws.com.example/",
            "https://notamazonaws.com/",
            "https://amazonaws.com/",
        ] {
            goes(&aws, other, false);
        }
    }
}
