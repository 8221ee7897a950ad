//! TLS connections to endpoints whose certificates the user names.
//!
//! Trusts the certificates of one file and no others. A certificate of the file is also trusted as the certificate of the
//! server itself, although it says that it belongs to an authority: `openssl req -x509` makes such certificates. The entry
//! points are [`CaBundle::read`] and [`TrustingClient`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// The webpki error for a certificate of an authority that a server presents as its own.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// The certificates of a file in PEM format.
#[derive(Debug, Clone)]
pub struct CaBundle {
    /// The file.
    pub path: PathBuf,
    pem: Vec<u8>,
    certificates: Vec<CertificateDer<'static>>,
}

/// A file that contains no usable certificates.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct CaBundleError {
    path: PathBuf,
    reason: String,
}

impl CaBundle {
    /// Reads a file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or contains no valid certificate.
    pub fn read(path: &Path) -> Result<Self, CaBundleError> {
        let wrong = |reason: String| CaBundleError { path: path.to_owned(), reason };
        let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| wrong(format!("the file is not valid PEM: {error}")))?;
        if certificates.is_empty() {
            return Err(wrong("the file contains no certificate; it must be in PEM format".to_owned()));
        }
        let bundle = Self { path: path.to_owned(), pem, certificates };
        bundle.roots().map_err(|error| wrong(error.to_string()))?;
        Ok(bundle)
    }

    /// Returns the text of the file.
    pub(super) fn pem(&self) -> &[u8] {
        &self.pem
    }

    fn roots(&self) -> Result<RootCertStore, rustls::Error> {
        let mut roots = RootCertStore::empty();
        self.certificates.iter().try_for_each(|certificate| roots.add(certificate.clone()))?;
        Ok(roots)
    }

    fn client_config(&self) -> Result<ClientConfig, ConnectorError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::user(error);
        let provider: Arc<CryptoProvider> = Arc::new(aws_lc_rs::default_provider());
        let roots = Arc::new(self.roots().map_err(|error| failed(error.into()))?);
        let inner = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| failed(error.into()))?;
        let verifier = BundleVerifier { inner, certificates: self.certificates.clone() };
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = versions.map_err(|error| failed(error.into()))?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        Ok(builder.with_no_client_auth())
    }
}

/// Accepts what webpki accepts, and certificates of the file that servers present as their own.
#[derive(Debug)]
struct BundleVerifier {
    inner: Arc<WebPkiServerVerifier>,
    certificates: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for BundleVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified =
            self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // webpki has checked the period of validity before, but not the name.
            Err(error)
                if is_ca_as_server(&error) && self.certificates.iter().any(|own| own == end_entity) =>
            {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn is_ca_as_server(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::InvalidCertificate(CertificateError::Other(other))
        if other.to_string().contains(CA_AS_SERVER))
}

/// An HTTP client that trusts the certificates of a file. Uses no proxy.
#[derive(Debug, Clone)]
pub(super) struct TrustingClient {
    client: Client<HttpsConnector<TcpConnector>, SdkBody>,
}

impl TrustingClient {
    /// Creates a client.
    ///
    /// # Errors
    /// Returns an error if the certificates cannot be used.
    pub fn new(bundle: &CaBundle) -> Result<Self, ConnectorError> {
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(bundle.client_config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(https) })
    }
}

impl HttpClient for TrustingClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for TrustingClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.client.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let response = client.request(request).await.map_err(|error| ConnectorError::io(error.into()))?;
            let response = response.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}
