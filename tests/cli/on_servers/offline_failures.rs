//! `--sql`: what is printed, in clients that go on after an error.

use std::fs::File;
use std::process::{Command, Stdio};

use servers::Database;

use crate::on_servers::{Kind, another};
use crate::support::Sandbox;

/// Each revision with its parents: a chain of three, one beside it, and their merge.
const GRAPH: [(&str, &str); 5] =
    [("a1", ""), ("b1", "a1"), ("c1", "b1"), ("x1", "a1"), ("m1", "c1, x1")];

/// How many statements a script has.
const LENGTH: usize = 3;

/// What a script is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Whether the scripts run in a transaction.
const HEADERS: [&str; 2] = ["", "-- Transaction: none\n"];

/// Where a text is run, and by whom.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum Client<'a> {
    Shell(&'a [&'a str]),
    Python,
    Server(Kind, Database, &'a [&'a str]),
}

impl Client<'_> {
    fn url(&self) -> &'static str {
        match self {
            Self::Shell(_) | Self::Python => "sqlite:elsewhere.db",
            Self::Server(Kind::Postgres, ..) => "postgres://127.0.0.1:1/x",
            Self::Server(Kind::Mariadb, ..) => "mysql://127.0.0.1:1/x",
        }
    }

    fn clear(&self, sandbox: &Sandbox) {
        match self {
            Self::Shell(_) | Self::Python => sandbox.write("app.db", ""),
            Self::Server(_, database, _) => database.clear(),
        }
    }

    /// Runs a text; whether the client calls it a success is its own affair.
    fn run(&self, sandbox: &Sandbox, text: &str) {
        sandbox.write("text.sql", text);
        let mut command = match self {
            Self::Server(_, database, options) => return database.pipe(text, options),
            Self::Shell(options) => {
                let mut shell = Command::new("sqlite3");
                shell.args(*options).arg("app.db");
                shell
            }
            Self::Python => {
                let mut python = Command::new("python3");
                let program = "import sqlite3, sys\n\
                               db = sqlite3.connect('app.db', isolation_level=None)\n\
                               db.executescript(sys.stdin.buffer.read().decode())\n";
                python.args(["-c", program]);
                python
            }
        };
        let input = File::open(sandbox.path("text.sql")).unwrap();
        let command = command.current_dir(sandbox.path("")).stdin(input);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    }

    fn query(&self, sandbox: &Sandbox, sql: &str) -> String {
        match self {
            Self::Shell(_) | Self::Python => sandbox.query(sql),
            Self::Server(_, database, _) => database.query(sql).join("\n"),
        }
    }

    /// Returns the rows of a revision's table, `-` if there is no such table.
    fn effect(&self, sandbox: &Sandbox, id: &str) -> String {
        let exists = match self {
            Self::Shell(_) | Self::Python => {
                format!("SELECT count(*) FROM sqlite_schema WHERE name = 't_{id}'")
            }
            Self::Server(_, database, _) => format!(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 't_{id}' \
                 AND table_schema IN ('public', '{}')",
                database.name()
            ),
        };
        if self.query(sandbox, &exists) == "0" {
            return "-".to_owned();
        }
        self.query(sandbox, &format!("SELECT n FROM t_{id} ORDER BY n")).replace('\n', " ")
    }

    fn recorded(&self, sandbox: &Sandbox) -> Vec<String> {
        let rows = self.query(sandbox, "SELECT revision FROM migrate_version ORDER BY position");
        rows.split_whitespace().map(str::to_owned).collect()
    }

    /// Tells whether what has run of a script that failed may stand.
    fn may_stand(&self, header: &str) -> bool {
        !header.is_empty() || matches!(self, Self::Server(Kind::Mariadb, ..))
    }
}

/// Writes the revisions; one of them may fail on its way at a statement.
fn write(sandbox: &Sandbox, header: &str, fault: Option<(&str, Way, usize)>) {
    for (id, parents) in GRAPH {
        let ups = [
            format!("CREATE TABLE t_{id} (n INTEGER PRIMARY KEY)"),
            format!("INSERT INTO t_{id} VALUES (1)"),
            format!("INSERT INTO t_{id} VALUES (2)"),
        ];
        let downs = [
            format!("DELETE FROM t_{id} WHERE n = 1"),
            format!("DELETE FROM t_{id} WHERE n = 2"),
            format!("DROP TABLE t_{id}"),
        ];
        let body = |statements: [String; LENGTH], way| {
            let statements = statements.into_iter().enumerate().map(|(at, statement)| {
                if fault == Some((id, way, at)) { wrong(id, at) } else { statement }
            });
            statements.map(|it| it + ";\n").collect::<String>()
        };
        let (up, down) = (body(ups, Way::Up), body(downs, Way::Down));
        let head = format!("-- make {id}\n--\n-- Revision ID: {id}\n-- Revises: {parents}\n");
        sandbox.write(&format!("versions/{id}.up.sql"), format!("{head}{header}\n{up}"));
        sandbox.write(&format!("versions/{id}.down.sql"), format!("{header}\n{down}"));
    }
}

