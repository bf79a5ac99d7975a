//! Verifies that a certificate is issued for the host, by the rules of each server's client.

use std::net::IpAddr;

use rustls::pki_types::ServerName;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::database::tls::certificate::Certificate;
use crate::database::tls::refusal::{Refusal, shown};

/// The common name of a subject, which named the host before there were alternative names.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The implementation whose rules for names apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::database) enum Rules {
    /// libpq (`fe-secure-common.c`): an alternative name of the host's own kind, name or address,
    /// makes the common name count for nothing.
    Libpq,
    /// OpenSSL, as used by MySQL's clients (`X509_check_host`, `X509_check_ip`): any alternative
    /// name that is no address does, there may be several common names, and a wildcard needs two
    /// more labels. A wildcard for a part of a label is none here.
    OpenSsl,
}

/// A name in a certificate: text or an address.
enum Name<'a> {
    Text(&'a [u8]),
    Address(&'a [u8]),
}

/// Checks that a certificate is issued for a host.
pub(super) fn check(
    certificate: &Certificate,
    host: &ServerName<'_>,
    rules: Rules,
) -> Result<(), Refusal> {
    let alternatives: Option<SubjectAltName> = certificate.extension()?;
    let alternatives = alternatives.map(|it| it.0).unwrap_or_default();
    let mut names: Vec<Name<'_>> = alternatives.iter().filter_map(name).collect();
    let is_address = matches!(host, ServerName::IpAddress(_));
    let rules_out = |name: &Name<'_>| match name {
        Name::Text(_) => !is_address || rules == Rules::OpenSsl,
        Name::Address(_) => is_address && rules == Rules::Libpq,
    };
    if !names.iter().any(rules_out) {
        let most = if rules == Rules::Libpq { 1 } else { usize::MAX };
        names.extend(common_names(certificate).take(most).map(Name::Text));
    }
    for name in &names {
        match name.is_for(host, rules) {
            Some(true) => return Ok(()),
            Some(false) => {}
            // A name that ends early for some readers is no name.
            None => break,
        }
    }
    let mut list: Vec<String> = names.iter().map(|it| format!("`{}`", it.shown())).collect();
    list.dedup();
    let names = if list.is_empty() { "no host".to_owned() } else { list.join(", ") };
    Err(Refusal::OtherName { names: shown(&names), host: host.to_str().into_owned() })
}

fn name(name: &GeneralName) -> Option<Name<'_>> {
    match name {
        GeneralName::DnsName(text) => Some(Name::Text(text.as_bytes())),
        GeneralName::IpAddress(bytes) => Some(Name::Address(bytes.as_bytes())),
        GeneralName::OtherName(_)
        | GeneralName::Rfc822Name(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::UniformResourceIdentifier(_)
        | GeneralName::RegisteredId(_) => None,
    }
}

fn common_names(certificate: &Certificate) -> impl Iterator<Item = &[u8]> {
    let subject = &certificate.parsed.tbs_certificate.subject.0;
    let all = subject.iter().flat_map(|it| it.0.iter());
    all.filter(|it| it.oid == COMMON_NAME).map(|it| it.value.value())
}

impl Name<'_> {
    /// Tells whether a name matches the host; none if it is not a name.
    fn is_for(&self, host: &ServerName<'_>, rules: Rules) -> Option<bool> {
        match self {
            Name::Text(text) if text.contains(&0) => None,
            Name::Text(text) => Some(fits(text, host.to_str().as_bytes(), rules)),
            Name::Address(bytes) => match (host, bytes.len()) {
                (ServerName::IpAddress(address), 4 | 16) => {
                    let own: Vec<u8> = match IpAddr::from(*address) {
                        IpAddr::V4(it) => it.octets().to_vec(),
                        IpAddr::V6(it) => it.octets().to_vec(),
                    };
                    Some(own == *bytes)
                }
                (_, 4 | 16) => Some(false),
                _ => None,
            },
        }
    }

    fn shown(&self) -> String {
        match self {
            Name::Text(text) => shown(&String::from_utf8_lossy(text)),
            Name::Address(bytes) => {
                match (<[u8; 4]>::try_from(*bytes), <[u8; 16]>::try_from(*bytes)) {
                    (Ok(it), _) => IpAddr::from(it).to_string(),
                    (_, Ok(it)) => IpAddr::from(it).to_string(),
                    _ => "no address".to_owned(),
                }
            }
        }
    }
}

/// Compares a host with a name whose first label may be the wildcard `*`.
fn fits(name: &[u8], host: &[u8], rules: Rules) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let Some(rest) = name.strip_prefix(b"*").filter(|rest| rest.starts_with(b".")) else {
        return false;
    };
    // The wildcard stands for everything before the first dot.
    let labels = rest.split(|it| *it == b'.').count() - 1;
    if rest.len() < 2 || (rules == Rules::OpenSsl && labels < 2) {
        return false;
    }
    let Some(at) = host.len().checked_sub(rest.len()) else { return false };
    let (label, end) = host.split_at(at);
    !label.is_empty() && !label.contains(&b'.') && end.eq_ignore_ascii_case(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_label() {
        let fits = |name: &str, host: &str, rules| fits(name.as_bytes(), host.as_bytes(), rules);
        for (name, host, libpq, openssl) in [
            ("db.example", "DB.example", true, true),
            ("db.example", "db.example.", false, false),
            ("*.acme.example", "db.acme.example", true, true),
            ("*.ACME.example", "db.acme.EXAMPLE", true, true),
            ("*.example", "db.example", true, false),
            ("*.acme.example", "a.db.acme.example", false, false),
            ("*.acme.example", ".acme.example", false, false),
            ("*.acme.example", "acme.example", false, false),
            ("d*.acme.example", "db.acme.example", false, false),
            ("*", "db", false, false),
            ("*.", "db.", false, false),
            ("", "db", false, false),
            ("*.0.0.1", "127.0.0.1", true, true),
        ] {
            assert_eq!(fits(name, host, Rules::Libpq), libpq, "{name} {host}");
            assert_eq!(fits(name, host, Rules::OpenSsl), openssl, "{name} {host}");
        }
    }
}
