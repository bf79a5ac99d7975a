//! What becomes stricter is told, with a query that finds the rows that don't fit: exactly where there
//! are some, the script fails.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use limbeck::autogenerate::{Generated, Scratch, Wish, generate, load_text, scratch};
use limbeck::catalog::Catalog;
use limbeck::config::SqliteVersion;
use limbeck::sql::{Dialect, Splitter};

/// Makes an empty database to try things on.
fn empty() -> Box<dyn Scratch> {
    scratch(Dialect::Sqlite).unwrap()
}

fn schema(text: &str) -> Catalog {
    load_text(Path::new("schema.sql"), text, &mut *empty()).unwrap().schema
}

fn between(before: &str, after: &str, minor: u16) -> Generated {
    let version = SqliteVersion { major: 3, minor, patch: 0 };
    let desired = load_text(Path::new("schema.sql"), after, &mut *empty()).unwrap();
    generate(&schema(before), &desired, &Wish { version, ..Wish::default() }, &mut *empty())
        .unwrap()
}

/// Runs a script as a revision runs; tells whether it works.
fn works(scratch: &mut dyn Scratch, script: &str) -> bool {
    let connection = scratch.connection().unwrap();
    connection.execute("BEGIN").unwrap();
    let done = Splitter::new(script, Dialect::Sqlite)
        .all(|statement| connection.execute(statement.unwrap().text).is_ok());
    let broken = connection.query("PRAGMA foreign_key_check").is_ok_and(|it| !it.is_empty());
    connection.execute("ROLLBACK").unwrap();
    done && !broken
}

/// What is there, what is wanted, rows that fit, and rows that don't.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    ("t (a, e TEXT)", "t (a, e TEXT NOT NULL)", "(1, 'x')", "(1, NULL)"),
    (
        "t (a, e TEXT)",
        "t (a, e TEXT UNIQUE)",
        "(1, 'x'), (2, NULL), (3, NULL)",
        "(1, 'x'), (2, 'x')",
    ),
    ("t (a, e TEXT)", "t (a, e TEXT, UNIQUE (a, e))", "(1, 'x'), (2, 'x')", "(1, 'x'), (1, 'x')"),
    (
        "t (a, e TEXT UNIQUE)",
        "t (a, e TEXT COLLATE NOCASE UNIQUE)",
        "(1, 'x'), (2, 'y')",
        "(1, 'x'), (2, 'X')",
    ),
    ("t (a, e TEXT)", "t (a, e TEXT CHECK (e < 'm'))", "(1, 'b'), (2, NULL)", "(1, 'z')"),
    ("t (a, e INT)", "t (a, e INT, f INT DEFAULT 3, CHECK (f < e))", "(1, 4)", "(1, 2)"),
    ("t (a, e INT)", "t (a, e INT, f INT NOT NULL)", "", "(1, 2)"),
    (
        "t (a, e INT)",
        "t (a, e INT, f TEXT NOT NULL DEFAULT 'x' UNIQUE)",
        "(1, 2)",
        "(1, 2), (2, 3)",
    ),
    ("t (a, e INT)", "t (a, e INT REFERENCES p (id))", "(1, 7), (2, NULL)", "(1, 8)"),
    ("t (a, e INT)", "t (a, e INT REFERENCES p)", "(1, 7)", "(1, 8)"),
    ("t (a, e INT)", "t (a, e INT REFERENCES t (a), UNIQUE (a))", "(1, 1), (2, 1)", "(1, 5)"),
    ("t (a INT, e INT)", "t (a INT, e INT) STRICT", "(1, '12'), (2, 1.0)", "(1, 'x')"),
    ("t (a INT, e REAL)", "t (a INT, e REAL) STRICT", "(1, '1.5'), (2, 3)", "(1, 'x')"),
    ("t (a INT, e TEXT)", "t (a INT, e TEXT) STRICT", "(1, 2)", "(1, x'00')"),
    ("t (a INT, e BLOB)", "t (a INT, e BLOB) STRICT", "(1, x'00'), (2, NULL)", "(1, 'x')"),
    ("t (a INT, e ANY) STRICT", "t (a INT, e INT) STRICT", "(1, '5'), (2, NULL)", "(1, 1.5)"),
    ("t (a, e TEXT)", "t (a, e TEXT PRIMARY KEY)", "(1, 'x'), (2, NULL)", "(1, 'x'), (2, 'x')"),
    ("t (a, e TEXT)", "t (a, e INTEGER PRIMARY KEY)", "(1, '5'), (2, 6)", "(1, 'x')"),
    (
        "t (a INT, e TEXT PRIMARY KEY)",
        "t (a INT, e TEXT PRIMARY KEY) WITHOUT ROWID",
        "(1, 'x')",
        "(1, NULL)",
    ),
    ("t (a, e TEXT)", "t (a, e TEXT, g AS (upper(e)) UNIQUE)", "(1, 'x')", "(1, 'x'), (2, 'X')"),
    ("t (a, e TEXT)", "t (a, e TEXT, g AS (upper(e)) NOT NULL)", "(1, 'x')", "(1, NULL)"),
    ("t (a, e TEXT)", "t (a, \nf TEXT NOT NULL -- renamed from: e\n)", "(1, 'x')", "(1, NULL)"),
    (
        "t (a, e TEXT DEFAULT 'd')",
        "t (a, e TEXT NOT NULL DEFAULT 'd' UNIQUE)",
        "(1, 'x'), (2, NULL)",
        "(1, NULL), (2, NULL)",
    ),
];

