//! `PostgreSQL`, as Debian has it, tuned for short lives.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use crate::certificates;
use crate::database::{Database, Ways, client};
use crate::keeper::Keeper;
use crate::switches::Engine;
use crate::system::{User, find, free_port, need, run, text, wait_for, words};
use crate::url::Url;

/// What an `apt-get install` needs.
const PACKAGES: &str = "postgresql";

/// Everybody on the socket is who he says; by TCP a password is asked for.
const ACCESS: &str = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";

/// Without `fsync` nothing is lost to a kill, which leaves the files to the kernel. The last one
/// leaves no shared memory behind a kill.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=128MB", // with less a new database takes thrice as long
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_prepared_transactions=10",
    "password_encryption=scram-sha-256",
    "dynamic_shared_memory_type=mmap",
];

/// A server.
pub struct Postgres {
    ways: Ways,
    private: Option<Private>,
}

struct Private {
    keeper: Keeper,
    command: Vec<String>,
}

/// Returns the server that the tests of this process share, or nothing where it is left out.
#[track_caller]
pub fn postgres() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let start = || match Engine::Postgres.given_url() {
        Some(url) if !Engine::Postgres.is_skipped() => {
            let ways = Ways::given(Url::read(&url, 5432), "postgres");
            Some(Postgres { ways, private: None })
        }
        _ => Postgres::start(),
    };
    SERVER.get_or_init(start).as_ref()
}

impl Postgres {
    /// Starts a server that may be killed, or nothing where it is left out.
    #[track_caller]
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with settings of its own, such as `ssl=off`.
    #[track_caller]
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let engine = Engine::Postgres;
        if engine.is_skipped() || (find("initdb").is_none() && engine.is_given("PostgreSQL")) {
            return None;
        }
        // A free port may be taken by another before the server has it.
        let res = Self::try_start(settings).or_else(|_| Self::try_start(settings));
        Some(res.unwrap_or_else(|log| panic!("{log}")))
    }

    fn try_start(settings: &[&str]) -> Result<Self, String> {
        let user = User::of("postgres");
        let keeper = Keeper::new("QUIT");
        let folder = keeper.folder().to_owned();
        let data = folder.join("data");
        certificates::write(&folder);
        user.own(&folder);
        let mut initdb = vec![text(&need("initdb", PACKAGES)), "-D".to_owned(), text(&data)];
        initdb.extend(words(&["-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust"]));
        initdb.extend(words(&["--no-sync", "--wal-segsize=1"]));
        run(&user.wrap(&initdb));
        fs::write(data.join("pg_hba.conf"), ACCESS).unwrap();

        let port = free_port();
        let mut command = vec![text(&need("postgres", PACKAGES)), "-D".to_owned(), text(&data)];
        let own = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={}", text(&folder)),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", text(&folder.join("server.pem"))),
            format!("ssl_key_file={}", text(&folder.join("server.key"))),
        ];
        let all = own.into_iter().chain(words(SETTINGS)).chain(words(settings));
        command.extend(all.flat_map(|it| ["-c".to_owned(), it]));

        let tcp = Url::loopback("postgres", port);
        let near = Url { password: None, socket: Some(folder), ..tcp.clone() };
        let admin = Url { user: "postgres".to_owned(), ..near.clone() };
        let ways = Ways { tcp, near, admin, home: "postgres" };
        let private = Private { keeper, command: user.wrap(&command) };
        let mut res = Self { ways, private: Some(private) };
        res.launch()?;
        let (name, password) = (crate::USER, crate::PASSWORD.replace('\'', "''"));
        let role = format!("CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}'");
        client(&res.ways.admin, "postgres", &role).map(|_| res)
    }

    /// Starts the server and waits until it takes connections; if it ends, returns its log.
    fn launch(&mut self) -> Result<(), String> {
        let Private { keeper, command } = self.private.as_mut().unwrap();
        keeper.start(command);
        // What `pg_ctl --wait` waits for: the first line is whose file it is, the eighth its state.
        let status = keeper.folder().join("data/postmaster.pid");
        let pid = keeper.pid().map(|it| it.to_string());
        wait_for("starting PostgreSQL", Duration::from_mins(1), || {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let is_own = text.lines().next() == pid.as_deref();
            let is_ready = text.lines().nth(7).is_some_and(|it| it.trim() == "ready");
            is_own && is_ready || !keeper.is_alive()
        });
        if keeper.is_alive() { Ok(()) } else { Err(keeper.end_of_log()) }
    }

    /// Makes a database for one test.
    #[track_caller]
    pub fn database(&self) -> Database {
        Database::new(&self.ways)
    }

    /// Returns the URL of the database `postgres`, by TCP, for the tests' user.
    pub fn url(&self) -> String {
        self.ways.tcp.of(self.ways.home, "")
    }

    /// Returns the address it listens at.
    pub fn address(&self) -> SocketAddr {
        self.ways.tcp.address()
    }

    /// Returns the certificate of the authority that vouches for a private server.
    pub fn ca(&self) -> Option<PathBuf> {
        self.private.as_ref().map(|it| it.keeper.folder().join("ca.pem"))
    }

    /// Returns the certificate of an authority that doesn't.
    pub fn wrong_ca(&self) -> Option<PathBuf> {
        self.private.as_ref().map(|it| it.keeper.folder().join("wrong-ca.pem"))
    }

    /// Has a private server show another certificate, with what is to be sent along, and starts it
    /// again.
    #[track_caller]
    pub fn certify(&mut self, certificate: &Path, key: &Path) {
        let private = self.private.as_ref().expect("only a private server has certificates");
        certificates::replace(private.keeper.folder(), certificate, key);
        self.restart();
    }

    /// Returns what a private server has logged so far.
    pub fn log(&self) -> String {
        self.private.as_ref().map(|it| it.keeper.log()).unwrap_or_default()
    }

    /// Returns the process id of a private server that runs.
    pub fn pid(&self) -> Option<u32> {
        self.private.as_ref().and_then(|it| it.keeper.pid())
    }

    /// Returns the folder of the socket, and the port, of a private server.
    pub(crate) fn socket(&self) -> Option<(PathBuf, u16)> {
        Some((self.ways.near.socket.clone()?, self.ways.near.port))
    }

    /// Kills the server and all its children at once, and waits until they are gone.
    pub fn kill9(&mut self) {
        self.private.as_mut().expect("only a private server can be killed").keeper.kill9();
    }

    /// Starts it again on the same data, at the same port, after killing it if it still runs.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill9();
        self.launch().unwrap_or_else(|log| panic!("{log}"));
    }
}
