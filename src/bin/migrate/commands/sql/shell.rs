//! The shell of `migrate sql`: statements over several lines, and commands that begin with a dot.

use std::path::{Path, PathBuf};

use limbeck::database::{Access, Connection, DatabaseError, Interrupter};
use limbeck::error::QueryError;
use limbeck::ops::{self, OnFailure, Queries, Source, Words};
use limbeck::project::Project;
use limbeck::runner::milliseconds;
use limbeck::sql::{Completeness, completeness};

use crate::commands::sql::{Args, dot};
use crate::context::Context;
use crate::output::editor::{Editor, Typed};
use crate::output::pager::Pager;
use crate::output::rows::Mode;
use crate::signals;

const PROMPT: &str = "migrate> ";
const CONTINUED: &str = "   ...> ";

/// Whether the shell continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Quit,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(super) struct Shell<'a, 'b> {
    pub(super) project: &'a Project,
    pub(super) connection: Box<dyn Connection>,
    pub(super) context: &'a mut Context<'b>,
    pub(super) mode: Mode,
    pub(super) headers: bool,
    pub(super) timing: bool,
    editor: Editor,
    pager: Pager,
    interrupter: Interrupter,
    access: Access,
    /// The delimiter of statements, which MySQL's client can change.
    delimiter: String,
    /// The lines of an unfinished statement.
    typed: String,
    /// Whether the names to complete may have changed.
    is_stale: bool,
    is_lost: bool,
}

impl<'a, 'b> Shell<'a, 'b> {
    pub(super) fn new(
        project: &'a Project,
        connection: Box<dyn Connection>,
        args: &Args,
        context: &'a mut Context<'b>,
    ) -> anyhow::Result<Self> {
        let history = context.state_folder().map(|folder| folder.join("migrate").join("history"));
        let editor = Editor::new(history, connection.dialect())?;
        let variable = |name: &str| context.variable(name).map(str::to_owned);
        let pager = Pager {
            command: variable("PAGER").unwrap_or_else(|| "less".to_owned()),
            less: variable("LESS"),
        };
        let interrupter = connection.interrupter();
        signals::listen_in_shell(interrupter.clone())?;
        Ok(Self {
            project,
            connection,
            context,
            mode: args.mode(),
            headers: true,
            timing: false,
            editor,
            pager,
            interrupter,
            access: args.access(),
            delimiter: ";".to_owned(),
            typed: String::new(),
            is_stale: true,
            is_lost: false,
        })
    }

    /// Reads and runs statements until the user leaves.
    pub(super) fn run(mut self) -> anyhow::Result<()> {
        self.greet()?;
        loop {
            if self.is_stale && !self.is_lost {
                self.learn_words();
            }
            let prompt = if self.typed.is_empty() { PROMPT } else { CONTINUED };
            let lines = match self.editor.read(prompt)? {
                Typed::Lines(lines) => lines,
                Typed::Canceled => {
                    self.typed.clear();
                    continue;
                }
                Typed::End => break,
            };
            if self.take(&lines)? == Flow::Quit {
                break;
            }
        }
        if !self.is_lost && ops::close(&mut *self.connection)? {
            self.context.output.warning("a transaction was left open, and was rolled back");
        }
        Ok(())
    }

    fn greet(&self) -> anyhow::Result<()> {
        let url = self.project.config.url().map_err(limbeck::Error::from)?;
        let access = if self.access == Access::Read { ", to be read only" } else { "" };
        let text = format!(
            "{url} ({}){access}\nStatements end with `;`. `.help` lists the other commands, Ctrl-D \
             leaves.",
            self.connection.describe()
        );
        self.context.output.message(&text);
        Ok(())
    }

    fn learn_words(&mut self) {
        self.is_stale = false;
        self.interrupter.clear();
        // A failed transaction allows no queries; the next time will do.
        let words: Words = ops::words(&mut *self.connection).unwrap_or_default();
        self.editor.complete(words, dot::NAMES);
    }

