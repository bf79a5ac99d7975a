//! How far a run is: a line for each revision, and a bar on a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use limbeck::runner::Event;

use crate::output::{Output, visible};

/// Tells of a run while it goes on.
pub(crate) struct Progress<'a> {
    output: &'a Output,
    bar: ProgressBar,
}

impl<'a> Progress<'a> {
    /// Makes a bar on standard error; it hides itself if that is no terminal.
    pub(super) fn new(output: &'a Output, wanted: bool) -> Self {
        let bar = if wanted { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} done  {msg}  {elapsed}") {
            bar.set_style(style);
        }
        Self { output, bar }
    }

    /// Hears what happens.
    pub(crate) fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::Started(unit) => {
                let message = visible(&unit.message);
                let heading = unit.heading();
                let comma = if message.is_empty() { "" } else { ", " };
                let line = format!("{heading}{comma}{message}");
                self.bar.suspend(|| self.output.message(&line));
                self.bar.set_message(line);
                self.bar.tick();
            }
            Event::Finished(..) => self.bar.inc(1),
            _ => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
