//! The desired schema: its files run on a scratch database, in whatever order works.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::autogenerate::ddl::{Ddl, ddl};
use crate::autogenerate::hints::{self, Hints};
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::Catalog;
use crate::database::{Connection, DatabaseError};
use crate::file::{self, FoundBy};
use crate::place::Place;
use crate::sql::{Splitter, Statement, transaction_control};

/// A desired schema, as loaded from its files.
#[derive(Debug, Clone)]
pub struct Desired {
    /// The schema that the files create.
    pub schema: Catalog,
    pub hints: Hints,
    /// Warnings about the files.
    pub warnings: Vec<String>,
}

struct Source {
    path: PathBuf,
    text: String,
}

/// Loads a file, or a folder's `.sql` files in the order of their names. They are run on a database
/// like an empty one.
pub fn load(path: &Path, empty: &mut dyn Scratch) -> Result<Desired, AutogenerateError> {
    let error =
        |path: &Path, source| AutogenerateError::Read { path: path.display().to_string(), source };
    let mut files = Vec::new();
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|source| error(path, source))?;
        for entry in entries {
            let file = entry.map_err(|source| error(path, source))?.path();
            files.extend(file.extension().is_some_and(|it| it == "sql").then_some(file));
        }
        files.sort();
    } else {
        files.push(path.to_path_buf());
    }
    let mut sources = Vec::new();
    for path in files {
        let bytes =
            file::statements(&path, FoundBy::Custom).map_err(|source| error(&path, source))?;
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| error(&path, io::Error::other("it is not UTF-8")))?;
        sources.push(Source { path, text });
    }
    load_all(&sources, empty)
}

/// Loads a text as if it were a file.
pub fn load_text(
    path: &Path,
    text: &str,
    empty: &mut dyn Scratch,
) -> Result<Desired, AutogenerateError> {
    load_all(&[Source { path: path.to_path_buf(), text: text.to_owned() }], empty)
}

fn load_all(sources: &[Source], empty: &mut dyn Scratch) -> Result<Desired, AutogenerateError> {
    let mut scratch = empty.fork()?;
    let ddl = ddl(scratch.dialect())?;
    let mut hints = Hints::default();
    let mut todo: Vec<(&Source, Statement<'_>)> = Vec::new();
    for source in sources {
        let own = hints::read(ddl, &source.path, &source.text)?;
        hints.renames.extend(own.renames);
        hints.backfills.extend(own.backfills);
        for statement in Splitter::new(&source.text, ddl.dialect()) {
            let statement = statement.map_err(|problem| {
                let (line, column) = problem.location();
                let place = Box::new(Place::at(&source.path, &source.text, line, column));
                AutogenerateError::Split { place, problem }
            })?;
            if belongs(ddl, source, &statement)? {
                todo.push((source, statement));
            }
        }
    }
    run_all(scratch.connection()?, todo)?;
    let schema = scratch.catalog()?;
    // The functions and collations that had to be made up.
    let notices = scratch.connection()?.take_notices().into_iter();
    Ok(Desired { schema, hints, warnings: notices.map(|it| it.message).collect() })
}

/// Tells whether a statement is run; one that doesn't belong in a schema is refused.
fn belongs(
    ddl: &dyn Ddl,
    source: &Source,
    statement: &Statement<'_>,
) -> Result<bool, AutogenerateError> {
    if transaction_control(statement).is_some() {
        return Ok(false);
    }
    ddl.belongs(statement).map_err(|what| {
        let place = Box::new(place(source, statement, 0));
        AutogenerateError::NotInSchema { place, what }
    })
}

fn place(source: &Source, statement: &Statement<'_>, offset: usize) -> Place {
    Place::at_offset(&source.path, &source.text, statement.offset + offset)
}

/// Runs statements repeatedly as long as some that failed before succeed.
fn run_all(
    connection: &mut dyn Connection,
    mut todo: Vec<(&Source, Statement<'_>)>,
) -> Result<(), AutogenerateError> {
    while !todo.is_empty() {
        let before = todo.len();
        let mut failed = Vec::new();
        let mut first = None;
        for (source, statement) in todo {
            if let Err(cause) = connection.execute(statement.text) {
                if first.is_none() {
                    first = Some((source, statement, cause));
                }
                failed.push((source, statement));
            }
        }
        if let Some((source, statement, cause)) = first.filter(|_| failed.len() == before) {
            let offset = if let DatabaseError::Sql(fault) = &cause { fault.offset } else { None };
            let offset = offset.unwrap_or(0).min(statement.text.len());
            let place = Box::new(place(source, &statement, offset));
            return Err(AutogenerateError::Statement { place, cause });
        }
        todo = failed;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autogenerate::scratch;
    use crate::catalog::Kind;
    use crate::sql::Dialect;

    fn load(text: &str) -> Result<Catalog, String> {
        let mut empty = scratch(Dialect::Sqlite).unwrap();
        let desired = load_text(Path::new("schema.sql"), text, &mut *empty);
        desired.map(|it| it.schema).map_err(|error| match error.place() {
            Some(place) => format!("{}:{}: {error}", place.line, place.column),
            None => error.to_string(),
        })
    }

    fn counts(schema: &Catalog) -> (usize, usize, usize) {
        let count = |kind| schema.of_kind(kind).count();
        (count(Kind::Table), count(Kind::View), count(Kind::Trigger))
    }

    #[test]
    fn the_order_of_statements_does_not_matter() {
        let schema = load(
            "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;\nCREATE INDEX i ON t (a);\n\
             CREATE VIEW w AS SELECT * FROM v;\nCREATE VIEW v AS SELECT * FROM t;\n\
             BEGIN;\nCREATE TABLE t (a REFERENCES u);\nCOMMIT;\nCREATE TABLE u (a PRIMARY KEY);",
        )
        .unwrap();
        assert_eq!(counts(&schema), (2, 2, 1));
    }

    #[test]
    fn what_the_shell_of_sqlite_shows_is_a_schema() {
        let text = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);\n\
                    CREATE TABLE sqlite_sequence(name,seq);\nCREATE TABLE sqlite_stat1(tbl,idx,stat);\n\
                    CREATE VIEW v AS SELECT a FROM t\n/* v(a) */;\n\
                    CREATE VIRTUAL TABLE f USING fts5(a)\n/* f(a) */;\n\
                    CREATE TABLE IF NOT EXISTS 'f_data'(id INTEGER PRIMARY KEY, block BLOB);";
        assert_eq!(counts(&load(text).unwrap()), (2, 1, 0));
        let expected = Err("1:1: object name reserved for internal use: sqlite_mine".to_owned());
        assert_eq!(load("CREATE TABLE sqlite_mine (a);"), expected);
    }

    #[test]
    fn what_fails_is_told_with_its_place() {
        let expected = Err("2:2: no such table: main.u".to_owned());
        assert_eq!(load("CREATE TABLE t (a);\n CREATE INDEX i ON u (a);"), expected);
        let expected = Err("2:19: near \")\": syntax error".to_owned());
        assert_eq!(load("\nCREATE TABLE t (a,);"), expected);
        let expected = Err("1:1: another database has no place in a schema".to_owned());
        assert_eq!(load("ATTACH 'x' AS y"), expected);
    }
}
