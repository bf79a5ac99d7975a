//! Files in, files out: each `golden/split/<dialect>/<case>.sql` beside its `<case>.out`.
//!
//! `UPDATE=1 cargo test --test golden` rewrites the `.out` files; read the difference before
//! it is committed.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use limbeck::sql::{Dialect, Splitter};

#[test]
fn sqlite_scripts_are_split_as_their_goldens_say() {
    check_split(Dialect::Sqlite, "split/sqlite");
}

#[test]
fn postgres_scripts_are_split_as_their_goldens_say() {
    check_split(Dialect::Postgres, "split/postgres");
}

#[test]
fn mysql_scripts_are_split_as_their_goldens_say() {
    check_split(Dialect::MySql, "split/mysql");
}

fn check_split(dialect: Dialect, folder: &str) {
    let scripts = cases(folder);
    assert!(!scripts.is_empty(), "{folder} is empty");
    for script in scripts {
        let text = fs::read_to_string(&script).unwrap();
        check(&script.with_extension("out"), &statements(&text, dialect));
    }
}

/// Renders a line a statement: `line:column start..end text`, where `end` is just after the
/// delimiter. The last line may be `line:column error: …`.
fn statements(text: &str, dialect: Dialect) -> String {
    let mut res = String::new();
    for item in Splitter::new(text, dialect) {
        match item {
            Ok(found) => {
                let (line, column, end) = (found.line, found.column, found.end);
                let text = escaped(found.text);
                writeln!(res, "{line}:{column} {}..{end} {text}", found.offset).unwrap();
            }
            Err(error) => {
                let (line, column) = error.location();
                writeln!(res, "{line}:{column} error: {error}").unwrap();
            }
        }
    }
    res
}

/// Keeps a text on one line, and its quotes as they are.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '\\' | '\u{feff}' | '\u{a0}' => c.escape_default().to_string(),
        _ if c.is_control() => c.escape_default().to_string(),
        _ => c.to_string(),
    };
    text.chars().map(escape).collect()
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let mut res: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    res.sort();
    res
}

#[expect(clippy::disallowed_methods, reason = "`UPDATE` steers the test, not the program")]
fn check(golden: &Path, actual: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(golden, actual).unwrap();
    }
    let expected = fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(actual, expected, "{} differs; UPDATE=1 rewrites it", golden.display());
}
