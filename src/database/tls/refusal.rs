//! Why a server's certificate isn't believed, in words that say what would help.

use thiserror::Error;

/// Why a certificate is refused. Names are those that certificates say of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("the server's certificate can't be read: {reason}")]
    Unreadable { reason: String },
    #[error(
        "the server's certificate is of an authority that isn't known here, `{issuer}`: name its \
         certificate as `sslrootcert` (`ssl-ca` for MySQL)"
    )]
    UnknownAuthority { issuer: String },
    #[error(
        "the server's certificate `{subject}` is signed by itself, and no known authority: name it \
         as `sslrootcert` (`ssl-ca` for MySQL) if it is the right one"
    )]
    SelfSigned { subject: String },
    #[error(
        "the authority `{subject}` is known here, and `{issuer}`, which vouches for it, isn't: add \
         that one's certificate to the file"
    )]
    Incomplete { subject: String, issuer: String },
    #[error("the certificate `{subject}` is only valid from {from} until {until}")]
    NotNow { subject: String, from: String, until: String },
    #[error("the certificate `{subject}` isn't one for servers, by its {extension}")]
    NotForServers { subject: String, extension: &'static str },
    #[error(
        "the certificate `{subject}` vouches for another, and isn't one of an authority, by \
         its {extension}"
    )]
    NotAnAuthority { subject: String, extension: &'static str },
    #[error("the authority `{subject}` doesn't allow so many others below it")]
    TooManyBelow { subject: String },
    #[error("the certificate `{subject}` demands what isn't understood: its extension {id}")]
    NotUnderstood { subject: String, id: String },
    #[error("the certificate `{subject}` limits names, which rules out the server's: {reason}")]
    NameConstraints { subject: String, reason: String },
    #[error("the signature of the {what} isn't one of `{issuer}`")]
    BadSignature { what: String, issuer: String },
    #[error(
        "the signature of the {what} is of a kind that isn't supported ({id}): \
         have it signed by SHA-256 or more and a key of RSA, P-256, P-384 or Ed25519"
    )]
    Algorithm { what: String, id: String },
    #[error("the certificate `{subject}` has been revoked by its authority")]
    Revoked { subject: String },
    #[error(
        "there is no list of what `{issuer}` has revoked, and lists are asked for: add it to the file \
         that is named as `sslcrl` (`ssl-crl` for MySQL), or is `~/.postgresql/root.crl`"
    )]
    NoList { issuer: String },
    #[error(
        "the list of what `{issuer}` has revoked isn't valid now: get one that is from the authority"
    )]
    OldList { issuer: String },
    #[error("the list of what `{issuer}` has revoked demands what isn't understood")]
    PartialList { issuer: String },
    #[error("the authority `{subject}` may not revoke certificates, by its key usage")]
    NotForLists { subject: String },
    #[error("the server's certificate is for {names}, and not for `{host}`")]
    OtherName { names: String, host: String },
}

/// Makes a text of a certificate fit for a message.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 120;
    let mut res: String =
        text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        res.push('…');
    }
    res
}
