//! The desired schema: its files run on a scratch database, in whatever order works.

mod session;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::autogenerate::ddl::{Belongs, Ddl, created_extension, ddl, is_about};
use crate::autogenerate::hints::{self, Hints};
use crate::autogenerate::load::session::Session;
use crate::autogenerate::rename::is_value;
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::database::Connection;
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
    load_all(&read_sources(path)?, empty)
}

/// Makes the objects of files as [`load`] does in an empty database, without reading them.
pub fn fill(path: &Path, scratch: &mut dyn Scratch) -> Result<(), AutogenerateError> {
    make(&read_sources(path)?, scratch).map(drop)
}

/// Reads the files of a desired schema without running them: their paths and their texts.
pub fn texts(path: &Path) -> Result<Vec<(PathBuf, String)>, AutogenerateError> {
    let sources = read_sources(path)?;
    Ok(sources.into_iter().map(|it| (it.path, it.text)).collect())
}

fn read_sources(path: &Path) -> Result<Vec<Source>, AutogenerateError> {
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
    Ok(sources)
}

/// Loads a text as if it were a file.
pub fn load_text(
    path: &Path,
    text: &str,
    empty: &mut dyn Scratch,
) -> Result<Desired, AutogenerateError> {
    let source = Source { path: path.to_path_buf(), text: text.to_owned() };
    load_all(&[source], empty)
}

fn load_all(sources: &[Source], empty: &mut dyn Scratch) -> Result<Desired, AutogenerateError> {
    let mut scratch = empty.fork()?;
    let (mut hints, mut warnings) = make(sources, &mut *scratch)?;
    let schema = scratch.catalog()?;
    settle(&mut hints, &schema);
    // The functions and collations that had to be made up.
    let notices = scratch.connection()?.take_notices().into_iter();
    warnings.extend(notices.map(|it| it.message));
    Ok(Desired { schema, hints, warnings })
}

/// Runs files on an empty database; returns their hints, and warnings about what was left out.
fn make(
    sources: &[Source],
    scratch: &mut dyn Scratch,
) -> Result<(Hints, Vec<String>), AutogenerateError> {
    let (ddl, has_rights) = (ddl(scratch.dialect())?, scratch.has_rights());
    let mut hints = Hints::default();
    let mut todo: Vec<Todo<'_>> = Vec::new();
    let mut left_out = LeftOut::default();
    for source in sources {
        let own = hints::read(ddl, &source.path, &source.text)?;
        hints.renames.extend(own.renames);
        hints.backfills.extend(own.backfills);
        hints.places.extend(own.places);
        for statement in Splitter::new(&source.text, ddl.dialect()) {
            let statement = statement.map_err(|problem| {
                let (line, column) = problem.location();
                let place = Box::new(Place::at(&source.path, &source.text, line, column));
                AutogenerateError::Split { place, problem }
            })?;
            if is_about(ddl, &statement, scratch.skips()) {
                continue;
            }
            let it = Todo { source, statement, path: None };
            match belongs(ddl, &it)? {
                Belongs::Runs => todo.push(it),
                Belongs::Rights if has_rights => todo.push(it),
                Belongs::Rights | Belongs::Not => {}
                Belongs::Rows => note(&mut left_out.rows, &it),
                Belongs::Roles => note(&mut left_out.roles, &it),
            }
        }
    }
    let connection = scratch.connection()?;
    run_all(connection, ddl, todo)?;
    if ddl.path().is_some() {
        // A dump sets it, and names are shown by it.
        connection.reset()?;
    }
    Ok((hints, left_out.warnings()))
}

/// Tells what becomes of a statement; one that doesn't belong in a schema is refused.
fn belongs(ddl: &dyn Ddl, it: &Todo<'_>) -> Result<Belongs, AutogenerateError> {
    let refused = |what| AutogenerateError::NotInSchema { place: Box::new(it.place(0)), what };
    match transaction_control(&it.statement) {
        // The statements before it would be part of the schema.
        Some(verb @ ("ROLLBACK" | "ABORT")) => return Err(refused(verb)),
        Some(_) => return Ok(Belongs::Not),
        None => {}
    }
    ddl.belongs(&it.statement).map_err(refused)
}

/// The statements that a schema doesn't need, and that somebody may miss: the first of each kind,
/// and their number.
#[derive(Default)]
struct LeftOut {
    rows: Option<(Place, usize)>,
    roles: Option<(Place, usize)>,
}

