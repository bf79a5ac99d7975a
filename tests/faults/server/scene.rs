//! A project with a database on a server, and the way on from whatever went wrong.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use servers::{Database, Mariadb, Oceanbase, Postgres};

use crate::look::{Running, State};
use crate::project::{Project, Revision};
use crate::server::look;
use crate::trial::Way;

/// How many statements a revision's script has.
pub(crate) const STATEMENTS: i64 = 6;

/// How many those have that only change rows.
pub(crate) const DATA_STATEMENTS: i64 = 2;

/// What the revisions write to, and none of them makes.
pub(crate) const TABLES: &str =
    "CREATE TABLE audit (id SERIAL PRIMARY KEY, revision VARCHAR(40), way INTEGER);
                      CREATE TABLE data (id VARCHAR(40) PRIMARY KEY, n INTEGER);";

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    Mariadb,
    Oceanbase,
}

pub(crate) const ENGINES: [Engine; 2] = [Engine::Postgres, Engine::Mariadb];

/// A server that may be killed.
pub(crate) enum Server {
    Postgres(Postgres),
    Mariadb(Mariadb),
    Oceanbase(Oceanbase),
}

/// A project and its database.
pub(crate) struct Scene {
    pub(crate) engine: Engine,
    pub(crate) project: Project,
    pub(crate) database: Database,
}

impl Engine {
    /// Makes a database on the shared server; none if it is left out.
    pub(crate) fn database(self) -> Option<Database> {
        match self {
            Self::Postgres => Some(servers::postgres()?.database()),
            Self::Mariadb => Some(servers::mariadb()?.database()),
            Self::Oceanbase => Some(servers::oceanbase()?.database()),
        }
    }

    /// Starts a server of the test's own.
    pub(crate) fn start(self) -> Option<Server> {
        match self {
            Self::Postgres => Postgres::start().map(Server::Postgres),
            Self::Mariadb => Mariadb::start().map(Server::Mariadb),
            Self::Oceanbase => Oceanbase::start().map(Server::Oceanbase),
        }
    }

    /// Returns one of two texts.
    pub(crate) fn pick(self, postgres: &'static str, mysql: &'static str) -> &'static str {
        if self == Self::Postgres { postgres } else { mysql }
    }

    /// Returns a statement that takes some seconds.
    pub(crate) fn sleep(self, seconds: u32) -> String {
        match self {
            Self::Postgres => format!("SELECT pg_sleep({seconds})"),
            Self::Mariadb | Self::Oceanbase => format!("SELECT SLEEP({seconds})"),
        }
    }
}

impl Server {
    pub(crate) fn database(&self) -> Database {
        match self {
            Self::Postgres(server) => server.database(),
            Self::Mariadb(server) => server.database(),
            Self::Oceanbase(server) => server.database(),
        }
    }

    pub(crate) fn kill9(&mut self) {
        match self {
            Self::Postgres(server) => server.kill9(),
            Self::Mariadb(server) => server.kill9(),
            Self::Oceanbase(server) => server.kill9(),
        }
    }

    pub(crate) fn restart(&mut self) {
        match self {
            Self::Postgres(server) => server.restart(),
            Self::Mariadb(server) => server.restart(),
            Self::Oceanbase(server) => server.restart(),
        }
    }
}

impl Scene {
    /// Makes a project and its database; none if the server is left out.
    pub(crate) fn new(engine: Engine, graph: &str, settings: &str) -> Option<Self> {
        Some(Self::on(engine, engine.database()?, graph, settings))
    }

    /// Makes the same on a database.
    pub(crate) fn on(engine: Engine, database: Database, graph: &str, settings: &str) -> Self {
        let (memory, disk) = (Path::new("/dev/shm"), std::env::temp_dir());
        let mut project = Project::empty(if memory.is_dir() { memory } else { &disk });
        project.write("migrate.toml", format!("[migrate]\n{settings}\n"));
        project.set("MIGRATE_URL", &database.socket_url());
        write_scripts(&mut project, engine, graph);
        database.execute(TABLES);
        Self { engine, project, database }
    }

    /// Returns the same project on a new database of the shared server.
    pub(crate) fn afresh(&mut self) {
        self.database = self.engine.database().unwrap();
        self.project.set("MIGRATE_URL", &self.database.socket_url());
        self.database.execute(TABLES);
    }

    /// Goes to where a way begins.
    pub(crate) fn reset(&self, way: Way) {
        self.project.done(way.back().arguments());
    }

