//! A certificate, parsed as far as its verification depends on it.

use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::CertificateDer;
use x509_cert::der::asn1::{BitString, ObjectIdentifier};
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Encode, Header, Reader, SliceReader, Tag};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::{Certificate as Parsed, Version};

use crate::database::tls::refusal::{Refusal, shown};

/// The critical extensions that are supported: key usage, alternative names, basic constraints,
/// name constraints, extended key usage. What is left to OpenSSL's defaults is heeded by doing
/// nothing: certificate policies, their mappings and constraints, any policy inhibited.
const UNDERSTOOD: [&str; 9] = [
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.37",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.54",
];

const NAME_CONSTRAINTS: &str = "2.5.29.30";

#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) der: CertificateDer<'static>,
    pub(super) parsed: Parsed,
    /// The signed bytes.
    signed: Vec<u8>,
    subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) constraints: Option<BasicConstraints>,
    pub(super) usage: Option<KeyUsage>,
    pub(super) purposes: Option<ExtendedKeyUsage>,
    key_id: Option<SubjectKeyIdentifier>,
    issuer_key: Option<AuthorityKeyIdentifier>,
}

/// Signed data with its signature.
pub(super) struct Signed<'a> {
    /// The name of the data in messages.
    pub(super) what: String,
    /// The algorithm that the signed data itself states.
    pub(super) stated: &'a AlgorithmIdentifierOwned,
    pub(super) kind: &'a AlgorithmIdentifierOwned,
    pub(super) bytes: &'a [u8],
    pub(super) signature: &'a BitString,
}

impl Certificate {
    pub(super) fn parse(der: &CertificateDer<'_>) -> Result<Self, Refusal> {
        Self::read(der).map_err(|error| Refusal::Unreadable { reason: error.to_string() })
    }

    fn read(der: &CertificateDer<'_>) -> x509_cert::der::Result<Self> {
        let parsed = Parsed::from_der(der)?;
        let mut reader = SliceReader::new(der)?;
        Header::decode(&mut reader)?.tag.assert_eq(Tag::Sequence)?;
        let signed = reader.tlv_bytes()?.to_vec();
        let body = &parsed.tbs_certificate;
        if body.version != Version::V3 && body.extensions.is_some() {
            return Err(Tag::Sequence.value_error());
        }
        Ok(Self {
            der: der.clone().into_owned(),
            signed,
            subject: body.subject.to_der()?,
            issuer: body.issuer.to_der()?,
            constraints: body.get()?.map(|(_, it)| it),
            usage: body.get()?.map(|(_, it)| it),
            purposes: body.get()?.map(|(_, it)| it),
            key_id: body.get()?.map(|(_, it)| it),
            issuer_key: body.get()?.map(|(_, it)| it),
            parsed,
        })
    }

    /// Returns the subject's name.
    pub(super) fn subject(&self) -> String {
        shown(&self.parsed.tbs_certificate.subject.to_string())
    }

    /// Returns the issuer's name.
    pub(super) fn issuer(&self) -> String {
        shown(&self.parsed.tbs_certificate.issuer.to_string())
    }

