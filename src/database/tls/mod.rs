//! Encryption, the same for every server: trusted certificates, and the client's own.
//!
//! Modes are those of `libpq`: without verification an eavesdropper is kept out, an impostor is
//! not. So are the rules of verification (`chain`, `name`): certificates that its OpenSSL refuses
//! are refused.

#[cfg(feature = "postgres")]
pub(super) mod binding;
mod certificate;
mod chain;
mod name;
mod refusal;
mod revoked;
mod verifier;

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use crate::database::identify::is_silence;
use crate::database::reach::{Failure, Target};
use crate::database::socket::Socket;
use crate::database::tls::certificate::Certificate;
pub(super) use crate::database::tls::name::Rules;
use crate::database::tls::verifier::{Handshake, Verifier};
use crate::file::{self, FoundBy};
use crate::url::{ConnectSettings, ServerUrl, TlsMode};

/// How a server's certificate is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Authority,
    AuthorityAndName,
}

/// The encryption settings of a connection.
#[derive(Clone)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    /// The message for a server without encryption.
    pub(super) absent: String,
    check: Check,
    seen: Arc<Handshake>,
}

impl Tls {
    /// Reads the certificates that the settings of a URL name; none if nothing is to be encrypted.
    pub(super) fn new(
        url: &ServerUrl,
        settings: &ConnectSettings,
        rules: Rules,
    ) -> Result<Option<Self>, String> {
        let check = match settings.tls {
            TlsMode::VerifyFull => Check::AuthorityAndName,
            TlsMode::VerifyCa => Check::Authority,
            TlsMode::Require | TlsMode::Prefer => Check::Nothing,
            TlsMode::Disable => return Ok(None),
        };
        let provider = Arc::new(default_provider());
        let seen = Arc::new(Handshake::default());
        let roots = match check {
            Check::Nothing => Vec::new(),
            Check::Authority | Check::AuthorityAndName => roots(settings.root_cert.as_deref())?,
        };
        let revoked = match &settings.revoked {
            Some(file) if check != Check::Nothing => Some(revoked::read(file)?),
            Some(_) | None => None,
        };
        let verifier = Verifier {
            check,
            rules,
            roots,
            revoked,
            algorithms: provider.signature_verification_algorithms,
            seen: Arc::clone(&seen),
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match (&settings.client_cert, &settings.client_key) {
            (Some(cert), Some(key)) => {
                let key =
                    PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|it| unread(key, &it))?;
                let own = builder.with_client_auth_cert(certificates(cert)?, key);
                own.map_err(|error| error.to_string())?
            }
            (None, _) => builder.with_no_client_auth(),
            (Some(_), None) => return Err("the client's certificate lacks its key".to_owned()),
        };
        let (config, absent) = (Arc::new(config), absent(url, settings.tls, rules));
        Ok(Some(Self { config, absent, check, seen }))
    }

    /// Encrypts a connection to a server that has agreed to it.
    pub(super) fn shake(
        &self,
        socket: Socket,
        target: &Target,
    ) -> Result<StreamOwned<ClientConnection, Socket>, Failure> {
        let name = ServerName::try_from(target.host().unwrap_or_default().to_owned());
        let name = name.map_err(|error| self.failed(&error))?;
        let session = ClientConnection::new(Arc::clone(&self.config), name);
        let session = session.map_err(|error| self.failed(&error))?;
        let mut stream = StreamOwned::new(session, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).map_err(|error| {
                if is_silence(&error) { target.unreachable(&error) } else { self.failed(&error) }
            })?;
        }
        Ok(stream)
    }

    fn failed(&self, error: &dyn Display) -> Failure {
        let error = error.to_string();
        let refusal = self.seen.refusal();
        let explained = if error.contains("HandshakeFailure") {
            "the server knows no way of it that is known here; its key has to be one of RSA, of the \
             curves P-256 or P-384, or of Ed25519, for TLS 1.2 or later"
        } else if error.contains("BadSignature") || error.contains("AlgorithmForPublicKey") {
            "whoever answers there doesn't hold the key of the certificate that it shows"
        } else {
            &error
        };
        Failure::Handshake(refusal.unwrap_or_else(|| format!("encryption failed: {explained}")))
    }

    fn describe(&self) -> String {
        let version = match self.seen.version.load(Ordering::SeqCst) {
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

/// Describes how a new connection is encrypted.
pub(super) fn describe(tls: Option<&Tls>, target: &Target) -> String {
    match (tls, target.host()) {
        (Some(tls), _) => tls.describe(),
        (None, Some(_)) => "not encrypted".to_owned(),
        (None, None) => "by a unix socket".to_owned(),
    }
}

/// Makes the message that a server lacks the encryption a URL asks for, and what would help.
fn absent(url: &ServerUrl, mode: TlsMode, rules: Rules) -> String {
    let (wish, at_the_server, without) = if rules == Rules::Libpq {
        ("sslmode", "`ssl = on`", "`sslmode=prefer`")
    } else {
        ("ssl-mode", "`ssl-cert` and `ssl-key`", "`ssl-mode=preferred`")
    };
    let written = url.parameters.iter().filter(|(name, value)| {
        name.to_ascii_lowercase().replace('_', "-").replace("ssl-mode", "sslmode") == "sslmode"
            && !value.is_empty()
    });
    let wish = match written.last() {
        Some((name, value)) => format!("{name}={value}"),
        None => format!("{wish}={}", mode.word()),
    };
    format!(
        "the server doesn't encrypt: it offers no TLS, and `{wish}` asks for it: switch it on there \
         ({at_the_server}), or say {without} if the way to the server is safe without"
    )
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    file::settings(file, FoundBy::Name).map_err(|error| unread(file, &error))
}

fn unread(file: &Path, error: &dyn Display) -> String {
    format!("can't read `{}`: {error}", file.display())
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    parts(file, "certificate")
}

/// Reads all PEM sections of one kind; there has to be one.
fn parts<T: PemObject>(file: &Path, kind: &str) -> Result<Vec<T>, String> {
    let text = read(file)?;
    let found = T::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|error| unread(file, &error))?;
    if found.is_empty() {
        return Err(format!("there is no {kind} in `{}`", file.display()));
    }
    Ok(found)
}

/// Reads the authorities of a file, or else those of the system.
fn roots(file: Option<&Path>) -> Result<Vec<Certificate>, String> {
    if let Some(file) = file {
        let read =
            |it| Certificate::parse(&it).map_err(|error| format!("`{}`: {error}", file.display()));
        return certificates(file)?.into_iter().map(read).collect();
    }
    // Of the many that a system has, one that can't be read is no loss.
    let found = rustls_native_certs::load_native_certs().certs;
    let res: Vec<Certificate> = found.iter().filter_map(|it| Certificate::parse(it).ok()).collect();
    if res.is_empty() {
        return Err("the system has no certificates of authorities: name a file of them".to_owned());
    }
    Ok(res)
}
