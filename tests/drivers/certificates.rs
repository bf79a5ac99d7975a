//! Certificates as people make them, and whom they convince: the clients of the servers, and us.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use servers::{Mariadb, Postgres};
use tempfile::TempDir;

use crate::{open, refusal};

/// What the PostgreSQL manual takes from OpenSSL's configuration for its authorities.
const AUTHORITY: &str = "subjectKeyIdentifier = hash\n\
                         authorityKeyIdentifier = keyid:always, issuer\n\
                         basicConstraints = critical, CA:true\n";

/// The server's certificate, what is named as authority, the host, and the verdicts of `verify-ca`
/// and `verify-full`, which are libpq's.
const VERDICTS: &str = "
    self            self          localhost          yes yes
    self            self          127.0.0.1          yes no
    self            self          db.example         yes no
    self            root          localhost          no  no
    self-v1         self-v1       localhost          yes yes
    self-v1         self          localhost          no  no
    self-alt        self-alt      localhost          yes no
    self-alt        self-alt      db.example         yes yes
    self-no-ca      self-no-ca    localhost          yes yes
    self-signs      self-signs    localhost          no  no
    self-client     self-client   localhost          no  no
    self-expired    self-expired  localhost          no  no
    plain           root          localhost          yes yes
    plain           root          127.0.0.1          yes no
    plain           root          db.example         yes no
    plain           root-v1       localhost          yes yes
    plain           wrong         localhost          no  no
    plain           self          localhost          no  no
    plain           plain         localhost          no  no
    plain           root-no-ca    localhost          no  no
    plain           root-nothing  localhost          no  no
    plain           root-no-sign  localhost          no  no
    plain           root-client   localhost          no  no
    plain           root-expired  localhost          no  no
    plain           root-narrow   localhost          yes yes
    address         root          127.0.0.1          yes yes
    address         root          localhost          yes no
    star            root          db.acme.example    yes yes
    star            root          a.db.acme.example  yes no
    two-names       root          other.example      yes yes
    two-names       root          localhost          yes no
    no-name         root          localhost          yes no
    alt             root          localhost          yes yes
    alt             root          127.0.0.1          yes no
    alt             root-limits   localhost          no  no
    alt             root-allows   localhost          yes yes
    alt-other       root          localhost          yes no
    alt-other       root          db.example         yes yes
    alt-address     root          127.0.0.1          yes yes
    alt-address     root          localhost          yes yes
    alt-elsewhere   root          127.0.0.1          yes no
    alt-mail        root          localhost          yes yes
    encrypts        root          localhost          yes yes
    signs           root          localhost          no  no
    for-servers     root          localhost          yes yes
    for-clients     root          localhost          no  no
    for-any         root          localhost          no  no
    demands         root          localhost          no  no
    offers          root          localhost          yes yes
    below           root          localhost          no  no
    below           middle        localhost          no  no
    below           both          localhost          yes yes
    below-sent      root          localhost          yes yes
    below-sent      root-v1       localhost          yes yes
    below-sent      root-narrow   localhost          no  no
    below-sent      middle        localhost          no  no
    below-v1-sent   root          localhost          no  no
";

/// The same for MariaDB, as its client has it, for hosts that are this one.
const VERDICTS_OF_MYSQL: &str = "
    self            self          localhost          yes yes
    self            self          127.0.0.1          yes no
    self            root          localhost          no  no
    self-v1         self-v1       localhost          yes yes
    self-client     self-client   localhost          no  no
    plain           root          localhost          yes yes
    plain           root          127.0.0.1          yes no
    plain           wrong         localhost          no  no
    plain           root-no-ca    localhost          no  no
    address         root          127.0.0.1          yes yes
    two-names       root          localhost          yes yes
    alt-other       root          localhost          yes no
    alt-address     root          127.0.0.1          yes yes
    alt-elsewhere   root          127.0.0.1          yes yes
    alt-and-address root          127.0.0.1          yes no
    below           middle        localhost          no  no
    below-sent      root          localhost          yes yes
";

/// Those with keys as OpenSSL makes them if it isn't told otherwise, and a kind that is made faster.
const AS_IN_THE_MANUAL: [&str; 5] = ["self", "self-v1", "root", "wrong", "plain"];
const FAST: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1";

