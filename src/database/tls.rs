//! Encryption, the same for every server: whose certificates are believed, and which is ours.
//!
//! Modes are `libpq`'s: without verification an eavesdropper is kept out, an impostor is not.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::url::{ConnectSettings, TlsMode};

/// What is asked of a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Authority,
    AuthorityAndName,
}

/// How connections are encrypted.
#[derive(Clone)]
pub(super) struct Tls {
    /// What the handshake needs.
    pub(super) config: ClientConfig,
    check: Check,
    version: Arc<AtomicU8>,
}

impl Tls {
    /// Reads the certificates that the settings name; none if nothing is to be encrypted.
    pub(super) fn new(settings: &ConnectSettings) -> Result<Option<Self>, String> {
        let check = match settings.tls {
            TlsMode::VerifyFull => Check::AuthorityAndName,
            TlsMode::VerifyCa => Check::Authority,
            TlsMode::Require | TlsMode::Prefer => Check::Nothing,
            TlsMode::Disable => return Ok(None),
        };
        let provider = Arc::new(default_provider());
        let version = Arc::new(AtomicU8::new(0));
        let inner = match check {
            Check::Nothing => None,
            Check::Authority | Check::AuthorityAndName => {
                let roots = Arc::new(roots(settings.root_cert.as_deref())?);
                let builder =
                    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
                Some(builder.build().map_err(|error| error.to_string())?)
            }
        };
        let verifier = Verifier {
            check,
            inner,
            provider: Arc::clone(&provider),
            version: Arc::clone(&version),
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match (&settings.client_cert, &settings.client_key) {
            (Some(cert), Some(key)) => {
                let key = PrivateKeyDer::from_pem_file(key).map_err(|it| unread(key, &it))?;
                let own = builder.with_client_auth_cert(certificates(cert)?, key);
                own.map_err(|error| error.to_string())?
            }
            (None, _) => builder.with_no_client_auth(),
            (Some(_), None) => return Err("the client's certificate lacks its key".to_owned()),
        };
        Ok(Some(Self { config, check, version }))
    }

    /// Describes how the last handshake went.
    pub(super) fn describe(&self) -> String {
        let version = match self.version.load(Ordering::SeqCst) {
            0 => "TLS",
            2 => "TLS 1.2",
            _ => "TLS 1.3",
        };
        let check = match self.check {
            Check::Nothing => "not verified",
            Check::Authority => "authority verified",
            Check::AuthorityAndName => "verified",
        };
        format!("{version} {check}")
    }
}

/// Says what went wrong with a handshake, in words where the library has only a name.
pub(super) fn explain(error: &str) -> String {
    if error.contains("UnknownIssuer") {
        return "the server's certificate is of an authority that isn't known here".to_owned();
    }
    format!("encryption failed: {error}")
}

fn unread(file: &Path, error: &rustls::pki_types::pem::Error) -> String {
    format!("can't read `{}`: {error}", file.display())
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = CertificateDer::pem_file_iter(file).map_err(|error| unread(file, &error))?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(|error| unread(file, &error))?;
    if found.is_empty() {
        return Err(format!("there is no certificate in `{}`", file.display()));
    }
    Ok(found)
}

/// Reads the authorities of a file, or else those of the system.
fn roots(file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    if let Some(file) = file {
        for certificate in certificates(file)? {
            store.add(certificate).map_err(|error| format!("`{}`: {error}", file.display()))?;
        }
    } else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if store.is_empty() {
        return Err("the system has no certificates of authorities: name a file of them".to_owned());
    }
    Ok(store)
}

/// Verifies what the mode asks for, and notes the version of the protocol.
#[derive(Debug)]
struct Verifier {
    check: Check,
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    version: Arc<AtomicU8>,
}

impl Verifier {
    /// Even an unverified certificate has to be the one that the server holds the key of: a login
    /// bound to the channel rests on it. One that can't be read (X.509 version 1) is let through.
    fn signature(
        &self,
        result: Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        match result {
            Err(Error::InvalidCertificate(error))
                if self.check == Check::Nothing && error != CertificateError::BadSignature =>
            {
                Ok(HandshakeSignatureValid::assertion())
            }
            result => result,
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        let result =
            inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        // The name is compared last, so the rest is verified when it is refused.
        match result {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Authority => Ok(ServerCertVerified::assertion()),
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.version.store(2, Ordering::SeqCst);
        let algorithms = &self.provider.signature_verification_algorithms;
        self.signature(rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.version.store(3, Ordering::SeqCst);
        let algorithms = &self.provider.signature_verification_algorithms;
        self.signature(rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
