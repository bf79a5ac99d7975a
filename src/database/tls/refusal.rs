//! The reasons for refusing a certificate, in words that suggest a remedy.

use thiserror::Error;

/// The reason why a certificate is refused. Names are those that certificates state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("the server's certificate can't be read: {reason}")]
    Unreadable { reason: String },
    #[error(
        "the server's certificate is signed by an unknown authority, `{issuer}`: name its \
         certificate as `sslrootcert` (`ssl-ca` for MySQL)"
    )]
    UnknownAuthority { issuer: String },
    #[error(
        "the server's certificate `{subject}` is self-signed and not trusted: name it \
         as `sslrootcert` (`ssl-ca` for MySQL) if it is the right one"
    )]
    SelfSigned { subject: String },
    #[error(
        "the authority `{subject}` is known, but its issuer `{issuer}` is not: add \
         that one's certificate to the file"
    )]
    Incomplete { subject: String, issuer: String },
    #[error("the certificate `{subject}` is only valid from {from} until {until}")]
    NotNow { subject: String, from: String, until: String },
    #[error("the certificate `{subject}` isn't for servers, according to its {extension}")]
    NotForServers { subject: String, extension: &'static str },
    #[error(
        "the certificate `{subject}` signs another one but isn't an authority's, according to \
         its {extension}"
    )]
    NotAnAuthority { subject: String, extension: &'static str },
    #[error("the authority `{subject}` doesn't allow this many others below it")]
    TooManyBelow { subject: String },
    #[error("the certificate `{subject}` has a critical extension that isn't supported: {id}")]
    NotUnderstood { subject: String, id: String },
    #[error("the certificate `{subject}` limits names and excludes the server's: {reason}")]
    NameConstraints { subject: String, reason: String },
    #[error("the signature of the {what} isn't by `{issuer}`")]
    BadSignature { what: String, issuer: String },
    #[error(
        "the signature of the {what} is of an unsupported kind ({id}): \
         have it signed by SHA-256 or more and a key of RSA, P-256, P-384 or Ed25519"
    )]
    Algorithm { what: String, id: String },
    #[error("the certificate `{subject}` has been revoked by its authority")]
    Revoked { subject: String },
    #[error(
        "there is no revocation list of `{issuer}`, but such lists are configured: add it to the file \
         that is named as `sslcrl` (`ssl-crl` for MySQL), or is `~/.postgresql/root.crl`"
    )]
    NoList { issuer: String },
    #[error(
        "the revocation list of `{issuer}` isn't valid now: get a current one from the authority"
    )]
    OldList { issuer: String },
    #[error("the revocation list of `{issuer}` has a critical extension that isn't supported")]
    PartialList { issuer: String },
    #[error("the authority `{subject}` may not revoke certificates, according to its key usage")]
    NotForLists { subject: String },
    #[error("the server's certificate is for {names}, not for `{host}`")]
    OtherName { names: String, host: String },
}

/// Makes a text from a certificate safe for a message.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 120;
    let mut res: String =
        text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        res.push('…');
    }
    res
}