    /// Returns how long a way takes that nobody disturbs, and a little more, in microseconds.
    pub(crate) fn usual(&self, way: Way) -> u64 {
        self.reset(way);
        let start = Instant::now();
        self.project.done(way.arguments());
        u64::try_from(start.elapsed().as_micros()).unwrap() * 11 / 10
    }

    /// Returns the ids of all revisions.
    pub(crate) fn all(&self) -> BTreeSet<String> {
        self.project.revisions.iter().map(|it| it.id.clone()).collect()
    }

    /// Looks at the database once nobody is at work on it any more.
    #[track_caller]
    pub(crate) fn look(&self) -> State {
        self.wait_until_quiet();
        look::state(self.engine, &self.project.revisions, |sql| self.database.query(sql))
    }

    /// Returns all that revisions have changed, as it is while somebody may be at work.
    pub(crate) fn look_now(&self) -> Vec<String> {
        let names = self.engine.pick(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND \
             table_name NOT LIKE 'migrate%' ORDER BY 1",
            "SELECT table_name FROM information_schema.columns WHERE table_schema = database() \
             AND table_name NOT LIKE 'migrate%' ORDER BY 1",
        );
        let rows = "SELECT id FROM data ORDER BY id; SELECT revision, way FROM audit ORDER BY id; \
                    SELECT revision FROM migrate_version ORDER BY position";
        self.database.query(&format!("{names}; {rows};"))
    }

