//! The line editor of the shell, with completion and history.
//!
//! The library behind it writes to the terminal itself, which is why it is in this folder.

use std::fs;
use std::path::{Path, PathBuf};

use limbeck::ops::Words;
use limbeck::sql::{Dialect, quote_identifier};
use rustyline::completion::Completer;
use rustyline::config::{BellStyle, CompletionType};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{Config, Context, Helper};

/// The most entries in the history.
const MOST: usize = 2000;

/// The keywords worth completing.
const KEYWORDS: &str = "ADD ALTER ANALYZE AND AS ASC AUTOINCREMENT AUTO_INCREMENT BEGIN BETWEEN BY \
    CASCADE CASE CHECK COLUMN COMMIT CONFLICT CONSTRAINT COUNT CREATE CROSS DEFAULT DELETE DESC \
    DISTINCT DROP ELSE END EXCEPT EXISTS EXPLAIN FOREIGN FROM FULL GROUP HAVING IN INDEX INNER \
    INSERT INTERSECT INTO IS JOIN KEY LEFT LIKE LIMIT MATERIALIZED NATURAL NOT NULL OFFSET ON OR \
    ORDER OUTER PRAGMA PRIMARY REFERENCES RENAME REPLACE RETURNING RIGHT ROLLBACK SAVEPOINT SELECT \
    SET SHOW TABLE THEN TO TRANSACTION TRIGGER UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHERE WITH";

/// The input of the editor.
#[derive(Debug)]
pub(crate) enum Typed {
    /// Lines, mostly one; several if they were pasted or come from the history.
    Lines(String),
    /// Ctrl-C.
    Canceled,
    /// Ctrl-D.
    End,
}

pub(crate) struct Editor {
    inner: rustyline::Editor<Completion, FileHistory>,
    history: Option<PathBuf>,
}

impl Editor {
    /// Makes an editor with a history, if there is a file for it.
    pub(crate) fn new(history: Option<PathBuf>, dialect: Dialect) -> anyhow::Result<Self> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .bell_style(BellStyle::None)
            .max_history_size(MOST)?
            .build();
        let mut inner = rustyline::Editor::with_config(config)?;
        inner.set_helper(Some(Completion { dialect, words: Words::default(), commands: &[] }));
        let history = history.filter(|file| make_private(file).is_ok());
        if let Some(file) = &history {
            // An unreadable history is started anew.
            let _result = inner.load_history(file);
        }
        Ok(Self { inner, history })
    }

    /// Reads a line up to Enter.
    pub(crate) fn read(&mut self, prompt: &str) -> anyhow::Result<Typed> {
        loop {
            return match self.inner.readline(prompt) {
                Ok(lines) => Ok(Typed::Lines(lines)),
                Err(ReadlineError::Interrupted) => Ok(Typed::Canceled),
                Err(ReadlineError::Eof) => Ok(Typed::End),
                // The window's size has changed.
                Err(ReadlineError::Signal(_)) => continue,
                Err(error) => Err(error.into()),
            };
        }
    }

    /// Adds an entry to the history, here and for later shells.
    pub(crate) fn remember(&mut self, entry: &str) {
        let is_new = self.inner.add_history_entry(entry).unwrap_or_default();
        if let Some(file) = self.history.as_deref().filter(|_| is_new) {
            // A shell that can't remember still works.
            let _result = self.inner.append_history(file);
        }
    }

    /// Sets the names of the database and commands to complete.
    pub(crate) fn complete(&mut self, words: Words, commands: &'static [&'static str]) {
        if let Some(helper) = self.inner.helper_mut() {
            (helper.words, helper.commands) = (words, commands);
        }
    }

    pub(crate) fn rows(&mut self) -> Option<usize> {
        self.inner.dimensions().map(|(_, rows)| usize::from(rows))
    }
}

/// Creates a file that only its user can read.
fn make_private(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file)?;
    #[cfg(unix)]
    opened.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(opened);
    Ok(())
}

/// Completes the word before the cursor.
struct Completion {
    dialect: Dialect,
    words: Words,
    commands: &'static [&'static str],
}

impl Completion {
    /// Returns the start of the word and its completions.
    fn candidates(&self, before: &str) -> (usize, Vec<String>) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let start = before.rfind(|c| !is_word(c)).map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let word = before.get(start..).unwrap_or_default();
        let matches = |name: &&str| {
            name.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        };
        if let Some(command) = before.trim_start().strip_prefix('.') {
            if !command.contains(' ') {
                let start = before.len() - command.len();
                let commands = self.commands.iter().filter(|it| it.starts_with(command));
                return (start, commands.map(|it| format!("{it} ")).collect());
            }
            let tables = self.words.tables.iter().map(String::as_str).filter(matches);
            return (start, tables.map(str::to_owned).collect());
        }
        let is_qualified = before.get(..start).is_some_and(|rest| rest.ends_with('.'));
        let tables = self.words.tables.iter().filter(|_| !is_qualified);
        let names = tables.chain(&self.words.columns).map(String::as_str).filter(matches);
        let mut res: Vec<String> = names.map(|name| self.written(name)).collect();
        if !(is_qualified || word.is_empty()) {
            let is_lower = !word.contains(char::is_uppercase);
            let keywords = KEYWORDS.split_whitespace().filter(matches);
            res.extend(keywords.map(|it| if is_lower { it.to_lowercase() } else { it.to_owned() }));
        }
        res.sort();
        res.dedup();
        (start, res)
    }

    /// Writes a name as a statement needs it.
    fn written(&self, name: &str) -> String {
        let is_plain = |c: char| c == '_' || c.is_ascii_digit() || c.is_ascii_lowercase();
        let folds = self.dialect.folds_capitals();
        let is_plain = |c: char| is_plain(c) || (c.is_ascii_uppercase() && !folds);
        if name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
            name.to_owned()
        } else {
            quote_identifier(name, self.dialect)
        }
    }
}

impl Completer for Completion {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.candidates(line.get(..position).unwrap_or_default()))
    }
}

impl Hinter for Completion {
    type Hint = String;
}

impl Highlighter for Completion {}

impl Validator for Completion {}

impl Helper for Completion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, expected: (usize, &[&str])) {
        let texts = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let words = Words {
            tables: texts(&["users", "the order"]),
            columns: texts(&["id", "user_id", "Uid"]),
        };
        let completion =
            Completion { dialect: Dialect::Postgres, words, commands: &["schema", "tables"] };
        assert_eq!(completion.candidates(before), (expected.0, texts(expected.1)), "{before}");
    }

    #[test]
    fn words_are_completed_by_where_they_stand() {
        check("sel", (0, &["select"]));
        check("SEL", (0, &["SELECT"]));
        check("select us", (7, &["user_id", "users", "using"]));
        check("select users.u", (13, &["\"Uid\"", "user_id"]));
        check("select ü(th", (10, &["\"the order\"", "then"]));
        check(".s", (1, &["schema "]));
        check(".schema us", (8, &["users"]));
        check("nothing_like_it", (0, &[]));
    }
}
