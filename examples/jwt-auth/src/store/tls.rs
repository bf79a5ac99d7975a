//! Encryption towards a server elsewhere: its certificate has to be good, and its own.
//!
//! Stricter than `sslmode` asks: whatever is encrypted is verified, and nothing falls back to
//! clear text. A server on this machine is spoken to in the clear unless `sslmode` says otherwise.

use std::net::IpAddr;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::{Result, StoreError};

/// Tells whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Makes connections that trust the authorities of a file, or else the system's.
pub(crate) fn connector(authorities: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    match authorities {
        Some(path) => {
            let fault =
                |it: &dyn std::fmt::Display| StoreError::Tls(format!("{}: {it}", path.display()));
            for certificate in CertificateDer::pem_file_iter(path).map_err(|it| fault(&it))? {
                let certificate = certificate.map_err(|it| fault(&it))?;
                roots.add(certificate).map_err(|it| fault(&it))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(StoreError::Tls("none were found".to_owned()));
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| StoreError::Tls(it.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
