//! Scripts of `MariaDB` that are killed at each of their statements: before the server sees it, and once
//! it has it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use limbeck::autogenerate::{Generated, Wish, generate, load_text, scratch_on};
use limbeck::database::{Access, Options, connect};
use limbeck::inspect::{Scope, read};
use limbeck::sql::{Dialect, Splitter};
use limbeck::url::DatabaseUrl;
use servers::{Database, Proxy};

use crate::server::cuts::behind_proxy;
use crate::server::scene::{Engine, Scene};
use crate::tell;
use crate::trial::Way;

/// Statements that keep all names and change what stands under one, and such about sequences.
const UNDER_A_NAME: &str = "
    CREATE TABLE p (id INT PRIMARY KEY);
    CREATE TABLE t (a INT, b INT CHECK (b > 1), c INT, KEY k (a), CONSTRAINT large CHECK (a > 1));
    ALTER TABLE t DROP CONSTRAINT large, ADD CONSTRAINT large CHECK (a > 2);
    ALTER TABLE t MODIFY b INT CHECK (b > 2);
    ALTER TABLE t DROP KEY k, ADD KEY k (a DESC);
    ALTER TABLE t DROP KEY k, ADD KEY k (a DESC) COMMENT 'why';
    ALTER TABLE t ALTER KEY k IGNORED;
    CREATE OR REPLACE INDEX k ON t (a);
    ALTER TABLE t ADD g INT AS (a + 1) VIRTUAL;
    ALTER TABLE t DROP g, ADD g INT AS (a + 1) STORED;
    CREATE TABLE c (p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id));
    CREATE OR REPLACE TABLE c (p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
    ALTER TABLE c DROP FOREIGN KEY f;
    ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL;
    CREATE SEQUENCE s;
    ALTER SEQUENCE s INCREMENT 5;
    ALTER SEQUENCE s MAXVALUE 500 CYCLE;
    DROP SEQUENCE s;";

const BEFORE: &str = "
    CREATE TABLE owners (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL, old INT,
      UNIQUE KEY name (name), KEY old (old));
    CREATE TABLE pets (id INT PRIMARY KEY, owner INT NOT NULL, weight INT, born DATE,
      KEY by_weight (weight), CONSTRAINT light CHECK (weight < 100),
      CONSTRAINT of_owner FOREIGN KEY (owner) REFERENCES owners (id));
    CREATE TABLE visits (id INT NOT NULL, day INT NOT NULL, cost INT, PRIMARY KEY (id, day))
      PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200));
    CREATE TABLE legacy (id INT PRIMARY KEY);
    CREATE VIEW heavy AS SELECT id, weight FROM pets WHERE weight > 50;
    CREATE VIEW gone AS SELECT id FROM legacy;
    CREATE TRIGGER rounded BEFORE INSERT ON pets FOR EACH ROW SET NEW.weight = NEW.weight + 0;
    CREATE TRIGGER gone BEFORE INSERT ON owners FOR EACH ROW SET NEW.old = 1;";

const AFTER: &str = "
    CREATE TABLE owners (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL, email VARCHAR(99),
      UNIQUE KEY name (name, email)) COMMENT='people';
    CREATE TABLE pets (id INT PRIMARY KEY, owner INT NOT NULL, weight INT, kind VARCHAR(9) NOT NULL DEFAULT 'cat',
      born DATE, KEY by_weight (weight DESC), KEY by_kind (kind), CONSTRAINT light CHECK (weight < 200),
      CONSTRAINT of_owner FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE);
    CREATE TABLE visits (id INT NOT NULL, day INT NOT NULL, cost INT, paid INT, PRIMARY KEY (id, day))
      PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200),
      PARTITION p2 VALUES LESS THAN MAXVALUE);
    CREATE TABLE notes (id INT PRIMARY KEY, pet INT, text VARCHAR(50),
      CONSTRAINT of_pet FOREIGN KEY (pet) REFERENCES pets (id));
    CREATE SEQUENCE numbers;
    CREATE VIEW heavy AS SELECT id, weight, kind FROM pets WHERE weight > 60;
    CREATE VIEW cats AS SELECT id FROM pets WHERE kind = 'cat';
    CREATE TRIGGER rounded BEFORE INSERT ON pets FOR EACH ROW SET NEW.weight = NEW.weight + 1;
    CREATE TRIGGER lowered BEFORE UPDATE ON owners FOR EACH ROW SET NEW.name = lower(NEW.name);";

/// Makes a project with one revision on a database with a schema, behind a proxy.
fn project(schema: &str, up: &str, down: &str) -> Option<(Scene, Proxy)> {
    let (scene, proxy) = behind_proxy(Engine::Mariadb, "", "")?;
    scene.database.execute("DROP TABLE audit, data");
    if !schema.is_empty() {
        scene.database.execute(schema);
    }
    scene.project.script("r1", "", "", up);
    scene.project.write("versions/r1.down.sql", down);
    Some((scene, proxy))
}

