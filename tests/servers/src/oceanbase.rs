//! `OceanBase`: the SQL engine of a distributed database that speaks `MySQL`'s protocol, on one node.
//!
//! The server comes in a Python package, which `tests/servers/fetch-oceanbase` puts into the target
//! folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::database::{Database, Ways, client};
use crate::keeper::Keeper;
use crate::mariadb::greets;
use crate::switches::Engine;
use crate::system::{free_port, need, text, wait_for, words};
use crate::url::Url;

/// Where the package is, below the target folder.
const FOLDER: &str = "oceanbase";

/// The least that a server starts with.
const SETTINGS: &[&str] = &["memory_limit=1G", "datafile_size=256M", "log_disk_size=2G"];

/// Counts the transactions that no session has.
const UNDECIDED: &str = "SELECT count(*) FROM __all_virtual_trans_stat WHERE session_id = 0";

/// A server.
pub struct Oceanbase {
    ways: Ways,
    keeper: Keeper,
    command: Vec<String>,
}

/// Returns the server that the tests of this process share, or nothing where it is left out.
#[track_caller]
pub fn oceanbase() -> Option<&'static Oceanbase> {
    static SERVER: OnceLock<Option<Oceanbase>> = OnceLock::new();
    SERVER.get_or_init(Oceanbase::start).as_ref()
}

impl Oceanbase {
    /// Starts a server that may be killed, or nothing where it is left out.
    #[track_caller]
    pub fn start() -> Option<Self> {
        if Engine::Oceanbase.is_skipped() || Engine::Mysql.is_skipped() {
            return None;
        }
        need("mariadb", "mariadb-client");
        // A free port may be taken by another before the server has it.
        let res = Self::try_start().or_else(|_| Self::try_start());
        Some(res.unwrap_or_else(|log| panic!("{log}")))
    }

    fn try_start() -> Result<Self, String> {
        let package = package();
        let keeper = Keeper::new("KILL");
        let port = free_port();
        let [own, others] = ["pylibseekdb", "pylibseekdb.libs"].map(|it| text(&package.join(it)));
        let mut command = vec!["env".to_owned(), format!("LD_LIBRARY_PATH={own}:{others}")];
        command.push(format!("{own}/seekdb"));
        command.extend(words(&["--nodaemon", "--port", &port.to_string()]));
        command.extend(["--base-dir".to_owned(), text(&keeper.folder().join("data"))]);
        for setting in SETTINGS {
            command.extend(words(&["--parameter", setting]));
        }
        std::fs::create_dir(keeper.folder().join("data")).unwrap();
        let tcp = Url::loopback("mysql", port);
        let admin = Url { user: "root".to_owned(), password: None, ..tcp.clone() };
        let ways = Ways { near: tcp.clone(), tcp, admin, home: "mysql" };
        let mut res = Self { ways, keeper, command };
        res.launch()?;
        client(&res.ways.admin, "mysql", &user()).map(|_| res)
    }

    /// Starts the server and waits until it takes statements; if it ends, returns its log.
    fn launch(&mut self) -> Result<(), String> {
        self.keeper.start(&self.command);
        let (keeper, admin, address) = (&self.keeper, &self.ways.admin, self.ways.tcp.address());
        wait_for("starting OceanBase", Duration::from_mins(2), || {
            // It greets before it has found its own tables.
            greets(address) && client(admin, "mysql", "SELECT 1").is_ok() || !keeper.is_alive()
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

    /// Returns the folder that all of it is in.
    pub fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    /// Returns the process id of the server, if it runs.
    pub fn pid(&self) -> Option<u32> {
        self.keeper.pid()
    }

    /// Kills the server at once, and waits until it is gone.
    pub fn kill9(&mut self) {
        self.keeper.kill9();
    }

    /// Starts it again on the same data, at the same port, after killing it if it still runs, and waits
    /// until the transactions of before are decided.
    ///
    /// Some starts after a kill leave one undecided for good, and DDL on its table waits for it; the
    /// start that follows decides it.
    #[track_caller]
    pub fn restart(&mut self) {
        for _ in 0..3 {
            self.kill9();
            self.launch().unwrap_or_else(|log| panic!("{log}"));
            if self.decides_all() {
                return;
            }
            eprintln!("servers: OceanBase came back with an undecided transaction; once more");
        }
        panic!("OceanBase came back with an undecided transaction three times");
    }

    /// Waits a while until no transaction is left whose session is gone, and tells whether none is.
    fn decides_all(&self) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(15) {
            let left = client(&self.ways.admin, "oceanbase", UNDECIDED);
            if left.is_ok_and(|rows| rows == ["0"]) {
                return true;
            }
            sleep(Duration::from_millis(100));
        }
        false
    }
}

/// Returns the statements that make the tests' user.
fn user() -> String {
    let (name, password) = (crate::USER, crate::PASSWORD);
    let password = password.replace('\\', "\\\\").replace('\'', "''");
    format!(
        "CREATE USER '{name}'@'%' IDENTIFIED BY '{password}';
         GRANT ALL ON *.* TO '{name}'@'%' WITH GRANT OPTION;"
    )
}

/// Returns the folder of the Python package: below the target folder that the test was built in.
#[track_caller]
fn package() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let mut folders = test.ancestors().map(|folder| folder.join(FOLDER));
    folders.find(|folder| folder.join("pylibseekdb/seekdb").is_file()).unwrap_or_else(|| {
        panic!(
            "OceanBase is not there. `tests/servers/fetch-oceanbase` fetches it with Python's pip, \
             and `tests/run` calls that. LIMBECK_TEST_SKIP_OCEANBASE=1 leaves out what needs it."
        )
    })
}
