//! Pairs of schemas for SQLite that mean the same, and pairs that nearly do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use limbeck::autogenerate::{
    Desired, Detail, Generated, Wish, compare, generate, load_text, scratch,
};
use limbeck::catalog::{Catalog, Change};
use limbeck::sql::Dialect;

/// What all cases stand on.
const TABLES: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY); \
                      CREATE TABLE s (x TEXT, n TEXT COLLATE NOCASE, y INT);";

/// Loads two schemas, the second one as it is wanted.
fn loaded(one: &str, other: &str) -> (Catalog, Desired) {
    let mut empty = scratch(Dialect::Sqlite).unwrap();
    let [one, other] = [one, other].map(|text| {
        let loaded = load_text(Path::new("schema.sql"), &format!("{TABLES} {text}"), &mut *empty);
        loaded.unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    (one.schema, other)
}

fn between(one: &str, other: &str) -> Generated {
    let (one, other) = loaded(one, other);
    generate(&one, &other, &Wish::default(), &mut *scratch(Dialect::Sqlite).unwrap()).unwrap()
}

/// Compares without a proof: the runner refuses to make keys that fit none of their parents.
fn compared(one: &str, other: &str) -> Vec<Change> {
    let (one, other) = loaded(one, other);
    let mut empty = scratch(Dialect::Sqlite).unwrap();
    compare(&one, &other, &Wish::default(), Detail::Words, &mut *empty).unwrap()
}

/// What means the same, however it is written.
const SAME: &[(&str, &str)] = &[
    (
        "CREATE TRIGGER r AFTER INSERT ON s BEGIN SELECT 1; END;",
        "create trigger \"r\" after insert on main.[s] for each row begin select 1; end;",
    ),
    (
        "CREATE TRIGGER r BEFORE UPDATE OF x, y ON s WHEN new.x <> '' BEGIN SELECT 1; END;",
        "CREATE TRIGGER r UPDATE OF \"y\", X ON s FOR EACH ROW WHEN (new.x != '') BEGIN SELECT 1; END;",
    ),
    (
        "CREATE TRIGGER r DELETE ON s BEGIN DELETE FROM p WHERE id == old.y; END;",
        "CREATE TRIGGER IF NOT EXISTS r BEFORE DELETE ON s BEGIN DELETE FROM p WHERE id = old.y; END;",
    ),
    (
        "CREATE VIEW v (\"a\", b) AS SELECT x, y FROM s;",
        "CREATE VIEW v (a, [B]) AS SELECT x, y FROM s;",
    ),
    ("CREATE VIEW v AS SELECT x AS a FROM s AS t;", "CREATE VIEW v AS SELECT x a FROM s t;"),
    ("CREATE VIEW v AS SELECT x AS \"A\" FROM s;", "CREATE VIEW v AS SELECT x 'a' FROM s;"),
    (
        "CREATE VIEW v AS SELECT x FROM s JOIN p ON id = y;",
        "CREATE VIEW v AS SELECT \"x\" FROM \"s\" INNER JOIN p ON id == y -- all\n;",
    ),
    (
        "CREATE VIEW v AS SELECT x FROM s LEFT JOIN p ON id = y WHERE x IS NOT NULL;",
        "CREATE VIEW v AS SELECT x FROM s LEFT OUTER JOIN p ON id = y WHERE x NOTNULL;",
    ),
    ("CREATE INDEX i ON s (x);", "CREATE INDEX i ON s (x COLLATE BINARY ASC);"),
    ("CREATE INDEX i ON s (n);", "CREATE INDEX \"i\" ON \"s\" (\"n\" COLLATE nocase);"),
    ("CREATE INDEX i ON s (x) WHERE y IS NULL;", "CREATE INDEX i ON s ((x)) WHERE (y ISNULL);"),
    ("CREATE TABLE t (a TEXT UNIQUE);", "CREATE TABLE t (a TEXT UNIQUE, UNIQUE (a));"),
    (
        "CREATE TABLE t (a TEXT, UNIQUE (a));",
        "CREATE TABLE t (a TEXT, UNIQUE (a COLLATE binary ASC));",
    ),
    (
        "CREATE TABLE t (a TEXT, b, UNIQUE (a, b) ON CONFLICT FAIL);",
        "CREATE TABLE t (a TEXT, b, UNIQUE (a, b), UNIQUE (a, b) ON CONFLICT FAIL);",
    ),
    ("CREATE TABLE t (a TEXT PRIMARY KEY);", "CREATE TABLE t (a TEXT PRIMARY KEY UNIQUE);"),
    (
        "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID;",
        "CREATE TABLE t (a TEXT UNIQUE, PRIMARY KEY (a)) WITHOUT ROWID;",
    ),
    ("CREATE TABLE t (a, CHECK (a > 0));", "CREATE TABLE t (a CHECK (a > 0), CHECK ((a > 0)));"),
    ("CREATE TABLE t (a INTEGER);", "CREATE TABLE t (a integer DEFAULT NULL NULL COLLATE BINARY);"),
    ("CREATE TABLE t (a DEFAULT 1);", "CREATE TABLE t (a DEFAULT (+1));"),
    ("CREATE TABLE t (a DEFAULT 'x');", "CREATE TABLE t (a DEFAULT (('x')));"),
    (
        "CREATE TABLE t (a REFERENCES p);",
        "CREATE TABLE \"t\" (a REFERENCES \"p\" ON DELETE NO ACTION DEFERRABLE);",
    ),
    (
        "CREATE TABLE t (a, b AS (a + 1));",
        "CREATE TABLE t (a, b GENERATED ALWAYS AS ((a + 1)) VIRTUAL);",
    ),
    ("CREATE TABLE t (a INT, b TEXT) STRICT;", "CREATE TABLE t (b TEXT, a INT) strict;"),
    (
        "CREATE TABLE t (a REFERENCES p);",
        "CREATE TABLE t (a REFERENCES p (\"ID\") MATCH SIMPLE ON UPDATE NO ACTION NOT DEFERRABLE);",
    ),
    (
        "CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY IMMEDIATE);",
        "CREATE TABLE t (a, FOREIGN KEY (a) REFERENCES p (id) DEFERRABLE);",
    ),
    (
        "CREATE TABLE q (a, b, PRIMARY KEY (a, b)); \
         CREATE TABLE t (x, y, FOREIGN KEY (x, y) REFERENCES q ON DELETE CASCADE);",
        "CREATE TABLE q (a, b, PRIMARY KEY (a, b)); \
         CREATE TABLE t (x, y, FOREIGN KEY (x, y) REFERENCES q (a, b) ON DELETE CASCADE);",
    ),
    (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up REFERENCES t);",
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY ASC, up REFERENCES t (id));",
    ),
    (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);",
        "CREATE TABLE t (id INTEGER CONSTRAINT n NOT NULL ON CONFLICT IGNORE PRIMARY KEY AUTOINCREMENT);",
    ),
    (
        "CREATE TABLE t (id INTEGER, PRIMARY KEY (id DESC));",
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);",
    ),
    (
        "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID;",
        "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b NULL) WITHOUT ROWID;",
    ),
    (
        "CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a, b)) STRICT;",
        "CREATE TABLE t (a TEXT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b ASC)) STRICT;",
    ),
    (
        "CREATE VIEW v AS SELECT x FROM s ORDER BY x, n COLLATE NOCASE DESC LIMIT 1;",
        "CREATE VIEW v AS SELECT ALL x FROM s \
         ORDER BY x ASC NULLS FIRST, n COLLATE NOCASE DESC NULLS LAST LIMIT 1;",
    ),
    (
        "CREATE VIEW v AS SELECT sum(y) OVER (PARTITION BY x ORDER BY (y), n ROWS 1 PRECEDING) FROM s;",
        "CREATE VIEW v AS SELECT sum(y) OVER (PARTITION BY x ORDER BY (y) NULLS FIRST, n ASC ROWS 1 \
         PRECEDING) FROM s;",
    ),
];