    /// Waits until the sessions of clients that are gone have noticed.
    #[track_caller]
    pub(crate) fn wait_until_quiet(&self) {
        let start = Instant::now();
        let others = self.engine.pick(
            "SELECT pid, query FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid()",
            "SELECT id, info FROM information_schema.processlist WHERE db = database() \
             AND id <> connection_id()",
        );
        loop {
            let found = self.database.query(others);
            if found.is_empty() {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "still there: {found:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Returns the sessions that run a statement with a text in it.
    pub(crate) fn sessions(&self, text: &str) -> Vec<String> {
        let query = self.engine.pick(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND \
             pid <> pg_backend_pid() AND state = 'active' AND query LIKE",
            "SELECT id FROM information_schema.processlist WHERE db = database() AND \
             id <> connection_id() AND info LIKE",
        );
        self.database.query(&format!("{query} '%{text}%'"))
    }

    /// Waits until some session runs a statement with a text in it, and returns the session.
    #[track_caller]
    pub(crate) fn wait_for_session(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(found) = self.sessions(text).pop() {
                return found;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nobody runs `{text}`");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asserts what must hold now, then goes the way to its end, and back to where it began.
    ///
    /// Returns what was found first.
    #[track_caller]
    pub(crate) fn finish(&self, way: Way) -> State {
        let found = self.look_in_the_end();
        self.let_lease_run_out();
        let mut arguments = way.arguments().to_vec();
        if let Some(running) = &found.running {
            self.settle(way, running);
            arguments.push("--resume");
        }
        self.go(arguments);
        self.assert_at_end(way);
        self.go(way.back().arguments().to_vec());
        self.assert_at_end(way.back());
        found
    }

    /// Looks until nothing changes any more: jobs of `OceanBase` go on when nobody waits for them.
    fn look_in_the_end(&self) -> State {
        let mut found = self.look();
        let is_in_doubt = |it: &State| it.running.as_ref().is_some_and(Running::is_in_doubt);
        while self.engine == Engine::Oceanbase && is_in_doubt(&found) {
            thread::sleep(Duration::from_secs(2));
            let next = self.look();
            if next == found {
                break;
            }
            found = next;
        }
        found
    }

    /// Runs the program to its end. `OceanBase` builds an index that a killed server was at only some time
    /// after its restart, and refuses to drop it until then; whoever meets that goes on later.
    #[track_caller]
    fn go(&self, mut arguments: Vec<&'static str>) {
        for _ in 0..60 {
            let run = self.project.run(&arguments);
            if run.code == Some(0) {
                return;
            }
            let is_building = run.stderr.contains("building index");
            assert!(self.engine == Engine::Oceanbase && is_building, "{arguments:?}: {run:?}");
            thread::sleep(Duration::from_secs(1));
            if !arguments.contains(&"--resume") {
                arguments.push("--resume");
            }
        }
        self.project.done(&arguments);
    }

    /// Has the time pass that a lease is good for, where nobody is left to keep it.
    pub(crate) fn let_lease_run_out(&self) {
        if self.engine == Engine::Oceanbase {
            // A client that was killed early has made no table.
            let end = "UPDATE migrate_version_lock SET expires_at = acquired_at";
            drop(self.database.try_query(end));
        }
    }

    /// Does what a person would do about a revision that stopped partway.
    #[track_caller]
    fn settle(&self, way: Way, running: &Running) {
        // Without a word it stands in the way.
        let mut arguments = vec!["--json"];
        arguments.extend(way.arguments());
        let refused = self.project.run(&arguments);
        refused.assert_told();
        let error = refused.json()["error"].clone();
        assert_eq!(error["kind"], "half_done", "{refused:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("`{}`", running.revision)), "{running:?}: {message}");
        assert_eq!(running.is_down, way == Way::Down, "{running:?}");
        let took_effect = running.effects == running.begun;
        if !running.is_in_doubt() {
            assert!(!message.contains("took effect"), "{running:?}: {message}");
        } else if message.contains("took effect: the catalog has changed") {
            assert!(took_effect, "{running:?}: {message}");
        } else if message.contains("did not take effect, as the catalog shows") {
            assert!(!took_effect, "{running:?}: {message}");
        } else {
            assert!(message.contains("not known"), "{running:?}: {message}");
            let bare =
                self.project.revisions.iter().any(|it| it.id == running.revision && it.is_bare);
            let can_tell = !bare && self.engine != Engine::Oceanbase;
            assert!(!can_tell, "the catalog can tell: {running:?}: {message}");
            let verdict = if took_effect { "--done" } else { "--again" };
            self.project.done(&["repair", verdict, &running.revision]);
        }
    }

    #[track_caller]
    fn assert_at_end(&self, way: Way) {
        let applied = if way == Way::Up { self.all() } else { BTreeSet::new() };
        assert_eq!(self.look(), State { applied, running: None });
    }

    /// Returns what a way that was begun has changed, compared with where it began.
    pub(crate) fn changed(&self, way: Way, found: &State) -> BTreeSet<String> {
        match way {
            Way::Up => found.applied.clone(),
            Way::Down => self.all().difference(&found.applied).cloned().collect(),
        }
    }
}

/// Fills a project with the revisions of a graph.
pub(crate) fn write_scripts(project: &mut Project, engine: Engine, graph: &str) {
    project.revisions = Revision::of_graph(graph);
    for revision in &project.revisions {
        let (up, down) = scripts(engine, revision);
        project.script(&revision.id, &revision.parents.join(", "), revision.option(), &up);
        project.write(&format!("versions/{}.down.sql", revision.id), down);
    }
}

/// Returns scripts of which each statement leaves a trace, and another if it runs twice.
fn scripts(engine: Engine, revision: &Revision) -> (String, String) {
    let id = &revision.id;
    if revision.is_data {
        return (
            format!(
                "INSERT INTO data VALUES ('{id}', 1);\n\
                 INSERT INTO audit (revision, way) VALUES ('{id}', 1);\n"
            ),
            format!(
                "INSERT INTO audit (revision, way) VALUES ('{id}', -1);\n\
                 DELETE FROM data WHERE id = '{id}';\n"
            ),
        );
    }
    let counted = "(WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n \
                   WHERE seq < 20) SELECT seq FROM n) AS numbers";
    let numbers = engine.pick("generate_series(1, 20) AS seq", counted);
    let on = if engine == Engine::Postgres { String::new() } else { format!(" ON t_{id}") };
    let up = format!(
        "CREATE TABLE t_{id} (a INTEGER, n INTEGER);\n\
         INSERT INTO t_{id} SELECT seq, 0 FROM {numbers};\n\
         ALTER TABLE t_{id} ADD COLUMN c INTEGER;\n\
         UPDATE t_{id} SET n = n + 1;\n\
         CREATE INDEX i_{id} ON t_{id} (a);\n\
         INSERT INTO audit (revision, way) VALUES ('{id}', 1);\n"
    );
    let down = format!(
        "{}INSERT INTO audit (revision, way) VALUES ('{id}', -1);\n\
         DROP INDEX i_{id}{on};\n\
         UPDATE t_{id} SET n = n - 1;\n\
         ALTER TABLE t_{id} DROP COLUMN c;\n\
         DELETE FROM t_{id};\n\
         DROP TABLE t_{id};\n",
        revision.option(),
    );
    (up, down)
}
