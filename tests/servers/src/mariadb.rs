//! `MariaDB`, as Debian has it, tuned for short lives.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
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
pub(crate) const PACKAGES: &str = "mariadb-server";

/// Small files, few flushes. A name is not looked up: `localhost` is the socket, all else `%`.
const SETTINGS: &[&str] = &[
    "bind-address=127.0.0.1",
    "skip-name-resolve",
    "character-set-server=utf8mb4",
    "max-connections=200",
    "innodb-flush-log-at-trx-commit=2", // what is committed survives a kill of the server
    "sync-frm=0",
    "skip-log-bin",
    "innodb-buffer-pool-size=32M",
    "innodb-log-file-size=16M",
    "innodb-temp-data-file-path=ibtmp1:1M:autoextend",
    "performance-schema=0",
];

/// A server.
pub struct Mariadb {
    ways: Ways,
    private: Option<Private>,
}

struct Private {
    keeper: Keeper,
    command: Vec<String>,
}

/// Returns the server that the tests of this process share, or nothing where it is left out.
#[track_caller]
pub fn mariadb() -> Option<&'static Mariadb> {
    static SERVER: OnceLock<Option<Mariadb>> = OnceLock::new();
    let start = || match Engine::Mysql.given_url() {
        Some(url) if !Engine::Mysql.is_skipped() => {
            let ways = Ways::given(Url::read(&url, 3306), "mysql");
            Some(Mariadb { ways, private: None })
        }
        _ => Mariadb::start(),
    };
    SERVER.get_or_init(start).as_ref()
}

impl Mariadb {
    /// Starts a server that may be killed, or nothing where it is left out.
    #[track_caller]
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with settings of its own, such as `lower-case-table-names=1`.
    #[track_caller]
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let engine = Engine::Mysql;
        if engine.is_skipped() || (find("mariadbd").is_none() && engine.is_given("MariaDB")) {
            return None;
        }
        // A free port may be taken by another before the server has it.
        let res = Self::try_start(settings).or_else(|_| Self::try_start(settings));
        Some(res.unwrap_or_else(|log| panic!("{log}")))
    }

    fn try_start(settings: &[&str]) -> Result<Self, String> {
        let user = User::of("mysql");
        let keeper = Keeper::new("KILL");
        let folder = keeper.folder().to_owned();
        certificates::write(&folder);
        let data = install(&folder, &user);
        user.own(&folder);

        let port = free_port();
        let socket = folder.join("socket");
        let mut command = words(&[&text(&need("mariadbd", PACKAGES)), "--no-defaults"]);
        let own = [
            format!("port={port}"),
            format!("datadir={}", text(&data)),
            format!("socket={}", text(&socket)),
            format!("pid-file={}", text(&folder.join("pid"))),
            format!("tmpdir={}", text(&folder.join("tmp"))),
            format!("ssl-ca={}", text(&folder.join("ca.pem"))),
            format!("ssl-cert={}", text(&folder.join("server.pem"))),
            format!("ssl-key={}", text(&folder.join("server.key"))),
        ];
        let all = own.into_iter().chain(words(SETTINGS)).chain(words(settings));
        command.extend(all.map(|it| format!("--{it}")));

        let tcp = Url::loopback("mysql", port);
        let near = Url { socket: Some(socket), ..tcp.clone() };
        let admin = Url { user: "root".to_owned(), password: None, ..near.clone() };
        let ways = Ways { tcp, near, admin, home: "mysql" };
        let private = Private { keeper, command: user.wrap(&command) };
        let mut res = Self { ways, private: Some(private) };
        res.launch()?;
        client(&res.ways.admin, "mysql", &users()).map(|_| res)
    }

    /// Starts the server and waits until it takes connections; if it ends, returns its log.
    fn launch(&mut self) -> Result<(), String> {
        let Private { keeper, command } = self.private.as_mut().unwrap();
        keeper.start(command);
        let address = self.ways.tcp.address();
        wait_for("starting MariaDB", Duration::from_mins(1), || {
            greets(address) || !keeper.is_alive()
        });
        if keeper.is_alive() { Ok(()) } else { Err(keeper.end_of_log()) }
    }

    /// Makes a database for one test.
    #[track_caller]
    pub fn database(&self) -> Database {
        Database::new(&self.ways)
    }

    /// Returns the URL of the database `mysql`, by TCP, for the tests' user.
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

    /// Has a private server show another certificate, with what is to be sent along.
    #[track_caller]
    pub fn certify(&self, certificate: &Path, key: &Path) {
        let private = self.private.as_ref().expect("only a private server has certificates");
        certificates::replace(private.keeper.folder(), certificate, key);
        client(&self.ways.admin, "mysql", "FLUSH SSL").unwrap_or_else(|error| panic!("{error}"));
    }

    /// Returns what a private server has logged so far.
    pub fn log(&self) -> String {
        self.private.as_ref().map(|it| it.keeper.log()).unwrap_or_default()
    }

    /// Returns the process id of a private server that runs.
    pub fn pid(&self) -> Option<u32> {
        self.private.as_ref().and_then(|it| it.keeper.pid())
    }

    /// Kills the server at once, and waits until it is gone.
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

/// Makes a data folder, in which `root` has no password, and returns it; and the folder `tmp`
/// beside it, since a server that starts removes the temporary tables of those it shares one with.
pub(crate) fn install(folder: &Path, user: &User) -> PathBuf {
    let (data, tmp) = (folder.join("data"), folder.join("tmp"));
    for folder in [&data, &tmp] {
        fs::create_dir(folder).unwrap();
        user.own(folder);
    }
    let mut command = words(&[&text(&need("mariadb-install-db", PACKAGES)), "--no-defaults"]);
    command.push(format!("--datadir={}", text(&data)));
    command.push(format!("--tmpdir={}", text(&tmp)));
    let plain = "--auth-root-authentication-method=normal";
    command.extend(words(&[plain, "--skip-test-db", "--skip-name-resolve"]));
    command.extend(words(&["--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M"]));
    run(&user.wrap(&command));
    data
}

/// Returns the statements that make the tests' user, for the socket and for TCP.
pub(crate) fn users() -> String {
    let name = crate::USER;
    let password = crate::PASSWORD.replace('\\', "\\\\").replace('\'', "''");
    let user = |host: &str| {
        format!(
            "CREATE USER '{name}'@'{host}' IDENTIFIED BY '{password}';
             GRANT ALL ON *.* TO '{name}'@'{host}' WITH GRANT OPTION;"
        )
    };
    user("localhost") + &user("%")
}

/// Tells whether a server speaks first, as `MySQL`'s do once they are ready.
pub(crate) fn greets(address: SocketAddr) -> bool {
    let limit = Duration::from_secs(5);
    let Ok(mut stream) = TcpStream::connect_timeout(&address, limit) else { return false };
    let _ = stream.set_read_timeout(Some(limit));
    matches!(stream.read(&mut [0; 64]), Ok(1..))
}
