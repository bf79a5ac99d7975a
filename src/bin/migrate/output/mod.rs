//! The only module that writes to the terminal.
//!
//! Results go to standard output, messages, progress and errors to standard error. With `--json`
//! standard output gets exactly one document, whatever happens.

mod asked;
mod changes;
pub(crate) mod editor;
mod error;
pub(crate) mod graph;
mod hint;
mod hint_answers;
mod hint_files;
mod hint_rights;
mod hint_schema;
mod hint_scratch;
mod hint_stopped;
pub(crate) mod hint_ways;
mod hint_words;
pub(crate) mod json;
pub(crate) mod json_asked;
mod json_check;
pub(crate) mod json_diagram;
mod json_next;
pub(crate) mod pager;
mod progress;
mod results;
pub(crate) mod rows;
mod screen;
pub(crate) mod strangers;
pub(crate) mod table;
pub(crate) mod text;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;
use limbeck::Error;
use limbeck::ops::{Offline, Report};
use limbeck::place::Place;
use limbeck::plan::Operation;
use limbeck::project::Project;
use limbeck::revision::RevisionId;
use limbeck::runner::milliseconds;
use limbeck::script::write_tables;
use serde::Serialize;

use crate::cli::Globals;
use crate::output::graph::Charset;
use crate::output::progress::Progress;

pub(crate) use crate::output::asked::{usage, version, version_line};
pub(crate) use crate::output::progress::unwritten;
pub(crate) use crate::output::results::{columns, lines_visible};
pub(crate) use crate::output::screen::Screen;

/// The only module that prints.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    causes: bool,
    progress: bool,
    color: ColorChoice,
    charset: Charset,
    folder: PathBuf,
    results: Vec<rows::Document>,
}

/// The error that nobody reads the output any more.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output")]
struct BrokenPipe;

impl Output {
    /// Applies the global options about printing.
    pub(crate) fn new(globals: &Globals) -> Self {
        let color = match globals.color {
            clap::ColorChoice::Auto => ColorChoice::Auto,
            clap::ColorChoice::Always => ColorChoice::Always,
            clap::ColorChoice::Never => ColorChoice::Never,
        };
        Self {
            json: globals.json,
            quiet: globals.quiet,
            causes: globals.raiseerr,
            progress: !globals.no_progress && !globals.quiet && !globals.json,
            color,
            charset: Charset::default(),
            folder: PathBuf::new(),
            results: Vec::new(),
        }
    }

    /// Sets the folder to which shown paths are relative, and the characters of pictures.
    pub(crate) fn settle(&mut self, folder: &Path, charset: Charset) {
        self.folder = folder.to_path_buf();
        self.charset = charset;
    }