    /// Handles lines; a failure is shown, and only one of the terminal ends the shell.
    fn take(&mut self, lines: &str) -> anyhow::Result<Flow> {
        for line in lines.split('\n') {
            let word = line.trim().trim_end_matches(';');
            if self.typed.is_empty() && ["exit", "quit"].contains(&word) {
                return Ok(Flow::Quit);
            }
            if self.typed.is_empty() && line.trim_start().starts_with('.') {
                self.editor.remember(line.trim());
                self.interrupter.clear();
                let connected = self.reconnect();
                let flow = connected.and_then(|()| dot::run(self, line.trim()));
                if self.shown(flow)? == Some(Flow::Quit) {
                    return Ok(Flow::Quit);
                }
                continue;
            }
            self.typed.push_str(line);
            self.typed.push('\n');
            self.run_typed()?;
        }
        Ok(Flow::On)
    }

    /// Runs the typed statements, if they are complete.
    fn run_typed(&mut self) -> anyhow::Result<()> {
        let dialect = self.connection.dialect();
        let ended = match completeness(&self.typed, dialect, &self.delimiter) {
            Ok(Completeness::Open) => return Ok(()),
            Ok(Completeness::Ended { delimiter }) => Some(delimiter),
            // The same fault is found below, and reported with its place.
            Err(_) => None,
        };
        let typed = std::mem::take(&mut self.typed);
        let text = typed.trim_end();
        if text.is_empty() {
            return Ok(());
        }
        if !ops::may_hold_password(text, dialect) {
            self.editor.remember(text);
        }
        let delimiter = self.delimiter.clone();
        let result = self.query(Path::new("<input>"), text, &delimiter);
        self.shown(result)?;
        self.delimiter = ended.unwrap_or(delimiter);
        Ok(())
    }

    pub(super) fn read(&mut self, file: &str) -> anyhow::Result<()> {
        let path: PathBuf = self.context.absolute(Path::new(file));
        self.query(&path, &ops::read_statements(&path)?, ";")
    }

    /// Reconnects after a lost connection, whose open transaction is gone.
    fn reconnect(&mut self) -> anyhow::Result<()> {
        if !self.is_lost {
            return Ok(());
        }
        self.connection = ops::open_for_queries(self.project, self.access)?;
        self.interrupter = self.connection.interrupter();
        signals::listen_in_shell(self.interrupter.clone())?;
        (self.is_lost, self.is_stale) = (false, true);
        self.context.output.message("Connected again, in a new session.");
        Ok(())
    }

    fn query(&mut self, name: &Path, text: &str, delimiter: &str) -> anyhow::Result<()> {
        self.reconnect()?;
        self.interrupter.clear();
        let source = Source { name, text, delimiter };
        let dialect = self.connection.dialect();
        let mut queries = Queries::new(source, dialect, OnFailure::Keep)?;
        while let Some(outcome) = queries.run_next(&mut *self.connection) {
            self.context.output.notices(&mut *self.connection);
            let outcome = outcome?;
            self.is_stale |= outcome.is_definition;
            let duration = outcome.duration;
            let text = self.context.output.results(outcome, self.mode, self.headers);
            self.print(&text)?;
            if self.timing {
                self.context.output.message(&format!("{} ms", milliseconds(duration)));
            }
        }
        Ok(())
    }

    /// Prints a text, paged if it is taller than the terminal.
    pub(super) fn print(&mut self, text: &str) -> anyhow::Result<()> {
        let rows = self.editor.rows().unwrap_or(usize::MAX);
        if text.lines().count() < rows {
            return self.context.output.rows(text, self.mode);
        }
        self.context.output.page(text, &self.pager)
    }

    /// Shows a failure; one of the terminal is returned.
    fn shown<T>(&mut self, result: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is::<limbeck::Error>() || error.is::<dot::Misuse>() => {
                self.is_lost |= is_lost(&error);
                self.context.output.complaint(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Tells whether a failure is a lost connection.
fn is_lost(error: &anyhow::Error) -> bool {
    match error.downcast_ref() {
        Some(limbeck::Error::Database(cause)) => matches!(cause, DatabaseError::Lost { .. }),
        Some(limbeck::Error::Query(error)) => {
            matches!(**error, QueryError::Statement { cause: DatabaseError::Lost { .. }, .. })
        }
        _ => false,
    }
}