/// What looks alike and isn't.
const OTHER: &[(&str, &str)] = &[
    (
        "CREATE TRIGGER r INSERT ON s BEGIN SELECT 1; END;",
        "CREATE TRIGGER r AFTER INSERT ON s BEGIN SELECT 1; END;",
    ),
    (
        "CREATE TRIGGER r UPDATE ON s BEGIN SELECT 1; END;",
        "CREATE TRIGGER r UPDATE OF x ON s BEGIN SELECT 1; END;",
    ),
    ("CREATE VIEW v (a) AS SELECT x FROM s;", "CREATE VIEW v (b) AS SELECT x FROM s;"),
    ("CREATE VIEW v AS SELECT 'a' AS b;", "CREATE VIEW v AS SELECT 'A' AS b;"),
    ("CREATE VIEW v AS SELECT x AS a FROM s;", "CREATE VIEW v AS SELECT x AS b FROM s;"),
    ("CREATE INDEX i ON s (n);", "CREATE INDEX i ON s (n COLLATE BINARY);"),
    ("CREATE INDEX i ON s (x);", "CREATE INDEX i ON s (x DESC);"),
    ("CREATE TABLE t (a TEXT, UNIQUE (a));", "CREATE TABLE t (a TEXT, UNIQUE (a COLLATE NOCASE));"),
    ("CREATE TABLE t (a, b, UNIQUE (a, b));", "CREATE TABLE t (a, b, UNIQUE (b, a));"),
    ("CREATE TABLE t (id INTEGER PRIMARY KEY);", "CREATE TABLE t (id INTEGER PRIMARY KEY UNIQUE);"),
    ("CREATE TABLE t (a DEFAULT 1);", "CREATE TABLE t (a DEFAULT -1);"),
    ("CREATE TABLE t (id INT PRIMARY KEY);", "CREATE TABLE t (id INT PRIMARY KEY NOT NULL);"),
    (
        "CREATE TABLE t (id INTEGER PRIMARY KEY DESC);",
        "CREATE TABLE t (id INTEGER PRIMARY KEY DESC NOT NULL);",
    ),
    (
        "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID;",
        "CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL ON CONFLICT IGNORE) WITHOUT ROWID;",
    ),
    (
        "CREATE TABLE q (a PRIMARY KEY, b UNIQUE); CREATE TABLE t (x REFERENCES q);",
        "CREATE TABLE q (a PRIMARY KEY, b UNIQUE); CREATE TABLE t (x REFERENCES q (b));",
    ),
    (
        "CREATE TABLE q (a, PRIMARY KEY (a COLLATE NOCASE)); CREATE TABLE t (x REFERENCES q);",
        "CREATE TABLE q (a, PRIMARY KEY (a COLLATE NOCASE)); CREATE TABLE t (x REFERENCES q (a));",
    ),
    (
        "CREATE TABLE q (a PRIMARY KEY, b UNIQUE); CREATE TABLE t (x REFERENCES q (a));",
        "CREATE TABLE q (a UNIQUE, b PRIMARY KEY); CREATE TABLE t (x REFERENCES q);",
    ),
    ("CREATE VIEW v AS SELECT x FROM s;", "CREATE VIEW v AS SELECT x ASC FROM s;"),
    (
        "CREATE VIEW v AS SELECT x FROM s ORDER BY x;",
        "CREATE VIEW v AS SELECT x FROM s ORDER BY x NULLS LAST;",
    ),
    (
        "CREATE VIEW v AS SELECT x FROM s ORDER BY x DESC;",
        "CREATE VIEW v AS SELECT x FROM s ORDER BY x DESC NULLS FIRST;",
    ),
];

#[test]
fn what_means_the_same_is_no_difference() {
    for (one, other) in SAME {
        for (one, other) in [(one, other), (other, one)] {
            let found = between(one, other);
            assert_eq!(found, Generated::default(), "{one}\n{other}");
        }
    }
}

#[test]
fn what_means_another_thing_is_a_difference() {
    for (one, other) in OTHER {
        assert!(!compared(one, other).is_empty(), "{one}\n{other}");
    }
}

#[test]
fn a_constraint_that_gets_a_name_is_altered() {
    for (one, other, object) in [
        ("a, UNIQUE (a)", "a, CONSTRAINT c UNIQUE (a)", "unique t.a"),
        ("a, CONSTRAINT c CHECK (a)", "a, CHECK (a)", "check t"),
        ("a REFERENCES p", "a CONSTRAINT c REFERENCES p", "foreign_key t.a"),
    ] {
        let text = |columns: &str| format!("CREATE TABLE t ({columns});");
        let changes = between(&text(one), &text(other)).changes;
        let told: Vec<String> = changes
            .iter()
            .map(|it| format!("{} {} {}", it.kind, it.object_type, it.object))
            .collect();
        assert_eq!(told, [format!("alter {object}")]);
    }
}
