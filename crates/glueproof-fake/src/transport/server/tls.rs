//! TLS of the server: a certificate that is made at the start and signs itself.
//! Must not listen, and writes no file.
//! [`Certificate::self_signed`] is the entry point.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The names of this machine in every certificate.
const LOCAL_NAMES: [&str; 4] = ["localhost", "*.localhost", "127.0.0.1", "::1"];

/// A certificate with its private key. `Debug` omits the key.
#[derive(Clone)]
pub struct Certificate {
    pem: String,
    config: Arc<ServerConfig>,
}

/// A certificate that cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The certificate cannot be made.
    #[error("the certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    /// The certificate or the key cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("pem", &self.pem).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Makes a certificate for this machine, an address and further names. Everyone who trusts it can call the server.
    ///
    /// # Errors
    /// Returns an error if a name cannot stand in a certificate.
    pub fn self_signed(address: IpAddr, names: &[String]) -> Result<Self, CertificateError> {
        let mut all: Vec<String> = LOCAL_NAMES.map(str::to_owned).to_vec();
        all.extend(
            [address.to_string()]
                .into_iter()
                .chain(names.iter().cloned())
                .filter(|name| !LOCAL_NAMES.contains(&name.as_str())),
        );
        let made = rcgen::generate_simple_self_signed(all)?;
        Self::new(&made.cert, &made.signing_key)
    }

    /// Uses a certificate and its key.
    ///
    /// # Errors
    /// Returns an error if the key does not belong to the certificate.
    pub fn new(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> Result<Self, CertificateError> {
        let der: CertificateDer<'static> = certificate.der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![der], key)?;
        Ok(Self { pem: certificate.pem(), config: Arc::new(config) })
    }

    /// Returns the certificate without the key, in PEM format.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}
