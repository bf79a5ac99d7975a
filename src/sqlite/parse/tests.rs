//! Parsed statements.

use super::*;

fn table(sql: &str) -> Table {
    Table::parse(sql).unwrap()
}

/// Parses a table by what follows its name.
fn table_of(rest: &str) -> Table {
    table(&format!("CREATE TABLE t {rest}"))
}

#[track_caller]
fn same(one: &str, other: &str) {
    assert_eq!(table_of(one), table_of(other), "{one}\n{other}");
}

#[track_caller]
fn differ(one: &str, other: &str) {
    assert_ne!(table_of(one), table_of(other), "{one}\n{other}");
}

#[test]
fn spelling_is_no_difference() {
    let other = table("create table [T]  ( \"a\" INT -- c\n, `B` )");
    assert_eq!(table("CREATE TABLE t (a int, b)"), other);
    same("(a VARCHAR (10))", "(a varchar(10))");
    same("(a DEFAULT (1))", "(a DEFAULT 1)");
    same("(a DEFAULT abc)", "(a DEFAULT 'abc')");
    same("(a CHECK (a > 0))", "(a, CHECK ((\"A\" > 0)))");
    same("(a, b AS (a))", "(a, b GENERATED ALWAYS AS (a) VIRTUAL)");
    same("(a, b)", "(b, a)");
    same("(a NULL COLLATE binary)", "(a)");
}

#[test]
fn the_place_of_a_constraint_is_no_difference() {
    same("(a INTEGER PRIMARY KEY)", "(a INTEGER, PRIMARY KEY (a))");
    same("(a UNIQUE, b)", "(a, b, UNIQUE (a ASC))");
    same(
        "(a REFERENCES p (x) ON DELETE CASCADE NOT DEFERRABLE)",
        "(a, FOREIGN KEY (a) REFERENCES p(x) ON UPDATE NO ACTION ON DELETE CASCADE)",
    );
    same("(a, UNIQUE (a) CHECK (a > 0))", "(a, CHECK (a > 0), UNIQUE (a))");
}

#[test]
fn what_means_something_is_a_difference() {
    differ("(a INT)", "(a INTEGER)");
    differ("(a NOT NULL)", "(a NOT NULL ON CONFLICT IGNORE)");
    differ("(a DEFAULT abc)", "(a DEFAULT Abc)");
    differ("(a DEFAULT 1.5)", "(a DEFAULT 1)");
    differ("(a DEFAULT x'00')", "(a DEFAULT '00')");
    differ("(a COLLATE NOCASE)", "(a)");
    differ("(a INTEGER PRIMARY KEY)", "(a INTEGER PRIMARY KEY DESC)");
    differ("(a CONSTRAINT c UNIQUE)", "(a UNIQUE)");
    differ("(a)", "(a) STRICT");
    differ("(a PRIMARY KEY) STRICT", "(a PRIMARY KEY) STRICT, WITHOUT ROWID");
    differ("(a REFERENCES p DEFERRABLE INITIALLY DEFERRED)", "(a REFERENCES p DEFERRABLE)");
}

#[test]
fn what_is_not_expected_is_an_error() {
    for rest in ["", "(a) WITH X", "(a UNKNOWN 5)"] {
        let sql = format!("CREATE TABLE t {rest}");
        assert!(Table::parse(&sql).is_err(), "{sql}");
    }
}

#[test]
fn defaults_are_read_to_their_end() {
    let sql = "CREATE TABLE t (a DEFAULT -1.5e-3 NOT NULL, b DEFAULT x'ab' UNIQUE, c DEFAULT +2)";
    let table = table(sql);
    let sources: Vec<&str> =
        table.columns.iter().map(|it| it.default.as_ref().unwrap().source.as_str()).collect();
    assert_eq!(sources, ["-1.5e-3", "x'ab'", "+2"]);
    assert!(table.columns[0].not_null.is_some());
    assert_eq!(table.uniques.len(), 1);
}

#[test]
fn indexes_views_and_triggers_are_read() {
    let names = Names::new(&["a", "b", "t"].map(Name::any_case));
    let index = |sql| Index::parse(sql, &names).unwrap();
    assert_eq!(
        index("CREATE INDEX i ON t (a, lower(b) COLLATE nocase DESC) WHERE (a > 0)"),
        index("create index \"I\" on [t] (\"a\" ASC, (LOWER(b)) collate NOCASE desc) where a>0"),
    );
    assert_ne!(index("CREATE INDEX i ON t (a)"), index("CREATE UNIQUE INDEX i ON t (a)"));
    assert_ne!(index("CREATE INDEX i ON t (a, b)"), index("CREATE INDEX i ON t (b, a)"));
    let sql = "CREATE TRIGGER r AFTER UPDATE OF a, b ON main.t BEGIN SELECT 1; END";
    let read = trigger(sql, &names).unwrap();
    assert_eq!((read.target, read.event), (Name::any_case("t"), "UPDATE"));
    let view = |sql| view(sql, &names).unwrap();
    let expected = view("create view V as select \"A\"\nfrom T");
    assert_eq!(view("CREATE VIEW v AS SELECT a FROM t"), expected);
}
