//! Schemas read from databases in memory.

use std::time::Duration;

use super::*;
use crate::catalog::Object;
use crate::database::{Access, Options, connect};
use crate::sql::Splitter;
use crate::url::{DatabaseUrl, SqliteTarget};

fn read(sql: &str) -> Result<Catalog, InspectError> {
    let url = DatabaseUrl::Sqlite(SqliteTarget::Memory);
    let options = Options::new(Access::Write, Duration::ZERO);
    let mut memory = connect(&url, &options).unwrap().unwrap();
    for statement in Splitter::new(sql, Dialect::Sqlite) {
        memory.execute(statement.unwrap().text).unwrap();
    }
    let ledger = Ledger::new("migrate_version", Dialect::Sqlite);
    super::read(&mut *memory, Scope::Compared(Some(&ledger)))
}

#[test]
fn everything_is_found_and_agrees_with_the_pragmas() {
    let schema = read(
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE ON CONFLICT IGNORE, UNIQUE (id));
         CREATE TABLE c (a INT NOT NULL DEFAULT (1), b \"my type\" (3, 4) COLLATE nocase, p REFERENCES p ON DELETE CASCADE,
             g AS (a + 1), s TEXT AS (b) STORED, x REFERENCES p (code) DEFERRABLE INITIALLY DEFERRED,
             PRIMARY KEY (a, b DESC), CONSTRAINT k UNIQUE (b, a), UNIQUE (b, a),
             FOREIGN KEY (p, x) REFERENCES p (id, code) ON UPDATE SET NULL MATCH FULL, CHECK (a > 0)) WITHOUT ROWID;
         CREATE TABLE s (a INTEGER, b ANY, c TEXT PRIMARY KEY) STRICT;
         CREATE UNIQUE INDEX i ON c (a, lower(b) DESC) WHERE a > 0;
         CREATE VIEW v AS SELECT * FROM c;
         CREATE TRIGGER t INSTEAD OF UPDATE ON v BEGIN SELECT 1; END;
         CREATE VIRTUAL TABLE f USING fts5 (a, b);
         CREATE VIRTUAL TABLE r USING rtree (id, a, b);
         CREATE TABLE migrate_version (a);
         CREATE TABLE \"q q\" AS SELECT 1 AS \"x y\", 2 AS b;",
    )
    .unwrap();
    let tables: Vec<&Object> = schema.of_kind(Kind::Table).collect();
    let names: Vec<&str> = tables.iter().map(|it| it.id.name.as_str()).collect();
    assert_eq!(names, ["c", "f", "p", "q q", "r", "s"]);
    let counts = [Kind::Index, Kind::View, Kind::Trigger];
    assert_eq!(counts.map(|kind| schema.of_kind(kind).count()), [1, 1, 1]);
    let is_virtual = |it: &&&Object| it.attributes.contains_key("module");
    assert_eq!(tables.iter().filter(is_virtual).count(), 2);
}