    /// Tells whether subject and issuer are the same.
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Tells whether the certificate seems to be signed by its own key.
    pub(super) fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.has_key_for(self)
    }

    /// Tells whether the certificate seems to be the issuer of another, by names and key
    /// identifiers.
    pub(super) fn seems_to_vouch_for(&self, other: &Self) -> bool {
        self.subject == other.issuer
            && self.has_key_for(other)
            && self.usage.as_ref().is_none_or(KeyUsage::key_cert_sign)
    }

    /// Tells whether the certificate's key may have signed another: it has the right kind and
    /// identifier.
    fn has_key_for(&self, other: &Self) -> bool {
        let key = &self.parsed.tbs_certificate.subject_public_key_info;
        if family(&key.algorithm) != family(&other.parsed.signature_algorithm) {
            return false;
        }
        let Some(named) = &other.issuer_key else { return true };
        let same_key = match (&named.key_identifier, &self.key_id) {
            (Some(named), Some(own)) => *named == own.0,
            _ => true,
        };
        let serial = &self.parsed.tbs_certificate.serial_number;
        same_key && named.authority_cert_serial_number.as_ref().is_none_or(|it| it == serial)
    }

    /// Returns the period of validity in seconds.
    pub(super) fn validity(&self) -> (u64, u64) {
        let validity = &self.parsed.tbs_certificate.validity;
        let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
        (seconds(validity.not_before), seconds(validity.not_after))
    }

    pub(super) fn is_valid_at(&self, now: u64) -> bool {
        let (from, until) = self.validity();
        (from..=until).contains(&now)
    }

    pub(super) fn is_first_version(&self) -> bool {
        self.parsed.tbs_certificate.version == Version::V1
    }

    pub(super) fn has_name_constraints(&self) -> bool {
        self.extensions().any(|(id, _)| id.to_string() == NAME_CONSTRAINTS)
    }

    /// Returns a critical extension that is not supported.
    pub(super) fn not_understood(&self) -> Option<ObjectIdentifier> {
        let is_known = |id: &ObjectIdentifier| UNDERSTOOD.contains(&id.to_string().as_str());
        self.extensions().find(|(id, critical)| *critical && !is_known(id)).map(|(id, _)| id)
    }

    /// Finds and decodes an extension; a malformed one is an error.
    pub(super) fn extension<'a, T: Decode<'a> + AssociatedOid>(
        &'a self,
    ) -> Result<Option<T>, Refusal> {
        let found = self.parsed.tbs_certificate.get();
        let found = found.map_err(|error| Refusal::Unreadable { reason: error.to_string() })?;
        Ok(found.map(|(_, it)| it))
    }

    /// Returns the content of an extension that no type exists for.
    pub(super) fn raw_extension(&self, id: &str) -> Option<&[u8]> {
        let extensions = self.parsed.tbs_certificate.extensions.as_deref().unwrap_or_default();
        let found = extensions.iter().find(|it| it.extn_id.to_string() == id);
        found.map(|it| it.extn_value.as_bytes())
    }

    fn extensions(&self) -> impl Iterator<Item = (ObjectIdentifier, bool)> {
        let extensions = self.parsed.tbs_certificate.extensions.as_deref().unwrap_or_default();
        extensions.iter().map(|it| (it.extn_id, it.critical))
    }

    /// Returns the algorithm of the public key, as verifiers compare it, and its bytes.
    fn key(&self) -> Option<(Vec<u8>, &[u8])> {
        let key = &self.parsed.tbs_certificate.subject_public_key_info;
        Some((algorithm(&key.algorithm)?, key.subject_public_key.as_bytes()?))
    }

    /// Verifies that a certificate is signed by another.
    pub(super) fn is_signed_by(
        &self,
        issuer: &Self,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Refusal> {
        let signed = Signed {
            what: format!("certificate `{}`", self.subject()),
            stated: &self.parsed.tbs_certificate.signature,
            kind: &self.parsed.signature_algorithm,
            bytes: &self.signed,
            signature: &self.parsed.signature,
        };
        issuer.has_signed(&signed, algorithms)
    }

    /// Verifies a signature by the certificate's key.
    pub(super) fn has_signed(
        &self,
        signed: &Signed<'_>,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Refusal> {
        let bad = || Refusal::BadSignature { what: signed.what.clone(), issuer: self.subject() };
        if signed.kind != signed.stated {
            return Err(bad());
        }
        let kind = algorithm(signed.kind).ok_or_else(bad)?;
        let (key_kind, key) = self.key().ok_or_else(bad)?;
        let signature = signed.signature.as_bytes().ok_or_else(bad)?;
        let mut fitting = algorithms
            .all
            .iter()
            .filter(|it| *it.signature_alg_id() == *kind && *it.public_key_alg_id() == *key_kind);
        let Some(verifier) = fitting.next() else {
            let (what, id) = (signed.what.clone(), signed.kind.oid.to_string());
            return Err(Refusal::Algorithm { what, id });
        };
        verifier.verify_signature(key, signed.bytes, signature).map_err(|_| bad())
    }
}

/// Returns the family that keys and signatures have in common.
fn family(it: &AlgorithmIdentifierOwned) -> String {
    let id = it.oid.to_string();
    let families = ["1.2.840.113549.1.1.", "1.2.840.10045."];
    let known = families.into_iter().find(|family| id.starts_with(family));
    known.map_or(id, str::to_owned)
}

/// Encodes an algorithm as verifiers name theirs: the content of the sequence.
pub(super) fn algorithm(it: &AlgorithmIdentifierOwned) -> Option<Vec<u8>> {
    let mut res = it.oid.to_der().ok()?;
    if let Some(parameters) = &it.parameters {
        res.extend(parameters.to_der().ok()?);
    }
    Some(res)
}
