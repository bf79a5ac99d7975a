//! `.dump` of the sqlite3 shell, and `iterdump` of Python: with a transaction of their own.

use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use crate::project::Project;

/// Awkward names and values, and one of each kind of object that a dump holds.
const ODD: &str = r#"
    CREATE TABLE "odd"";name" (a INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT, b BLOB, r REAL, g AS (a + 1));
    INSERT INTO "odd"";name" (t, b, r) VALUES ('it''s; -- /* "ä🦀"', x'00ff', 1.5), (NULL, NULL, 9e999),
        ('two' || char(10) || 'lines;' || char(13), x'', -0.25);
    DELETE FROM "odd"";name" WHERE a = 2;
    CREATE TABLE child (p REFERENCES "odd"";name", UNIQUE (p), CHECK (p > 0));
    INSERT INTO child VALUES (3);
    CREATE TABLE flat (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
    INSERT INTO flat VALUES ('a', 1), ('b', NULL);
    CREATE INDEX found ON child (p) WHERE p > 1;
    CREATE VIEW [seen;] AS SELECT ';' AS "a;" FROM child;
    CREATE TRIGGER filled AFTER INSERT ON child BEGIN UPDATE flat SET v = ';'; SELECT CASE 1 WHEN 1 THEN 2 END; END;
    CREATE VIRTUAL TABLE texts USING fts5(body);
    INSERT INTO texts VALUES ('some; text');"#;

/// Makes the sample's tables and a few more, with rows in them, without any of ours.
fn fill(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("filled.db");
    Project::sample(&format!("sqlite:{}", file.display())).done(&["upgrade", "heads"]);
    let connection = Connection::open(&file).unwrap();
    let hash = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA";
    for name in ["ada", "bob"] {
        let insert = "INSERT INTO users (email, password_hash) VALUES (?1, ?2)";
        connection.execute(insert, [&format!("{name}@example.com"), hash]).unwrap();
    }
    connection.execute_batch(ODD).unwrap();
    forget(&connection);
    file
}

/// Drops our own tables.
fn forget(connection: &Connection) {
    for table in ["", "_schema", "_running"] {
        connection.execute_batch(&format!("DROP TABLE IF EXISTS migrate_version{table}")).unwrap();
    }
}

/// Returns what a program writes of a database.
fn dump(file: &Path, program: Program) -> String {
    let mut command = match program {
        Program::Shell => {
            let mut shell = Command::new("sqlite3");
            shell.arg(file).arg(".dump");
            shell
        }
        Program::Python => {
            let mut python = Command::new("python3");
            let text = "import sqlite3, sys\nsys.stdout.reconfigure(newline='')\n\
                        print('\\n'.join(sqlite3.connect(sys.argv[1]).iterdump()))";
            python.arg("-c").arg(text).arg(file);
            python
        }
    };
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[derive(Debug, Clone, Copy)]
enum Program {
    Shell,
    Python,
}

/// Returns what the shell writes of a copy of a database, without our own tables.
fn content(file: &Path) -> String {
    let copy = file.with_extension("copy");
    std::fs::copy(file, &copy).unwrap();
    forget(&Connection::open(&copy).unwrap());
    dump(&copy, Program::Shell)
}

fn sorted(text: &str) -> Vec<&str> {
    let mut res: Vec<&str> = text.lines().collect();
    res.sort_unstable();
    res
}

#[test]
fn a_dump_runs_as_a_revision_and_leaves_the_same_database() {
    let folder = tempfile::tempdir().unwrap();
    let filled = fill(folder.path());
    for program in [Program::Shell, Program::Python] {
        if matches!(program, Program::Python) {
            // Python's writes of virtual tables what no SQLite takes.
            Connection::open(&filled).unwrap().execute_batch("DROP TABLE texts").unwrap();
        }
        let file = folder.path().join(format!("{program:?}.db"));
        let project = Project::new(&format!("sqlite:{}", file.display()));
        project.write_with("-- Transaction: none\n", &dump(&filled, program), "");
        project.done(&["upgrade"]);
        // Python writes tables by their names.
        assert_eq!(sorted(&content(&file)), sorted(&content(&filled)), "{program:?}");
        let connection = Connection::open(&file).unwrap();
        let count = |table: &str| -> i64 {
            let query = format!("SELECT count(*) FROM {table}");
            connection.query_row(&query, [], |row| row.get(0)).unwrap()
        };
        assert_eq!((count("migrate_version"), count("migrate_version_running")), (1, 0));
    }
}

#[test]
fn a_dump_without_its_header_is_told_which_one_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let filled = fill(folder.path());
    let project = Project::new("sqlite:app.db");
    project.write(&dump(&filled, Program::Shell), "");
    let error = project.error(&["upgrade"]);
    assert!(error["hint"].as_str().unwrap().contains("Transaction: none"), "{error}");
}

#[test]
fn a_dump_that_was_killed_anywhere_goes_on_to_the_same_database() {
    let folder = tempfile::tempdir().unwrap();
    let filled = fill(folder.path());
    let body = dump(&filled, Program::Shell);
    let wanted = content(&filled);
    let file = folder.path().join("app.db");
    let project = Project::new(&format!("sqlite:{}", file.display()));
    project.write_with("-- Transaction: none\n", &body, "");
    let start = std::time::Instant::now();
    project.done(&["upgrade"]);
    let usual = start.elapsed();
    for round in 0..24_u32 {
        for name in ["app.db", "app.db-journal"] {
            let _gone = std::fs::remove_file(folder.path().join(name));
        }
        let mut child = project.spawn(&["upgrade"]);
        std::thread::sleep(usual * round / 24);
        child.kill().unwrap();
        child.wait().unwrap();
        if !project.run(&["upgrade"]).status.success() {
            // The transaction of the dump is there as a whole, or not at all: nothing is in doubt.
            project.done(&["upgrade", "--resume"]);
        }
        assert_eq!(content(&file), wanted, "round {round}");
        let connection = Connection::open(&file).unwrap();
        let rows =
            |query: &str| -> i64 { connection.query_row(query, [], |row| row.get(0)).unwrap() };
        assert_eq!(rows("SELECT count(*) FROM migrate_version"), 1);
        assert_eq!(rows("SELECT count(*) FROM migrate_version_running"), 0);
    }
}
