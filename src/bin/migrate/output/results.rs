//! The results of statements, on the terminal or in the document.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::AutoStream;
use anstream::adapter::strip_str;
use comfy_table::Table;
use limbeck::Error;
use limbeck::database::Connection;
use limbeck::ops::Outcome;
use unicode_width::UnicodeWidthStr as _;

use crate::output::pager::Pager;
use crate::output::rows::{Document, Mode, harmless, render};
use crate::output::{Output, error, json, visible, written};

/// The width of output that is not a terminal.
const USUAL_WIDTH: usize = 80;

impl Output {
    /// Tells whether the session is interactive: a terminal on both sides, and no document wanted.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Handles the results of a statement: for the document, or as text to print.
    pub(crate) fn results(&mut self, outcome: Outcome, mode: Mode, headers: bool) -> String {
        if self.json {
            self.results.extend(Document::of(outcome));
            return String::new();
        }
        let changed: u64 = outcome.answers.iter().map(|answer| answer.changed).sum();
        if (outcome.is_change || changed > 0) && mode != Mode::Json {
            let rows = if changed == 1 { "row" } else { "rows" };
            self.message(&format!("{changed} {rows} changed"));
        }
        if mode == Mode::Json {
            let document = |it: Document| serde_json::to_string(&it).unwrap_or_default() + "\n";
            return Document::of(outcome).map(document).collect();
        }
        let sets = outcome.answers.iter().filter(|answer| !answer.columns.is_empty());
        sets.map(|answer| render(answer, mode, headers)).collect::<Vec<_>>().join("\n")
    }

    /// Prints the document of all results.
    pub(crate) fn results_end(&self) -> anyhow::Result<()> {
        self.document(&json::only("results", &self.results))
    }

    /// Prints rows, with `--quiet` too. Machine-readable ones are printed verbatim, unless a
    /// terminal would obey control characters in them.
    pub(crate) fn rows(&self, text: &str, mode: Mode) -> anyhow::Result<()> {
        if mode != Mode::Csv {
            return self.raw(text);
        }
        let mut out = io::stdout().lock();
        let text = if out.is_terminal() { lines_visible(text) } else { text.to_owned() };
        written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Shows a text with a pager; all at once if there is none.
    pub(crate) fn page(&self, text: &str, pager: &Pager) -> anyhow::Result<()> {
        let out = AutoStream::new(io::stdout(), self.color);
        let has_colors = out.current_choice() != anstream::ColorChoice::Never;
        let plain = if has_colors { text.to_owned() } else { strip_str(text).to_string() };
        if pager.show(&plain) { Ok(()) } else { self.raw(text) }
    }

    /// Prints the messages that a server sent beside its answers.
    pub(crate) fn notices(&self, connection: &mut dyn Connection) {
        for notice in connection.take_notices() {
            self.message(&format!("{}: {}", notice.severity, visible(&notice.message)));
        }
    }

    /// Prints an error that doesn't end the program.
    pub(crate) fn complaint(&self, error: &anyhow::Error) {
        let known = error.downcast_ref::<Error>();
        self.complain(error::render(error, known, self, self.causes).trim_end());
    }
}

/// Makes control characters visible except line ends.
pub(crate) fn lines_visible(text: &str) -> String {
    text.split('\n')
        .map(|line| harmless(line.trim_end_matches('\r')))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Writes names in as many columns as fit the terminal, sorted downward.
pub(crate) fn columns(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| harmless(name)).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or_default() + 2;
    let width = Table::new().width().map_or(USUAL_WIDTH, usize::from);
    let count = (width / widest).max(1);
    let rows = names.len().div_ceil(count);
    let line = |at: usize| {
        let mut line = String::new();
        for name in names.iter().skip(at).step_by(rows.max(1)) {
            line += name;
            line += &" ".repeat(widest.saturating_sub(name.width()));
        }
        line.trim_end().to_owned() + "\n"
    };
    (0..rows).map(line).collect()
}
