//! MySQL's greeting and login (dev.mysql.com/doc/dev/mysql-server, connection phase).
//!
//! Features that are not requested can't happen: several statements in one, and local files that
//! the server reads. The password itself is only sent where nobody else can read it.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::database::mysql::wire::{Fields, put_text};

const LONG_PASSWORD: u32 = 1;
/// `UPDATE` counts the matched rows, changed or not.
const FOUND_ROWS: u32 = 1 << 1;
const LONG_FLAG: u32 = 1 << 2;
const CONNECT_WITH_DB: u32 = 1 << 3;
const PROTOCOL_41: u32 = 1 << 9;
const SSL: u32 = 1 << 11;
const TRANSACTIONS: u32 = 1 << 13;
const SECURE_CONNECTION: u32 = 1 << 15;
const MULTI_RESULTS: u32 = 1 << 17;
const PLUGIN_AUTH: u32 = 1 << 19;
const CONNECT_ATTRS: u32 = 1 << 20;

/// The capabilities that every server must have.
const NEEDED: u32 = PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;
/// The capabilities that are used where the server has them.
const WANTED: u32 =
    LONG_PASSWORD | FOUND_ROWS | LONG_FLAG | TRANSACTIONS | MULTI_RESULTS | CONNECT_ATTRS;

/// `utf8mb4_general_ci`, which every server has; the session's collation is set later.
const COLLATION: u8 = 45;
/// The largest packet that is accepted.
const MOST: u32 = 1 << 30;

const NATIVE: &[u8] = b"mysql_native_password";
const CACHING_SHA2: &[u8] = b"caching_sha2_password";
const SHA256: &[u8] = b"sha256_password";
/// Plugins that send the password itself: LDAP, PAM, cloud tokens.
const CLEAR: [&[u8]; 2] = [b"mysql_clear_password", b"dialog"];
/// Plugins that rely on the system's user.
const SOCKETS: [&[u8]; 2] = [b"auth_socket", b"unix_socket"];

/// The server's greeting.
pub(super) struct Greeting {
    pub(super) version: String,
    pub(super) id: u32,
    capabilities: u32,
    nonce: Vec<u8>,
    plugin: Vec<u8>,
}

pub(super) struct Login<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a str,
    pub(super) database: Option<&'a str>,
    pub(super) program: &'a str,
    /// Whether nobody else can read what is sent.
    pub(super) is_private: bool,
    /// Whether encryption makes it private.
    pub(super) is_encrypted: bool,
}

/// The next step of a login after a server's answer.
pub(super) enum Next {
    /// The login is complete.
    Done,
    /// Bytes have to be sent.
    Send(Vec<u8>),
    /// The server will send more.
    Wait,
    /// The server refused the login.
    Refused(Vec<u8>),
}

impl Greeting {
    /// Parses a greeting; none if the packet is not one.
    pub(super) fn read(packet: &[u8]) -> Option<Self> {
        let mut fields = Fields(packet);
        if fields.byte()? != 10 {
            return None;
        }
        let version = String::from_utf8_lossy(fields.until_nul()).into_owned();
        let id = u32::try_from(fields.number(4)?).ok()?;
        let mut nonce = fields.bytes(8)?.to_vec();
        fields.byte()?;
        let low = fields.number(2)?;
        fields.bytes(3)?;
        let high = fields.number(2)?;
        let capabilities = u32::try_from(high << 16 | low).ok()?;
        let length = usize::from(fields.byte()?);
        fields.bytes(10)?;
        let rest = fields.bytes(length.saturating_sub(8).max(13))?;
        // The last byte is a NUL, and not a part of it.
        nonce.extend_from_slice(rest.get(..12)?);
        let plugin = fields.until_nul().to_vec();
        Some(Self { version, id, capabilities, nonce, plugin })
    }

    pub(super) fn can_encrypt(&self) -> bool {
        self.capabilities & SSL != 0
    }

    pub(super) fn is_too_old(&self) -> bool {
        self.capabilities & NEEDED != NEEDED
    }