    pub(crate) fn charset(&self) -> Charset {
        self.charset
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Returns a path as it is shown: relative if it is below the working folder.
    pub(crate) fn path(&self, path: &Path) -> String {
        visible(&path.strip_prefix(&self.folder).unwrap_or(path).to_string_lossy())
    }

    /// Makes the paths in a text relative if they are below the working folder.
    fn shorten(&self, text: &str) -> String {
        let folder = self.folder.to_string_lossy();
        // The root itself, or no folder at all, would take every slash out.
        if folder.len() < 2 {
            return text.to_owned();
        }
        text.replace(&format!("`{folder}/"), "`")
    }

    pub(crate) fn paths(&self, paths: &[PathBuf]) -> Vec<String> {
        paths.iter().map(|path| self.path(path)).collect()
    }

    pub(crate) fn line(&self, text: &str) -> anyhow::Result<()> {
        if self.json || self.quiet {
            return Ok(());
        }
        self.write(&format!("{text}\n"))
    }

    /// Prints a text verbatim, with `--quiet` and `--json` too.
    pub(crate) fn raw(&self, text: &str) -> anyhow::Result<()> {
        self.write(text)
    }

    pub(crate) fn document(&self, document: &impl Serialize) -> anyhow::Result<()> {
        if !self.json {
            return Ok(());
        }
        self.write(&format!("{}\n", serde_json::to_string(document)?))
    }

    pub(crate) fn message(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    pub(crate) fn can_ask(&self) -> bool {
        // A program that wants a document can't answer.
        !self.json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a person and returns the answer; none if nobody is there.
    pub(crate) fn ask(&self, question: &str) -> anyhow::Result<Option<String>> {
        if !self.can_ask() {
            return Ok(None);
        }
        let mut out = io::stderr().lock();
        write!(out, "{question}")?;
        out.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(Some(answer))
    }

    pub(crate) fn warning(&self, text: &str) {
        self.message(&format!("{}: {text}", error::WARNING));
    }

    /// Warns if the version table was dropped.
    pub(crate) fn tell_lost(&self, is_lost: bool, project: &Project) {
        if is_lost {
            self.warning(&progress::lost_record(&project.config.version_table.to_string()));
        }
    }

    pub(crate) fn progress(&self) -> Progress<'_> {
        Progress::new(self, self.progress)
    }

    /// Prints the outcome of a stamp; one to `base` deletes revisions without a step.
    pub(crate) fn stamped(&self, project: &Project, report: &Report) -> anyhow::Result<()> {
        if !(report.steps.is_empty() && report.heads.is_empty()) {
            return self.report(project, report);
        }
        self.message(&format!("{} is at base.", project.config.version_table));
        self.document(&json::Migration::of(report))
    }

    pub(crate) fn report(&self, project: &Project, report: &Report) -> anyhow::Result<()> {
        let heads: Vec<&str> = report.heads.iter().map(RevisionId::as_str).collect();
        let at = if heads.is_empty() { "base".to_owned() } else { heads.join(", ") };
        let count = match report.steps.len() {
            0 => "Nothing to do".to_owned(),
            1 => "1 revision".to_owned(),
            count => format!("{count} revisions"),
        };
        let time: Duration = report.steps.iter().map(|step| step.duration).sum();
        let stamped = report.steps.iter().any(|step| step.operation == Operation::Stamp);
        let time = if stamped || report.steps.is_empty() {
            String::new()
        } else {
            format!(" in {} ms", milliseconds(time))
        };
        let table = &project.config.version_table;
        self.message(&format!("{count}{time}; {table} is at {at}."));
        self.document(&json::Migration::of(report))
    }

    pub(crate) fn preview(&self, report: &Report) -> anyhow::Result<()> {
        if report.steps.is_empty() {
            self.message("Nothing to do.");
        } else {
            self.line(&table::steps(&report.steps))?;
            for it in &report.set_again {
                self.message(&self.set_again("Would set", &it.place, &it.statement));
            }
            self.message("Nothing was changed: this is a dry run.");
        }
        for it in &report.undeclared {
            self.warning(&self.undeclared(it));
        }
        if !report.unwritten.is_empty() {
            self.warning(&unwritten(&report.unwritten));
        }
        self.document(&json::Migration::of_preview(report, self))
    }

    /// Reports that a finished statement runs again; the verb gives the tense.
    fn set_again(&self, verb: &str, place: &Place, statement: &str) -> String {
        let first = statement.lines().next().unwrap_or_default();
        let more = if first.len() < statement.len() { " …" } else { "" };
        format!("{verb} again for the session: {}: {}{more}", self.place(place), visible(first))
    }

    fn place(&self, place: &Place) -> String {
        format!("{}:{}:{}", self.path(&place.file), place.line, place.column)
    }

    /// Prints a script as SQL, or its statements as a document.
    pub(crate) fn script(&self, project: &Project, offline: &Offline) -> anyhow::Result<()> {
        if self.json {
            return self
                .document(&json::only("steps", json::ScriptStep::all(&offline.script, self)?));
        }
        let dialect = project.dialect()?;
        // SQL that is piped into a database of another name must not include this one's.
        let ledger = if offline.script.changes_database() {
            project.ledger(dialect)?
        } else {
            project.printed_ledger(dialect)
        };
        let mut text = String::new();
        offline.script.write_sql(&mut text, &ledger, &offline.tables, &project.applied_by())?;
        self.write(&text)
    }

    /// Prints the statements that create the version table as SQL.
    pub(crate) fn tables(&self, project: &Project, statements: &[String]) -> anyhow::Result<()> {
        if self.json {
            return Ok(());
        }
        let mut text = String::new();
        write_tables(&mut text, project.dialect()?, statements)?;
        self.write(&text)
    }

    /// Returns the message of an error as part of a sentence.
    pub(crate) fn sentence(&self, error: &anyhow::Error) -> String {
        error::message(error, self)
    }

    /// Returns the message and the place of an error in one line.
    pub(crate) fn fault(&self, error: &Error) -> String {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        let text = self.shorten(&visible(&text));
        match error.place() {
            Some(place) => format!("{}: {text}", self.place(place)),
            None => text,
        }
    }

    pub(crate) fn failure(&self, error: &anyhow::Error) -> ExitCode {
        if error.is::<BrokenPipe>() {
            return ExitCode::SUCCESS;
        }
        let known = error.downcast_ref::<Error>();
        if self.json {
            // Nothing more can be done once the reader is gone.
            let _result = self.document(&json::Failure::of(error, known, self));
        }
        self.complain(error::render(error, known, self, self.causes).trim_end());
        match known.map(Error::failure) {
            Some(Error::Modified { .. }) => ExitCode::from(3),
            _ => ExitCode::FAILURE,
        }
    }

    fn write(&self, text: &str) -> anyhow::Result<()> {
        let mut out = AutoStream::new(io::stdout().lock(), self.color);
        written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    fn complain(&self, text: &str) {
        let mut out = AutoStream::new(io::stderr().lock(), self.color);
        // There is no third stream to report that the second is gone. It is written in one piece,
        // since standard error is not buffered.
        let _result = out.write_all(format!("{text}\n").as_bytes());
    }
}

/// Names the output in an error of writing.
fn written(result: io::Result<()>) -> anyhow::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(BrokenPipe.into()),
        written => Ok(written.context("can't write to standard output")?),
    }
}

/// Returns the width of standard output; none if it is not a terminal.
fn width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Makes control characters visible: names of files and foreign texts can't control a terminal.
pub(crate) fn visible(text: &str) -> String {
    let escape = |c: char| {
        if c.is_control() { c.escape_default().to_string() } else { c.to_string() }
    };
    text.chars().map(escape).collect()
}
