//! Errors for people: cause, place, and what stands.

use std::fmt::Write as _;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use limbeck::Error;
use limbeck::autogenerate::AutogenerateError;
use limbeck::database::{DatabaseError, SqlFault};
use limbeck::error::QueryError;
use limbeck::place::Place;
use limbeck::plan::Operation;
use limbeck::revision::{GraphError, Wrapping};
use limbeck::runner::{Done, Failure, RunError, Standing};
use limbeck::script::ScriptError;

use crate::output::hint_stopped::statements;
use crate::output::{Output, hint, visible};

/// The heading of a warning; the stream strips the color where none is wanted.
pub(super) const WARNING: &str = "\u{1b}[1;33mwarning\u{1b}[0m";
pub(super) const ERROR: &str = "\u{1b}[1;31merror\u{1b}[0m";
pub(super) const HINT: &str = "\u{1b}[1;36mhint\u{1b}[0m";

/// Renders an error with its place, causes and hint.
pub(super) fn render(
    error: &anyhow::Error,
    known: Option<&Error>,
    output: &Output,
    causes: bool,
) -> String {
    let message = message(error, output);
    let done = known.map(Error::done).unwrap_or_default();
    let aside = known.filter(|it| it.is_aside());
    let known = known.map(Error::failure);
    let mut res = match known.and_then(Error::place) {
        Some(place) => snippet(&message, place, output),
        None => match known.filter(|it| matches!(it, Error::Run(_))).and_then(file) {
            Some(file) => format!("{ERROR}: {message}\n --> {}\n", output.path(file)),
            None => format!("{ERROR}: {message}\n"),
        },
    };
    // Writing to a string can't fail.
    let fault = known.and_then(fault);
    let said = |text: fn(&SqlFault) -> Option<&String>| fault.and_then(text);
    let lines = [
        ("detail", said(|it| it.detail.as_ref())),
        ("the database's hint", said(|it| it.hint.as_ref())),
        ("code", said(|it| it.code.as_ref())),
    ];
    for (name, text) in lines {
        if let Some(text) = text {
            let _ = writeln!(res, "  {name}: {}", visible(text));
        }
    }
    if let Some(Error::Modified { files, .. }) = known {
        for file in files {
            let _ = writeln!(res, "  {}", output.path(file));
        }
    }
    if let Some(aside) = aside {
        let replayed = matches!(aside, Error::Replayed { .. });
        let ground = if replayed { "a scratch database" } else { "a copy" };
        let _ = writeln!(res, "  it was {ground}: the database is as it was");
    } else if let Some(Error::Run(run)) = known {
        res.push_str(&standing(run));
    }
    if let Some(Error::Query(query)) = known {
        res.push_str(&stand(query));
    }
    res.push_str(&kept(if aside.is_some() { &[] } else { done }));
    if let Some(hint) = aside.or(known).and_then(hint::hint) {
        let _ = writeln!(res, "{HINT}: {hint}");
    }
    if causes {
        let _ = writeln!(res, "\n{error:?}");
    }
    res
}

/// Returns the message with its causes, each once, and with shortened paths.
pub(super) fn message(error: &anyhow::Error, output: &Output) -> String {
    let mut res: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = output.shorten(&visible(&cause.to_string()));
        if res.last() != Some(&text) {
            res.push(text);
        }
    }
    res.join(": ")
}

/// Draws the lines around a place, with a caret.
fn snippet(message: &str, place: &Place, output: &Output) -> String {
    let path = output.path(&place.file);
    if place.excerpt.is_empty() {
        return format!("{ERROR}: {message}\n  --> {path}:{}:{}\n", place.line, place.column);
    }
    let excerpt: String = place.excerpt.chars().map(printable).collect();
    let start = offset(&excerpt, place);
    let len = excerpt.get(start..).map_or(0, word_len);
    let annotation = AnnotationKind::Primary.span(start..start + len);
    let source =
        Snippet::source(excerpt).line_start(place.first_line).path(path).annotation(annotation);
    let report = [Level::ERROR.primary_title(message).element(source)];
    Renderer::styled().render(&report) + "\n"
}

/// Returns the position of a place in the excerpt, in bytes.
fn offset(excerpt: &str, place: &Place) -> usize {
    let skipped = place.line.saturating_sub(place.first_line);
    let mut lines = excerpt.split_inclusive('\n');
    let before: usize = lines.by_ref().take(skipped).map(str::len).sum();
    let line = lines.next().unwrap_or_default().trim_end_matches('\n');
    let within = line.char_indices().nth(place.column.saturating_sub(1));
    before + within.map_or(line.len(), |(at, _)| at)
}

/// Returns the length of the word at the start of a text, at least one character.
fn word_len(text: &str) -> usize {
    let len = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if len > 0 { len } else { text.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8) }
}

/// Replaces control characters of a script, which could control the terminal.
fn printable(c: char) -> char {
    if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }
}