    fn agreed(&self, login: &Login<'_>) -> u32 {
        let database = if login.database.is_some() { CONNECT_WITH_DB } else { 0 };
        let encryption = if login.is_encrypted { SSL } else { 0 };
        NEEDED | database | encryption | (WANTED & self.capabilities)
    }

    pub(super) fn encryption(&self, login: &Login<'_>) -> Vec<u8> {
        let mut payload = self.agreed(login).to_le_bytes().to_vec();
        payload.extend_from_slice(&MOST.to_le_bytes());
        payload.push(COLLATION);
        payload.extend_from_slice(&[0; 23]);
        payload
    }

    pub(super) fn login(&self, login: &Login<'_>) -> Vec<u8> {
        let mut payload = self.encryption(login);
        payload.extend_from_slice(login.user.as_bytes());
        payload.push(0);
        // Of another login the server will tell.
        let known = [NATIVE, CACHING_SHA2].into_iter().find(|it| *it == self.plugin);
        let plugin = known.unwrap_or(NATIVE);
        let proof = proof(plugin, login, &self.nonce).unwrap_or_default();
        // A proof has 32 bytes at most.
        payload.push(u8::try_from(proof.len()).unwrap_or_default());
        payload.extend_from_slice(&proof);
        if let Some(database) = login.database {
            payload.extend_from_slice(database.as_bytes());
            payload.push(0);
        }
        payload.extend_from_slice(plugin);
        payload.push(0);
        if self.capabilities & CONNECT_ATTRS != 0 {
            let mut attributes = Vec::new();
            for text in ["_client_name", "limbeck", "program_name", login.program] {
                put_text(&mut attributes, text.as_bytes());
            }
            put_text(&mut payload, &attributes);
        }
        payload
    }
}

/// Determines the next step from a server's answer.
pub(super) fn next(packet: &[u8], login: &Login<'_>) -> Result<Next, String> {
    match packet {
        [0x00, ..] => Ok(Next::Done),
        [0xff, rest @ ..] => Ok(Next::Refused(rest.to_vec())),
        // Only `caching_sha2_password` sends more: that the proof is known, or the password is
        // needed.
        [0x01, 3] => Ok(Next::Wait),
        [0x01, 4] => whole_password(login).map(Next::Send),
        [0xfe, rest @ ..] if !rest.is_empty() => {
            let mut fields = Fields(rest);
            let plugin = fields.until_nul();
            let nonce = fields.0.strip_suffix(&[0]).unwrap_or(fields.0);
            proof(plugin, login, nonce).map(Next::Send)
        }
        _ => Err("it asks for a login that isn't known here".to_owned()),
    }
}

/// Returns the proof of the password that a plugin asks for.
fn proof(plugin: &[u8], login: &Login<'_>, nonce: &[u8]) -> Result<Vec<u8>, String> {
    let password = login.password.as_bytes();
    if SOCKETS.contains(&plugin) {
        return Ok(Vec::new());
    }
    if plugin == SHA256 && login.is_private && !login.is_encrypted && !login.password.is_empty() {
        return Err(
            "its login by `sha256_password` takes a password through encrypted connections \
                    only, and a socket is none: name a host and a port"
                .to_owned(),
        );
    }
    if CLEAR.contains(&plugin) || plugin == SHA256 {
        return whole_password(login);
    }
    if plugin != NATIVE && plugin != CACHING_SHA2 {
        let plugin = String::from_utf8_lossy(plugin);
        return Err(format!("it asks for a login by `{plugin}`, which isn't known here"));
    }
    if password.is_empty() {
        return Ok(Vec::new());
    }
    Ok(if plugin == NATIVE {
        let once = Sha1::digest(password);
        let mask = Sha1::new().chain_update(nonce).chain_update(Sha1::digest(once)).finalize();
        mixed(&once, &mask)
    } else {
        let once = Sha256::digest(password);
        let mask = Sha256::new().chain_update(Sha256::digest(once)).chain_update(nonce).finalize();
        mixed(&once, &mask)
    })
}

fn mixed(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(one, other)| one ^ other).collect()
}

