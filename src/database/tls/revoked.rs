//! Certificate revocation lists, used as libpq has OpenSSL use them: where lists are configured,
//! each certificate of a chain needs a current one of its issuer that doesn't include it.
//!
//! Partial lists say so in a critical extension, and are refused.

use std::path::Path;

use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::CertificateRevocationListDer;
use x509_cert::crl::RevokedCert;
use x509_cert::der::asn1::{BitString, ContextSpecific};
use x509_cert::der::{Decode, Encode as _, Header, Reader, SliceReader, Tag, TagNumber};
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use crate::database::tls::certificate::{Certificate, Signed};
use crate::database::tls::refusal::{Refusal, shown};
use crate::database::tls::{parts, unread};

/// A certificate revocation list.
#[derive(Debug)]
pub(super) struct Revoked {
    signed: Vec<u8>,
    stated: AlgorithmIdentifierOwned,
    kind: AlgorithmIdentifierOwned,
    signature: BitString,
    /// The issuer's name, encoded and as shown.
    issuer: (Vec<u8>, String),
    from: u64,
    until: Option<u64>,
    certificates: Vec<RevokedCert>,
    extensions: Extensions,
}

pub(super) fn read(file: &Path) -> Result<Vec<Revoked>, String> {
    let found: Vec<CertificateRevocationListDer<'_>> = parts(file, "list of revoked certificates")?;
    let parsed = found.iter().map(|it| Revoked::parse(it).map_err(|error| unread(file, &error)));
    parsed.collect()
}

/// Verifies that no certificate of a chain is revoked, up to the self-signed authority.
pub(super) fn check(
    lists: &[Revoked],
    chain: &[&Certificate],
    now: u64,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<(), Refusal> {
    for (at, certificate) in chain.iter().enumerate() {
        let issuer = chain.get(at + 1).unwrap_or(certificate);
        let own = lists.iter().filter(|it| it.issuer.0 == certificate.issuer);
        let Some(list) = own.max_by_key(|it| (it.is_valid_at(now), it.from)) else {
            return Err(Refusal::NoList { issuer: certificate.issuer() });
        };
        list.check(certificate, issuer, now, algorithms)?;
    }
    Ok(())
}

impl Revoked {
    /// Parses a list of version 1, OpenSSL's default, or 2.
    fn parse(der: &[u8]) -> x509_cert::der::Result<Self> {
        let mut outer = SliceReader::new(der)?;
        Header::decode(&mut outer)?.tag.assert_eq(Tag::Sequence)?;
        let signed = outer.tlv_bytes()?.to_vec();
        let kind = AlgorithmIdentifierOwned::decode(&mut outer)?;
        let signature = BitString::decode(&mut outer)?;
        outer.finish(())?;
        let mut inner = SliceReader::new(&signed)?;
        Header::decode(&mut inner)?.tag.assert_eq(Tag::Sequence)?;
        Option::<u8>::decode(&mut inner)?;
        let stated = AlgorithmIdentifierOwned::decode(&mut inner)?;
        let issuer = Name::decode(&mut inner)?;
        let from = Time::decode(&mut inner)?;
        let until = Option::<Time>::decode(&mut inner)?;
        let certificates = Option::<Vec<RevokedCert>>::decode(&mut inner)?.unwrap_or_default();
        let extensions = ContextSpecific::<Extensions>::decode_explicit(&mut inner, TagNumber::N0)?;
        let extensions = extensions.map(|it| it.value).unwrap_or_default();
        inner.finish(())?;
        let seconds = |time: Time| time.to_unix_duration().as_secs();
        let issuer = (issuer.to_der()?, shown(&issuer.to_string()));
        let (from, until) = (seconds(from), until.map(seconds));
        Ok(Self { signed, stated, kind, signature, issuer, from, until, certificates, extensions })
    }

    fn is_valid_at(&self, now: u64) -> bool {
        self.from <= now && self.until.is_none_or(|until| now <= until)
    }

    /// Verifies the list's signature, and that a certificate isn't in it.
    fn check(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        now: u64,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Refusal> {
        let of = || self.issuer.1.clone();
        if issuer.usage.as_ref().is_some_and(|usage| !KeyUsage::crl_sign(usage)) {
            return Err(Refusal::NotForLists { subject: issuer.subject() });
        }
        if !self.is_valid_at(now) {
            return Err(Refusal::OldList { issuer: of() });
        }
        let signed = Signed {
            what: format!("revocation list of `{}`", of()),
            stated: &self.stated,
            kind: &self.kind,
            bytes: &self.signed,
            signature: &self.signature,
        };
        issuer.has_signed(&signed, algorithms)?;
        let critical = |it: &[Extension]| it.iter().any(|it| it.critical);
        let entries = self.certificates.iter();
        let is_partial =
            |it: &RevokedCert| it.crl_entry_extensions.as_deref().is_some_and(critical);
        if critical(&self.extensions) || entries.clone().any(is_partial) {
            return Err(Refusal::PartialList { issuer: of() });
        }
        let serial = &certificate.parsed.tbs_certificate.serial_number;
        match entries.clone().find(|it| it.serial_number == *serial) {
            Some(_) => Err(Refusal::Revoked { subject: certificate.subject() }),
            None => Ok(()),
        }
    }
}
