//! Which certificates are trusted, and the cryptography that checks them.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::ConfigError;

/// TLS by rustls with ring: the public roots that the binary carries, and the operator's own.
///
/// The provider is named here instead of being installed for the process, so that no order of start-up matters.
pub fn config(extra_roots: &[Vec<u8>]) -> Result<ClientConfig, ConfigError> {
    let refused = |reason: String| ConfigError::new("extra root certificates", reason);
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for pem in extra_roots {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| refused(format!("not PEM: {error}")))?;
            roots.add(certificate).map_err(|error| refused(error.to_string()))?;
        }
        if roots.len() == before {
            return Err(refused("no certificate found; give a file with -----BEGIN CERTIFICATE-----".to_owned()));
        }
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::new("TLS", error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
