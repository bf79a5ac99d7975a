//! Parsed statements.

use super::*;

fn table(sql: &str) -> Table {
    Table::parse(sql).unwrap()
}

#[track_caller]
fn same(one: &str, other: &str) {
    assert_eq!(table(one), table(other), "{one}\n{other}");
}

#[track_caller]
fn differ(one: &str, other: &str) {
    assert_ne!(table(one), table(other), "{one}\n{other}");
}

#[test]
fn spelling_is_no_difference() {
    same("CREATE TABLE t (a int, b)", "create table [T]  ( \"a\" INT -- c\n, `B` )");
    same("CREATE TABLE t (a VARCHAR (10))", "CREATE TABLE t (a varchar(10))");
    same("CREATE TABLE t (a DEFAULT (1))", "CREATE TABLE t (a DEFAULT 1)");
    same("CREATE TABLE t (a DEFAULT abc)", "CREATE TABLE t (a DEFAULT 'abc')");
    same("CREATE TABLE t (a CHECK (a > 0))", "CREATE TABLE t (a, CHECK ((\"A\" > 0)))");
    same("CREATE TABLE t (a, b AS (a))", "CREATE TABLE t (a, b GENERATED ALWAYS AS (a) VIRTUAL)");
    same("CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)");
    same("CREATE TABLE t (a NULL COLLATE binary)", "CREATE TABLE t (a)");
}

#[test]
fn the_place_of_a_constraint_is_no_difference() {
    same("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER, PRIMARY KEY (a))");
    same("CREATE TABLE t (a UNIQUE, b)", "CREATE TABLE t (a, b, UNIQUE (a ASC))");
    same(
        "CREATE TABLE t (a REFERENCES p (x) ON DELETE CASCADE NOT DEFERRABLE)",
        "CREATE TABLE t (a, FOREIGN KEY (a) REFERENCES p(x) ON UPDATE NO ACTION ON DELETE CASCADE)",
    );
    same(
        "CREATE TABLE t (a, UNIQUE (a) CHECK (a > 0))",
        "CREATE TABLE t (a, CHECK (a > 0), UNIQUE (a))",
    );
}

#[test]
fn what_means_something_is_a_difference() {
    differ("CREATE TABLE t (a INT)", "CREATE TABLE t (a INTEGER)");
    differ("CREATE TABLE t (a NOT NULL)", "CREATE TABLE t (a NOT NULL ON CONFLICT IGNORE)");
    differ("CREATE TABLE t (a DEFAULT abc)", "CREATE TABLE t (a DEFAULT Abc)");
    differ("CREATE TABLE t (a DEFAULT 1.5)", "CREATE TABLE t (a DEFAULT 1)");
    differ("CREATE TABLE t (a DEFAULT x'00')", "CREATE TABLE t (a DEFAULT '00')");
    differ("CREATE TABLE t (a COLLATE NOCASE)", "CREATE TABLE t (a)");
    differ("CREATE TABLE t (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)");
    differ("CREATE TABLE t (a CONSTRAINT c UNIQUE)", "CREATE TABLE t (a UNIQUE)");
    differ("CREATE TABLE t (a)", "CREATE TABLE t (a) STRICT");
    differ(
        "CREATE TABLE t (a PRIMARY KEY) STRICT",
        "CREATE TABLE t (a PRIMARY KEY) STRICT, WITHOUT ROWID",
    );
    differ(
        "CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t (a REFERENCES p DEFERRABLE)",
    );
}

#[test]
fn what_is_not_expected_is_an_error() {
    for sql in ["CREATE TABLE t", "CREATE TABLE t (a) WITH X", "CREATE TABLE t (a UNKNOWN 5)"] {
        assert!(Table::parse(sql).is_err(), "{sql}");
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
    assert_eq!(
        view("CREATE VIEW v AS SELECT a FROM t"),
        view("create view V as select \"A\"\nfrom T")
    );
}
