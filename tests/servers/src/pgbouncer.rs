//! `PgBouncer` in front of a `PostgreSQL`: sessions that are not what they seem.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::database::Database;
use crate::keeper::Keeper;
use crate::postgres::Postgres;
use crate::switches::skipped;
use crate::system::{User, free_port, need, text, wait_for, words};

/// A pooler with two connections to the server for each database and user.
pub struct Pgbouncer {
    keeper: Keeper,
    address: SocketAddr,
}

/// Starts a pooler; `mode` is `session` or `transaction`. Of a server that was given by its URL
/// there is none.
#[track_caller]
pub fn pgbouncer(server: &Postgres, mode: &str) -> Option<Pgbouncer> {
    let Some((socket, server_port)) = server.socket() else {
        skipped("PgBouncer: it needs a private PostgreSQL");
        return None;
    };
    let program = text(&need("pgbouncer", "pgbouncer"));
    let user = User::of("postgres");
    let mut keeper = Keeper::new("KILL");
    let folder = keeper.folder().to_owned();
    let port = free_port();
    let (users, config) = (folder.join("users.txt"), folder.join("pgbouncer.ini"));
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    fs::write(&users, format!("{} {}\n", quoted(crate::USER), quoted(crate::PASSWORD))).unwrap();
    let settings = format!(
        "[databases]\n* = host={} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\n\
         pool_mode = {mode}\ndefault_pool_size = 2\nmax_client_conn = 100\n",
        text(&socket),
        text(&users),
    );
    fs::write(&config, settings).unwrap();
    user.own(&folder);
    keeper.start(&user.wrap(&words(&[&program, &text(&config)])));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    wait_for("starting PgBouncer", Duration::from_secs(20), || {
        TcpStream::connect(address).is_ok() || !keeper.is_alive()
    });
    assert!(keeper.is_alive(), "{}", keeper.end_of_log());
    Some(Pgbouncer { keeper, address })
}

impl Pgbouncer {
    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of a database through it, for the tests' user.
    pub fn url(&self, database: &Database) -> String {
        database.url_at(self.address)
    }

    /// Returns what it has logged so far.
    pub fn log(&self) -> String {
        self.keeper.log()
    }
}
