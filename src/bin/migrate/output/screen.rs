//! A screen that is redrawn, and restores the previous content at the end.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice, adapter};

use crate::output::{Output, graph};

/// The terminal's alternate screen, and the way back (xterm's control sequences).
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";
/// Moves to the first cell; clears the rest of the line; clears the rest of the screen.
const HOME: &str = "\u{1b}[H";
const CLEAR_LINE: &str = "\u{1b}[K";
const CLEAR_BELOW: &str = "\u{1b}[J";

/// The alternate screen of the terminal, until it is dropped.
#[derive(Debug)]
pub(crate) struct Screen {
    has_colors: bool,
}

impl Screen {
    /// Opens the screen; none if standard output is not a terminal.
    pub(crate) fn open(output: &Output) -> anyhow::Result<Option<Self>> {
        if !io::stdout().is_terminal() {
            return Ok(None);
        }
        let color = match output.color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            color => color,
        };
        put(ENTER)?;
        Ok(Some(Self { has_colors: color != ColorChoice::Never }))
    }

    /// Shows a table, whose first line is its titles, with lines below it. Of a table that is too
    /// long the part around one line is shown.
    pub(crate) fn show(
        &mut self,
        rows: &[String],
        middle: usize,
        below: &[String],
    ) -> anyhow::Result<()> {
        let size = terminal_size::terminal_size_of(io::stdout());
        let (width, height) =
            size.map_or((80, 24), |(width, height)| (usize::from(width.0), usize::from(height.0)));
        let (titles, rows) = rows.split_at(rows.len().min(1));
        let room = height.saturating_sub(titles.len() + below.len() + 1).max(1);
        let start = middle.saturating_sub(room / 2 + 1).min(rows.len().saturating_sub(room));
        let shown = rows.iter().skip(start).take(room);
        let mut text = HOME.to_owned();
        let lines: Vec<&String> = titles.iter().chain(shown).chain(below).collect();
        for line in lines.into_iter().take(height) {
            let line = graph::cut(line, width);
            let plain = || adapter::strip_str(&line).to_string();
            // A line feed after the last line would scroll the first away.
            if text != HOME {
                text += "\r\n";
            }
            text += &if self.has_colors { line.clone() } else { plain() };
            text += CLEAR_LINE;
        }
        put(&(text + CLEAR_BELOW))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A lost terminal needs no cleanup.
        let _result = put(LEAVE);
    }
}

fn put(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
