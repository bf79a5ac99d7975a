//! Files of the versions folders that belong to no revision, and their likely kinds, since they are
//! most often meant to be run.
//!
//! The name decides whether a file is considered; only then are its first lines read.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::file;
use crate::revision::folder::{DOWN, UP};
use crate::revision::{Header, Key, key};

/// The number of bytes that identify a file.
const BEGINNING: u64 = 1 << 13;

/// A file or folder that belongs to no revision, found by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The path of the file or folder.
    pub path: PathBuf,
    kind: StrangerKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum StrangerKind {
    /// A down script without its up script.
    Orphan,
    File,
    /// A subfolder of a versions folder that is not read.
    Folder,
    /// A file built into the program.
    Text(Cow<'static, str>),
}

/// The likely kind of a file that belongs to no revision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A down script without its up script.
    Orphan,
    /// A script of a revision whose file name is not that of a script.
    Misnamed {
        /// The name that the script should have.
        meant: String,
    },
    /// A file whose name is not Unicode, as a script's must be.
    Unnameable,
    /// A folder with scripts that is not read.
    Folder,
    /// A migration of another tool.
    Tool(&'static str),
    /// An SQL script without a telling name.
    Script,
}

/// Tells whether a file or folder is always ignored: hidden ones, and leftovers of editors and
/// merges.
pub(crate) fn is_passed_over(name: &str) -> bool {
    const LEFT: [&str; 6] = ["~", ".swp", ".swo", ".orig", ".rej", ".bak"];
    name.starts_with(['.', '#']) || LEFT.iter().any(|ending| name.ends_with(ending))
}

/// Tells whether a name suggests a migration.
fn may_be_one(name: &str) -> bool {
    const SCRIPTS: [&str; 3] = [".sql", ".up.sql.txt", ".down.sql.txt"];
    let name = name.to_ascii_lowercase();
    SCRIPTS.iter().any(|ending| name.ends_with(ending)) || !codes(&name).is_empty()
}

impl Stranger {
    pub(super) fn orphan(path: PathBuf) -> Self {
        Self { path, kind: StrangerKind::Orphan }
    }

    /// Makes a stranger of a file, if its name suggests a migration.
    pub(super) fn file(folder: &Path, name: &OsStr) -> Option<Self> {
        let is_one = may_be_one(&name.to_string_lossy());
        is_one.then(|| Self { path: folder.join(name), kind: StrangerKind::File })
    }

    pub(super) fn folder(path: PathBuf) -> Self {
        Self { path, kind: StrangerKind::Folder }
    }

    /// Makes a stranger of a built-in file, if its name suggests a migration.
    pub(super) fn text(path: PathBuf, text: Cow<'static, str>) -> Option<Self> {
        let is_one = may_be_one(&path.file_name()?.to_string_lossy());
        is_one.then_some(Self { path, kind: StrangerKind::Text(text) })
    }

    pub(super) fn is_folder(&self) -> bool {
        self.kind == StrangerKind::Folder
    }

    /// Tells whether the file is a down script without its up script.
    pub fn is_orphan(&self) -> bool {
        self.kind == StrangerKind::Orphan
    }

    /// Classifies the stranger; none if it resembles no migration. A file is read for that; an
    /// unreadable one is classified by its name.
    pub fn shape(&self) -> Option<Shape> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        match &self.kind {
            StrangerKind::Orphan => Some(Shape::Orphan),
            StrangerKind::Folder => of_folder(&self.path),
            StrangerKind::File if self.path.file_name().is_some_and(|it| it.to_str().is_none()) => {
                Some(Shape::Unnameable)
            }
            StrangerKind::File => of_file(&name, &beginning(&self.path)),
            StrangerKind::Text(text) => of_file(&name, text),
        }
    }

    /// Returns the name in words, without numbers: a candidate for a message.
    pub fn words(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.split('.').next().unwrap_or_default();
        let words = stem.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
        let is_number = |word: &&str| {
            let word = word.trim_start_matches(['V', 'v', 'U', 'u', 'B', 'b']);
            !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
        };
        let words: Vec<&str> = words.skip_while(is_number).collect();
        words.join(" ")
    }
}

