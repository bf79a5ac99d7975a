//! A cluster of `MariaDB` nodes by Galera. Takes half a minute to start: for long runs.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::database::client;
use crate::keeper::Keeper;
use crate::mariadb::{PACKAGES, greets, install, users};
use crate::switches::Engine;
use crate::system::{User, find, free_port, need, run, text, wait_for, words};
use crate::url::Url;

/// Where distributions keep Galera.
const PROVIDERS: &[&str] = &[
    "/usr/lib/galera/libgalera_smm.so",
    "/usr/lib64/galera-4/libgalera_smm.so",
    "/usr/lib64/galera/libgalera_smm.so",
];

/// The database of a cluster.
const NAME: &str = "t";

/// Nodes that hold the same data, numbered from 0.
pub struct Cluster {
    nodes: Vec<Node>,
}

struct Node {
    keeper: Keeper,
    user: User,
    tcp: Url,
    admin: Url,
    /// Where the other nodes find it.
    group: u16,
    /// All but which nodes to join.
    command: Vec<String>,
}

/// Starts a cluster with a database, or nothing where `MariaDB` is left out.
#[track_caller]
pub fn galera(nodes: usize) -> Option<Cluster> {
    if Engine::Mysql.is_skipped() {
        return None;
    }
    if find("mariadbd").is_none() && Engine::Mysql.is_given("Galera") {
        return None;
    }
    need("rsync", "rsync");
    let provider = PROVIDERS.iter().find(|it| Path::new(it).is_file());
    let provider = provider.expect("Galera is not installed: apt-get install galera-4 rsync");
    let mut res = Cluster { nodes: Vec::new() };
    for number in 0..nodes {
        let first = res.nodes.first().map(|it| it.keeper.folder().join("fresh"));
        res.nodes.push(Node::new(number, provider, first));
    }
    for node in 0..nodes {
        res.launch(node, node == 0);
        if node == 0 {
            res.admin(0, &format!("{}CREATE DATABASE {NAME};", users()));
        }
    }
    Some(res)
}

impl Node {
    /// Makes a node, with the data folder of the first one if there is one.
    fn new(number: usize, provider: &str, fresh: Option<PathBuf>) -> Self {
        let user = User::of("mysql");
        let keeper = Keeper::new("KILL");
        let folder = keeper.folder().to_owned();
        let data = folder.join("data");
        if let Some(fresh) = fresh {
            run(&words(&["cp", "-a", &text(&fresh), &text(&data)]));
            fs::create_dir(folder.join("tmp")).unwrap();
        } else {
            install(&folder, &user);
            run(&words(&["cp", "-a", &text(&data), &text(&folder.join("fresh"))]));
        }
        user.own(&folder);
        let socket = folder.join("socket");
        let [port, group, transfer, increments] = [(); 4].map(|()| free_port());
        let mut command = words(&[&text(&need("mariadbd", PACKAGES)), "--no-defaults"]);
        command.extend([
            format!("--datadir={}", text(&data)),
            format!("--socket={}", text(&socket)),
            format!("--pid-file={}", text(&folder.join("pid"))),
            format!("--tmpdir={}", text(&folder.join("tmp"))),
            format!("--port={port}"),
            format!("--wsrep-provider={provider}"),
            format!("--wsrep-node-name=n{number}"),
            format!("--wsrep-node-address=127.0.0.1:{group}"),
            format!("--wsrep-sst-receive-address=127.0.0.1:{transfer}"),
            format!(
                "--wsrep-provider-options=base_port={group};\
                 gmcast.listen_addr=tcp://127.0.0.1:{group};\
                 ist.recv_addr=127.0.0.1:{increments};gcache.size=16M"
            ),
        ]);
        command.extend(words(&[
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--binlog-format=ROW",
            "--default-storage-engine=InnoDB",
            "--innodb-autoinc-lock-mode=2",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-log-file-size=16M",
            "--wsrep-on=ON",
            "--wsrep-cluster-name=t",
            "--wsrep-sst-method=rsync",
        ]));
        let tcp = Url::loopback("mysql", port);
        let near = Url { socket: Some(socket), ..tcp.clone() };
        let admin = Url { user: "root".to_owned(), password: None, ..near };
        Self { keeper, user, tcp, admin, group, command }
    }
}

impl Cluster {
    /// Returns the URL of the database on a node, by TCP, for the tests' user.
    pub fn url(&self, node: usize) -> String {
        self.nodes[node].tcp.of(NAME, "")
    }

    /// Returns where a node listens.
    pub fn address(&self, node: usize) -> SocketAddr {
        self.nodes[node].tcp.address()
    }

    /// Returns the rows of queries on a node, as [`crate::Database::query`] does.
    #[track_caller]
    pub fn query(&self, node: usize, sql: &str) -> Vec<String> {
        let Node { tcp, .. } = &self.nodes[node];
        client(tcp, NAME, sql).unwrap_or_else(|error| panic!("node {node}: {sql}\n{error}"))
    }

    /// Runs statements on a node.
    #[track_caller]
    pub fn execute(&self, node: usize, sql: &str) {
        self.query(node, sql);
    }

    /// Kills a node at once, and waits until it is gone.
    pub fn kill9(&mut self, node: usize) {
        self.nodes[node].keeper.kill9();
    }

    /// Starts a node again, which joins those that live, after killing it if it still runs.
    #[track_caller]
    pub fn restart(&mut self, node: usize) {
        self.kill9(node);
        self.launch(node, false);
    }

    /// Starts a node and waits until it is one of all that live.
    #[track_caller]
    fn launch(&mut self, node: usize, is_first: bool) {
        let living = self.nodes.iter().filter(|it| it.keeper.is_alive());
        let living: Vec<String> = living.map(|it| format!("127.0.0.1:{}", it.group)).collect();
        let it = &mut self.nodes[node];
        let mut command = it.command.clone();
        command.push(format!("--wsrep-cluster-address=gcomm://{}", living.join(",")));
        command.extend(is_first.then(|| "--wsrep-new-cluster".to_owned()));
        it.keeper.start(&it.user.wrap(&command));
        let (address, admin, keeper) = (it.tcp.address(), &it.admin, &it.keeper);
        let ready = format!("ON|{}", living.len() + 1);
        let status = "SELECT (SELECT variable_value FROM information_schema.global_status \
                      WHERE variable_name = 'wsrep_ready'), (SELECT variable_value FROM \
                      information_schema.global_status WHERE variable_name = 'wsrep_cluster_size')";
        wait_for("joining the cluster", Duration::from_mins(2), || {
            assert!(keeper.is_alive(), "node {node}: {}", keeper.end_of_log());
            greets(address)
                && client(admin, "mysql", status).is_ok_and(|rows| rows == [ready.as_str()])
        });
    }

    fn admin(&self, node: usize, sql: &str) {
        client(&self.nodes[node].admin, "mysql", sql).unwrap_or_else(|error| panic!("{error}"));
    }
}