/// Returns a statement that fails: one that can't be prepared, or one that fails as it runs.
fn wrong(id: &str, at: usize) -> String {
    match at {
        0 => "INSERT INTO nowhere VALUES (1)".to_owned(),
        1 => format!("CREATE TABLE t_{id} (n INTEGER)"),
        _ => "SELEC 1".to_owned(),
    }
}

/// Returns a revision with all that builds on it, or with all that it builds on.
fn related(id: &str, way: Way) -> Vec<&'static str> {
    let builds_on = |one: &str| GRAPH.iter().find(|it| it.0 == one).unwrap().1;
    let mut res: Vec<&str> = GRAPH.iter().filter(|it| it.0 == id).map(|it| it.0).collect();
    while let Some((more, _)) = GRAPH.iter().find(|(one, parents)| {
        !res.contains(one)
            && match way {
                Way::Up => parents.split(", ").any(|parent| res.contains(&parent)),
                Way::Down => res.iter().any(|it| builds_on(it).split(", ").any(|it| it == *one)),
            }
    }) {
        res.push(more);
    }
    res
}

/// Has every statement of every script fail in turn, and looks at what is recorded then.
fn check(client: &Client<'_>) {
    let sandbox = Sandbox::new();
    for header in HEADERS {
        // Without a transaction nothing else is different from one revision to the other.
        let some = GRAPH.iter().filter(|(id, _)| header.is_empty() || *id == "b1");
        for (id, _) in some {
            for (way, at) in
                [Way::Up, Way::Down].into_iter().flat_map(|it| (0..LENGTH).map(move |at| (it, at)))
            {
                client.clear(&sandbox);
                if way == Way::Down {
                    write(&sandbox, header, None);
                    client.run(&sandbox, &printed(&sandbox, client, "upgrade --sql"));
                    assert_eq!(client.recorded(&sandbox).len(), GRAPH.len());
                }
                write(&sandbox, header, Some((*id, way, at)));
                let command =
                    if way == Way::Up { "upgrade --sql" } else { "downgrade head:base --sql" };
                let text = printed(&sandbox, client, command);
                client.run(&sandbox, &text);
                let case = format!("{header:?} {id} {way:?} statement {at}");
                holds(&sandbox, client, (*id, way), client.may_stand(header), &case);
            }
        }
    }
}

fn printed(sandbox: &Sandbox, client: &Client<'_>, command: &str) -> String {
    let run = sandbox.run(&format!("{command} --url {}", client.url()));
    assert_eq!(run.code, 0, "{}", run.text());
    run.stdout
}

/// Fails if anything is recorded that isn't there, or the other way round.
fn holds(sandbox: &Sandbox, client: &Client<'_>, at: (&str, Way), may_stand: bool, case: &str) {
    let (failed, way) = at;
    let recorded = client.recorded(sandbox);
    for (id, parents) in GRAPH {
        let is_recorded = recorded.iter().any(|it| it == id);
        let effect = client.effect(sandbox, id);
        // What failed is in no other state than before, nor is what would have come after it.
        if related(failed, way).contains(&id) {
            assert_eq!(is_recorded, way == Way::Down, "{case}: {id} in {recorded:?}");
        }
        if id != failed || !may_stand {
            let expected = if is_recorded { "1 2" } else { "-" };
            assert_eq!(effect, expected, "{case}: the table of {id}");
        }
        let mut parents = parents.split(", ").filter(|it| !it.is_empty());
        let stand = parents.all(|parent| recorded.iter().any(|it| it == parent));
        assert!(!is_recorded || stand, "{case}: {id} in {recorded:?}");
    }
}

#[test]
fn psql_records_nothing_that_failed_nor_what_builds_on_it() {
    if servers::postgres().is_some() {
        let database = another(Kind::Postgres);
        check(&Client::Server(Kind::Postgres, database, &[]));
    }
}

#[test]
fn mariadb_records_nothing_that_failed_nor_what_builds_on_it() {
    if servers::mariadb().is_some() {
        check(&Client::Server(Kind::Mariadb, another(Kind::Mariadb), &[]));
    }
}

#[test]
fn mariadb_that_is_told_to_go_on_records_nothing_that_failed_either() {
    if servers::mariadb().is_some() {
        check(&Client::Server(Kind::Mariadb, another(Kind::Mariadb), &["--force"]));
    }
}

#[test]
fn sqlite_s_shell_records_nothing_that_failed_nor_what_builds_on_it() {
    check(&Client::Shell(&[]));
}

#[test]
fn other_clients_of_sqlite_record_nothing_that_failed_either() {
    check(&Client::Shell(&["-bail"]));
    check(&Client::Python);
}