/// A folder of certificates, each beside its key.
pub(crate) struct Office {
    folder: TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let res = Self { folder: tempfile::tempdir().unwrap() };
        res.make_alone();
        res.make_authorities();
        res.make_servers();
        res
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Runs `openssl` in the folder.
    pub(crate) fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        let output = command.stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}\n{told}");
    }

    /// Makes a key, and asks for a certificate of it.
    fn request(&self, name: &str, subject: &str) {
        let kind = if AS_IN_THE_MANUAL.contains(&name) { "" } else { FAST };
        let files = format!("-out {name}.csr -keyout {name}.key -subj {subject}");
        self.openssl(&format!("req -new -nodes -text {kind} {files}"));
    }

    /// Grants what was asked for; no extensions make it one of version 1, before OpenSSL 3.2.
    pub(crate) fn grant(&self, request: &str, name: &str, how: &str, extensions: &str) {
        fs::write(self.path("extensions"), extensions).unwrap();
        let with = if extensions.is_empty() { "" } else { "-extfile extensions" };
        self.openssl(&format!("x509 -req -in {request}.csr -text {with} {how} -out {name}.crt"));
    }

    /// Makes certificates that are their own authorities, the first as the manual has it.
    fn make_alone(&self) {
        for (name, extension) in [
            ("self", ""),
            ("self-alt", "-addext subjectAltName=DNS:db.example"),
            ("self-no-ca", "-addext basicConstraints=critical,CA:FALSE"),
            ("self-signs", "-addext keyUsage=critical,keyCertSign"),
            ("self-client", "-addext extendedKeyUsage=clientAuth"),
        ] {
            let files = format!("-out {name}.crt -keyout {name}.key -subj /CN=localhost");
            let kind = if AS_IN_THE_MANUAL.contains(&name) { "" } else { FAST };
            let kind = format!("{kind} {extension}");
            self.openssl(&format!("req -new -x509 -days 365 -nodes -text {kind} {files}"));
        }
        self.request("self-v1", "/CN=localhost");
        self.grant("self-v1", "self-v1", "-days 365 -signkey self-v1.key", "");
        self.grant("self-v1", "self-expired", "-days -1 -signkey self-v1.key", "");
        fs::copy(self.path("self-v1.key"), self.path("self-expired.key")).unwrap();
    }

    /// Makes authorities, the first as the manual has it; all but one have its key.
    fn make_authorities(&self) {
        self.request("root", "/CN=root.example");
        self.request("wrong", "/CN=root.example");
        self.grant("wrong", "wrong", "-days 3650 -signkey wrong.key", AUTHORITY);
        let with = |extension: &str| format!("basicConstraints = critical, CA:true\n{extension}\n");
        for (name, extensions) in [
            ("root", AUTHORITY.to_owned()),
            ("root-v1", String::new()),
            ("root-no-ca", "basicConstraints = CA:false".to_owned()),
            ("root-nothing", "subjectKeyIdentifier = hash".to_owned()),
            ("root-no-sign", with("keyUsage = critical, digitalSignature")),
            ("root-client", with("extendedKeyUsage = clientAuth")),
            ("root-narrow", "basicConstraints = critical, CA:true, pathlen:0".to_owned()),
            ("root-limits", with("nameConstraints = critical, permitted;DNS:other.example")),
            ("root-allows", with("nameConstraints = critical, permitted;DNS:localhost")),
        ] {
            self.grant("root", name, "-days 3650 -signkey root.key", &extensions);
        }
        self.grant("root", "root-expired", "-days -1 -signkey root.key", AUTHORITY);
        let by_root = "-days 1825 -CA root.crt -CAkey root.key -CAcreateserial";
        for (name, extensions) in [("middle", AUTHORITY), ("middle-v1", "")] {
            self.request(name, &format!("/CN={name}.example"));
            self.grant(name, name, by_root, extensions);
        }
        self.join("both", &["root", "middle"]);
    }

    /// Makes certificates that an authority vouches for, the first as the manual has it.
    fn make_servers(&self) {
        for (name, subject, extensions, authority) in [
            ("plain", "/CN=localhost", "", "root"),
            ("address", "/CN=127.0.0.1", "", "root"),
            ("star", "/CN=*.acme.example", "", "root"),
            ("two-names", "/CN=other.example/CN=localhost", "", "root"),
            ("no-name", "/O=acme", "", "root"),
            ("alt", "/CN=x", "subjectAltName = DNS:localhost", "root"),
            ("alt-other", "/CN=localhost", "subjectAltName = DNS:db.example", "root"),
            ("alt-address", "/CN=localhost", "subjectAltName = IP:127.0.0.1", "root"),
            ("alt-elsewhere", "/CN=127.0.0.1", "subjectAltName = IP:192.0.2.1", "root"),
            ("alt-and-address", "/CN=127.0.0.1", "subjectAltName = DNS:db.example", "root"),
            ("alt-mail", "/CN=localhost", "subjectAltName = email:a@db.example", "root"),
            ("encrypts", "/CN=localhost", "keyUsage = critical, keyEncipherment", "root"),
            ("signs", "/CN=localhost", "keyUsage = critical, keyCertSign", "root"),
            ("for-servers", "/CN=localhost", "extendedKeyUsage = serverAuth", "root"),
            ("for-clients", "/CN=localhost", "extendedKeyUsage = clientAuth", "root"),
            ("for-any", "/CN=localhost", "extendedKeyUsage = anyExtendedKeyUsage", "root"),
            ("demands", "/CN=localhost", "1.2.3.4 = critical, ASN1:NULL", "root"),
            ("offers", "/CN=localhost", "1.2.3.4 = ASN1:NULL", "root"),
            ("below", "/CN=localhost", "", "middle"),
            ("below-v1", "/CN=localhost", "", "middle-v1"),
        ] {
            self.request(name, subject);
            let authority = format!("-CA {authority}.crt -CAkey {authority}.key -CAcreateserial");
            self.grant(name, name, &format!("-days 365 {authority}"), extensions);
        }
        for (name, authority) in [("below", "middle"), ("below-v1", "middle-v1")] {
            self.join(&format!("{name}-sent"), &[name, authority]);
            let key = self.path(&format!("{name}-sent.key"));
            fs::copy(self.path(&format!("{name}.key")), key).unwrap();
        }
    }

    /// Writes several certificates into one file.
    fn join(&self, name: &str, parts: &[&str]) {
        let read = |part: &&str| fs::read(self.path(&format!("{part}.crt"))).unwrap();
        let all: Vec<Vec<u8>> = parts.iter().map(read).collect();
        fs::write(self.path(&format!("{name}.crt")), all.concat()).unwrap();
    }

    pub(crate) fn pair(&self, name: &str) -> [PathBuf; 2] {
        ["crt", "key"].map(|end| self.path(&format!("{name}.{end}")))
    }
}