fn note(noted: &mut Option<(Place, usize)>, it: &Todo<'_>) {
    noted.get_or_insert_with(|| (it.place(0), 0)).1 += 1;
}

impl LeftOut {
    fn warnings(&self) -> Vec<String> {
        let kinds = [
            (&self.rows, "about rows, which a schema doesn't have"),
            (&self.roles, "about roles, which are the server's"),
        ];
        let told = kinds.into_iter().filter_map(|(noted, what)| {
            let (first, count) = noted.as_ref()?;
            let file = first.file.file_name().unwrap_or_default().to_string_lossy();
            Some(match count {
                1 => format!("{file}:{}: left out, since it is {what}", first.line),
                _ => format!(
                    "{count} statements from {file}:{} on: left out, since they are {what}",
                    first.line
                ),
            })
        });
        told.collect()
    }
}

/// Names the schemas of hinted objects as the catalog does: not the one in which it works, and the
/// right one where a file has set another.
fn settle(hints: &mut Hints, catalog: &Catalog) {
    let Some(home) = &catalog.home else { return };
    let bare = |name: &Name| name.as_str().split('(').next().unwrap_or_default().to_owned();
    let settled = |id: &Id| {
        let is_home = id.schema.as_ref() == Some(home);
        let id = Id { schema: id.schema.clone().filter(|_| !is_home), ..id.clone() };
        if catalog.holds(&id) {
            return id;
        }
        if let Some(owner) = id.owner.as_ref().filter(|_| is_value(&id)) {
            let is_it = |it: &&Object| {
                it.id.name == *owner && (id.schema.is_none() || it.id.schema == id.schema)
            };
            let mut found = catalog.of_kind(Kind::Enum).filter(is_it);
            let schema = found.next().and_then(|it| it.id.schema.clone());
            return Id { schema, ..id.clone() };
        }
        // A function's name has its arguments there.
        let is_it = |it: &&Object| {
            it.id.owner == id.owner
                && bare(&it.id.name) == id.name.as_str()
                && (id.schema.is_none() || it.id.schema == id.schema)
        };
        let mut found = catalog.of_kind(id.kind).filter(is_it);
        match (found.next(), found.next()) {
            (Some(one), None) => one.id.clone(),
            _ => id,
        }
    };
    for hint in &mut hints.renames {
        hint.subject = hint.subject.as_ref().map(settled);
    }
    let backfills = std::mem::take(&mut hints.backfills);
    hints.backfills = backfills.into_iter().map(|(id, it)| (settled(&id), it)).collect();
    let places = std::mem::take(&mut hints.places);
    hints.places = places.into_iter().map(|(id, it)| (settled(&id), it)).collect();
}

/// A statement to run.
struct Todo<'a> {
    source: &'a Source,
    statement: Statement<'a>,
    /// The path in force where the statement stands, once that is known.
    path: Option<Rc<str>>,
}

impl Todo<'_> {
    fn place(&self, offset: usize) -> Place {
        Place::at_offset(&self.source.path, &self.source.text, self.statement.offset + offset)
    }
}

/// Runs statements repeatedly as long as some that failed before succeed.
fn run_all(
    connection: &mut dyn Connection,
    ddl: &dyn Ddl,
    todo: Vec<Todo<'_>>,
) -> Result<(), AutogenerateError> {
    let mut session = Session::new(connection, ddl.path())?;
    let mut before = todo.len();
    let (mut todo, mut first) = session.first_round(todo)?;
    while !todo.is_empty() {
        if let Some((place, cause)) = first.filter(|_| todo.len() == before) {
            let place = Box::new(place);
            let name = todo.first().and_then(|it| created_extension(ddl, &it.statement));
            return Err(match name {
                Some(name) => {
                    let (place, reason) = (Some(place), cause.to_string());
                    AutogenerateError::Extension { place, name, reason }
                }
                None => AutogenerateError::Statement { place, cause },
            });
        }
        before = todo.len();
        (todo, first) = session.round(todo)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autogenerate::scratch;
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
        let expected = Err("2:1: ROLLBACK has no place in a schema".to_owned());
        assert_eq!(load("BEGIN; CREATE TABLE u (a);\nROLLBACK;"), expected);
        let expected = Err("1:1: another database has no place in a schema".to_owned());
        assert_eq!(load("ATTACH 'x' AS y"), expected);
    }
}