fn beginning(path: &Path) -> String {
    let mut bytes = Vec::new();
    // Reading from a pipe would wait for a writer.
    if let Ok(file) = file::open(path)
        && file.metadata().is_ok_and(|it| it.is_file())
    {
        // An unreadable file is classified by its name.
        let _read = file.take(BEGINNING).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn of_folder(path: &Path) -> Option<Shape> {
    let entries = fs::read_dir(path).ok()?;
    let shape = |entry: fs::DirEntry| match entry.file_name().to_str()? {
        "up.sql" => Some(Shape::Tool("Diesel")),
        "migration.sql" => Some(Shape::Tool("Prisma")),
        name if name.ends_with(UP) && !is_passed_over(name) => Some(Shape::Folder),
        _ => None,
    };
    entries.filter_map(Result::ok).find_map(shape)
}

fn of_file(name: &str, text: &str) -> Option<Shape> {
    let lower = name.to_ascii_lowercase();
    let codes = codes(&lower);
    if !codes.is_empty() {
        let text = text.to_ascii_lowercase();
        let (_, _, tool) = codes.into_iter().find(|(_, word, _)| text.contains(word))?;
        return Some(Shape::Tool(tool));
    }
    let script = lower.strip_suffix(".txt").unwrap_or(&lower);
    let named = |ending: &str| {
        let stem = name.get(..script.strip_suffix(ending)?.len())?;
        Some(Shape::Misnamed { meant: format!("{stem}{}", if ending == DOWN { DOWN } else { UP }) })
    };
    let is_ours = || has_head(text).then(|| named(".sql")).flatten();
    let by_name = || named(UP).or_else(|| named(DOWN)).or_else(is_ours);
    by_name().or_else(|| by_line(text)).or_else(|| by_tool(&lower)).or(Some(Shape::Script))
}

/// Tells whether a script begins with a header that names its revision.
fn has_head(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut comments = text.lines().map_while(|line| line.strip_prefix("--"));
    Header::parse(text).is_ok()
        || comments.any(|it| key::split_key(it).is_some_and(|(key, _)| key == Key::RevisionId))
}

/// Recognizes a script by a line that its tool requires.
fn by_line(text: &str) -> Option<Shape> {
    const LINES: [(&str, &str); 13] = [
        ("-- migrate:", "dbmate"),
        ("-- +goose", "goose"),
        ("-- +migrate", "sql-migrate"),
        ("-- +micrate", "micrate"),
        ("--liquibase", "Liquibase"),
        ("-- liquibase", "Liquibase"),
        ("--changeset", "Liquibase"),
        ("-- rambler", "Rambler"),
        ("-- //", "MyBatis Migrations"),
        ("-- !ups", "Play"),
        ("-- deploy ", "Sqitch"),
        ("-- revert ", "Sqitch"),
        ("-- depends:", "yoyo"),
    ];
    let known = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        LINES.iter().find(|(start, _)| line.starts_with(start)).map(|(_, tool)| Shape::Tool(tool))
    };
    text.lines().find_map(known)
}

/// Recognizes a script by its tool's naming scheme; the name is in lower case.
fn by_tool(name: &str) -> Option<Shape> {
    let digits = name.chars().take_while(char::is_ascii_digit).count();
    let after = name.get(digits..).unwrap_or_default();
    let tool = match name {
        "up.sql" | "down.sql" => "Diesel",
        "migration.sql" => "Prisma",
        _ if name.contains(".do.") || name.contains(".undo.") => "Postgrator",
        _ if is_of_flyway(name) => "Flyway",
        _ if digits > 0 && after.starts_with('_') => "sqlx",
        _ => return None,
    };
    Some(Shape::Tool(tool))
}

/// Recognizes `V1__a.sql`, `U1.2__a.sql`, `B3__a.sql` and `R__a.sql`.
fn is_of_flyway(name: &str) -> bool {
    let Some((version, _)) = name.split_once("__") else { return false };
    let number = version.strip_prefix(['v', 'u', 'b']).unwrap_or_default();
    let is_digit = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    version == "r"
        || (number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(is_digit))
}

/// Returns the typical content of migrations in code by their file names' endings, in lower case.
fn codes(name: &str) -> Vec<(&'static str, &'static str, &'static str)> {
    const CODES: [(&str, &str, &str); 24] = [
        (".py", "down_revision", "Alembic"),
        (".py", "migrations.migration", "Django"),
        (".py", "from yoyo", "yoyo"),
        (".rb", "activerecord::migration", "Rails"),
        (".rb", "sequel.migration", "Sequel"),
        (".js", "knex", "Knex"),
        (".js", "queryinterface", "Sequelize"),
        (".js", "pgm.", "node-pg-migrate"),
        (".mjs", "knex", "Knex"),
        (".cjs", "knex", "Knex"),
        (".ts", "knex", "Knex"),
        (".ts", "migrationinterface", "TypeORM"),
        (".ts", "kysely", "Kysely"),
        (".php", "illuminate\\database", "Laravel"),
        (".php", "doctrine\\migrations", "Doctrine"),
        (".php", "abstractmigration", "Phinx"),
        (".go", "goose.addmigration", "goose"),
        (".exs", "ecto.migration", "Ecto"),
        (".java", "flywaydb", "Flyway"),
        (".cs", "migrationbuilder", "Entity Framework"),
        (".xml", "databasechangelog", "Liquibase"),
        (".yaml", "databasechangelog", "Liquibase"),
        (".yml", "databasechangelog", "Liquibase"),
        (".json", "databasechangelog", "Liquibase"),
    ];
    CODES.into_iter().filter(|(ending, ..)| name.ends_with(ending)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &'static str, expected: impl Into<Option<Shape>>) {
        let stranger = Stranger::text(Path::new("versions").join(name), text.into());
        assert_eq!(stranger.and_then(|it| it.shape()), expected.into(), "{name}");
    }

    fn misnamed(meant: &str) -> Option<Shape> {
        Some(Shape::Misnamed { meant: meant.to_owned() })
    }

    #[test]
    fn other_tools_and_our_own_scripts_are_known_by_their_names_or_lines() {
        for (name, tool) in [
            ("V1__a.sql", "Flyway"),
            ("V1_2.3__a.sql", "Flyway"),
            ("u2__a.sql", "Flyway"),
            ("R__views.sql", "Flyway"),
            ("20240101_a.sql", "sqlx"),
            ("001.do.a.sql", "Postgrator"),
            ("up.sql", "Diesel"),
        ] {
            check(name, "CREATE TABLE a (id INTEGER);", Some(Shape::Tool(tool)));
        }
        check("very__much.sql", "", Some(Shape::Script));
        check("seed.sql", "", Some(Shape::Script));
        check("20240101_a.sql", "-- migrate:up\nSELECT 1;", Some(Shape::Tool("dbmate")));
        check("20240101_a.sql", "\u{feff}\n-- +goose Up\nSELECT 1;", Some(Shape::Tool("goose")));
        check("1.sql", "--liquibase formatted sql\n", Some(Shape::Tool("Liquibase")));
        check("a.py", "revision = 'a'\ndown_revision = None", Some(Shape::Tool("Alembic")));
        check("0001_a.py", "class A(migrations.Migration):", Some(Shape::Tool("Django")));
        check("1_a.rb", "class A < ActiveRecord::Migration[7.1]", Some(Shape::Tool("Rails")));
        check("a.UP.SQL", "", misnamed("a.up.sql"));
        check("a.Down.sql", "", misnamed("a.down.sql"));
        check("a.up.sql.txt", "", misnamed("a.up.sql"));
        check("1_a.sql", "-- a\n-- Revision ID: a1\n-- Revises:\n", misnamed("1_a.up.sql"));
        check("1_a.SQL", "-- a\n-- Revision ID: a 1\n", misnamed("1_a.up.sql"));
    }

    #[test]
    fn what_looks_like_no_migration_is_none() {
        for name in ["README.md", "LICENSE", "migration_lock.toml", "a.sql.gz", "notes.txt"] {
            check(name, "-- migrate:up\n", None);
        }
        for name in ["__init__.py", "env.py", "settings.json", "a.yaml"] {
            check(name, "x = 1", None);
        }
    }

    #[test]
    fn hidden_files_and_copies_are_passed_over() {
        let passed = ".a.up.sql ._a.up.sql .#a.up.sql #a.up.sql# a.up.sql~ a.up.sql.orig \
                      .a.up.sql.swp a.up.sql.bak a.up.sql.rej";
        for name in passed.split(' ') {
            assert!(is_passed_over(name), "{name}");
        }
        assert!(!is_passed_over("a.up.sql"));
    }

    #[test]
    fn a_name_is_put_in_words() {
        let words = |name: &str| Stranger::orphan(name.into()).words();
        assert_eq!(words("V1_2__create_users.sql"), "create users");
        assert_eq!(words("20240101000000-add-index.up.sql"), "add index");
        assert_eq!(words("1.sql"), "");
    }
}
