//! The progress of a run: a line for each revision, and a bar on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use limbeck::Error;
use limbeck::place::Place;
use limbeck::revision::RevisionId;
use limbeck::runner::Event;
use limbeck::script::{Undeclared, Unit};

use crate::output::{Output, visible};
use crate::program;

/// How long to wait for another process silently.
const PATIENCE: Duration = Duration::from_secs(2);

const REVISIONS: &str = "{bar:24} {pos}/{len}  {wide_msg}";

/// The progress bar of a large script: its bytes.
const BYTES: &str = "{bar:24} {binary_bytes}/{binary_total_bytes}  {wide_msg}";

/// The progress of a run, printed as it goes on.
pub(crate) struct Progress<'a> {
    output: &'a Output,
    /// None where it would not be seen; it measures the pace all the same.
    bar: Option<ProgressBar>,
    /// The number of revisions, and of finished ones.
    planned: u64,
    finished: u64,
    /// Whether the bar shows the bytes of a large script.
    shows_bytes: bool,
    /// Whether the wait for another process was reported.
    waits: bool,
}

/// Describes the loss of the version table, and the remedy.
pub(super) fn lost_record(table: &str) -> String {
    format!(
        "table `{}` was dropped, and with it the record of every applied revision; `{} stamp \
         REVISION` records again what the database has",
        visible(table),
        program::name(),
    )
}

impl<'a> Progress<'a> {
    /// Makes a bar on standard error; it is hidden if that is not a terminal.
    pub(super) fn new(output: &'a Output, wanted: bool) -> Self {
        let bar = wanted.then(|| ProgressBar::new(0)).filter(|bar| !bar.is_hidden());
        let res = Self { output, bar, planned: 0, finished: 0, shows_bytes: false, waits: false };
        res.set_style(REVISIONS);
        res
    }

    pub(crate) fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::Planned(count) => {
                self.planned = u64::try_from(*count).unwrap_or(u64::MAX);
                self.show_revisions();
            }
            Event::Waiting(waiting) if !self.waits && waiting.waited >= PATIENCE => {
                self.waits = true;
                let holder = waiting.holder.as_deref().unwrap_or("another process");
                let text = format!("Waiting for {}, which holds the database …", visible(holder));
                self.aside(|| self.output.message(&text));
            }
            Event::RecordLost(ledger) => self.warn(&lost_record(&ledger.name())),
            Event::Edited(ids) => self.warn(&edited(ids)),
            Event::Unwritten(ids) => self.warn(&unwritten(ids)),
            Event::Undeclared(it) => self.warn(&self.output.undeclared(it)),
            Event::NotAtomic(unit) => self.warn(&format!(
                "{} attaches a database: with this journal mode a crash can keep the changes of \
                 one file and lose those of the other",
                unit.revision
            )),
            Event::Started(unit) => self.start(unit),
            Event::SetAgain { place, statement, .. } => self.set_again(place, statement),
            Event::Ignored { place, statement, .. } => self.ignored(place, statement),
            Event::Cleared { index } => self.warn(&format!(
                "the build of index {} failed and left it invalid; the index was dropped",
                visible(index)
            )),
            Event::Left { index } => self.warn(&format!(
                "the build of {0} has left it invalid; `DROP INDEX CONCURRENTLY {0}` makes room for \
                 another",
                visible(index)
            )),
            Event::Notice(notice) => {
                let text = format!("{}: {}", notice.severity, visible(&notice.message));
                self.aside(|| self.output.message(&text));
            }
            Event::Again { unit, attempt, cause } => self.warn(&format!(
                "{}: {}; trying again ({attempt})",
                unit.revision,
                visible(&cause.to_string())
            )),
            Event::Progress { bytes, total, .. } => self.show_bytes(*bytes, *total),
            Event::Finished(..) => {
                self.finished += 1;
                self.show_revisions();
            }
            _ => {}
        }
    }

    fn start(&self, unit: &Unit) {
        let message = visible(&unit.message);
        let comma = if message.is_empty() { "" } else { ", " };
        let line = format!("{}{comma}{message}", unit.heading());
        self.aside(|| self.output.message(&line));
        if let Some(bar) = &self.bar {
            bar.set_message(message);
        }
    }

    /// Reports that a finished statement runs again, for its effect on the session.
    fn set_again(&self, place: &Place, statement: &str) {
        let text = self.output.set_again("Set", place, statement);
        self.aside(|| self.output.message(&text));
    }

    /// Warns of a statement without effect inside a transaction.
    fn ignored(&self, place: &Place, statement: &str) {
        let is_of_keys = statement.to_ascii_lowercase().contains("foreign_keys");
        let advice = if is_of_keys {
            "`-- Foreign Keys: on` in the header, or its absence, says it"
        } else {
            "put it into a revision with `-- Transaction: none` in its header"
        };
        let (place, statement) = (self.output.place(place), visible(statement));
        self.warn(&format!("{place}: `{statement}` does nothing inside a transaction: {advice}"));
    }

    fn show_revisions(&mut self) {
        if std::mem::take(&mut self.shows_bytes) {
            self.set_style(REVISIONS);
        }
        self.set(self.finished, self.planned);
    }

    fn show_bytes(&mut self, bytes: u64, total: u64) {
        if !std::mem::replace(&mut self.shows_bytes, true) {
            self.set_style(BYTES);
        }
        self.set(bytes, total);
    }

    fn set(&self, position: u64, length: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(length);
            bar.set_position(position);
        }
    }

    fn set_style(&self, template: &str) {
        if let (Some(bar), Ok(style)) = (&self.bar, ProgressStyle::with_template(template)) {
            bar.set_style(style);
        }
    }

    /// Prints something while the bar is hidden.
    fn aside(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    fn warn(&self, text: &str) {
        self.aside(|| self.output.warning(text));
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn edited(ids: &[RevisionId]) -> String {
    let names: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    format!("applied and edited since: {}", names.join(", "))
}

/// Lists the revisions whose down scripts are not written yet.
pub(crate) fn unwritten(ids: &[RevisionId]) -> String {
    let names: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    let (scripts, are) = if ids.len() == 1 { ("script", "is") } else { ("scripts", "are") };
    format!(
        "the down {scripts} of {} {are} not written yet: a downgrade will be refused until then",
        names.join(", ")
    )
}

impl Output {
    /// Describes an error of a rehearsal for which rows that were made up may be to blame.
    pub(crate) fn unfit(&self, error: &Error) -> String {
        let place = error.place().map(|it| format!(" ({}:{})", self.path(&it.file), it.line));
        format!(
            "on rows that were made up it fails: {}{}; once more without rows. See that those of the \
             database fit",
            visible(&error.to_string()),
            place.unwrap_or_default()
        )
    }

    /// Describes text that resembles a variable but isn't one.
    pub(crate) fn undeclared(&self, it: &Undeclared) -> String {
        let Undeclared { place, name } = it;
        format!(
            "`${{{name}}}` in {} stays text, since no variable `{name}` is declared; if it is one, add \
             `-- Variables: {name}` to the header of the up script",
            self.place(place)
        )
    }
}
