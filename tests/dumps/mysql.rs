//! `mariadb-dump` and `mysqldump`, as they write by default: tables are locked while they are filled.

use std::thread;
use std::time::{Duration, Instant};

use servers::Database;

use crate::project::Project;

/// Awkward names and values, and one of each kind of object that a dump holds.
const ODD: &str = "
    CREATE TABLE `odd``;name` (`a\"b` INT PRIMARY KEY, t TEXT, d DATETIME, n DECIMAL(5, 2));
    INSERT INTO `odd``;name` VALUES (1, 'it''s; -- \\\\ /* \"ä🦀\" */\\n', '2026-01-01 00:00:00', 1.50),
        (2, NULL, NULL, NULL);
    CREATE TABLE empty (a INT AUTO_INCREMENT PRIMARY KEY, b INT, CHECK (b > 0), KEY (b));
    CREATE TABLE old (a INT, b VARCHAR(9)) ENGINE = MyISAM;
    INSERT INTO old VALUES (1, 'x'), (2, 'y');
    CREATE VIEW seen AS SELECT a FROM empty WHERE b > 1;
    CREATE TRIGGER filled BEFORE INSERT ON empty FOR EACH ROW SET NEW.b = NEW.b + 1;";

/// Makes the sample's tables and a few more, with rows in them.
fn filled() -> Option<Database> {
    let database = servers::mariadb()?.database();
    Project::sample(&database.socket_url()).done(&["upgrade", "heads"]);
    let hash = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA";
    for name in ["ada", "bob", "eve"] {
        database.execute(&format!(
            "INSERT INTO users (email, password_hash) VALUES ('{name}@example.com', '{hash}')"
        ));
    }
    database.execute(
        "INSERT INTO user_roles (user_id, role_id) SELECT users.id, roles.id FROM users, roles",
    );
    database.execute(ODD);
    Some(database)
}

/// Returns what a program writes of a database, without the lines that tell when and where.
fn content(database: &Database, program: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.starts_with("-- ");
    let dump = database.dump(program);
    dump.lines().filter(is_code).map(|line| line.replace(database.name(), "DATABASE")).collect()
}

#[test]
fn a_dump_runs_as_a_revision_and_leaves_the_same_database() {
    let Some(database) = filled() else { return };
    for program in ["mariadb-dump", "mysqldump"] {
        let copy = servers::mariadb().unwrap().database();
        let project = Project::new(&copy.admin_url());
        project.write(&database.dump(program), "");
        project.done(&["upgrade"]);
        assert_eq!(content(&copy, program), content(&database, program), "{program}");
        assert_eq!(copy.query("SELECT * FROM migrate_version_running"), [""; 0]);
    }
}

#[test]
fn a_dump_that_was_stopped_anywhere_goes_on_to_the_same_database() {
    let Some(database) = filled() else { return };
    let body = database.dump("mariadb-dump");
    let wanted = content(&database, "mariadb-dump");
    let lines: Vec<&str> = body.lines().collect();
    let mut usual = Duration::from_millis(700);
    for round in 0..9_u32 {
        let copy = servers::mariadb().unwrap().database();
        let project = Project::new(&copy.admin_url());
        project.write(&body, "");
        let start = Instant::now();
        let mut child = project.spawn(&["upgrade"]);
        if round == 0 {
            child.wait().unwrap();
            usual = start.elapsed();
        } else {
            thread::sleep(usual * round / 9);
            child.kill().unwrap();
            child.wait().unwrap();
            settle(&project, &copy, &lines);
        }
        assert_eq!(content(&copy, "mariadb-dump"), wanted, "round {round}");
        assert_eq!(copy.query("SELECT revision FROM migrate_version"), ["d1"]);
    }
}

/// Does what a person would do: what was filled under a lock is emptied, and filled again.
fn settle(project: &Project, copy: &Database, lines: &[&str]) {
    let output = project.run(&["--json", "upgrade", "--resume"]);
    if output.status.success() {
        return;
    }
    let error = project.error(&["upgrade", "--resume"]);
    assert_eq!(error["kind"], "half_done", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("not known"), "{error}");
    // Six lines of a head stand before the dump.
    let line = usize::try_from(error["line"].as_u64().unwrap()).unwrap();
    let statement = lines[line - 7];
    if let Some(table) = statement.strip_prefix("LOCK TABLES ") {
        assert!(message.contains("statements"), "{error}");
        let table = table.strip_suffix(" WRITE;").unwrap();
        copy.execute_as_admin(&format!("SET FOREIGN_KEY_CHECKS = 0; DELETE FROM {table};"));
    } else {
        assert!(statement.contains("DROP") || statement.contains("VIEW"), "{error}");
    }
    project.done(&["repair", "--again", "d1"]);
    project.done(&["upgrade", "--resume"]);
}