fn text(table: &str) -> String {
    format!("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE {table};")
}

/// Tells whether any query of the changes finds a row; the script works exactly if none does.
#[track_caller]
fn found(before: &str, generated: &Generated, rows: &str) -> bool {
    let mut scratch = empty().with(&schema(before)).unwrap();
    scratch.connection().unwrap().execute("INSERT INTO p VALUES (7)").unwrap();
    if !rows.is_empty() {
        scratch
            .connection()
            .unwrap()
            .execute(&format!("INSERT INTO t (a, e) VALUES {rows}"))
            .unwrap();
    }
    let queries = generated.changes.iter().flat_map(|it| &it.checks);
    let mut res = false;
    for query in queries {
        let rows = scratch.connection().unwrap().query(query);
        res |= !rows.unwrap_or_else(|error| panic!("{error}: {query}")).is_empty();
    }
    assert_eq!(works(&mut *scratch, &generated.up), !res, "{rows}\n{}", generated.up);
    res
}

/// Fails unless the queries find none of the rows that fit, and one of the others.
#[track_caller]
fn tells_apart(before: &str, generated: &Generated, (fitting, other): (&str, &str)) {
    for (rows, is_found) in [(fitting, false), (other, true)] {
        let told = found(before, generated, rows);
        assert_eq!(told, is_found, "{rows}\n{}\n{:?}", generated.up, generated.changes);
    }
}

#[test]
fn a_script_fails_exactly_where_its_queries_find_rows() {
    for (before, after, fitting, other) in CASES {
        for minor in [40, 53] {
            let (before, after) = (text(before), text(after));
            let generated = between(&before, &after, minor);
            tells_apart(&before, &generated, (fitting, other));
            let told = generated.warnings.iter().any(|it| {
                it.starts_with("fails if rows don't fit: ") || it.starts_with("fill in: ")
            });
            let is_told = generated.up.contains("-- Fails if rows don't fit: ")
                || generated.up.contains("-- FILL IN: ");
            assert!(told && is_told, "{:?}\n{}", generated.warnings, generated.up);
        }
    }
}

#[test]
fn a_unique_index_is_told_as_well() {
    let before = text("t (a, e TEXT)");
    for (index, fitting, other) in [
        ("(e)", "(1, 'x'), (2, NULL), (3, NULL)", "(1, 'x'), (2, 'x')"),
        ("(lower(e))", "(1, 'x')", "(1, 'x'), (2, 'X')"),
        ("(e COLLATE NOCASE)", "(1, 'x')", "(1, 'x'), (2, 'X')"),
        ("(e) WHERE a > 1", "(1, 'x'), (2, 'x')", "(2, 'x'), (3, 'x')"),
    ] {
        let after = format!("{before} CREATE UNIQUE INDEX i ON t {index};");
        tells_apart(&before, &between(&before, &after, 40), (fitting, other));
    }
}

#[test]
fn what_cannot_fail_is_not_warned_of() {
    for (before, after) in [
        ("t (a, e TEXT NOT NULL)", "t (a, e TEXT)"),
        ("t (a INTEGER PRIMARY KEY, e)", "t (a INTEGER PRIMARY KEY, e) WITHOUT ROWID"),
        ("t (a, e TEXT)", "t (a, e TEXT NOT NULL DEFAULT '')"),
        ("t (a, e TEXT UNIQUE)", "t (a, e TEXT, UNIQUE (e, a), UNIQUE (e))"),
        ("t (a, e TEXT)", "t (a, e TEXT, f INT CHECK (f > 0), g INT UNIQUE, h REFERENCES p)"),
        ("t (a, e TEXT CHECK (e <> ''))", "t (a, e TEXT CONSTRAINT c CHECK (e <> ''))"),
        ("t (a, e TEXT)", "t (a, e TEXT,\nf TEXT NOT NULL -- backfill: 'x'\n)"),
        ("t (a, e TEXT)", "t (a, e TEXT, at NOT NULL DEFAULT CURRENT_TIMESTAMP)"),
    ] {
        let generated = between(&text(before), &text(after), 40);
        assert_eq!(generated.warnings, [""; 0], "{after}");
        assert!(generated.changes.iter().all(|it| it.checks.is_empty()), "{after}");
    }
}

#[test]
fn a_backfill_is_hinted_at_and_every_value_to_fill_in_is_warned_of() {
    let before = text("t (a, e TEXT)");
    let generated = between(&before, &text("t (a, e TEXT NOT NULL UNIQUE)"), 40);
    let expected = [
        "fails if rows don't fit: t.e becomes NOT NULL; `SELECT * FROM t WHERE e IS NULL` finds \
         them; `-- backfill: EXPRESSION` on the line of the column in the schema fills it",
        "fails if rows don't fit: t becomes UNIQUE by e; `SELECT e, count(*) FROM t WHERE e IS NOT \
         NULL GROUP BY 1 HAVING count(*) > 1` finds them",
    ];
    assert_eq!(generated.warnings, expected);
    let after = text("t (a, e TEXT, f TEXT NOT NULL, g INT NOT NULL)");
    for minor in [40, 53] {
        let warnings = between(&before, &after, minor).warnings;
        let fills: Vec<&String> =
            warnings.iter().filter(|it| it.starts_with("fill in: ")).collect();
        assert_eq!(fills.len(), 2, "{warnings:?}");
        assert!(fills.iter().all(|it| !it.ends_with(':')), "{warnings:?}");
    }
}