/// Kills runs at each statement of a script, one after the other, and goes on each time. Returns how
/// often.
#[track_caller]
fn killed_at_each(scene: &Scene, proxy: &Proxy, way: Way, script: &str) -> usize {
    let mut arguments = way.arguments().to_vec();
    let statements = Splitter::new(script, Dialect::MySql).map(|it| it.unwrap().text);
    let mut count = 0;
    for (at, statement) in statements.enumerate() {
        for is_passed in [false, true] {
            if is_passed {
                proxy.cut_after(statement);
            } else {
                proxy.cut_before(statement);
            }
            kill_when_cut(scene, proxy, &arguments, statement);
            let noted = "SELECT begun, done FROM migrate_version_running";
            let noted = scene.database.query(noted);
            assert_eq!(noted, [format!("{}|{at}", at + 1)], "{statement}");
            assert_eq!(takes_effect(scene, way), is_passed, "{statement}");
            if count == 0 {
                arguments.push("--resume");
            }
            count += 1;
        }
    }
    scene.project.done(&arguments);
    count
}

#[track_caller]
fn kill_when_cut(scene: &Scene, proxy: &Proxy, arguments: &[&str], statement: &str) {
    let start = Instant::now();
    let mut child = scene.project.spawn(arguments);
    while !proxy.is_cut() && child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "{statement} isn't sent");
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(proxy.is_cut(), "{statement} isn't sent: {output:?}");
    scene.wait_until_quiet();
}

/// Tells whether the program finds that the statement took effect at which a run was killed.
#[track_caller]
fn takes_effect(scene: &Scene, way: Way) -> bool {
    let refused = scene.project.run(&[&["--json"], way.arguments()].concat());
    let error = refused.json()["error"].clone();
    assert_eq!(error["kind"], "half_done", "{refused:?}");
    let message = error["message"].as_str().unwrap();
    let is_done = message.contains("took effect: the catalog has changed");
    let is_open = message.contains("did not take effect, as the catalog shows");
    assert!(is_done != is_open, "{message}");
    is_done
}

/// Asks `mariadb-dump` for the lines of the schema, in an order that names alone tell.
fn witness(database: &Database) -> Vec<String> {
    let record = ["", "_lock", "_log", "_meta", "_running"]
        .map(|it| format!("--ignore-table={}.migrate_version{it}", database.name()));
    let mut options = vec!["--no-data", "--routines", "--events", "--skip-comments"];
    options.extend(record.iter().map(String::as_str));
    let text = database.dump_with("mariadb-dump", &options);
    // The server counts on, writes the head of a trigger as it was typed, and names who made a program.
    let is_told =
        |word: &&str| !["DEFINER=", "AUTO_INCREMENT="].iter().any(|it| word.starts_with(it));
    let settled = |line: &str| {
        let words: Vec<&str> = line.trim_end_matches(',').split(' ').filter(is_told).collect();
        let line = words.join(" ");
        if line.contains(" FOR EACH ROW ") { line.replace('`', "") } else { line }
    };
    let mut res: Vec<String> = text.lines().map(settled).collect();
    res.sort();
    res
}

#[track_caller]
fn assert_same(found: &[String], wanted: &[String], script: &str) {
    let without = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|it| !other.contains(it)).cloned().collect()
    };
    let (missing, strange) = (without(wanted, found), without(found, wanted));
    assert!(found == wanted, "without {missing:#?}, with {strange:#?}:\n{script}");
}

/// Generates the scripts between two schemas, and also returns what the server dumps of each.
fn generated(before: &str, after: &str) -> Option<(Generated, [Vec<String>; 2])> {
    let server = servers::mariadb()?;
    let [from, to] = [before, after].map(|schema| {
        let database = server.database().of_admin();
        database.execute(schema);
        database
    });
    let url = DatabaseUrl::parse(&from.admin_url()).unwrap();
    let options = Options::new(Access::Write, Duration::from_secs(5));
    let mut connection = connect(&url, &options).unwrap().unwrap();
    let present = read(&mut *connection, Scope::Compared(None)).unwrap();
    let mut scratch = scratch_on(&url, None, &options).unwrap();
    let desired = load_text(Path::new("schema.sql"), after, &mut *scratch).unwrap();
    let mut scratch = scratch_on(&url, None, &options).unwrap();
    let generated = generate(&present, &desired, &Wish::default(), &mut *scratch).unwrap();
    Some((generated, [witness(&from), witness(&to)]))
}

#[test]
fn a_change_under_an_unchanged_name_is_found_after_a_kill() {
    let Some((scene, proxy)) = project("", UNDER_A_NAME, "") else { return };
    let count = killed_at_each(&scene, &proxy, Way::Up, UNDER_A_NAME);
    tell(&format!("killed at each statement that keeps names: {count} kills, none in doubt"));
}

#[test]
fn generated_scripts_of_mariadb_are_killed_at_each_statement() {
    let Some((scripts, [before, after])) = generated(BEFORE, AFTER) else { return };
    let Generated { up, down, .. } = &scripts;
    let (scene, proxy) = project(BEFORE, up, down).unwrap();
    let mut count = killed_at_each(&scene, &proxy, Way::Up, up);
    assert_same(&witness(&scene.database), &after, up);
    count += killed_at_each(&scene, &proxy, Way::Down, down);
    assert_same(&witness(&scene.database), &before, down);
    assert!(count >= 30, "{count}: {up}\n{down}");
    tell(&format!("generated scripts, killed at each statement: {count} kills"));
}
