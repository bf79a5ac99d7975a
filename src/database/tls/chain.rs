//! Verifies that a server's certificate chains to a trusted authority, by OpenSSL's rules, which
//! are libpq's (docs.openssl.org, openssl-verification-options).
//!
//! webpki's rules are stricter for handmade certificates: it supports neither version 1 nor an
//! authority that is the server itself. And they are laxer on authorities, whose properties it
//! takes from the user. OpenSSL's default checks are done here, on a chain that is found as OpenSSL
//! finds it: trusted authorities first, up to a self-signed one.

use chrono::DateTime;
use rustls::RootCertStore;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::UnixTime;
use rustls::server::ParsedCertificate;
use x509_cert::ext::pkix::KeyUsage;

use crate::database::tls::certificate::Certificate;
use crate::database::tls::refusal::Refusal;
use crate::database::tls::revoked::{self, Revoked};

/// `serverAuth` among the extended key usages. OpenSSL doesn't accept "any" for servers.
const SERVER: &str = "1.3.6.1.5.5.7.3.1";

/// The extension of a proxy certificate, issued by another one's holder instead of an authority.
const PROXY: &str = "1.3.6.1.5.5.7.1.14";

/// Netscape's certificate type, and the bit for servers.
const NETSCAPE: (&str, u8) = ("2.16.840.1.113730.1.1", 0x40);

/// The inputs of a verification beside the certificate.
pub(super) struct Trust<'a> {
    /// The trusted authorities.
    pub(super) roots: &'a [Certificate],
    /// The certificates sent by the server.
    pub(super) sent: &'a [Certificate],
    /// The revocation lists; none if they are not checked.
    pub(super) revoked: Option<&'a [Revoked]>,
    pub(super) now: UnixTime,
    pub(super) algorithms: &'a WebPkiSupportedAlgorithms,
}

impl Trust<'_> {
    /// Verifies that a server's certificate chains to a trusted authority.
    pub(super) fn verify(&self, certificate: &Certificate) -> Result<(), Refusal> {
        let chain = self.chain(certificate)?;
        let mut between = 0;
        for (at, it) in chain.iter().enumerate() {
            check_one(it)?;
            if at == 0 {
                check_server(it)?;
            } else {
                check_authority(it, at + 1 == chain.len())?;
                let most = it.constraints.as_ref().and_then(|it| it.path_len_constraint);
                if most.is_some_and(|most| between > usize::from(most)) {
                    return Err(Refusal::TooManyBelow { subject: it.subject() });
                }
                between += usize::from(!it.is_self_issued());
            }
            self.check_time(it)?;
        }
        for (it, issuer) in chain.iter().zip(chain.iter().skip(1)) {
            it.is_signed_by(issuer, self.algorithms)?;
        }
        if let Some(lists) = self.revoked {
            revoked::check(lists, &chain, self.now.as_secs(), self.algorithms)?;
        }
        match chain.iter().skip(1).find(|it| it.has_name_constraints()) {
            Some(limits) => self.check_names(&chain, limits),
            None => Ok(()),
        }
    }

    /// Finds the chain from the server's certificate to a self-signed authority.
    fn chain<'a>(&'a self, certificate: &'a Certificate) -> Result<Vec<&'a Certificate>, Refusal> {
        let mut chain = vec![certificate];
        let mut last = certificate;
        let mut is_known = false;
        while !last.is_self_signed() {
            let known = self.issuer(last, self.roots, &chain);
            // A trusted authority implies trust in those above it, or it is not one.
            let sent = if is_known { None } else { self.issuer(last, self.sent, &chain) };
            let Some(next) = known.or(sent) else {
                let (subject, issuer) = (last.subject(), last.issuer());
                return Err(if is_known {
                    Refusal::Incomplete { subject, issuer }
                } else {
                    Refusal::UnknownAuthority { issuer }
                });
            };
            is_known = known.is_some();
            chain.push(next);
            last = next;
        }
        if is_known || self.roots.iter().any(|it| it.der == last.der) {
            return Ok(chain);
        }
        Err(if chain.len() == 1 {
            Refusal::SelfSigned { subject: last.subject() }
        } else {
            Refusal::UnknownAuthority { issuer: last.subject() }
        })
    }

    /// Finds the issuer of a certificate; preferably one that is valid now.
    fn issuer<'a>(
        &self,
        of: &Certificate,
        among: &'a [Certificate],
        chain: &[&Certificate],
    ) -> Option<&'a Certificate> {
        let mut fitting = among
            .iter()
            .filter(|it| it.seems_to_vouch_for(of) && chain.iter().all(|had| had.der != it.der));
        let first = fitting.clone().next();
        fitting.find(|it| it.is_valid_at(self.now.as_secs())).or(first)
    }

    fn check_time(&self, it: &Certificate) -> Result<(), Refusal> {
        if it.is_valid_at(self.now.as_secs()) {
            return Ok(());
        }
        let (from, until) = it.validity();
        let text = |seconds: u64| {
            let time = i64::try_from(seconds).ok().and_then(|it| DateTime::from_timestamp(it, 0));
            time.map(|it| it.format("%Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default()
        };
        Err(Refusal::NotNow { subject: it.subject(), from: text(from), until: text(until) })
    }

    /// Has webpki check the chain of authorities with name constraints, on top of all else.
    fn check_names(&self, chain: &[&Certificate], limits: &Certificate) -> Result<(), Refusal> {
        let refused = |error: rustls::Error| Refusal::NameConstraints {
            subject: limits.subject(),
            reason: error.to_string(),
        };
        let Some(([first], above)) = chain.split_at_checked(1) else { return Ok(()) };
        if first.is_first_version() {
            let reason = "it is of X.509 version 1, which lists none".to_owned();
            return Err(Refusal::NameConstraints { subject: limits.subject(), reason });
        }
        let mut roots = RootCertStore::empty();
        if let Some(root) = above.last() {
            roots.add(root.der.clone()).map_err(refused)?;
        }
        let sent: Vec<_> = above.iter().map(|it| it.der.clone()).collect();
        let parsed = ParsedCertificate::try_from(&first.der).map_err(refused)?;
        let algorithms = self.algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, &roots, &sent, self.now, algorithms)
            .map_err(refused)
    }
}