/// The lines of a table, those of one certificate together.
pub(crate) fn cells(table: &str) -> Vec<(&str, Vec<[&str; 4]>)> {
    let mut res: Vec<(&str, Vec<[&str; 4]>)> = Vec::new();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let cell = [words[1], words[2], words[3], words[4]];
        match res.last_mut().filter(|last| last.0 == words[0]) {
            Some(last) => last.1.push(cell),
            None => res.push((words[0], vec![cell])),
        }
    }
    res
}

pub(crate) fn part(path: &Path) -> String {
    path.to_str().unwrap().replace('/', "%2F")
}

#[test]
fn libpq_and_we_believe_the_same_certificates() {
    let Some(mut server) = Postgres::start() else { return };
    let office = Office::new();
    let mut faults = Vec::new();
    for (certificate, cells) in cells(VERDICTS) {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let database = server.database();
        for [root, host, authority, full] in cells {
            let root_file = part(&office.path(&format!("{root}.crt")));
            for (mode, wanted) in [("verify-ca", authority), ("verify-full", full)] {
                let parameters =
                    format!("sslmode={mode}&hostaddr=127.0.0.1&sslrootcert={root_file}");
                let url = database.url_on(host, &parameters);
                let psql = if servers::psql_reaches(&url) { "yes" } else { "no" };
                let ours =
                    open(&url).map_or_else(|error| format!("no: {error}"), |_| "yes".to_owned());
                if psql != wanted || ours.split(':').next() != Some(wanted) {
                    faults.push(format!(
                        "{certificate} {root} {host} {mode}: {wanted}; psql {psql}, ours {ours}"
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn mariadb_s_client_and_we_believe_the_same_certificates() {
    let Some(server) = Mariadb::start() else { return };
    let office = Office::new();
    let mut faults = Vec::new();
    for (certificate, cells) in cells(VERDICTS_OF_MYSQL) {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let database = server.database();
        for [root, host, authority, full] in cells {
            let root_file = part(&office.path(&format!("{root}.crt")));
            for (mode, wanted) in [("verify_ca", authority), ("verify_identity", full)] {
                let url = database.url_on(host, &format!("ssl-mode={mode}&ssl-ca={root_file}"));
                let ours =
                    open(&url).map_or_else(|error| format!("no: {error}"), |_| "yes".to_owned());
                if ours.split(':').next() != Some(wanted) {
                    faults
                        .push(format!("{certificate} {root} {host} {mode}: {wanted}, ours {ours}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_certificate_that_is_refused_is_told_why() {
    let Some(mut server) = Postgres::start() else { return };
    let office = Office::new();
    for (certificate, root, host, words) in [
        ("self", "root", "localhost", "is self-signed"),
        ("self", "self", "db.example", "for `localhost`, not for `db.example`"),
        ("self-expired", "self-expired", "localhost", "only valid from"),
        ("plain", "self", "localhost", "by an unknown authority, `CN=root.example`"),
        (
            "plain",
            "root-no-ca",
            "localhost",
            "isn't an authority's, according to its basic constraints",
        ),
        ("plain", "wrong", "localhost", "isn't by `CN=root.example`"),
        (
            "for-clients",
            "root",
            "localhost",
            "isn't for servers, according to its extended key usage",
        ),
        ("below", "middle", "localhost", "is not: add"),
        ("no-name", "root", "localhost", "for no host"),
    ] {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let root = part(&office.path(&format!("{root}.crt")));
        let parameters = format!("sslmode=verify-full&hostaddr=127.0.0.1&sslrootcert={root}");
        let reason = refusal(&server.database().url_on(host, &parameters));
        assert!(reason.contains(words), "{certificate}: {reason}");
    }
}

#[test]
fn certificates_of_every_version_serve_the_older_protocol_too() {
    let old = ["ssl_max_protocol_version=TLSv1.2"];
    let Some(mut server) = Postgres::start_with(&old) else { return };
    let office = Office::new();
    for (certificate, root) in [("plain", "root"), ("self-v1", "self-v1"), ("alt-address", "root")]
    {
        let [chain, key] = office.pair(certificate);
        server.certify(&chain, &key);
        let root = part(&office.path(&format!("{root}.crt")));
        let database = server.database();
        for (mode, told) in [("verify-full", "verified"), ("verify-ca", "authority verified")] {
            let parameters = format!("sslmode={mode}&hostaddr=127.0.0.1&sslrootcert={root}");
            let description = open(&database.url_on("localhost", &parameters)).unwrap().describe();
            assert!(description.ends_with(&format!(", TLS 1.2 {told}")), "{description}");
        }
        let unverified = open(&database.url_with("sslmode=require")).unwrap().describe();
        assert!(unverified.ends_with(", TLS 1.2 not verified"), "{unverified}");
    }
}

/// Shows a certificate without having its key.
#[derive(Debug)]
struct Impostor(Arc<CertifiedKey>);

impl ResolvesServerCert for Impostor {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

impl Impostor {
    fn new(certificate: &Path, key: &Path) -> Self {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().map(Result::unwrap);
        let key = PrivateKeyDer::from_pem_file(key).unwrap();
        let key = default_provider().key_provider.load_private_key(key).unwrap();
        Self(Arc::new(CertifiedKey::new(chain.collect(), key)))
    }

    /// Answers as PostgreSQL does, up to the end of the handshake.
    fn serve(self, version: &'static SupportedProtocolVersion) -> SocketAddr {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self));
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut request = [0; 8];
                let begun =
                    stream.read_exact(&mut request).and_then(|()| stream.write_all(b"S")).is_ok();
                while begun && session.is_handshaking() && session.complete_io(&mut stream).is_ok()
                {
                }
            }
        });
        address
    }
}

#[test]
fn an_impostor_with_a_copy_of_the_certificate_is_refused_whatever_is_verified() {
    let office = Office::new();
    let [[_, rsa], [_, curve]] = [office.pair("self"), office.pair("alt")];
    for (certificate, root) in [("plain", "root"), ("alt-address", "root"), ("self-v1", "self-v1")]
    {
        let [chain, _] = office.pair(certificate);
        let root = part(&office.path(&format!("{root}.crt")));
        for (version, key) in [(&TLS12, &rsa), (&TLS12, &curve), (&TLS13, &rsa), (&TLS13, &curve)] {
            let address = Impostor::new(&chain, key).serve(version);
            let port = address.port();
            for mode in ["require", "verify-ca", "verify-full"] {
                let roots =
                    if mode == "require" { String::new() } else { format!("&sslrootcert={root}") };
                let url = format!(
                    "postgres://u:p@localhost:{port}/d?hostaddr=127.0.0.1&sslmode={mode}{roots}"
                );
                let reason = refusal(&url);
                assert!(reason.contains("doesn't hold the key"), "{certificate} {mode}: {reason}");
            }
        }
    }
}