fn whole_password(login: &Login<'_>) -> Result<Vec<u8>, String> {
    // None at all is no secret.
    if login.is_private || login.password.is_empty() {
        Ok([login.password.as_bytes(), &[0]].concat())
    } else {
        Err("it asks for the password itself, which is not sent in clear text: \
             say `ssl-mode=required` in the url"
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(is_private: bool) -> Login<'static> {
        Login {
            user: "app",
            password: "s3cr3t",
            database: Some("shop"),
            program: "migrate",
            is_private,
            is_encrypted: is_private,
        }
    }

    fn greeting(plugin: &str, capabilities: u32) -> Vec<u8> {
        let [low, lower, high, higher] = capabilities.to_le_bytes();
        let mut packet = b"\x0a8.0.36\0\x07\0\0\0abcdefgh\0".to_vec();
        packet.extend_from_slice(&[low, lower, COLLATION, 2, 0, high, higher, 21]);
        packet.extend_from_slice(&[0; 10]);
        packet.extend_from_slice(b"ijklmnopqrst\0");
        packet.extend_from_slice(plugin.as_bytes());
        packet.push(0);
        packet
    }

    #[test]
    fn a_greeting_is_read_and_one_cut_short_is_none() {
        let packet = greeting("caching_sha2_password", NEEDED | SSL);
        let greeting = Greeting::read(&packet).unwrap();
        assert_eq!((&*greeting.version, greeting.id), ("8.0.36", 7));
        assert_eq!(greeting.nonce, b"abcdefghijklmnopqrst");
        assert!(greeting.can_encrypt() && !greeting.is_too_old());
        for length in 0..packet.len() - 22 {
            assert!(Greeting::read(&packet[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn several_statements_and_our_files_are_never_offered() {
        let greeting = Greeting::read(&greeting("mysql_native_password", u32::MAX)).unwrap();
        let agreed = greeting.agreed(&login(true));
        assert_eq!(agreed & (1 << 16 | 1 << 7), 0);
        assert_ne!(agreed & FOUND_ROWS, 0);
    }

    #[test]
    fn a_password_is_proved_and_not_sent() {
        for plugin in ["mysql_native_password", "caching_sha2_password", "unheard_of"] {
            let greeting = Greeting::read(&greeting(plugin, u32::MAX)).unwrap();
            let sent = greeting.login(&login(false));
            assert!(!sent.windows(6).any(|it| it == b"s3cr3t"), "{plugin}");
        }
        let proof = proof(CACHING_SHA2, &login(false), b"abcdefghijklmnopqrst").unwrap();
        // As Python's hashlib computes it.
        let wanted = "5b8df12ee997bfeb768c5113887fddf897d060ae164ebeff8e1793c5ecf53aa8";
        assert_eq!(crate::sql::hex(&proof), wanted);
    }

    #[test]
    fn the_password_itself_is_sent_only_where_nobody_reads_it() {
        let packets: [&[u8]; 4] = [
            &[1, 4],
            b"\xfesha256_password\0abcdefghijklmnopqrst\0",
            b"\xfemysql_clear_password\0",
            b"\xfedialog\0",
        ];
        for packet in packets {
            assert!(next(packet, &login(false)).is_err());
            let Ok(Next::Send(sent)) = next(packet, &login(true)) else { panic!("nothing sent") };
            assert_eq!(sent, b"s3cr3t\0");
        }
    }

    #[test]
    fn sha256_takes_no_password_by_a_socket_and_an_empty_one_anywhere() {
        let packet = b"\xfesha256_password\0abcdefghijklmnopqrst\0";
        let by_socket = Login { is_encrypted: false, ..login(true) };
        let error = next(packet, &by_socket).err().unwrap();
        assert!(error.contains("name a host"), "{error}");
        for is_private in [true, false] {
            let empty = Login { password: "", is_encrypted: false, ..login(is_private) };
            let Ok(Next::Send(sent)) = next(packet, &empty) else { panic!("nothing sent") };
            assert_eq!(sent, [0]);
        }
    }

    #[test]
    fn an_unknown_login_is_named() {
        let error = next(b"\xfeclient_ed25519\0abc\0", &login(true)).err().unwrap();
        assert!(error.contains("`client_ed25519`"), "{error}");
        assert!(next(&[0xfe], &login(true)).is_err());
        assert!(next(&[], &login(true)).is_err());
    }
}