/// Checks the rules for every certificate of a chain.
fn check_one(it: &Certificate) -> Result<(), Refusal> {
    let not_understood = |id: String| Refusal::NotUnderstood { subject: it.subject(), id };
    if it.raw_extension(PROXY).is_some() {
        return Err(not_understood(PROXY.to_owned()));
    }
    if let Some(id) = it.not_understood() {
        return Err(not_understood(id.to_string()));
    }
    match &it.purposes {
        Some(purposes) if purposes.0.iter().all(|id| id.to_string() != SERVER) => {
            let extension = "extended key usage";
            Err(Refusal::NotForServers { subject: it.subject(), extension })
        }
        _ => Ok(()),
    }
}

/// Checks that a certificate may be used by a server. An authority's is accepted where it is its
/// own.
fn check_server(it: &Certificate) -> Result<(), Refusal> {
    let refused = |extension| Refusal::NotForServers { subject: it.subject(), extension };
    let serves = |usage: &KeyUsage| {
        usage.digital_signature() || usage.key_encipherment() || usage.key_agreement()
    };
    if it.usage.as_ref().is_some_and(|usage| !serves(usage)) {
        return Err(refused("key usage"));
    }
    // A bit string: tag, length, unused bits, and the byte.
    match it.raw_extension(NETSCAPE.0) {
        None => Ok(()),
        Some([3, 2, _, bits]) if bits & NETSCAPE.1 != 0 => Ok(()),
        Some(_) => Err(refused("Netscape type")),
    }
}

/// Checks that a certificate may issue others. OpenSSL asks less of the last one of the chain:
/// version 1 had no way to say it.
fn check_authority(it: &Certificate, is_last: bool) -> Result<(), Refusal> {
    let refused = |extension| Refusal::NotAnAuthority { subject: it.subject(), extension };
    if it.usage.as_ref().is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(refused("key usage"));
    }
    let may = match &it.constraints {
        Some(constraints) => constraints.ca,
        None => is_last && (it.is_first_version() && it.is_self_signed() || it.usage.is_some()),
    };
    if may { Ok(()) } else { Err(refused("basic constraints")) }
}
