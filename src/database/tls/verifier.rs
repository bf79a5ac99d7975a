//! The callbacks of rustls during a handshake.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
    verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::database::tls::Check;
use crate::database::tls::certificate::{Certificate as Read, algorithm};
use crate::database::tls::chain::Trust;
use crate::database::tls::name::{self, Rules};
use crate::database::tls::refusal::Refusal;
use crate::database::tls::revoked::Revoked;

/// The facts about the last handshake.
#[derive(Debug, Default)]
pub(super) struct Handshake {
    /// The minor version of TLS: 2 or 3.
    pub(super) version: AtomicU8,
    refusal: Mutex<Option<Refusal>>,
}

impl Handshake {
    /// Returns the reason why the certificate was refused, if it was.
    pub(super) fn refusal(&self) -> Option<String> {
        let refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        refusal.as_ref().map(ToString::to_string)
    }

    fn set(&self, refusal: Option<Refusal>) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }
}

/// Verifies as much as the mode asks for, and records the facts.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) check: Check,
    pub(super) rules: Rules,
    pub(super) roots: Vec<Read>,
    /// The revocation lists; none if they are not checked.
    pub(super) revoked: Option<Vec<Revoked>>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    pub(super) seen: Arc<Handshake>,
}

/// A function that verifies a signature over a handshake message, by a certificate or its key.
type Verify<T> = fn(
    &[u8],
    &T,
    &DigitallySignedStruct,
    &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error>;

impl Verifier {
    fn verdict(
        &self,
        certificate: &CertificateDer<'_>,
        sent: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Refusal> {
        let certificate = Read::parse(certificate)?;
        // An unreadable extension vouches for nothing.
        let sent: Vec<_> = sent.iter().filter_map(|it| Read::parse(it).ok()).collect();
        let (roots, algorithms) = (self.roots.as_slice(), &self.algorithms);
        let revoked = self.revoked.as_deref();
        Trust { roots, sent: &sent, revoked, now, algorithms }.verify(&certificate)?;
        match self.check {
            Check::AuthorityAndName => name::check(&certificate, host, self.rules),
            Check::Authority | Check::Nothing => Ok(()),
        }
    }

    /// Even an unverified certificate has to be the one that the server holds the key of: a login
    /// bound to the channel rests on it. webpki reads no certificates of X.509 version 1; their keys
    /// are used as they are. One that can't be read at all is let through where nothing is verified,
    /// for no login can be bound to it.
    fn signature<'a>(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'a>,
        signed: &DigitallySignedStruct,
        (verify, by_key): (Verify<CertificateDer<'a>>, Verify<SubjectPublicKeyInfoOwned>),
    ) -> Result<HandshakeSignatureValid, Error> {
        if ParsedCertificate::try_from(certificate).is_ok() {
            return verify(message, certificate, signed, &self.algorithms);
        }
        match Certificate::from_der(certificate) {
            Ok(certificate) => {
                let key = &certificate.tbs_certificate.subject_public_key_info;
                by_key(message, key, signed, &self.algorithms)
            }
            Err(_) if self.check == Check::Nothing => Ok(HandshakeSignatureValid::assertion()),
            Err(_) => Err(Error::InvalidCertificate(CertificateError::BadEncoding)),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.seen.set(None);
        if self.check == Check::Nothing {
            return Ok(ServerCertVerified::assertion());
        }
        self.verdict(end_entity, intermediates, server_name, now).map_err(|refusal| {
            self.seen.set(Some(refusal.clone()));
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal))))
        })?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version.store(2, Ordering::SeqCst);
        self.signature(message, cert, dss, (verify_tls12_signature, verify_tls12_by_key))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version.store(3, Ordering::SeqCst);
        self.signature(message, cert, dss, (verify_tls13_signature, verify_tls13_by_key))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn verify_tls13_by_key(
    message: &[u8],
    key: &SubjectPublicKeyInfoOwned,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let key = key.to_der().map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let key = SubjectPublicKeyInfoDer::from(key);
    verify_tls13_signature_with_raw_key(message, &key, signed, algorithms)
}

fn verify_tls12_by_key(
    message: &[u8],
    key: &SubjectPublicKeyInfoOwned,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let bad = || Error::InvalidCertificate(CertificateError::BadSignature);
    let kind = algorithm(&key.algorithm).ok_or_else(bad)?;
    let bytes = key.subject_public_key.as_bytes().ok_or_else(bad)?;
    let of_scheme = algorithms.mapping.iter().filter(|(scheme, _)| *scheme == signed.scheme);
    let mut fitting =
        of_scheme.flat_map(|(_, all)| *all).filter(|it| *it.public_key_alg_id() == *kind);
    let fits = fitting.next().ok_or_else(bad)?;
    fits.verify_signature(bytes, message, signed.signature()).map_err(|_| bad())?;
    Ok(HandshakeSignatureValid::assertion())
}