/// Describes what stands and what doesn't after a run that stopped.
fn standing(run: &RunError) -> String {
    let mut res = String::new();
    let bare = run.failed.as_deref().is_some_and(|unit| unit.wrapping == Wrapping::None)
        && run.standing != Standing::Nothing;
    let undecided = matches!(run.failure, Failure::Undecided { .. });
    if let Some(unit) = &run.failed {
        let state = match (unit.operation, run.rolled_back) {
            _ if run.lasting.is_some() => {
                "not wholly done, and what it did to tables without transactions can't be rolled back"
            }
            _ if undecided => "applied or not: the commit was sent, and its answer never came",
            (Operation::Downgrade, _) if bare => "still recorded, but what its script did stands",
            _ if bare => "not recorded, but what its script did stands",
            (_, true) => "rolled back",
            (Operation::Downgrade, false) => "still applied",
            (Operation::Upgrade | Operation::Stamp, false) => "not applied",
        };
        let _ = writeln!(res, "  {}: {state}", unit.revision);
    }
    if let Failure::Undecided { others: count @ 1.., .. } = run.failure {
        let _ = writeln!(res, "  the {count} after it: the same, in their order");
    }
    match (run.progress, run.standing) {
        (Some(_), Standing::Nothing) | (None, _) => {}
        (Some((done, all)), Standing::Part) => {
            let _ = writeln!(res, "  {done} of its {all} statements were committed");
        }
        (Some((done, all)), Standing::Unknown) => {
            let _ = writeln!(
                res,
                "  {done} of its {all} statements are known to be committed, and the next one is in doubt"
            );
        }
    }
    if let (Some((done, _)), Some(last)) = (run.progress, run.lasting) {
        let which = statements(done + 1, last);
        let _ = writeln!(res, "  in doubt: {which}");
    }
    if run.done.is_empty() && !bare && !undecided && run.lasting.is_none() {
        res.push_str("  nothing was changed\n");
    }
    res
}

/// Describes which of the statements before a failed one stand.
fn stand(error: &QueryError) -> String {
    let mut res = String::new();
    if let QueryError::Statement { stand, rolled_back, .. } = error {
        if *rolled_back {
            res.push_str("  the open transaction was rolled back\n");
        }
        match stand {
            0 => {}
            1 => res.push_str("  the statement before it is done, and stands\n"),
            count => {
                let _ = writeln!(res, "  the {count} statements before it are done, and stand");
            }
        }
    }
    res
}

/// Lists the steps that stand.
fn kept(done: &[Done]) -> String {
    if done.is_empty() {
        return String::new();
    }
    let names = |done: &[Done]| {
        let names: Vec<&str> = done.iter().map(|it| it.revision.as_str()).collect();
        names.join(", ")
    };
    match done {
        // Thousands of names would hide the fault.
        [first, .., last] if done.len() > 20 => {
            let (first, last) = (&first.revision, &last.revision);
            format!("  done before, and kept: {first} to {last}, {} revisions\n", done.len())
        }
        _ => format!("  done before, and kept: {}\n", names(done)),
    }
}

/// Returns the database's own answer in an error.
pub(super) fn fault(error: &Error) -> Option<&SqlFault> {
    let cause = match error {
        Error::Database(cause) => cause,
        Error::Query(error) => match &**error {
            QueryError::Statement { cause, .. } => cause,
            _ => return None,
        },
        Error::Autogenerate(error) => match &**error {
            AutogenerateError::Statement { cause, .. } => cause,
            _ => return None,
        },
        Error::Run(run) => match &run.failure {
            Failure::Statement { cause, .. }
            | Failure::Commit { cause, .. }
            | Failure::Database(cause) => cause,
            _ => return None,
        },
        _ => return None,
    };
    match cause {
        DatabaseError::Sql(fault) | DatabaseError::ReadOnly { fault, .. } => Some(fault),
        _ => None,
    }
}

/// Returns the file concerned by an error without a place.
pub(super) fn file(error: &Error) -> Option<&Path> {
    match error {
        Error::Revision(error) | Error::Script(ScriptError::Revision(error)) => error.path(),
        Error::Script(ScriptError::Irreversible { expected, .. }) => expected.as_deref(),
        Error::Graph(GraphError::DuplicateId { second, .. }) => Some(second),
        Error::Graph(GraphError::Cycle { files, .. }) => files.first().map(|file| &**file),
        Error::Modified { files, .. } => files.first().map(|file| &**file),
        Error::Query(error) => match &**error {
            QueryError::Read { path, .. } => Some(path),
            _ => None,
        },
        Error::Run(run) => run.failure.culprit().map(|culprit| &*culprit.file),
        Error::Hook { file, .. } => Some(file),
        Error::Write { path, .. }
        | Error::Exists { path }
        | Error::BackupExists { path }
        | Error::NotEmpty { path, .. } => Some(path),
        _ => None,
    }
}
